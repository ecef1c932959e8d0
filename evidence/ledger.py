"""The append-only ledger: whatever happens is one entry, kept verbatim as a leaf of one Merkle tree.

An entry is RFC 8785 canonical JSON, version 1 (final):
`{"v", "id", "at", "kind", "thread", "seq", "prev", "subject", "by", "data", "salt"}`. It holds ids, digests and
codes, never personal data. `thread` is the history it belongs to; `seq` counts that history from 1 and `prev` is
the leaf hash (hex) of the entry before ("" for the first), so that an opened history shows its own gaps. The
random salt keeps a leaf hash from confirming a guess.
"""

import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from . import merkle
from .models import Checkpoint, LedgerEntry, LedgerHead, LedgerNode

VERSION = 1
Actor = dict[str, str]  # {"role": ..., "id": the staff member's uid}; the borrower and the system have no id
SYSTEM: Actor = {"role": "system"}
BORROWER: Actor = {"role": "borrower"}


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, not yet on the ledger. `data` takes strings, whole numbers, booleans, None."""

    kind: str
    thread: str
    subject: str
    by: Actor
    data: dict[str, Any]
    at: datetime = field(default_factory=timezone.now)
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def rfc3339(moment: datetime) -> str:
    """UTC with microseconds and Z, the one form in which entries and receipts print times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def append(*events: Event) -> list[LedgerEntry]:
    """Add the events in order. Call it last in the transaction that records what happened: its lock is short."""
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry commits with what it records: append inside transaction.atomic()")
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    entries = _chained(events, head.size)
    peaks = [bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32)]
    nodes = [
        LedgerNode(level=level, position=position, hash=top)
        for entry in entries
        for (level, position), top in merkle.grow(peaks, entry.index, entry.leaf_hash)
    ]
    LedgerEntry.objects.bulk_create(entries)
    LedgerNode.objects.bulk_create(nodes)
    head.size += len(entries)
    head.peaks = b"".join(peaks)
    head.save(update_fields=["size", "peaks"])
    return entries


def _chained(events: Sequence[Event], size: int) -> list[LedgerEntry]:
    """Entries for the events, each linked to the one before in its thread."""
    last = {thread: _last_of(thread) for thread in {event.thread for event in events}}
    entries = []
    for index, event in enumerate(events, size):
        entry = _entry(event, index, last[event.thread])
        entries.append(entry)
        last[event.thread] = entry
    return entries


def _last_of(thread: str) -> LedgerEntry | None:
    return LedgerEntry.objects.filter(thread=thread).order_by("-seq").first()


def _entry(event: Event, index: int, before: LedgerEntry | None) -> LedgerEntry:
    seq = before.seq + 1 if before else 1
    body = rfc8785.dumps(
        {
            "v": VERSION,
            "id": str(event.id),
            "at": rfc3339(event.at),
            "kind": event.kind,
            "thread": event.thread,
            "seq": seq,
            "prev": bytes(before.leaf_hash).hex() if before else "",
            "subject": event.subject,
            "by": event.by,
            "data": event.data,
            "salt": secrets.token_hex(16),
        }
    )
    return LedgerEntry(
        index=index,
        id=event.id,
        at=event.at,
        kind=event.kind,
        thread=event.thread,
        seq=seq,
        subject=event.subject,
        body=body,
        leaf_hash=merkle.leaf_hash(body),
    )


def history(thread: str) -> list[LedgerEntry]:
    """A thread's entries, oldest first."""
    return list(LedgerEntry.objects.filter(thread=thread).order_by("seq"))


def opened(entry: LedgerEntry) -> dict[str, Any]:
    """The entry's content. Only for those who hold the case: never at a public address."""
    content: dict[str, Any] = json.loads(bytes(entry.body))
    return content


def inclusion_proof(index: int, size: int) -> list[bytes]:
    """The audit path of leaf `index` in the tree of the first `size` leaves."""
    ranges = merkle.inclusion_ranges(index, size)
    return merkle.proof(ranges, _stored([ranges]))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """That the tree of the first `new` leaves extends the tree of the first `old`."""
    ranges = merkle.consistency_ranges(old, new)
    return merkle.proof(ranges, _stored([ranges]))


def root_at(size: int) -> bytes:
    """The root of the tree of the first `size` leaves, from the stored nodes."""
    everything = [(0, size)]
    return merkle.proof(everything, _stored([everything]))[0]


def proofs(entries: Sequence[LedgerEntry], checkpoint: Checkpoint) -> dict[str, Any]:
    """Opened entries with their proofs under one checkpoint: the "ledger" of receipts and bundles."""
    from . import signing

    paths = [merkle.inclusion_ranges(entry.index, checkpoint.size) for entry in entries]
    hashes = _stored(paths)
    return {
        "key": signing.vkey(),
        "checkpoint": checkpoint.note,
        "entries": [
            {
                "index": entry.index,
                "entry": bytes(entry.body).decode(),
                "proof": [node.hex() for node in merkle.proof(path, hashes)],
            }
            for entry, path in zip(entries, paths, strict=True)
        ],
    }


def _stored(paths: Iterable[Iterable[merkle.Range]]) -> Callable[[merkle.Place], bytes]:
    """All stored hashes that the ranges need, read in two queries."""
    wanted: dict[int, set[int]] = {}
    for path in paths:
        for leaves in path:
            for level, position in merkle.places(leaves):
                wanted.setdefault(level, set()).add(position)
    leaf_indexes = wanted.pop(0, set())
    found: dict[merkle.Place, bytes] = {
        (0, index): bytes(leaf)
        for index, leaf in LedgerEntry.objects.filter(index__in=leaf_indexes).values_list("index", "leaf_hash")
    }
    places = Q(pk__in=[])
    for level, positions in wanted.items():
        places |= Q(level=level, position__in=positions)
    for level, position, top in LedgerNode.objects.filter(places).values_list("level", "position", "hash"):
        found[level, position] = bytes(top)
    return found.__getitem__
