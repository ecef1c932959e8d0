"""Saves parts of a draft under its lock, and never over something that the writer has not seen."""

import hashlib
from typing import Any

import rfc8785

from complaints.models import Draft


class ChangedMeanwhile(Exception):
    """Another tab or phone has saved something else since the writer saw the answers. `kept` has what is saved
    now."""

    def __init__(self, kept: dict[str, Any]) -> None:
        super().__init__()
        self.kept = kept


def locked(draft: Draft) -> Draft:
    """The draft as it is now, locked for the rest of the transaction."""
    return Draft.objects.select_for_update().get(pk=draft.pk)


def sent_meanwhile(draft: Draft) -> bool:
    """Whether another request has filed or sent it since it was read here."""
    draft.refresh_from_db(fields=["filed_at"])
    return draft.filed_at is not None


def write(draft: Draft, kept: Draft, step: str, answers: dict[str, Any], at: str = "") -> None:
    """Save the step. `at` is the step where its writer still is, if any."""
    kept.answers[step], kept.at = answers, at
    kept.save(update_fields=["answers", "saved_at", "at"])
    draft.answers, draft.saved_at, draft.at = kept.answers, kept.saved_at, at


def mark(answers: dict[str, Any]) -> str:
    """A digest of answers, 16 hex digits. Pages send it back, to show whether the answers have changed since."""
    return hashlib.sha256(rfc8785.dumps(answers)).hexdigest()[:16]


def check_seen(kept: dict[str, Any], new: dict[str, Any], seen: str | None) -> None:
    """Raises ChangedMeanwhile if the saved answers `kept` are neither those with a mark of `seen`, where blanks
    stand between several, nor equal to `new`."""
    if seen and mark(kept) not in seen.split() and kept != new:
        raise ChangedMeanwhile(kept)
