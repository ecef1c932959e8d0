"""Custody events: ledger entries about an evidence item."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction

from evidence.models import EvidenceItem

from . import entries, kinds
from .entries import Actor, Event, Leaf


def custody_event(item: EvidenceItem, kind: str, *, by: Actor, data: dict[str, Any]) -> Event:
    """An event about the item, for the caller to append."""
    return Event(
        kind=kind, thread=item.thread, subject=f"item:{item.pk}", by=by, data={"item": str(item.pk), **data}
    )


def admit(items: Sequence[EvidenceItem], *, thread: str, by: Actor = entries.BORROWER) -> list[Event]:
    """Assign staged items to a thread. Returns the events, which the caller must append."""
    for item in items:
        item.thread = thread
    EvidenceItem.objects.bulk_update(items, ["thread"])
    return [_received(item, by) for item in items]


def _received(item: EvidenceItem, by: Actor) -> Event:
    """The event of an item's arrival. It is not older than that, even if a clock was set back."""
    event = custody_event(item, kinds.EVIDENCE_RECEIVED, by=by, data=_as_received(item))
    return replace(event, at=max(event.at, item.received_at))


def _as_received(item: EvidenceItem) -> dict[str, Any]:
    return {
        "sha256": item.sha256,
        "size": item.size,
        "media_type": item.media_type,
        "received_at": entries.rfc3339(item.received_at),
    }


@transaction.atomic
def record(item: EvidenceItem, kind: str, *, by: Actor, **data: Any) -> Leaf:
    """Append one event about an admitted item, e.g. `evidence.downloaded` with its reason code."""
    return entries.append(custody_event(item, kind, by=by, data=data))[0]
