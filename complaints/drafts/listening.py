"""What a borrower types while they listen to a recording, kept until it becomes a version of the transcript.

It is a Draft of the case, as additions are, with a slot for each exhibit. Nobody else sees it, and it is deleted
like other drafts that are not sent.
"""

from django.db import transaction

from complaints.models import Case, Draft, DraftQuerySet, Exhibit
from complaints.models.drafts import TRANSCRIPT

from . import additions, saving


def words(exhibit: Exhibit) -> str:
    """The unfinished words for this exhibit; "" without any."""
    kept: Draft | None = _kept(exhibit).first()
    return kept.answers.get("text", "") if kept else ""


@transaction.atomic
def keep(exhibit: Exhibit, text: str, *, before: str, seen: str | None) -> str:
    """Save the words, and return their mark. `before` are the words of the newest version, with which the page
    begins while nothing is saved. Raises saving.ChangedMeanwhile if other words were saved since `seen`."""
    case = Case.objects.select_for_update().get(exhibits=exhibit)
    kept = _kept(exhibit).first() or additions.new(case, _slot(exhibit), language=case.language)
    saving.check_seen(kept.answers or {"text": before}, {"text": text}, seen)
    kept.answers = {"text": text}
    kept.save(update_fields=["answers", "saved_at"])
    return saving.mark(kept.answers)


def forget(exhibit: Exhibit) -> None:
    """Delete the unfinished words: they are a version now."""
    _kept(exhibit).delete()


def _kept(exhibit: Exhibit) -> DraftQuerySet:
    found: DraftQuerySet = Draft.objects.unsent().filter(adds_to=exhibit.case_id, slot=_slot(exhibit))
    return found


def _slot(exhibit: Exhibit) -> str:
    return f"{TRANSCRIPT}{exhibit.number}"
