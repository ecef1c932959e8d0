"""What follows from findings: measures that hold people to account, and redress for the borrower.

Each is frozen as a document when it is ordered or promised, and its end is a second frozen document with a proof.
A measure may name staff, so its documents go to the office and to a regulator, not to the borrower or legal aid
(`bundles.options`).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import lifecycle, readers
from complaints.models import Case, Exhibit, StaffMember, Undertaking
from complaints.refusal import Refused
from complaints.staff import access
from evidence.ledger import rfc3339

Sort, Outcome = Undertaking.Sort, Undertaking.Outcome
ORDERED = {Sort.MEASURE: "order_measure", Sort.REDRESS: "promise_redress"}
ENDED = {Sort.MEASURE: "end_measure", Sort.REDRESS: "end_redress"}
LATEST = timedelta(days=3 * 366)  # due dates further away are refused: the year is probably mistyped
KINDS = {Sort.MEASURE: Undertaking.MEASURES, Sort.REDRESS: Undertaking.REDRESS}


@dataclass(frozen=True)
class PlannedUndertaking:
    """A measure or a promise that somebody is about to record."""

    sort: str  # of Undertaking.Sort
    kind: str  # of Undertaking.Kind
    what: str
    owner: str
    due_on: date
    amount: Decimal | None = None
    currency: str = ""
    borrower_may_know: bool = True


@transaction.atomic
def order(case: Case, *, by: StaffMember, wanted: PlannedUndertaking) -> Undertaking:
    """Record a measure or a promise with its owner and its day. The same one sent twice is recorded once.

    Raises Refused, and ValueError for an unknown sort.
    """
    sort = Sort(wanted.sort)
    case = lifecycle.lock_for(case, ORDERED[sort], staff=by)
    if refusal := _refusal(wanted):
        raise Refused(refusal)
    now = timezone.now()
    fields: dict[str, Any] = {
        **{"what": wanted.what.strip(), "owner": wanted.owner.strip()},
        "currency": wanted.currency if wanted.amount is not None else "",
        "borrower_may_know": wanted.borrower_may_know or sort == Sort.REDRESS,
    }
    same = {"round": case.round, "sort": sort, "kind": wanted.kind, "amount": wanted.amount, **fields}
    lately = case.undertakings.open().filter(ordered_by=by, ordered_at__gt=now - lifecycle.SAME_WITHIN)
    if before := lately.filter(due_on=wanted.due_on, **same).first():
        return before
    document, sha256 = documents.document(
        sort.value,
        reference=case.reference,
        round=case.round,
        what_kind=wanted.kind,
        **fields,
        amount=str(wanted.amount) if wanted.amount is not None else "",  # text: JSON numbers can lose digits
        due_on=wanted.due_on.isoformat(),
        ordered_by=str(by.uid),
        ordered_at=rfc3339(now),
    )
    made: Undertaking = Undertaking.objects.create(
        case=case,
        **same,
        due_on=wanted.due_on,
        ordered_by=by,
        ordered_at=now,
        document=document,
        sha256=sha256,
    )
    lifecycle.advance(
        case, ORDERED[sort], by=access.actor(by), staff=by, data={sort.value: sha256, **documents.parts(document)}
    )
    return made


def _refusal(wanted: PlannedUndertaking) -> str:
    if wanted.kind not in KINDS[Sort(wanted.sort)]:
        return _("Choose what it is from the list.")
    if not wanted.what.strip() or not wanted.owner.strip():
        return _("Say what is to be done, and who sees to it.")
    if not timezone.localdate() <= wanted.due_on <= timezone.localdate() + LATEST:
        return _("Choose a day by which it is to be done: from today on, and within three years.")
    paid = wanted.kind in Undertaking.PAID
    if paid and (not wanted.amount or wanted.amount <= 0 or not wanted.currency):
        return _("Money needs its amount and its currency.")
    if wanted.amount is not None and not paid:
        return _("Only a refund or a compensation has an amount.")
    return ""


@transaction.atomic
def end(
    undertaking: Undertaking,
    *,
    by: StaffMember,
    outcome: str,
    ended_on: date,
    proof: str,
    exhibit: Exhibit | None = None,
) -> Undertaking:
    """Record once that it was done or will not be done, with the proof: a note and, if there is one, an exhibit.

    Raises Refused.
    """
    action, proof = ENDED[Sort(undertaking.sort)], proof.strip()
    case = lifecycle.lock_for(undertaking.case, action, staff=by)
    row: Undertaking = case.undertakings.select_for_update().get(pk=undertaking.pk)
    if row.outcome != Outcome.OPEN:
        raise Refused(_("This has been settled already. Somebody may have acted before you."))
    if not proof:
        raise Refused(_("Write what shows that it was done, or why it will not be."))
    if ended_on > timezone.localdate():
        raise Refused(_("What is done has a day that is not in the future."))
    if exhibit is not None and exhibit.case_id != case.pk:
        raise Refused(_("Only an exhibit of this case can show it."))
    now = timezone.now()
    ending, digest = documents.document(
        row.sort,
        reference=case.reference,
        of=row.sha256,
        outcome=Outcome(outcome).value,
        ended_on=ended_on.isoformat(),
        proof=proof,
        exhibit={"exhibit": exhibit.label, "sha256": exhibit.item.sha256} if exhibit else {},
        ended_by=str(by.uid),
        ended_at=rfc3339(now),
    )
    row.outcome, row.ended_on, row.proof, row.proof_exhibit = Outcome(outcome), ended_on, proof, exhibit
    row.ended_by, row.ended_at, row.ending = by, now, ending
    row.save()
    data = {row.sort: digest, "of": row.sha256, **documents.parts(ending)}
    lifecycle.advance(case, action, by=access.actor(by), staff=by, data=data)
    return row


def shown_to_the_borrower(case: Case) -> QuerySet[Undertaking]:
    """The redress that the borrower may see: what was promised before a decision counted."""
    seen = readers.visible(readers.entries_of(case.thread), "redress", "borrower")
    promised: QuerySet[Undertaking] = case.undertakings.redress().filter(sha256__in=seen)
    return promised
