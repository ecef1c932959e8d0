"""Check everything that is kept against what was signed: the ledger from its first entry, each stored file."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from evidence.holdfast_verify import Broken, open_entry
from evidence.ledger import checkpoints, merkle, signing
from evidence.models import (
    Checkpoint,
    Derivative,
    EvidenceItem,
    Fault,
    LedgerEntry,
    LedgerHead,
    LedgerNode,
    TimestampToken,
)
from evidence.storage import vault

from . import sealing

Progress = Callable[[int], None]  # called with the number of entries or bytes done since the last call
log = logging.getLogger(__name__)
AT_ONCE = 2000  # rows in memory
RETRIED = 10  # of what could not be read, in one sweep
NEVER = datetime.min.replace(tzinfo=UTC)
Stored = EvidenceItem | Derivative


def check_ledger(progress: Progress = lambda _done: None) -> Iterator[str]:
    """A sentence for each thing wrong with the stored ledger; none when the whole of it holds."""
    tree = _Regrown()
    threads: dict[str, tuple[int, str]] = {}
    for entry in LedgerEntry.objects.order_by("index").iterator(chunk_size=AT_ONCE):
        yield from _check_entry(entry, tree.size, threads)
        yield from tree.add(entry)
        progress(1)
    yield from tree.finish()
    if trouble := checkpoints.trouble():
        yield trouble


def _check_entry(entry: LedgerEntry, index: int, threads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Its place, its hash, its columns, and its link to the entry before in its thread."""
    if entry.index != index:
        yield f"entry #{index} is missing: #{entry.index} comes next"
    leaf = merkle.leaf_hash(bytes(entry.body))
    if leaf != bytes(entry.leaf_hash):
        yield f"entry #{entry.index} does not have the hash it is listed under"
    try:
        content = open_entry(entry.index, bytes(entry.body).decode()).content
    except (Broken, UnicodeDecodeError) as error:
        yield f"entry #{entry.index} is not what entries are: {error}"
        threads[entry.thread] = (entry.seq, leaf.hex())
        return
    columns = {"id": str(entry.id), "kind": entry.kind, "thread": entry.thread, "seq": entry.seq}
    if {name: content[name] for name in columns} != columns or content["subject"] != entry.subject:
        yield f"entry #{entry.index} is listed as something else than it says"
    seq, before = threads.get(entry.thread, (0, ""))
    if (content["seq"], content["prev"]) != (seq + 1, before):
        yield f"entry #{entry.index} does not follow the entry before in its thread"
    threads[entry.thread] = (content["seq"], leaf.hex())
    if entry.kind == "evidence.sealed":
        yield from _check_tokens(content["data"])


def _check_tokens(sealed: dict[str, Any]) -> Iterator[str]:
    """The timestamps that a seal names are still kept, to the byte."""
    rows = TimestampToken.objects.filter(item=sealed["item"]).values_list("authority", "response")
    kept = {(authority, hashlib.sha256(response).hexdigest()) for authority, response in rows}
    for token in sealed["tokens"]:
        if (token["authority"], token["sha256"]) not in kept:
            yield f"the timestamp of item {sealed['item']} by {token['authority']} is missing or altered"


class _Regrown:
    """The tree built again from the entries, compared with the stored nodes, head and checkpoints on the way."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        self.nodes = 0
        self.checkpoints = {checkpoint.size: checkpoint for checkpoint in Checkpoint.objects.all()}

    def add(self, entry: LedgerEntry) -> Iterator[str]:
        leaf = merkle.leaf_hash(bytes(entry.body))
        for (level, position), top in merkle.grow(self.peaks, self.size, leaf):
            self.nodes += 1
            if not LedgerNode.objects.filter(level=level, position=position, hash=top).exists():
                yield f"the stored node {level}/{position} is not the hash of its entries"
        self.size += 1
        if checkpoint := self.checkpoints.pop(self.size, None):
            yield from self._compare(checkpoint)

    def _compare(self, checkpoint: Checkpoint) -> Iterator[str]:
        if bytes(checkpoint.root) != merkle.fold(self.peaks):
            yield f"the checkpoint of {checkpoint.size} entries was signed over other entries"
        try:
            note = signing.check_own_note(checkpoint.note)
        except Broken as error:
            yield f"the checkpoint of {checkpoint.size} entries: {error}"
            return
        if (note.size, note.root) != (checkpoint.size, bytes(checkpoint.root)):
            yield f"the checkpoint of {checkpoint.size} entries is listed as something else than it says"

    def finish(self) -> Iterator[str]:
        head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
        if (head.size, bytes(head.peaks)) != (self.size, b"".join(self.peaks)):
            yield f"the ledger's head states {head.size} entries and other hashes than the {self.size} there are"
        if LedgerNode.objects.count() != self.nodes:
            yield "there are stored nodes that belong to no entries"
        for size in sorted(self.checkpoints):
            if size:
                yield f"a checkpoint of {size} entries was signed, but there are only {self.size}"


def check_items(progress: Progress = lambda _done: None) -> Iterator[str]:
    """A sentence for each original and copy whose stored bytes are not what they were; puts it on the record."""
    for rows in _stored():
        for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
            if fault := check(row):
                what = f"copy {row.pk} of item {row.item_id}" if isinstance(row, Derivative) else f"item {row.pk}"
                yield f"{what} is {fault.label}"
            progress(row.size)


def _stored() -> tuple[QuerySet[EvidenceItem], QuerySet[Derivative]]:
    """Everything of cases that lies in the vault."""
    items = EvidenceItem.objects.admitted()
    return items, Derivative.objects.exclude(item__thread="").select_related("item")


def stored_bytes() -> tuple[int, int]:
    """How many files there are to check, and how many bytes."""
    told = [rows.aggregate(files=Count("pk"), bytes=Sum("size")) for rows in _stored()]
    return sum(one["files"] for one in told), sum(one["bytes"] or 0 for one in told)


def check(row: Stored) -> Fault:
    """Re-hash the stored bytes, note when, and put on the record what changed about them."""
    try:
        fault, found = sealing.examine(row)
    except (OSError, vault.Locked, vault.Unreachable):
        log.exception("%s cannot be read", row.pk)
        fault, found = Fault.UNREADABLE, ""
    if fault != row.fault:
        sealing.report(row, fault, found)
    type(row)._default_manager.filter(pk=row.pk).update(checked_at=timezone.now())
    return fault


def sweep(most_bytes: int) -> None:
    """Re-hash what was checked longest ago, as much as its bytes allow, at least one file; before that, what could
    not be read the last time. It ends at the first that newly cannot be read: where the whole storage is away,
    one a sweep is told enough."""
    for row in _due():
        fault = check(row)
        most_bytes -= row.size
        if most_bytes <= 0 or fault == Fault.UNREADABLE != row.fault:
            return


def _due() -> list[Stored]:
    again: list[Stored] = []
    rest: list[Stored] = []
    for rows in _stored():
        longest_ago = rows.order_by(F("checked_at").asc(nulls_first=True))
        again += longest_ago.filter(fault=Fault.UNREADABLE)[:RETRIED]
        rest += longest_ago.exclude(fault=Fault.UNREADABLE)[:AT_ONCE]
    return again + sorted(rest, key=lambda row: row.checked_at or NEVER)


def faulty() -> int:
    """How many stored files are missing, altered or unreadable, as far as the last checks know."""
    return sum(rows.exclude(fault=Fault.NONE).count() for rows in _stored())


def oldest_check() -> datetime | None:
    """When the file checked longest ago was checked; None when one never was, or there is none."""
    oldest = [rows.order_by(F("checked_at").asc(nulls_first=True)).first() for rows in _stored()]
    times = [row.checked_at for row in oldest if row]
    return None if None in times else min(filter(None, times), default=None)
