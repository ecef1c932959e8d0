"""Celery's doors into the office."""

import logging
from uuid import UUID

from celery import shared_task

from . import (
    bulk,
    callbacks,
    clockbook,
    clocks,
    enquiries,
    enquiry_mail,
    filing,
    gathering,
    grants,
    handing,
    handover,
    notify,
    recovery,
    routing,
    rulebook,
    withdrawals,
)
from .models import Case

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
    handover.release_stranded()
    withdrawals.end_due()
    bulk.sweep()
    grants.record_all()
    rulebook.record_all()
    clockbook.record()
    gathering.finish_uploads()


@shared_task
def run_bulk(job_id: int) -> None:
    bulk.run(job_id)


@shared_task
def watch_clocks() -> None:
    """Warn ahead of what is due, escalate what is late."""
    clocks.watch()


@shared_task
def make_bundle(export_id: str) -> None:
    handing.make(UUID(export_id))


@shared_task
def make_bundles() -> None:
    """Make what no message reached or a dead worker left; in a task of its own, for a big one takes long."""
    handing.make_waiting()
    handing.forget_old()


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
    enquiries.remind_due()
    enquiries.mark_overdue()


@shared_task
def send_enquiry_mail() -> None:
    """Send what is owed to the other side; in a task of its own, for a mail server can hang."""
    enquiry_mail.send_waiting()


@shared_task
def forget_expired_drafts() -> None:
    filing.forget_expired()
    recovery.forget_old()
    callbacks.forget_old()
