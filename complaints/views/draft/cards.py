"""The cards of a draft's files: numbered, and among them those of removed files that can be put back."""

from dataclasses import dataclass

from complaints.drafts import removing
from complaints.drafts.questions.evidence import FilesForm, Row
from complaints.models import Draft, RemovedFile


@dataclass
class Card:
    """A file with its questions and number, or a removed one."""

    place: int
    row: Row | None = None
    removed: RemovedFile | None = None
    number: int = 0  # among the files of the draft, from 1
    is_last: bool = False
    twin: "Card | None" = None  # the first card of a file with the same bytes


def cards(draft: Draft, form: FilesForm) -> list[Card]:
    """All cards, in the order of their files."""
    here: list[Card] = []
    first: dict[str, Card] = {}
    for number, row in enumerate(form.rows(), 1):
        card = Card(row.exhibit.place, row=row, number=number, is_last=number == len(form.exhibits))
        card.twin = first.get(row.exhibit.item.sha256)
        first.setdefault(row.exhibit.item.sha256, card)
        here.append(card)
    removed = [Card(file.place, removed=file) for file in removing.in_reach(draft)]
    return sorted([*here, *removed], key=lambda card: card.place)
