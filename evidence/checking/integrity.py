"""Checks the whole ledger against what was signed, and every stored file against its digest."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils import timezone

from evidence import troubles
from evidence.holdfast_verify import Broken
from evidence.ledger import checkpoints, keys, kinds, merkle, signing
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
from evidence.storage import sentinel, vault

from . import sealing

Progress = Callable[[int], None]  # gets the number of entries or bytes done since the last call
log = logging.getLogger(__name__)
AT_ONCE = 2000  # rows in memory
RETRIED = 10  # unreadable files that one sweep tries again
IN_A_ROW = 5  # new faults after which the sweep stops
NEVER = datetime.min.replace(tzinfo=UTC)
StoredRow = EvidenceItem | Derivative
# Of other apps: each checks what it keeps under digests of the ledger, and yields one sentence for each fault. If
# its argument is true, it puts what has changed on the ledger.
elsewhere: list[Callable[[bool], Iterator[str]]] = []


def check_ledger(progress: Progress = lambda _done: None) -> Iterator[str]:
    """Rebuild the ledger from its entries and yield one sentence for each fault."""
    tree = _RebuiltTree()
    threads: dict[str, tuple[int, str]] = {}
    for entry in LedgerEntry.objects.order_by("index").iterator(chunk_size=AT_ONCE):
        yield from _check_entry(entry, tree.size, threads)
        yield from tree.add(entry)
        progress(1)
    yield from tree.finish()
    if trouble := checkpoints.trouble():
        yield trouble


def _check_entry(entry: LedgerEntry, index: int, threads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Check the entry's place, hash, columns, and link to the entry before it in its thread.

    `threads` has the last `seq` and leaf hash (hex) of each thread, and is updated.
    """
    if entry.index != index:
        yield f"entry #{index} is missing: #{entry.index} comes next"
    leaf = merkle.leaf_hash(bytes(entry.body))
    if leaf != bytes(entry.leaf_hash):
        yield f"entry #{entry.index} does not have the hash it is listed under"
    try:
        content = entry.opened().content
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
    if entry.kind == kinds.EVIDENCE_SEALED:
        yield from _check_tokens(content["data"])


def _check_tokens(sealed: dict[str, Any]) -> Iterator[str]:
    """Check that the tokens that a seal names are still stored, byte for byte."""
    rows = TimestampToken.objects.filter(item=sealed["item"]).values_list("authority", "response")
    kept = {(authority, hashlib.sha256(response).hexdigest()) for authority, response in rows}
    for token in sealed["tokens"]:
        if (token["authority"], token["sha256"]) not in kept:
            yield f"the timestamp of item {sealed['item']} by {token['authority']} is missing or altered"


class _RebuiltTree:
    """The Merkle tree, built again from the entries and compared with the stored nodes, head and checkpoints."""

    def __init__(self) -> None:
        self.size = 0
        self.peaks: list[bytes] = []
        self.nodes = 0
        self.former_keys = keys.former()
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
            key = keys.key_at(checkpoint.size, self.former_keys)
            note = signing.check_own_note(checkpoint.note, key)
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


def check_items(progress: Progress = lambda _done: None, *, recording: bool = False) -> Iterator[str]:
    """Re-hash every original, copy and document, and yield one sentence for each faulty one. If `recording`, put
    what has changed on the ledger, and have the sweep go on if it had stopped. Raises sentinel.Unproven."""
    sentinel.prove()
    for rows in _stored_rows():
        for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
            if fault := check(row) if recording else _reread(row)[0]:
                what = f"copy {row.pk} of item {row.item_id}" if isinstance(row, Derivative) else f"item {row.pk}"
                yield f"{what} is {fault.label}"
            progress(row.size)
    for check_theirs in elsewhere:
        yield from check_theirs(recording)
    if recording:
        troubles.is_over("faults")


def _stored_rows() -> tuple[QuerySet[EvidenceItem], QuerySet[Derivative]]:
    """The originals and the copies of all cases, without the small pictures, which are not on the ledger."""
    items, copies = EvidenceItem.objects.admitted(), Derivative.objects.exclude(kind=Derivative.Kind.SMALL)
    return items, copies.exclude(item__thread="").select_related("item")


def count_stored() -> tuple[int, int]:
    """The number of files that `check_items` reads, and of their bytes."""
    totals = [rows.aggregate(files=Count("pk"), bytes=Sum("size")) for rows in _stored_rows()]
    return sum(one["files"] for one in totals), sum(one["bytes"] or 0 for one in totals)


def check(row: StoredRow) -> Fault:
    """Re-hash one file and set `checked_at`. A fault that is new or gone is recorded on the ledger. Raises
    sentinel.Unproven, and records nothing, when the storage or a master key is not the portal's."""
    fault, found = _reread(row)
    if fault != row.fault:
        sealing.record_fault(row, fault, found)
    type(row)._default_manager.filter(pk=row.pk).update(checked_at=timezone.now())
    return fault


def _reread(row: StoredRow) -> tuple[Fault, str]:
    try:
        return sealing.reread(row)
    except vault.Locked:
        raise sentinel.Unproven("storage-locked") from None
    except (OSError, vault.Unreachable):
        log.exception("%s cannot be read", row.pk)
        return Fault.UNREADABLE, ""


def storage_is_ours() -> bool:
    """Whether the storage and the master keys are the portal's. If not, it is reported."""
    try:
        sentinel.prove()
    except sentinel.Unproven as problem:
        troubles.report("storage", problem.code)
        return False
    troubles.is_over("storage")
    return True


def sweep(most_bytes: int) -> None:
    """Re-hash about `most_bytes`, at least one file. Files that could not be read last time come first, then those
    checked longest ago.

    The sweep ends at the first file that has newly become unreadable, and when the storage is not the portal's.
    After IN_A_ROW new faults one after the other it stops, because then it is no single file that is damaged. It
    goes on when one of those files is whole again, or when somebody has recorded what is lost.
    """
    if not storage_is_ours() or _is_stopped():
        return
    try:
        for row in _due_rows():
            fault = check(row)
            if _is_stopped_by(fault, row.fault):
                return
            most_bytes -= row.size
            if most_bytes <= 0 or fault == Fault.UNREADABLE != row.fault:
                return
    except sentinel.Unproven as problem:
        troubles.report("storage", problem.code)


def _is_stopped_by(fault: Fault, before: str) -> bool:
    """Count new faults in a row, also over several sweeps."""
    if not fault:
        troubles.is_over("faults")
    return bool(fault and fault != before and troubles.count("faults", most=IN_A_ROW, code="faults-in-a-row"))


def _is_stopped() -> bool:
    """Whether the sweep has stopped. Checks the latest faulty files again: one that is whole lets it go on."""
    if not troubles.is_reported("faults"):
        return False
    for rows in _stored_rows():
        for row in rows.exclude(fault=Fault.NONE).order_by("-checked_at")[:IN_A_ROW]:
            if not check(row):
                troubles.is_over("faults")
                return False
    return True


def _due_rows() -> list[StoredRow]:
    again: list[StoredRow] = []
    rest: list[StoredRow] = []
    for rows in _stored_rows():
        longest_ago = rows.order_by(F("checked_at").asc(nulls_first=True))
        again += longest_ago.filter(fault=Fault.UNREADABLE)[:RETRIED]
        rest += longest_ago.exclude(fault=Fault.UNREADABLE)[:AT_ONCE]
    return again + sorted(rest, key=lambda row: row.checked_at or NEVER)


def count_faulty() -> int:
    """How many stored files were missing, altered or unreadable at their last check."""
    return sum(rows.exclude(fault=Fault.NONE).count() for rows in _stored_rows())


def oldest_check() -> datetime | None:
    """The time of the oldest last check. None when a file was never checked, or when there are no files."""
    oldest = [rows.order_by(F("checked_at").asc(nulls_first=True)).first() for rows in _stored_rows()]
    times = [row.checked_at for row in oldest if row]
    return None if None in times else min(filter(None, times), default=None)
