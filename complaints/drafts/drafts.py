"""The life of a draft before it is filed: begun, found by its code, saved step by step, forgotten."""

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
    saving.check_seen(kept.answers.get(step, {}), answers, seen)
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


def missing_step(draft: Draft) -> str | None:
    """The first required step without answers, or with answers saved before they were complete."""
    answers = {step: draft.answers.get(step) for step in REQUIRED}
    return next((step for step, given in answers.items() if not given or given.get("unfinished")), None)


def mark(draft: Draft) -> str:
    """What the last page carries along, to know again whether what is filed is what it showed."""
    files = list(draft.exhibits.order_by("pk").values("pk", "description", "declared"))
    return saving.mark({"answers": draft.answers, "files": files})
