"""From a draft to a complaint: what is saved on the way, and the one transaction that files it."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from complaints import codes, documents, wake
from complaints.cases import consents, search
from complaints.clocks import book, running
from complaints.drafts import contacts, saving
from complaints.drafts import files as draft_files
from complaints.exhibits import numbering
from complaints.models import Case, Complaint, Draft, Exhibit, Reporter
from complaints.staff import conflicts
from evidence import ledger
from evidence.wake import seal_and_examine

from . import receipts, statement

STEPS = (
    *("who", "parties", "conduct", "court", "story", "contacts"),
    *("evidence", "wishes", "reach", "names", "check"),
)
REQUIRED = ("parties", "conduct", "story", "wishes")  # without whose answers there is nothing to file
KEPT_AFTER_FILING = timedelta(hours=24)  # how long an unacknowledged access code can be shown again


class Expired(Exception):
    """The draft's time is over; it is forgotten."""


class Incomplete(Exception):
    """A step without which nothing can be filed has not been answered."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def begin(language: str) -> tuple[Draft, str]:
    """A new draft and its code, which only the borrower keeps."""
    code = codes.fresh()
    expires_at = timezone.now() + timedelta(days=settings.DRAFT_DAYS)
    return Draft.objects.create(code_digest=codes.digest(code), language=language, expires_at=expires_at), code


def find(code: str) -> Draft:
    """The draft of a printed code; raises Draft.DoesNotExist or `Expired`."""
    draft: Draft = Draft.objects.get(code_digest=codes.digest(code))
    if draft.filed_at is None and draft.expires_at <= timezone.now():
        raise Expired
    return draft


@transaction.atomic
def save(draft: Draft, step: str, answers: dict[str, Any], *, seen: str | None = None) -> None:
    """Keep one step's answers, whatever another tab saved of the other steps meanwhile. With the `mark` of what
    the writer saw, raises saving.ChangedMeanwhile rather than write over something else."""
    kept = saving.locked(draft)
    saving.hold(kept.answers.get(step, {}), answers, seen)
    saving.write(draft, kept, step, answers)


@transaction.atomic
def forget(draft: Draft) -> None:
    """Delete a draft with its files; what was filed from it stays, and so does a draft that was filed just now."""
    current = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if current is None or current.filed_at != draft.filed_at:
        return
    draft_files.remove_all(current)
    current.delete()


def forget_expired() -> None:
    """Delete drafts whose time is over, and filed ones whose access code had a day to be saved."""
    for draft in Draft.objects.forgettable(filed_before=timezone.now() - KEPT_AFTER_FILING):
        forget(draft)
    draft_files.forget_strays(before=timezone.now() - KEPT_AFTER_FILING)


def access_code(draft_code: str) -> str:
    """The access code of what a draft becomes. It follows from the draft's code, so that a doubled click or a lost
    answer shows the same one, and the database alone cannot tell it."""
    return codes.derived(draft_code, "access")


def missing_step(draft: Draft) -> str | None:
    """The first required step without answers, or with answers saved before they were complete."""
    answers = {step: draft.answers.get(step) for step in REQUIRED}
    return next((step for step, given in answers.items() if not given or given.get("unfinished")), None)


def mark(draft: Draft) -> str:
    """What the last page carries along, to know again whether what is filed is what it showed."""
    files = list(draft.exhibits.order_by("pk").values("pk", "description", "declared"))
    return saving.mark({"answers": draft.answers, "files": files})


@transaction.atomic
def file(draft: Draft, code: str, language: str | None = None, *, seen: str | None = None) -> Case:
    """File the draft: one transaction, and once, in the language its borrower reads just now. A second call
    returns the same case; raises `Incomplete`, and saving.ChangedMeanwhile where it is not what was `seen`."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.filed_at is not None:
        return draft.case
    if seen and seen != mark(draft):
        raise saving.ChangedMeanwhile(draft.answers)
    if step := missing_step(draft):
        raise Incomplete(step)
    draft.filed_at, draft.language = timezone.now(), language or draft.language
    draft.save(update_fields=["filed_at", "language"])
    case = _open_case(draft, code, draft.filed_at)
    numbered = numbering.number(draft, case)
    acts = contacts.told(draft)
    complaint = statement.complaint(draft, case, numbered, acts)
    contacts.keep(case, acts)
    search.write(case)
    reporter = statement.reporter(draft, case)
    conflicts.look_at(case)
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
    """The case's first ledger entries: the complaint, then each item as received."""
    filed = ledger.Event(
        kind="complaint.filed",
        thread=case.thread,
        subject=case.thread,
        by=ledger.BORROWER,
        at=case.filed_at,
        data={
            "reference": case.reference,
            "statement": complaint.sha256,
            "reporter": reporter.sha256,
            "language": case.language,
            "exhibits": numbering.listed(numbered),
            **documents.parts(complaint.document, reporter.document),
            **running.move(case, "complaint.filed", at=case.filed_at),
        },
    )
    return numbering.record(filed, numbered)
