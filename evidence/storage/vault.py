"""The only door to stored bytes. Encrypted from the first byte on, written once, never changed; a file is there
whole or not at all. See `frames` for how the bytes lie there, `item_keys` for their keys, `places` for where."""

import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from evidence.models import ItemKey

from . import item_keys
from .frames import Altered, Frames, Sealer
from .item_keys import Locked
from .places import (
    AlreadyStored,
    Folder,
    Full,
    Missing,
    Place,
    Unreachable,
    make_folder,
    open_private,
    raising_full,
)

__all__ = [
    "AlreadyStored",
    "Altered",
    "Full",
    "Incoming",
    "Locked",
    "Missing",
    "Stored",
    "TooLarge",
    "Unreachable",
]


class TooLarge(Exception):
    """More bytes than the limit; nothing was kept."""


@dataclass(frozen=True)
class Stored:
    """What the receiving pass saw: size in bytes, SHA-256 as 64 hex digits, CRC-32 as ZIP wants it."""

    size: int
    sha256: str
    crc32: int


class Tally:
    """Size and digests of what goes by, those of a long file reckoned in a thread beside the one that reads it."""

    ALONE = 4 * 1024 * 1024  # bytes for which a thread is not worth its while
    AT_ONCE = 1024 * 1024  # bytes handed over together: two threads that meet more often wait for each other

    def __init__(self, *, crc32: bool = True) -> None:
        self.size, self._sha256, self._crc32, self._wants_crc32 = 0, hashlib.sha256(), 0, crc32
        self._executor: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self._pending: list[bytes] = []
        self._pending_size = 0  # bytes gathered

    def add(self, data: bytes) -> None:
        self.size += len(data)
        self._pending.append(data)
        self._pending_size += len(data)
        if self.size < self.ALONE or self._pending_size >= self.AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Reckon what was gathered, here or beside; what was handed over before comes first, so that the order
        is kept and no more than two such parts lie in memory."""
        blocks, self._pending, self._pending_size = self._pending, [], 0
        self._wait()
        if self.size < self.ALONE:
            self._update(blocks)
            return
        self._executor = self._executor or ThreadPoolExecutor(1)
        self._last = self._executor.submit(self._update, blocks)

    def _update(self, blocks: list[bytes]) -> None:
        for data in blocks:
            self._sha256.update(data)
            if self._wants_crc32:
                self._crc32 = zlib.crc32(data, self._crc32)

    def _wait(self) -> None:
        if self._last:
            self._last.result()

    def stored(self) -> Stored:
        self._flush()
        self._wait()
        return Stored(self.size, self._sha256.hexdigest(), self._crc32)


def store(item_id: UUID, chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Keep the bytes, at most `limit` of them; when this returns they and their key are on disk.

    Raises TooLarge, Full, Unreachable or AlreadyStored; then, or when `chunks` itself fails, nothing stays.
    """
    with Incoming(item_id, limit=limit) as file:
        for chunk in chunks:
            file.write(chunk)
        stored = file.finish()
        file.keep()
    return stored


class Incoming:
    """A file on its way in: encrypted in staging under a key that is in memory only, until it is kept.

    Write, `finish`, look at its `frames`, then `keep`. Leaving the `with` block forgets what was not kept.
    """

    def __init__(self, item_id: UUID, *, limit: int) -> None:
        self.id, self.limit, self.tally = item_id, limit, Tally()
        self._path = staging() / f"{item_id}.{secrets.token_hex(4)}"
        self._key = item_keys.new_key()
        self._file = _create(self._path)
        self._sealer = Sealer(self._key, item_id, self._file.write)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, chunk: bytes) -> None:
        """Raises TooLarge or Full."""
        if self.tally.size + len(chunk) > self.limit:
            raise TooLarge(self.limit)
        with raising_full():
            self._sealer.feed(chunk)
        self.tally.add(chunk)

    def finish(self) -> Stored:
        """Nothing more comes; when this returns the bytes are on disk, in staging. Raises Full."""
        if not self._file.closed:
            with raising_full():
                self._sealer.finish()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
        return self.tally.stored()

    @cached_property
    def frames(self) -> Frames:
        """The bytes, to be looked at after `finish`."""
        return staged_frames(self._path, self.id, self._key)

    def keep(self) -> None:
        """Into the vault for good, with its key. Raises AlreadyStored, Full or Unreachable."""
        try:
            with transaction.atomic():
                item_keys.keep(self.id, self._key)
        except IntegrityError:
            raise AlreadyStored(self.id) from None
        try:
            place().keep(self._path, _name(self.id))
        except BaseException:
            item_keys.destroy(self.id)
            raise

    def undo_keep(self) -> None:
        """Out of the vault again."""
        delete(self.id)

    def close(self) -> None:
        """Leave staging; can be repeated."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    with raising_full():
        make_folder(path.parent, inside=path.parent.parent)
        return open(path, "xb", opener=open_private)


def staged_frames(path: Path, item_id: UUID, key: bytes) -> Frames:
    """The bytes of a finished file in staging. Raises Missing or Altered."""
    folder = Folder(path.parent)
    return Frames(key, item_id, folder.size(path.name), partial(folder.open, path.name))


def keep_staged(path: Path, item_id: UUID) -> None:
    """Take a finished file of staging into the vault, whose key is kept already. Can be repeated until the staged
    file is removed. Raises Full or Unreachable."""
    with suppress(AlreadyStored):  # by an attempt that was interrupted: names are never used twice
        place().keep(path, _name(item_id))


def frames(item_id: UUID) -> Frames:
    """The stored bytes, any part of them. Raises Missing, Altered, Locked or Unreachable."""
    try:
        key = item_keys.of(item_id)
    except ItemKey.DoesNotExist:
        raise Missing(item_id) from None
    return _frames(item_id, key)


def _frames(item_id: UUID, key: bytes) -> Frames:
    name = _name(item_id)
    return Frames(key, item_id, place().size(name), partial(place().open, name))


def read(item_id: UUID, start: int = 0, end: int | None = None, *, mark: str = "") -> Iterator[bytes]:
    """The bytes from `start` up to `end`, in blocks of at most 256 KiB.

    Raises, at once, what `frames` raises and Altered where the first or the last bytes are not what was stored;
    later Altered where those in between are not. With the `mark` of the file whose bytes are wanted, Altered too
    where another was stored in its place.
    """
    found = frames(item_id)
    if mark and mark != found.mark:
        raise Altered("Another file was stored in its place.")
    if not mark:
        found.check_ends()
    return found.read(start, end)


def marks(item_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For each id 64 hex digits that tell its stored bytes from any others. Raises what `frames` raises."""
    wanted = [*item_ids]
    keys = item_keys.of_all(wanted)
    for lost in set(wanted) - keys.keys():
        raise Missing(lost)
    return {item_id: _frames(item_id, key).mark for item_id, key in keys.items()}


def piece(item_id: UUID, offset: int, length: int) -> bytes:
    """At most `length` bytes from `offset` on; fewer at the end. For many pieces use `frames(item_id).piece`."""
    return frames(item_id).piece(offset, length)


def exists(item_id: UUID) -> bool:
    """Whether the item has bytes that can still be opened."""
    try:
        frames(item_id)
    except Missing:
        return False
    return True


def delete(item_id: UUID) -> None:
    """Remove the bytes and destroy their key; no error when there are none.

    The key goes last: until then its row says what is still to be removed.
    """
    place().delete(_name(item_id))
    item_keys.destroy(item_id)


def place() -> Place:
    return _place(settings.STORAGE_URL, str(settings.DATA_DIR))


@lru_cache
def _place(storage_url: str, data_dir: str) -> Place:
    url = urlsplit(storage_url)
    if url.scheme == "file" and not url.netloc and url.path.startswith("/"):
        return Folder(Path(unquote(url.path)))
    if url.scheme == "s3" and url.netloc:
        from .bucket import Bucket  # boto3 is slow to load

        return Bucket(url, Path(data_dir) / "incoming")
    raise ImproperlyConfigured(
        f"STORAGE_URL is {storage_url!r}. It is file:///path/to/folder or s3://bucket/folder?endpoint=https://…"
    )


def staging() -> Path:
    """The folder of this machine where files wait that are not whole yet, encrypted like all others."""
    return place().staging


def _name(item_id: UUID) -> str:
    """Where an item's bytes are: a folder for each two first digits keeps folders small."""
    return f"{item_id.hex[:2]}/{item_id}"
