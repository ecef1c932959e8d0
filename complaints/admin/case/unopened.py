"""Exhibits that somebody decides on without having opened them, by the ledger: for the pages of a decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from complaints.models import Case, Exhibit, StaffMember
from evidence import ledger
from evidence.models import LedgerEntry

from .visits import DOWNLOADED, VIEWED


@dataclass(frozen=True)
class Unopened:
    """Labels of the exhibits that the reader, the person who proposed, and nobody of the office has opened."""

    by_you: list[str]
    by_anybody: list[str]
    by_proposer: list[str]


def of(
    case: Case, exhibits: Sequence[Exhibit], reader: StaffMember, proposer: StaffMember | None = None
) -> Unopened:
    """What is not opened yet, of all exhibits that did not come from the office itself."""
    looks = LedgerEntry.objects.filter(thread=case.thread, kind__in=(VIEWED, DOWNLOADED))
    seen = {(one["data"]["item"], one["by"].get("id")) for one in map(ledger.content_of, looks)}
    asked = [one for one in exhibits if not one.is_of_the_office]

    def without(member: StaffMember) -> list[str]:
        return [one.label for one in asked if (str(one.item_id), str(member.uid)) not in seen]

    items = {item for item, by in seen if by}  # outsiders who look at a bundle have no id
    return Unopened(
        by_you=without(reader),
        by_anybody=[one.label for one in asked if str(one.item_id) not in items],
        by_proposer=without(proposer) if proposer else [],
    )
