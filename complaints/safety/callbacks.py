"""Call-backs for people in danger: due within four hours, done by the office, erased after 30 days."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import CallBack, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access, conflicts
from evidence import ledger

WITHIN = timedelta(hours=4)
PRESSING = timedelta(hours=1)  # before it is due
KEPT = timedelta(days=30)


@transaction.atomic
def ask(*, key: str = "", language: str, **given: Any) -> CallBack:
    """Record a request for a call-back. Sending the same answers with the same key again gives the same row;
    changed answers give another one, so that nothing is overwritten."""
    uid = uuid.uuid5(uuid.NAMESPACE_OID, repr((key or uuid.uuid4(), sorted(given.items()))))
    now = timezone.now()
    times = {"asked_at": now, "due_at": now + WITHIN}
    asked, is_new = CallBack.objects.get_or_create(uid=uid, defaults={"language": language, **given, **times})
    if is_new:
        _record(asked, event_kinds.CALLBACK_ASKED, ledger.BORROWER, due=ledger.rfc3339(asked.due_at))
    return asked


@transaction.atomic
def done(asked: CallBack, *, by: StaffMember, outcome: str) -> CallBack:
    """Record that `by` has dealt with the call-back. Raises Refused if they may not, or somebody did before."""
    if not access.may_call_back(by) or not conflicts.calls_for(by, [asked]):
        raise Refused(_("Only investigators and supervisors call back."))
    row = _locked(asked)
    if row.done_at:
        raise Refused(_("Someone has already dealt with this call. Nothing was changed."))
    return _end(row, access.actor(by), outcome, by)


@transaction.atomic
def withdraw(asked: CallBack) -> CallBack:
    """Cancel the call-back for the person who asked. Their contact details are erased at once."""
    row = _locked(asked)
    if row.done_at:
        return row
    row.reach = row.safe_times = row.say = ""
    return _end(row, ledger.BORROWER, CallBack.Outcome.WITHDRAWN, None)


def _locked(asked: CallBack) -> CallBack:
    row: CallBack = CallBack.objects.select_for_update().get(pk=asked.pk)
    return row


def _end(row: CallBack, by: ledger.Actor, outcome: str, staff: StaffMember | None) -> CallBack:
    row.done_at, row.done_by, row.outcome = timezone.now(), staff, outcome
    row.save()
    _record(row, event_kinds.CALLBACK_DONE, by, outcome=outcome)
    return row


def _record(asked: CallBack, kind: str, by: ledger.Actor, **data: str) -> None:
    """Append an entry with times and codes only, without personal data."""
    thread = asked.thread
    ledger.append(ledger.Event(kind=kind, thread=thread, subject=thread, by=by, data=data))


def pressing(waiting: Iterable[CallBack]) -> tuple[int, int]:
    """How many of these call-backs are overdue, and how many are due within the hour."""
    now = timezone.now()
    due = [asked.due_at for asked in waiting]
    return sum(at < now for at in due), sum(now <= at < now + PRESSING for at in due)


def forget_old() -> None:
    """Erase call-backs of more than 30 days ago. Their ledger entries remain."""
    CallBack.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
