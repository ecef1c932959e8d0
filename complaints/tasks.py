"""The Celery tasks of the complaints app."""

import logging
from importlib import import_module

from celery import shared_task
from django.conf import settings

from complaints.drafts import drafts

from . import wake
from .assignment import bulk, reassignment, routing, rule_log
from .bundles import exports
from .cases import frozen
from .clocks import book, running
from .drafts import files, making_room, removing
from .enquiries import asking, mail
from .models import Case
from .notices import notify
from .rights import recovery, withdrawals
from .safety import callbacks
from .staff import role_log, unsent

log = logging.getLogger(__name__)


@shared_task
def route_case(case_id: int) -> None:
    """Route one case that was just filed."""
    routing.route(Case.objects.get(pk=case_id))


@shared_task
def sweep() -> None:
    """Do what no task message started, for instance because the broker was down.

    Routes cases, frees those that an assignee may not keep, closes withdrawn ones, continues bulk jobs, records
    changes made directly in the database, finishes uploads, deletes removed files, and makes room on a nearly
    full disk.
    """
    for case in Case.objects.awaiting_routing().order_by("filed_at"):
        try:
            routing.route(case)
        except Exception:  # so that the other cases are routed
            log.exception("case %s cannot be routed", case.pk)
    reassignment.release_stranded()
    withdrawals.end_due()
    bulk.sweep()
    role_log.record_all()
    rule_log.record_all()
    book.record()
    files.finish_uploads()
    removing.forget_old()
    making_room.make_room()


@shared_task
def recheck_documents() -> None:
    """Compare the frozen documents of some cases with the ledger, those checked longest ago first."""
    frozen.sweep()


@shared_task
def run_bulk(job_id: int) -> None:
    """Run the steps of a bulk job."""
    bulk.run(job_id)


@shared_task
def watch_clocks() -> None:
    """Warn about deadlines that are near and escalate those that have passed."""
    running.watch()


@shared_task
def make_bundle(export_id: str) -> None:
    """Make one bundle that was asked for: the one whose turn it is. Each has a message of its own."""
    exports.make_next()


@shared_task
def make_bundles() -> None:
    """Make a bundle whose message was lost or whose worker died; the next one is a task of its own."""
    if exports.make_next():
        wake.make_bundles()
    exports.forget_old()


@shared_task
def send_notice(notice_id: int) -> None:
    """Send one notice to a borrower."""
    notify.send(notice_id)


@shared_task
def send_notices() -> None:
    """Send notices whose message was lost or that failed. A task of its own, because a mail server can hang."""
    notify.send_waiting()


@shared_task
def remind_of_court() -> None:
    """Remind borrowers on the day before a date from a court."""
    notify.remind_of_court()


@shared_task
def follow_up_enquiries() -> None:
    """Remind the other side before an enquiry is due, and record what has not come when it is."""
    asking.remind_due()
    asking.mark_overdue()


@shared_task
def send_enquiry_mail() -> None:
    """Send waiting mail to the other side. A task of its own, because a mail server can hang."""
    mail.send_waiting()


@shared_task
def forget_expired_drafts() -> None:
    """Delete drafts, requests for a code, call-backs and unsent words of staff whose time is over."""
    drafts.forget_expired()
    recovery.forget_old()
    callbacks.forget_old()
    unsent.forget_old()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
