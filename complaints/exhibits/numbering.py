"""From the files of a draft to the numbered exhibits of a case, at filing and for whatever is added later."""

from collections.abc import Sequence
from typing import Any

from complaints.models import Case, Draft, Exhibit, Message
from evidence import ledger
from evidence.ledger import Event, custody
from evidence.models import EvidenceItem


def number(draft: Draft, case: Case, *, after: int = 0) -> list[Exhibit]:
    """Give the draft's exhibits their places in the case, in the order they came; the caller holds both."""
    exhibits = list(draft.exhibits.select_related("item").order_by("pk"))
    for place, exhibit in enumerate(exhibits, after + 1):
        exhibit.draft, exhibit.case, exhibit.number = None, case, place
    Exhibit.objects.bulk_update(exhibits, ["draft", "case", "number"])
    return exhibits


def last_number(case: Case) -> int:
    last = case.exhibits.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def attach(exhibits: Sequence[Exhibit], message: Message) -> None:
    """Say with which message they came, and so from whom."""
    source = Exhibit.Source.OFFICE if message.written_by_id else Exhibit.Source.BORROWER
    rows = Exhibit.objects.filter(pk__in=[exhibit.pk for exhibit in exhibits])
    rows.update(came_with=message, source=source)


def described(exhibit: Exhibit) -> dict[str, Any]:
    """How a frozen document names it."""
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
    """How the ledger's entry of what they came with lists them; each has an entry of its own besides."""
    return [
        {"number": exhibit.number, "item": str(exhibit.item_id), "sha256": exhibit.item.sha256}
        for exhibit in exhibits
    ]


def record(event: Event, exhibits: Sequence[Exhibit]) -> list[ledger.Leaf]:
    """Append what they came with, then each item as received from the same. Last in the transaction."""
    received = custody.admit([exhibit.item for exhibit in exhibits], thread=event.thread, by=event.by)
    return ledger.append(event, *received)
