"""What was filed and what has come since, for the column beside the findings form."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from complaints.conversation import messaging
from complaints.filing import account
from complaints.filing.account import Account
from complaints.models import Case, EnquiryAnswer, Exhibit, Finding, Message, Retaliation, Review

from .exhibits import Row, rows_of


@dataclass(frozen=True)
class Beside:
    case: Case
    came_from: str
    account: Account
    written: list[Message]  # the borrower's messages since filing
    retaliations: list[Retaliation]
    answers: list[EnquiryAnswer]
    reviews: list[Review]  # what the borrower objected to, the latest first
    found: list[Finding]  # the findings of earlier rounds, the latest first
    exhibits: list[Row]


def of(request: HttpRequest, case: Case, shown: Sequence[Exhibit], came_from: str) -> Beside:
    answers = case.enquiry_answers.select_related("enquiry").prefetch_related("exhibits")
    return Beside(
        case=case,
        came_from=came_from,
        account=account.of(case),
        written=[one for one in messaging.written(case, shown, "written_by") if one.is_of_the_borrower],
        retaliations=list(case.retaliations.all()),
        answers=list(answers),
        reviews=list(case.reviews.order_by("-pk")) if case.round > 1 else [],
        found=_found_before(case) if case.round > 1 else [],
        exhibits=rows_of(request, shown),
    )


def _found_before(case: Case) -> list[Finding]:
    earlier = case.findings.filter(round__lt=case.round).select_related("found_by", "confirmed_by")
    return list(earlier.order_by("-round", "pk"))
