"""Signed statements of the ledger's size and root, kept before anybody sees them (C2SP tlog-checkpoint).

The last one is also kept in a file of the data folder, outside the database: a database restored from a backup
then knows that it forgot something, and nothing is signed until a person has decided, on the record.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence.holdfast_verify import Broken, Note, parse_note
from evidence.models import Checkpoint, LedgerEntry, LedgerHead, ShownCheckpoint

from . import entries, merkle, signing
from .entries import Actor

MOST_SHOWN = 200
SECTOR = 512  # bytes


class Inconsistent(Exception):
    """The ledger no longer extends what was signed before: nothing more is signed until a person decides."""


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


@transaction.atomic(savepoint=False)
def current() -> Checkpoint:
    """A checkpoint of the whole ledger as this transaction sees it; signed now if there is none yet.

    Raises `Inconsistent` rather than contradict what was signed before.
    """
    return _sign(remembered_note())


@transaction.atomic
def shown(thread: str) -> tuple[Checkpoint, set[int]]:
    """The current checkpoint for a paper of the thread, and the sizes under which papers were given before."""
    before = sizes_shown(thread)
    checkpoint = current()
    ShownCheckpoint.objects.get_or_create(thread=thread, checkpoint=checkpoint)
    return checkpoint, before


def sizes_shown(thread: str) -> set[int]:
    """The latest of them: who fetches papers all day long must not make them grow without end."""
    rows = ShownCheckpoint.objects.filter(thread=thread).order_by("-checkpoint_id")
    return set(rows.values_list("checkpoint_id", flat=True)[:MOST_SHOWN])


def trouble() -> str:
    """Why nothing more is signed; empty while the ledger extends all that was."""
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    try:
        _check(head, latest(), remembered_note())
    except Inconsistent as error:
        return str(error)
    return ""


def published() -> str:
    """The note of the largest checkpoint that was signed, "" if there is none: a database restored from a backup
    makes what everybody can read no smaller."""
    last = latest()
    try:
        remembered = remembered_note()
    except Inconsistent:
        remembered = None
    if remembered and (last is None or remembered.size > last.size):
        return _memory().read_text(encoding="utf-8")
    return last.note if last else ""


def _sign(remembered: Note | None) -> Checkpoint:
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    last = latest()
    if last and last.size == head.size and (remembered is None or remembered.size <= last.size):
        return last
    root = _check(head, last, remembered)
    origin, size = settings.LEDGER_ORIGIN, head.size
    note = signing.sign_note(f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n")
    transaction.on_commit(lambda: _remember(size, note))
    return Checkpoint.objects.create(size=size, root=root, note=note, signed_at=timezone.now())


def _check(head: LedgerHead, last: Checkpoint | None, remembered: Note | None) -> bytes:
    """The ledger's root now, if it extends the last checkpoint and the one remembered outside the database."""
    root = merkle.fold(bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32))
    for size, before in {(before.size, bytes(before.root)) for before in (last, remembered) if before}:
        _check_extends(size, before, head.size, root)
    return root


def _check_extends(old: int, old_root: bytes, size: int, root: bytes) -> None:
    """Refuse to sign what contradicts an earlier checkpoint."""
    if size < old:
        raise Inconsistent(f"the ledger has {size} entries, but {old} were signed before")
    try:
        proof = entries.consistency_proof(old, size)
    except KeyError:
        raise Inconsistent(f"stored hashes of the {old} entries signed before are missing") from None
    if not merkle.check_consistency(old, size, old_root, root, proof):
        raise Inconsistent(f"the ledger of {size} entries does not extend the {old} signed before")


def _memory() -> Path:
    path: Path = settings.DATA_DIR / "checkpoint"
    return path


def remembered_note() -> Note | None:
    """The last checkpoint as remembered outside the database; None on a new portal. Raises `Inconsistent` if it is
    damaged, forged or signed with another key."""
    try:
        return _read()
    except Inconsistent:
        with _locked():  # perhaps it was just being written
            return _read()


def _read() -> Note | None:
    try:
        return signing.check_own_note(_memory().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (Broken, UnicodeDecodeError) as error:
        raise Inconsistent(f"the checkpoint remembered in {_memory()} is no use: {error}") from None


@contextmanager
def _locked() -> Iterator[None]:
    with _memory().with_name(".checkpoint.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remember(size: int, note: str) -> None:
    """Keep the note in the data folder, unless a larger one is there already."""
    with _locked():
        before = _read()
        if before is None or before.size < size:
            _overwrite(_memory(), note.encode())


def _overwrite(path: Path, note: bytes) -> None:
    """In place, which takes a tenth of a new file's time. Within one sector a disk writes all or nothing."""
    if path.exists() and path.stat().st_size <= len(note) <= SECTOR:
        with path.open("r+b", buffering=0) as file:
            file.write(note)
            getattr(os, "fdatasync", os.fsync)(file.fileno())  # macOS has no fdatasync
    else:
        write_note(path, note.decode())


def write_note(path: Path, note: str) -> None:
    """The file is there whole or not at all, and on disk."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


REASONS = ("restored-backup", "lost-disk", "other")  # codes: an append-only ledger holds no free text


@transaction.atomic
def accept(reason: str, *, by: Actor) -> Checkpoint:
    """A person's decision to go on with a ledger that lost entries, on the record for everybody to see.

    Earlier receipts and checkpoints will contradict this ledger: they still show that it lost something. Raises
    `Inconsistent` where its own rows contradict each other: that is no restored backup.
    """
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    if (there := LedgerEntry.objects.count()) != head.size:
        raise Inconsistent(f"the ledger's head states {head.size} entries, but there are {there}")
    data = {"reason": reason, "signed_before": _signed_before(), "entries_left": head.size}
    entries.append(entries.Event(kind="ledger.restored", thread="portal", subject="portal", by=by, data=data))
    transaction.on_commit(lambda: _memory().unlink(missing_ok=True))  # before the new one is remembered
    return _sign(None)


def _signed_before() -> int:
    """The size of the largest checkpoint still known."""
    note = published()
    return parse_note(note).size if note else 0
