"""Writes one piece of a resumable upload into staging: encrypted in frames, then synced to disk, then in the row.

After a crash the row is right: bytes in the staged file beyond its `offset` are written again.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from evidence.connections import give_back
from evidence.models import PendingUpload
from evidence.storage import item_keys, vault
from evidence.storage.frames import FRAME, SEALED, Sealer
from evidence.storage.places import make_folder, open_private, raising_full, sync_folder

from . import room
from .turns import Turn

BLOCK = 256 * 1024  # bytes read at a time
SAVED_EVERY = 5  # seconds between saves, while a piece without a checksum arrives


class WrongOffset(Exception):
    """The piece does not begin at the upload's `offset`."""


class TooMuch(Exception):
    """The piece extends beyond the upload's announced size."""


class Cut(Exception):
    """The piece ended before its announced length. If it has no checksum, the bytes that arrived count."""


class Mismatch(Exception):
    """The piece does not match its checksum. None of its bytes count."""


class Digest(Protocol):
    def update(self, data: bytes, /) -> object: ...
    def digest(self) -> bytes: ...


@dataclass(frozen=True)
class Piece:
    """The bytes from `offset` on. `length` bytes are announced; `read(n)` returns fewer when the sender is gone.

    `checksum` is a new digest object and the value it must have. With it, all of the piece counts or nothing.
    """

    offset: int
    length: int
    read: Callable[[int], bytes]
    checksum: tuple[Digest, bytes] | None = None


def append(upload_id: UUID, piece: Piece) -> tuple[PendingUpload, vault.Stored | None]:
    """Add a piece to the upload. When this returns, the piece is on disk. An earlier request that is still sending
    to the same upload loses its turn.

    Returns the upload and, if this one piece was the whole file, its size and digests. Raises WrongOffset,
    TooMuch, Cut, Mismatch, turns.Superseded, vault.Full, refusals.FileRefused("full"), or DoesNotExist when the
    upload was given up.
    """
    with raising_full(), _open_writer(upload_id) as writing:
        writing.expect(piece)
        try:
            for block in _blocks(piece):
                writing.add(block, lasting=piece.checksum is None)
        except Cut:
            if piece.checksum is None:
                writing.save()
            raise
        if piece.checksum and piece.checksum[0].digest() != piece.checksum[1]:
            raise Mismatch
        writing.save()
        return writing.upload, writing.whole()


def _blocks(piece: Piece) -> Iterator[bytes]:
    left = piece.length
    while left:
        give_back()
        block = piece.read(min(BLOCK, left))
        if not block:
            raise Cut
        if piece.checksum:
            piece.checksum[0].update(block)
        left -= len(block)
        yield block


@contextmanager
def _open_writer(upload_id: UUID) -> Iterator["_PieceWriter"]:
    with turn_at(upload_id) as turn:
        upload = PendingUpload.objects.unexpired().get(pk=upload_id)  # read only now, when nobody else writes
        handle = open_private(str(staged_path(upload_id)), os.O_WRONLY | os.O_CREAT)
        try:
            yield _PieceWriter(upload, turn, handle)
        finally:
            os.close(handle)


class _PieceWriter:
    def __init__(self, upload: PendingUpload, turn: Turn, handle: int) -> None:
        self.upload, self._turn, self._handle = upload, turn, handle
        self._offset, self._saved_at, self._looked_at = upload.offset, time.monotonic(), upload.offset
        self._tally = None if upload.offset else vault.Tally()
        key, number = item_keys.of(upload.pk), upload.offset // FRAME
        self._sealer = Sealer(key, upload.pk, self._put, total=upload.size, number=number)
        self._sealer.resume(bytes(upload.tail))

    def expect(self, piece: Piece) -> None:
        if piece.offset != self.upload.offset:
            raise WrongOffset
        if piece.offset + piece.length > self.upload.size:
            raise TooMuch

    def add(self, block: bytes, *, lasting: bool) -> None:
        """Write some bytes. If `lasting`, they count even if the piece breaks off, so save them now and then."""
        if self._offset - self._looked_at >= room.LOOK_EVERY:
            self._looked_at = self._offset
            room.check_floor()
        self._sealer.feed(block)
        self._offset += len(block)
        if self._tally:
            self._tally.add(block)
        if lasting and time.monotonic() - self._saved_at > SAVED_EVERY:
            self.save()

    def _put(self, frame: memoryview) -> None:
        at = self._sealer.number * SEALED
        with self._turn.locked():
            _write_at(self._handle, frame, at)

    def save(self) -> None:
        """Sync the bytes to disk, then update the row."""
        if self._offset == self.upload.offset:
            return
        if self._offset == self.upload.size:
            self._sealer.finish()
        tail, expires_at = self._sealer.tail(), expiry()
        with self._turn.locked():
            os.fsync(self._handle)
            if not self.upload.offset:
                sync_folder(vault.staging())  # so that the new file's name is on disk too
            row = PendingUpload.objects.filter(pk=self.upload.pk)
            if not row.update(offset=self._offset, tail=tail, expires_at=expires_at):
                raise PendingUpload.DoesNotExist
        self.upload.offset, self.upload.expires_at = self._offset, expires_at
        self._saved_at = time.monotonic()

    def whole(self) -> vault.Stored | None:
        return self._tally.stored() if self._tally and self._offset == self.upload.size else None


def _write_at(handle: int, data: memoryview, at: int) -> None:
    while data:
        written = os.pwrite(handle, data, at)
        data, at = data[written:], at + written


def expiry() -> datetime:
    """When an upload expires that received bytes just now."""
    return timezone.now() + timedelta(days=settings.UPLOAD_DAYS)


def turn_at(upload_id: UUID) -> Turn:
    """The right to write to the upload, for a `with` block."""
    make_folder(vault.staging(), inside=vault.staging().parent)
    return Turn(turn_path(upload_id))


def staged_path(upload_id: UUID) -> Path:
    return vault.staging() / str(upload_id)


def turn_path(upload_id: UUID) -> Path:
    return vault.staging() / f"{upload_id}.turn"
