"""Files a draft: the one transaction in which it becomes a complaint."""

from datetime import datetime

from django.db import transaction

from complaints import codes, documents, wake
from complaints.cases import consents, links, record, search
from complaints.clocks import book, running
from complaints.drafts import contacts, files, saving
from complaints.drafts.drafts import Incomplete, mark, missing
from complaints.exhibits import numbering
from complaints.models import Case, Complaint, Draft, Exhibit, Reporter, event_kinds
from complaints.staff import conflicts
from evidence import ledger
from evidence.wake import seal_and_examine

from . import receipts, statement


def access_code(draft_code: str) -> str:
    """The access code of the case that a draft becomes. It is computed from the draft's code, so that a double
    click shows the same one, and it cannot be read from the database."""
    return codes.derived(draft_code, "access")


@transaction.atomic
def file(draft: Draft, code: str, language: str | None = None, *, seen: str | None = None) -> Case:
    """File the draft in one transaction. `language` is the borrower's current one. A second call returns the same
    case. Raises Incomplete, and saving.ChangedMeanwhile if the draft no longer has the mark `seen`."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.filed_at is not None:
        return draft.case
    if seen and seen != mark(draft):
        raise saving.ChangedMeanwhile(draft.answers)
    if steps := missing(draft):
        raise Incomplete(steps[0])
    draft.filed_at, draft.language = ledger.now(), language or draft.language
    draft.save(update_fields=["filed_at", "language"])
    files.end_uploads(draft)
    case = _open_case(draft, code, draft.filed_at)
    numbered = numbering.number(draft, case)
    acts = contacts.for_statement(draft)
    complaint = statement.complaint(draft, case, numbered, acts)
    contacts.keep(case, acts)
    search.write(case)
    reporter = statement.reporter(draft, case)
    links.write(case)
    conflicts.record_for_case(case)
    entries = _record(case, complaint, reporter, numbered)
    consents.begin(case, reporter.may_see_name)
    case.receipt = receipts.issue(case, numbered, entries)
    case.save(update_fields=["receipt"])
    wake.route(case.pk)
    seal_and_examine(case.thread)
    return case


def _open_case(draft: Draft, code: str, now: datetime) -> Case:
    severity = statement.severity(draft)
    return Case.objects.create(
        draft=draft,
        code_digest=codes.digest(access_code(code)),
        language=draft.language,
        severity=severity,
        filed_at=now,
        decide_by=book.due("decide", now, severity),
    )


def _record(case: Case, complaint: Complaint, reporter: Reporter, numbered: list[Exhibit]) -> list[ledger.Leaf]:
    """Append the case's first ledger entries: the complaint, then each received item."""
    filed = record.event(
        case,
        event_kinds.COMPLAINT_FILED,
        by=ledger.BORROWER,
        at=case.filed_at,
        reference=case.reference,
        statement=complaint.sha256,
        reporter=reporter.sha256,
        language=case.language,
        exhibits=numbering.listed(numbered),
        **documents.parts(complaint.document, reporter.document),
        **running.move(case, event_kinds.COMPLAINT_FILED, at=case.filed_at),
    )
    return numbering.record(filed, numbered)
