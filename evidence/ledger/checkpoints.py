"""Signed statements of the ledger's size and root (C2SP tlog-checkpoint). They are stored before they are shown.

The newest is also remembered in a file of the data folder, outside the database. If the database is restored from
a backup, the file shows that entries are lost; nothing more is signed until a person decides with `accept_ledger`.
"""

import base64
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from evidence.holdfast_verify import Broken, Note, parse_note
from evidence.models import Checkpoint, LedgerEntry, LedgerHead, ShownCheckpoint

from . import entries, keys, kinds, merkle, signing, tiles
from .entries import Actor

MOST_SIZES = 200  # earlier papers of a thread that a new one proves to extend
SECTOR = 512  # bytes that a disk writes all or none of


class Inconsistent(Exception):
    """The ledger does not extend an earlier checkpoint. Nothing is signed until a person decides."""


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


@transaction.atomic(savepoint=False)
def current() -> Checkpoint:
    """A checkpoint of the whole ledger as this transaction sees it. It is signed now if none exists.

    Raises Inconsistent when it would contradict an earlier checkpoint.
    """
    return _sign(remembered_note())


@transaction.atomic
def checkpoint_for_paper(thread: str) -> tuple[Checkpoint, set[int]]:
    """The current checkpoint, recorded as given out with a paper of the thread, and the sizes given out before."""
    checkpoint = current()
    before = sizes_given(thread, below=checkpoint.size)
    ShownCheckpoint.objects.get_or_create(thread=thread, checkpoint=checkpoint)
    return checkpoint, before


def sizes_given(thread: str, *, below: int) -> set[int]:
    """Sizes, smaller than `below`, of the checkpoints under which the thread's latest papers were given out.

    Limited, so that fetching papers again and again does not make each one longer. The verifier counts on it that
    a paper with fewer proofs than half of that leaves none out.
    """
    rows = ShownCheckpoint.objects.filter(thread=thread, checkpoint_id__lt=below).order_by("-checkpoint_id")
    return set(rows.values_list("checkpoint_id", flat=True)[:MOST_SIZES])


def given_at(thread: str, size: int) -> datetime | None:
    """When the newest checkpoint, of at most `size` entries, under which a receipt of the thread was given out was
    signed. Later papers are not dated before it, although a clock was set back."""
    rows = ShownCheckpoint.objects.filter(thread=thread, checkpoint_id__lte=size)
    return rows.order_by("-checkpoint__signed_at").values_list("checkpoint__signed_at", flat=True).first()


def trouble() -> str:
    """Why the ledger cannot be signed; "" when it can."""
    head = LedgerHead.objects.filter(pk=1).first() or LedgerHead()
    try:
        _check_key()
        _check(head, latest(), remembered_note())
    except Inconsistent as error:
        return str(error)
    return ""


def published() -> str:
    """The note of the largest checkpoint ever signed, with its cosignatures, or "".

    It may come from the data folder: after a restored backup the public checkpoint must not shrink.
    """
    last = latest()
    try:
        remembered = remembered_note()
    except Inconsistent:
        remembered = None
    if remembered and (last is None or remembered.size > last.size):
        return _remembered_path().read_text(encoding="utf-8")
    return last.cosigned if last else ""


def _sign(remembered: Note | None) -> Checkpoint:
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    _check_key()
    last = latest()
    if last and last.size == head.size and (remembered is None or remembered.size <= last.size):
        return last
    root = _check(head, last, remembered)
    origin, size = settings.LEDGER_ORIGIN, head.size
    note = signing.sign_note(f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n")
    transaction.on_commit(lambda: _remember(size, note))
    return Checkpoint.objects.create(size=size, root=root, note=note, signed_at=timezone.now())


def _check_key() -> None:
    if not keys.is_present():
        raise Inconsistent(
            "the ledger's key was changed, and LEDGER_SIGNING_KEY of this process is an earlier one"
        )


def _check(head: LedgerHead, last: Checkpoint | None, remembered: Note | None) -> bytes:
    """The ledger's root. Raises Inconsistent unless it extends `last` and `remembered`."""
    root = merkle.fold(bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32))
    for size, before in {(before.size, bytes(before.root)) for before in (last, remembered) if before}:
        _check_extends(size, before, head.size, root)
    return root


def _check_extends(old: int, old_root: bytes, size: int, root: bytes) -> None:
    """Raise Inconsistent unless the tree of `size` leaves extends the tree of `old` leaves."""
    if size < old:
        raise Inconsistent(f"the ledger has {size} entries, but {old} were signed before")
    try:
        proof = entries.consistency_proof(old, size)
    except KeyError:
        raise Inconsistent(f"stored hashes of the {old} entries signed before are missing") from None
    if not merkle.check_consistency(old, size, old_root, root, proof):
        raise Inconsistent(f"the ledger of {size} entries does not extend the {old} signed before")


def _remembered_path() -> Path:
    path: Path = settings.DATA_DIR / "checkpoint"
    return path


def remembered_note() -> Note | None:
    """The last checkpoint, from the data folder; None on a new portal. Raises Inconsistent if it is damaged or not
    signed with the portal's key."""
    try:
        return _read_remembered()
    except Inconsistent:
        with _locked():  # perhaps another process was just writing it
            return _read_remembered()


def _read_remembered() -> Note | None:
    try:
        return keys.check_own_note(_remembered_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (Broken, UnicodeDecodeError) as error:
        raise Inconsistent(f"the checkpoint remembered in {_remembered_path()} is no use: {error}") from None


@contextmanager
def _locked() -> Iterator[None]:
    with _remembered_path().with_name(".checkpoint.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _remember(size: int, note: str) -> None:
    """Write the note to the data folder, unless it has a larger one already."""
    with _locked():
        before = _read_remembered()
        if before is None:  # on a new portal, or after a person accepted a restored ledger
            tiles.forget()
        if before is None or before.size < size:
            _overwrite(_remembered_path(), note.encode())


def _overwrite(path: Path, note: bytes) -> None:
    """Write in place if the note fits into one sector: that takes a tenth of the time that a new file takes."""
    if path.exists() and path.stat().st_size <= len(note) <= SECTOR:
        with path.open("r+b", buffering=0) as file:
            file.write(note)
            getattr(os, "fdatasync", os.fsync)(file.fileno())  # macOS has no fdatasync
    else:
        write_note(path, note.decode())


def write_note(path: Path, note: str) -> None:
    """Write the note to a file, completely or not at all. When this returns, the bytes are on disk."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


# Sent when a person has accepted a ledger that lost entries. `lost`: at most so many entries, and so many of what
# each of them recorded.
accepted = Signal()
REASONS = ("restored-backup", "lost-disk", "other")  # codes, because the ledger contains no free text


@transaction.atomic
def accept(reason: str, *, by: Actor) -> Checkpoint:
    """Record a person's decision to go on with a ledger that lost entries, and sign it.

    Earlier receipts and checkpoints will contradict this ledger, and so still prove the loss. Raises Inconsistent
    when the ledger's own rows contradict each other: a restored backup does not look like that.
    """
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    if (there := LedgerEntry.objects.count()) != head.size:
        raise Inconsistent(f"the ledger's head states {head.size} entries, but there are {there}")
    before, last = _signed_before(), latest()
    data = {"reason": reason, "signed_before": before, "entries_left": head.size}
    entries.append(entries.Event(kind=kinds.LEDGER_RESTORED, thread="portal", subject="portal", by=by, data=data))
    accepted.send(sender=None, lost=max(0, before - (last.size if last else 0)))
    transaction.on_commit(lambda: _remembered_path().unlink(missing_ok=True))  # before _sign's own hook
    return _sign(None)


def _signed_before() -> int:
    """The size of the largest checkpoint that is still known; 0 for none."""
    note = published()
    return parse_note(note).size if note else 0
