"""Custody events: ledger entries whose subject is an evidence item."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from evidence.models import EvidenceItem

from . import entries
from .entries import Actor, Event, Leaf


def about(item: EvidenceItem, kind: str, *, by: Actor, data: dict[str, Any]) -> Event:
    """The event, to be appended with others."""
    return Event(
        kind=kind, thread=item.thread, subject=f"item:{item.pk}", by=by, data={"item": str(item.pk), **data}
    )


def admit(items: Sequence[EvidenceItem], *, thread: str, by: Actor = entries.BORROWER) -> list[Event]:
    """Take staged items into a thread. The caller appends the events with what else it records."""
    for item in items:
        item.thread = thread
    EvidenceItem.objects.bulk_update(items, ["thread"])
    return [about(item, "evidence.received", by=by, data=_as_received(item)) for item in items]


def _as_received(item: EvidenceItem) -> dict[str, Any]:
    return {
        "sha256": item.sha256,
        "size": item.size,
        "media_type": item.media_type,
        "received_at": entries.rfc3339(item.received_at),
    }


@transaction.atomic
def record(item: EvidenceItem, kind: str, *, by: Actor, **data: Any) -> Leaf:
    """Put one event of an admitted item on the ledger, e.g. `evidence.downloaded` with its reason code."""
    return entries.append(about(item, kind, by=by, data=data))[0]
