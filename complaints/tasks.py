"""The Celery tasks of the complaints app."""

import logging
from uuid import UUID

from celery import shared_task

from complaints.drafts import drafts

from .assignment import bulk, reassignment, routing, rule_log
from .bundles import exports
from .clocks import book, running
from .drafts import files
from .enquiries import asking, mail
from .models import Case
from .notices import notify
from .rights import recovery, withdrawals
from .safety import callbacks
from .staff import role_log

log = logging.getLogger(__name__)


@shared_task
def route_case(case_id: int) -> None:
    routing.route(Case.objects.get(pk=case_id))


@shared_task
def sweep() -> None:
    """Route what no message reached, oldest first; free what somebody may not go on with; end what was withdrawn;
    go on with bulk steps; record what was changed past the desk; finish uploads."""
    for case in Case.objects.awaiting_routing().order_by("filed_at"):
        try:
            routing.route(case)
        except Exception:  # one case that cannot be routed holds up no other
            log.exception("case %s cannot be routed", case.pk)
    reassignment.release_stranded()
    withdrawals.end_due()
    bulk.sweep()
    role_log.record_all()
    rule_log.record_all()
    book.record()
    files.finish_uploads()


@shared_task
def run_bulk(job_id: int) -> None:
    bulk.run(job_id)


@shared_task
def watch_clocks() -> None:
    """Warn ahead of what is due, escalate what is late."""
    running.watch()


@shared_task
def make_bundle(export_id: str) -> None:
    exports.make(UUID(export_id))


@shared_task
def make_bundles() -> None:
    """Make what no message reached or a dead worker left; in a task of its own, for a big one takes long."""
    exports.make_waiting()
    exports.forget_old()


@shared_task
def send_notice(notice_id: int) -> None:
    notify.send(notice_id)


@shared_task
def send_notices() -> None:
    """Send what no message reached, try again what failed; in a task of its own, for a mail server can hang."""
    notify.send_waiting()


@shared_task
def follow_up_enquiries() -> None:
    """Remind of what is asked and waited for, and record what has not come by its day."""
    asking.remind_due()
    asking.mark_overdue()


@shared_task
def send_enquiry_mail() -> None:
    """Send what is owed to the other side; in a task of its own, for a mail server can hang."""
    mail.send_waiting()


@shared_task
def forget_expired_drafts() -> None:
    drafts.forget_expired()
    recovery.forget_old()
    callbacks.forget_old()
