"""Drafts before filing: begin one, find it by its code, save its steps, and delete it."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from complaints import codes
from complaints.drafts import files as draft_files
from complaints.drafts import saving
from complaints.models import Draft

STEPS = (
    *("who", "parties", "conduct", "court", "story", "contacts"),
    *("evidence", "wishes", "reach", "names", "check"),
)


REQUIRED = ("parties", "conduct", "story")  # a draft without these cannot be filed


KEPT_AFTER_FILING = timedelta(hours=24)  # so long the access code can be shown again


class Expired(Exception):
    """The draft has expired."""


class Incomplete(Exception):
    """A required step has not been answered."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


def begin(language: str) -> tuple[Draft, str]:
    """Make a draft. Returns it with its code, which is not stored: only the borrower has it."""
    code = codes.fresh()
    expires_at = timezone.now() + timedelta(days=settings.DRAFT_DAYS)
    return Draft.objects.create(code_digest=codes.digest(code), language=language, expires_at=expires_at), code


def find(code: str) -> Draft:
    """The draft of a code, in its printed form. Raises Draft.DoesNotExist or Expired."""
    draft: Draft = Draft.objects.get(code_digest=codes.digest(code))
    if draft.filed_at is None and draft.expires_at <= timezone.now():
        raise Expired
    return draft


@transaction.atomic
def save(
    draft: Draft, step: str, answers: dict[str, Any], *, seen: str | None = None, typing: bool = False
) -> None:
    """Save the answers of one step; the other steps stay as they are. `typing`: the page saves itself, and its
    writer has not left it.

    `seen` is the `saving.mark` of the answers that the writer saw. Raises saving.ChangedMeanwhile if others have
    been saved since.
    """
    kept = saving.locked(draft)
    saving.check_seen(kept.answers.get(step, {}), answers, seen)
    saving.write(draft, kept, step, answers, at=step if typing else "")


@transaction.atomic
def forget(draft: Draft) -> None:
    """Delete the draft with its files, unless it was filed just now. What was filed from it is not deleted."""
    current = Draft.objects.select_for_update().filter(pk=draft.pk).first()
    if current is None or current.filed_at != draft.filed_at:
        return
    draft_files.remove_all(current)
    current.delete()


def forget_expired() -> None:
    """Delete expired drafts, and those filed more than KEPT_AFTER_FILING ago."""
    for draft in Draft.objects.forgettable(filed_before=timezone.now() - KEPT_AFTER_FILING):
        forget(draft)
    draft_files.forget_strays(before=timezone.now() - KEPT_AFTER_FILING)


def missing(draft: Draft) -> list[str]:
    """The required steps that have no answers or are unfinished."""
    return [step for step in REQUIRED if not _is_given(draft, step)]


def _is_given(draft: Draft, step: str) -> bool:
    answers = draft.answers.get(step, {})
    if step == "story":
        return bool(answers.get("story")) or is_spoken(draft)
    return bool(answers) and not answers.get("unfinished")


def is_spoken(draft: Draft) -> bool:
    """Whether the borrower says in a recording what happened."""
    return draft.exhibits.filter(is_account=True).exists()


def mark(draft: Draft) -> str:
    """A digest of answers and files. The last page sends it back, to show whether the draft has changed since."""
    files = list(draft.exhibits.order_by("place", "pk").values("pk", "description", "declared"))
    return saving.mark({"answers": draft.answers, "files": files})
