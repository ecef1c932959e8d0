"""The append-only ledger: each event is one entry, and each entry is a leaf of one Merkle tree (RFC 9162).

An entry is RFC 8785 canonical JSON, version 1 (final):
`{"v", "id", "at", "kind", "thread", "seq", "prev", "subject", "by", "data", "salt"}`. It contains ids, digests and
codes, never personal data. `thread` names the history that the entry belongs to. `seq` counts the entries of that
history from 1, and `prev` is the leaf hash (hex) of the one before ("" for the first), so a missing entry shows.
Because of the random `salt`, nobody can guess an entry and confirm the guess by its leaf hash.
"""

import json
import secrets
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet, Subquery
from django.utils import timezone

from evidence.holdfast_verify import BEGUN_BEFORE, LAG, LATE
from evidence.models import Checkpoint, CheckpointToken, LedgerEntry, LedgerHead, LedgerNode

from . import keys, merkle, signing

VERSION = 1
Actor = dict[str, str]  # {"role": …, "id": uid of the staff member}; the borrower and the system have no id
SYSTEM: Actor = {"role": "system"}
BORROWER: Actor = {"role": "borrower"}
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, not yet on the ledger.

    `data` may contain strings, whole numbers, booleans, None, and lists and dictionaries of these. `at` is when it
    happened. Where a clock was set back, the entry has the time of the one before it in its thread, or that of the
    newest timestamp over the ledger if `at` is more than an hour (holdfast_verify.LAG) before that.
    """

    kind: str
    thread: str
    subject: str
    by: Actor
    data: dict[str, Any]
    at: datetime = field(default_factory=timezone.now)
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def rfc3339(moment: datetime) -> str:
    """The time in UTC with microseconds and `Z`. Entries and receipts use no other form."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A new entry, before it is in the table. Its fields are the columns of `LedgerEntry`."""

    index: int
    id: uuid.UUID
    at: datetime
    kind: str
    thread: str
    seq: int
    subject: str
    body: bytes
    leaf_hash: bytes


Entry = LedgerEntry | Leaf
COLUMNS = tuple(field.name for field in fields(Leaf))


def append(*events: Event) -> list[Leaf]:
    """Append the events in their order.

    Call it last in the transaction that records what happened: it locks the ledger until the commit. Raises
    RuntimeError outside of a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger entry commits with what it records: append inside transaction.atomic()")
    head = _locked_head()
    leaves = _chained(events, head.size, head.stamped or NEVER)
    peaks = [bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32)]
    nodes = [
        (level, position, top)
        for leaf in leaves
        for (level, position), top in merkle.grow(peaks, leaf.index, leaf.leaf_hash)
    ]
    _insert(LedgerEntry, COLUMNS, map(_row_maker(), leaves))
    _insert(LedgerNode, ("level", "position", "hash"), nodes)
    LedgerHead.objects.filter(pk=1).update(size=head.size + len(leaves), peaks=b"".join(peaks))
    return leaves


def _insert(model: type[Model], columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert rows without the ORM, which takes ten times as long as hashing them."""
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    places = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({places})", list(rows))  # noqa: S608


def _row_maker() -> Callable[[Leaf], tuple[Any, ...]]:
    """A function from a leaf to its row: the columns in order, with id and time in this database's own form."""
    if connection.features.has_native_uuid_field:
        return attrgetter(*COLUMNS)
    moment, rest = connection.ops.adapt_datetimefield_value, attrgetter(*COLUMNS[3:])
    return lambda leaf: (leaf.index, leaf.id.hex, moment(leaf.at), *rest(leaf))


def _locked_head() -> Any:
    """The ledger's head, locked, with the time of the newest timestamp over the ledger as `stamped`."""
    heads = LedgerHead.objects.annotate(stamped=Subquery(_newest_stamps()[:1])).select_for_update(of=("self",))
    if head := heads.filter(pk=1).first():
        return head
    LedgerHead.objects.get_or_create(pk=1)
    return heads.get(pk=1)


def _newest_stamps() -> QuerySet[CheckpointToken, datetime]:
    """The times of the stamps over the ledger, newest first."""
    return CheckpointToken.objects.order_by("-checkpoint_id", "-gen_time").values_list("gen_time", flat=True)


def now() -> datetime:
    """The time, or that of the newest timestamp over the ledger if a clock was set back to before that."""
    return max(timezone.now(), _newest_stamps().first() or NEVER)


def _chained(events: Sequence[Event], size: int, stamped: datetime) -> list[Leaf]:
    """The leaves for the events, each linked to the one before it in its thread. `size` is the ledger's size, and
    `stamped` the time of the newest timestamp over it."""
    last = {thread: _last_of(thread) for thread in {event.thread for event in events}}
    leaves = []
    for index, event in enumerate(events, size):
        seq, prev, before = last[event.thread]
        slack = LATE if event.kind in BEGUN_BEFORE else LAG
        at = event.at if event.at + slack >= stamped else stamped
        leaf = _leaf(replace(event, at=max(at, before)), index, seq + 1, prev)
        leaves.append(leaf)
        last[event.thread] = leaf.seq, leaf.leaf_hash.hex(), leaf.at
    return leaves


def _last_of(thread: str) -> tuple[int, str, datetime]:
    """`seq`, leaf hash (hex) and time of a thread's last entry; (0, "", NEVER) for a new thread."""
    rows = LedgerEntry.objects.filter(thread=thread).order_by("-seq")
    last = rows.values_list("seq", "leaf_hash", "at").first()
    return (last[0], bytes(last[1]).hex(), last[2]) if last else (0, "", NEVER)


def _leaf(event: Event, index: int, seq: int, prev: str) -> Leaf:
    body = _canonical(
        {
            "v": VERSION,
            "id": str(event.id),
            "at": rfc3339(event.at),
            "kind": event.kind,
            "thread": event.thread,
            "seq": seq,
            "prev": prev,
            "subject": event.subject,
            "by": event.by,
            "data": event.data,
            "salt": secrets.token_hex(16),
        }
    )
    names = event.id, event.at, event.kind, event.thread, seq, event.subject
    return Leaf(index, *names, body, merkle.leaf_hash(body))


def _canonical(content: dict[str, Any]) -> bytes:
    """RFC 8785, for events only: with text, whole numbers, booleans, None and ASCII names the standard library
    writes the same bytes as rfc8785, ten times as fast."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def history(thread: str) -> list[LedgerEntry]:
    """A thread's entries, oldest first."""
    return list(LedgerEntry.objects.filter(thread=thread).order_by("seq"))


def content_of(entry: Entry) -> dict[str, Any]:
    """The entry's JSON object. Only people with access to the case may see it: never publish it."""
    content: dict[str, Any] = json.loads(bytes(entry.body))
    return content


def inclusion_proof(index: int, size: int) -> list[bytes]:
    """Proves that leaf `index` is in the tree of the first `size` leaves (RFC 9162, 2.1.3.1)."""
    ranges = merkle.inclusion_ranges(index, size)
    return merkle.proof(ranges, _stored_hashes([ranges]))


def consistency_proof(old: int, new: int) -> list[bytes]:
    """Proves that the tree of the first `new` leaves extends that of the first `old` (RFC 9162, 2.1.4.1)."""
    ranges = merkle.consistency_ranges(old, new)
    return merkle.proof(ranges, _stored_hashes([ranges]))


def proofs(
    entries: Sequence[Entry],
    checkpoint: Checkpoint,
    earlier: Iterable[int] = (),
    cosigned: Mapping[int, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The `ledger` object of receipts and bundles: the entries with inclusion proofs under one checkpoint, and a
    consistency proof from each `earlier` size. If the ledger's key was changed, also the entries that say so.

    `cosigned` are checkpoints of at most this size, with the lines of witnesses: size -> note.
    """
    changes = [entry for entry in keys.changes() if entry.index < checkpoint.size]
    paths = [merkle.inclusion_ranges(entry.index, checkpoint.size) for entry in (*entries, *changes)]
    witnessed = {size: note for size, note in sorted(cosigned.items()) if size < checkpoint.size}
    sizes = sorted({*earlier, *witnessed})
    extends = {size: merkle.consistency_ranges(size, checkpoint.size) for size in sizes}
    hashes = _stored_hashes([*paths, *extends.values()])
    listed = [
        {
            "index": entry.index,
            "entry": bytes(entry.body).decode(),
            "proof": [node.hex() for node in merkle.proof(path, hashes)],
        }
        for entry, path in zip((*entries, *changes), paths, strict=True)
    ]
    return {
        "key": signing.vkey(),
        **({"keys": listed[len(entries) :]} if changes else {}),
        "checkpoint": cosigned.get(checkpoint.size, checkpoint.note),
        "entries": listed[: len(entries)],
        "consistency": [
            {"from": size, "proof": [node.hex() for node in merkle.proof(path, hashes)]}
            for size, path in extends.items()
        ],
        **({"witnessed": list(witnessed.values())} if witnessed else {}),
    }


def _stored_hashes(paths: Iterable[Iterable[merkle.Range]]) -> Callable[[merkle.Place], bytes]:
    """A lookup for the stored hashes that the ranges need. It reads all of them with two queries, without the ORM,
    which would take longer than the queries."""
    wanted: dict[int, set[int]] = {}
    for path in paths:
        for leaves in path:
            for level, position in merkle.places(leaves):
                wanted.setdefault(level, set()).add(position)
    index = connection.ops.quote_name("index")
    leaf_rows = _select(f"0, {index}, leaf_hash", LedgerEntry, [(f"{index} IN", wanted.pop(0, set()))])
    nodes = [(f"level = {level} AND position IN", positions) for level, positions in wanted.items()]
    node_rows = _select("level, position, hash", LedgerNode, nodes)
    return {(level, position): bytes(top) for level, position, top in (*leaf_rows, *node_rows)}.__getitem__


def _select(
    columns: str, model: type[Model], lists: Iterable[tuple[str, set[int]]]
) -> list[tuple[int, int, bytes]]:
    """The rows that match one of the `lists`: each is a condition ending in IN, and its whole numbers."""
    named = [f"{what} ({','.join(map(str, numbers))})" for what, numbers in lists if numbers]
    if not named:
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {model._meta.db_table} WHERE {' OR '.join(named)}")  # noqa: S608
        rows: list[tuple[int, int, bytes]] = cursor.fetchall()
    return rows
