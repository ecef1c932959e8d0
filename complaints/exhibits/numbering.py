"""Make the files of a draft or an addition numbered exhibits of a case."""

from collections.abc import Sequence
from typing import Any

from complaints.models import Case, Draft, Exhibit, Message
from evidence import ledger
from evidence.ledger import Event, custody
from evidence.models import EvidenceItem
from evidence.viewing import previews


def number(draft: Draft, case: Case, *, after: int = 0) -> list[Exhibit]:
    """Move the draft's exhibits to the case and number them on from `after`, in the order of their places.
    The caller has locked both."""
    exhibits = list(draft.exhibits.select_related("item").order_by("place", "pk"))
    for place, exhibit in enumerate(exhibits, after + 1):
        exhibit.draft, exhibit.case, exhibit.number = None, case, place
    Exhibit.objects.bulk_update(exhibits, ["draft", "case", "number"])
    return exhibits


def last_number(case: Case) -> int:
    last = case.exhibits.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def attach(exhibits: Sequence[Exhibit], message: Message) -> None:
    """Record the message that they came with, and by it who sent them."""
    source = Exhibit.Source.OFFICE if message.written_by_id else Exhibit.Source.BORROWER
    rows = Exhibit.objects.filter(pk__in=[exhibit.pk for exhibit in exhibits])
    rows.update(came_with=message, source=source)


def described(exhibit: Exhibit) -> dict[str, Any]:
    """The exhibit's description in a frozen document."""
    item: EvidenceItem = exhibit.item
    return {
        "number": exhibit.number,
        "sha256": item.sha256,
        "name": item.name,
        "description": exhibit.description,
        "declared": exhibit.declared,
        "authority": exhibit.is_authority,
    }


def listed(exhibits: Sequence[Exhibit]) -> list[dict[str, Any]]:
    """The list of exhibits in the ledger entry of what they came with. Each also has an entry of its own."""
    return [
        {"number": exhibit.number, "item": str(exhibit.item_id), "sha256": exhibit.item.sha256}
        for exhibit in exhibits
    ]


def record(event: Event, exhibits: Sequence[Exhibit]) -> list[ledger.Leaf]:
    """Append the event, then an entry for each item received with it, and return these. Entries of copies that
    were made before follow. Call it last in the transaction."""
    items = [exhibit.item for exhibit in exhibits]
    received = custody.admit(items, thread=event.thread, by=event.by)
    return ledger.append(event, *received, *previews.made_early(items))[: 1 + len(items)]
