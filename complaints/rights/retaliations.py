"""Reports of retaliation. The case becomes urgent, and is reopened if it was answered or closed."""

from django.db import transaction
from django.utils import timezone

from complaints import documents
from complaints.cases import lifecycle
from complaints.clocks import deadlines
from complaints.models import Case, Retaliation, event_kinds
from complaints.reference.conduct import Severity
from evidence import ledger


@transaction.atomic
def report(case: Case, *, text: str) -> Retaliation:
    """Freeze the borrower's account, make the case urgent, and reopen it if it was answered or closed."""
    case, text = Case.objects.locked(case), text.strip()
    before = case.retaliations.last()
    if before and before.text == text and timezone.now() - before.reported_at < lifecycle.SAME_WITHIN:
        return before
    retaliation = _freeze(case, text)
    case = lifecycle.advance(
        case,
        "report_retaliation",
        by=ledger.BORROWER,
        data={"retaliation": retaliation.sha256, **documents.parts(retaliation.document)},
        changes={"severity": Severity.URGENT},
    )
    if case.state in deadlines.ANSWERED:
        lifecycle.reopen(case, why=event_kinds.RETALIATION_REPORTED, assignee=case.assignee)
    return retaliation


def _freeze(case: Case, text: str) -> Retaliation:
    now = timezone.now()
    document, sha256 = documents.document(
        "retaliation", reference=case.reference, text=text, reported_at=ledger.rfc3339(now)
    )
    retaliation: Retaliation = Retaliation.objects.create(
        case=case, text=text, reported_at=now, document=document, sha256=sha256
    )
    return retaliation
