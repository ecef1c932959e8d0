"""Reviews (复核): the borrower asks for a different person to look again. The first findings stay unchanged."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.assignment import routing
from complaints.cases import lifecycle
from complaints.clocks import deadlines
from complaints.models import Case, Review, StaffMember, event_kinds
from complaints.refusal import Refused
from evidence import ledger
from evidence.models import LedgerEntry


@transaction.atomic
def ask(case: Case, *, reasons: str) -> Review:
    """Reopen the case and assign it to somebody who has not decided or answered it. A second request changes
    nothing.

    Raises Refused when the time for it is over or the case is not answered.
    """
    case = Case.objects.locked(case)
    asked = case.reviews.filter(round=case.round).first()
    if asked and case.replied_at is None:
        if asked.reasons == reasons.strip():
            return asked
        raise Refused(_("You have already asked for a review. Send us this as a message."))
    if not deadlines.may_be_reviewed(case):
        raise Refused(_why_not(case))
    review = _freeze(case, reasons.strip())
    barred = decided_before(case)
    review.barred.set(barred)
    data = {
        "review": review.sha256,
        **documents.parts(review.document),
        "barred": sorted(str(member.uid) for member in barred),
    }
    case = lifecycle.advance(case, "ask_review", by=ledger.BORROWER, data=data)
    lifecycle.reopen(case, why=event_kinds.REVIEW_ASKED, assignee=_somebody_else(case))
    return review


def decided_before(case: Case) -> list[StaffMember]:
    """Everyone who proposed, decided, confirmed or answered the case, according to the ledger."""
    kinds = (event_kinds.CASE_PROPOSED, event_kinds.CASE_DECIDED, event_kinds.CASE_REPLIED)
    entries = LedgerEntry.objects.filter(thread=case.thread, kind__in=kinds)
    uids = {ledger.content_of(entry)["by"].get("id") for entry in entries}
    return list(StaffMember.objects.filter(uid__in=uids - {None}))


def _why_not(case: Case) -> str:
    if case.withdraw_at:
        return _("You have asked to withdraw. Cancel that first, then you can ask for a review.")
    if deadlines.review_until(case) is None:
        return _("There is no reply to review yet.")
    return _("The time to ask for a review is over. You can file again and give this reference.")


def _freeze(case: Case, reasons: str) -> Review:
    now, number = timezone.now(), case.round + 1
    document, sha256 = documents.document(
        "review", reference=case.reference, round=number, reasons=reasons, asked_at=ledger.rfc3339(now)
    )
    review: Review = Review.objects.create(
        case=case, round=number, reasons=reasons, asked_at=now, document=document, sha256=sha256
    )
    return review


def _somebody_else(case: Case) -> StaffMember | None:
    """A free member of the team who may review the case. None: it waits in the queue for one of them."""
    those = routing.candidates(case.team, case) if case.team else []
    chosen = routing.choose(those, case.language)
    return chosen.member if chosen else None
