"""Enquiries to the lender, the platform or the agency, and what is supplied.

What leaves the portal is a frozen document, whose digest is in the ledger. The other side answers by a link
(`answers`). The code in the link is computed from the row and the portal's key; it cannot be read from the
database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import lifecycle, record, waiting
from complaints.enquiries.links import set_code
from complaints.models import Asked, Case, Enquiry, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import rfc3339

from . import disclosure, mail

USUAL_DAYS = 10  # our own target; we know of no rule that sets one
MOST_DAYS = 90
REMINDED = timedelta(days=3)  # before it is due
State = Asked.State


@dataclass(frozen=True)
class PlannedEnquiry:
    """An enquiry that an investigator is writing, before it is sent."""

    recipient: str
    organisation: str
    language: str
    way: str
    email: str
    asked: Sequence[tuple[str, str]]  # kind, note
    kept: str  # a code of demands.kept(), or ""
    text: str
    due_on: date
    contacts: bool

    def leaving(self, case: Case) -> dict[str, Any]:
        """The part of the document that the other side will see."""
        return {
            "recipient": self.recipient,
            "organisation": self.organisation,
            "language": self.language,
            "asked": [
                {"number": number, "kind": kind, "note": note} for number, (kind, note) in enumerate(self.asked, 1)
            ],
            "kept": self.kept,
            "text": self.text,
            "due_on": self.due_on.isoformat(),
            **disclosure.facts(case, self.recipient, contacts=self.contacts),
        }

    def is_blind(self, case: Case) -> bool:
        """Whether nothing in it, apart from free text, lets the other side find the account."""
        leaving = self.leaving(case)
        return not any(leaving[name] for name in ("reporter", "numbers", "contacts"))

    def revealing(self, case: Case) -> list[str]:
        """Which of the borrower's details appear in the typed text."""
        typed = "\n".join([self.organisation, self.text, *(note for _kind, note in self.asked)])
        return disclosure.revealing(case, typed)


@transaction.atomic
def send(
    case: Case, wanted: PlannedEnquiry, *, by: StaffMember, once: UUID, portal: str, all_the_same: bool = False
) -> Enquiry:
    """Send an enquiry. Raises Refused.

    `once` is the page's key: sending the page twice asks once. `portal` is the address to which the link leads.
    `all_the_same` sends it although the text contains details of the borrower; the ledger entry then names which.
    """
    uid = uuid5(case.uid, str(once))
    if found := Enquiry.objects.filter(uid=uid).first():
        return found
    case, now = lifecycle.lock_for(case, "enquire", staff=by), timezone.now()
    revealing = wanted.revealing(case)
    _may_leave(wanted, revealing and not all_the_same)
    enquiry = Enquiry(uid=uid, case=case, sent_by=by, sent_at=now, due_at=_end_of(wanted.due_on), portal=portal)
    for name in ("recipient", "organisation", "language", "way", "email", "text"):
        setattr(enquiry, name, getattr(wanted, name))
    sender = {"sent_by": str(by.uid), "sent_at": rfc3339(now), "way": wanted.way}
    enquiry.document, enquiry.sha256 = documents.document(
        "enquiry", reference=case.reference, enquiry=enquiry.reference, **wanted.leaving(case), **sender
    )
    enquiry.remind_at = enquiry.due_at - REMINDED if enquiry.due_at - REMINDED > now else None
    set_code(enquiry)
    if enquiry.way == Enquiry.Way.EMAIL:
        mail.queue(enquiry)
    enquiry.save()
    rows = enumerate(wanted.asked, 1)
    Asked.objects.bulk_create(Asked(enquiry=enquiry, number=at, kind=kind, note=note) for at, (kind, note) in rows)
    waiting.update(case)
    data = {
        "enquiry": enquiry.sha256,
        **documents.parts(enquiry.document),
        "recipient": enquiry.recipient,
        "way": enquiry.way,
        "due": rfc3339(enquiry.due_at),
        "named": bool(enquiry.content["reporter"]),
        "revealing": revealing,
    }
    lifecycle.advance(case, "enquire", by=access.actor(by), staff=by, data=data)
    return enquiry


def _may_leave(wanted: PlannedEnquiry, revealing: object) -> None:
    today = timezone.localdate()
    if not wanted.asked:
        raise Refused(_("Choose what you ask for."))
    if not today < wanted.due_on <= today + timedelta(days=MOST_DAYS):
        raise Refused(_("The day must lie ahead, within %(days)d days.") % {"days": MOST_DAYS})
    if revealing:
        raise Refused(_("Details of the borrower stand in what you wrote. Take them out."))


def _end_of(day: date) -> datetime:
    """The last second of the day in the office's zone, in UTC."""
    local = datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())
    return local.astimezone(UTC)


def of(case: Case) -> list[Enquiry]:
    """The case's enquiries with their items, in the order they were sent: the first is number 1."""
    return list(case.enquiries.prefetch_related("asked").select_related("sent_by"))


def note(enquiry: Enquiry, kind: str, by: StaffMember | ledger.Actor, **data: Any) -> None:
    """Append an entry about the enquiry. `data` may only have codes and digests. Call it last in the
    transaction."""
    record.note(enquiry.case, kind, by=by, enquiry=enquiry.sha256, recipient=enquiry.recipient, **data)


def locked(enquiry: Enquiry) -> Enquiry:
    """The enquiry as it is now; it and its case are locked for the rest of the transaction."""
    Case.objects.locked(enquiry.case)
    row: Enquiry = Enquiry.objects.select_for_update().select_related("case").get(pk=enquiry.pk)
    return row


def locked_by(enquiry: Enquiry, by: StaffMember) -> Enquiry:
    """The enquiry, locked as by `locked`, if `by` may act on the case. Raises Refused otherwise."""
    access.must_act(by, enquiry.case)
    return locked(enquiry)


@transaction.atomic
def revoke(enquiry: Enquiry, *, by: StaffMember) -> None:
    """End the enquiry's link; the questions remain open. Raises Refused."""
    row = locked_by(enquiry, by)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        note(row, event_kinds.ENQUIRY_REVOKED, by)


@transaction.atomic
def renew(enquiry: Enquiry, *, by: StaffMember) -> None:
    """Give the enquiry a new link; the old one stops working. Raises Refused."""
    row = locked_by(enquiry, by)
    row.issue += 1
    set_code(row)
    if row.way == Enquiry.Way.EMAIL:
        mail.queue(row)
    row.save()
    note(row, event_kinds.ENQUIRY_RENEWED, by, issue=row.issue)


@transaction.atomic
def letter_taken(enquiry: Enquiry, *, by: StaffMember) -> None:
    """Record that `by` takes the letter, which has the code, out of the portal. Raises Refused."""
    note(locked_by(enquiry, by), event_kinds.ENQUIRY_PRINTED, by, issue=enquiry.issue)


@transaction.atomic
def assess(enquiry: Enquiry, number: int, state: str, *, by: StaffMember) -> None:
    """Set the state of one item, if the office disagrees with the other side. Raises Refused."""
    row = locked_by(enquiry, by)
    one = row.asked.filter(number=number).first()
    if one is None or state not in State.values or state == State.WAITING:
        raise Refused(_("Choose what became of it."))
    if one.state != state:
        one.state = state
        one.save(update_fields=["state"])
        waiting.update(row.case)
        note(row, event_kinds.ENQUIRY_ASSESSED, by, asked=number, state=state)


@transaction.atomic
def read(enquiry: Enquiry, *, by: StaffMember) -> None:
    """Mark the news of the enquiry as read. Raises Refused."""
    row = locked_by(enquiry, by)
    row.news_at = None
    row.save(update_fields=["news_at"])


def unanswered(case: Case) -> list[Asked]:
    """The items that were not, or only partly, supplied, for findings of insufficient evidence."""
    missing = Asked.objects.filter(enquiry__case=case).not_whole()
    return list(missing.select_related("enquiry").order_by("enquiry", "number"))


def remind_due() -> None:
    """The sweep: remind of enquiries with missing items, once, shortly before they are due."""
    for enquiry in Enquiry.objects.waited_for().filter(remind_at__lte=timezone.now()).order_by("remind_at"):
        _remind(enquiry)


@transaction.atomic
def _remind(enquiry: Enquiry) -> None:
    row = locked(enquiry)
    if row.remind_at is None:
        return
    row.remind_at, row.reminded_at = None, timezone.now()
    by_mail = row.way == Enquiry.Way.EMAIL and row.is_open
    if by_mail:
        mail.queue(row)
    else:
        row.news_at = row.reminded_at  # the office must remind them itself
    row.save()
    note(row, event_kinds.ENQUIRY_REMINDED, ledger.SYSTEM, way="email" if by_mail else "desk")


def mark_overdue() -> None:
    """The sweep: record enquiries with items that were not supplied in time."""
    late = Enquiry.objects.waited_for().filter(due_at__lt=timezone.now())
    for enquiry in late.order_by("due_at"):
        _overdue(enquiry)


@transaction.atomic
def _overdue(enquiry: Enquiry) -> None:
    row, now = locked(enquiry), timezone.now()
    missing = list(row.asked.waiting())
    if not missing:
        return
    Asked.objects.filter(pk__in=[one.pk for one in missing]).update(state=State.MISSING)
    row.overdue_at = row.news_at = now
    row.remind_at = None
    row.save(update_fields=["overdue_at", "news_at", "remind_at"])
    waiting.update(row.case)
    note(row, event_kinds.ENQUIRY_OVERDUE, ledger.SYSTEM, missing=[one.number for one in missing])
