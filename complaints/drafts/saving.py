"""How one part of a draft is written: under the draft's lock, and never over what its writer has not seen."""

import hashlib
from typing import Any

import rfc8785

from complaints.models import Draft


class ChangedMeanwhile(Exception):
    """What is to be saved over is not what its writer saw: another tab or phone saved there meanwhile."""

    def __init__(self, kept: dict[str, Any]) -> None:
        super().__init__()
        self.kept = kept


def locked(draft: Draft) -> Draft:
    """The draft as it is now, for this transaction alone."""
    return Draft.objects.select_for_update().get(pk=draft.pk)


def write(draft: Draft, kept: Draft, step: str, answers: dict[str, Any]) -> None:
    kept.answers[step] = answers
    kept.save(update_fields=["answers", "saved_at"])
    draft.answers, draft.saved_at = kept.answers, kept.saved_at


def mark(answers: dict[str, Any]) -> str:
    """What a page carries along, to know again whether these answers are still the ones it showed."""
    return hashlib.sha256(rfc8785.dumps(answers)).hexdigest()[:16]


def check_seen(kept: dict[str, Any], new: dict[str, Any], seen: str | None) -> None:
    """Raises ChangedMeanwhile where `kept` is neither what was seen nor what is to be saved."""
    if seen and seen != mark(kept) and kept != new:
        raise ChangedMeanwhile(kept)
