"""The only door to stored bytes. Written once, never changed; a file is there whole or not at all."""

import errno
import hashlib
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

BLOCK = 256 * 1024


class TooLarge(Exception):
    """More bytes than the limit; nothing was kept."""


class Full(Exception):
    """The disk or its quota is full; nothing was kept."""


class Missing(Exception):
    """No bytes are stored for this item."""


class AlreadyStored(Exception):
    """The item has its bytes; the vault never overwrites."""


@dataclass(frozen=True)
class Stored:
    """What the receiving pass saw: size in bytes, SHA-256 as 64 hex digits, CRC-32 as ZIP wants it."""

    size: int
    sha256: str
    crc32: int


def store(item_id: UUID, chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Keep the bytes, at most `limit` of them; when this returns they are on disk.

    Raises TooLarge, Full or AlreadyStored; then, or when `chunks` itself fails, nothing is left behind.
    """
    path, temporary = _path(item_id), _root() / "incoming" / f"{item_id}.{secrets.token_hex(4)}"
    for folder in (temporary.parent, path.parent):
        _make_folder(folder)
    try:
        with open(temporary, "xb", opener=_private) as file:
            stored = _write(file, chunks, limit)
        os.link(temporary, path)  # unlike a rename it fails where a file already is
        _sync(path.parent)
    except FileExistsError:
        raise AlreadyStored(item_id) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Full(str(error)) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)
    return stored


def _write(file: BinaryIO, chunks: Iterable[bytes], limit: int) -> Stored:
    digest, crc32, size = hashlib.sha256(), 0, 0
    for chunk in chunks:
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit)
        file.write(chunk)
        digest.update(chunk)
        crc32 = zlib.crc32(chunk, crc32)
    file.flush()
    os.fsync(file.fileno())
    return Stored(size, digest.hexdigest(), crc32)


def read(item_id: UUID, start: int = 0) -> Iterator[bytes]:
    """The bytes from `start` on, in blocks of 256 KiB. Raises Missing, at once."""
    if not exists(item_id):
        raise Missing(item_id)
    return _blocks(item_id, start)


def _blocks(item_id: UUID, start: int) -> Iterator[bytes]:
    with _open(item_id) as file:
        file.seek(start)
        while block := file.read(BLOCK):
            yield block


def piece(item_id: UUID, offset: int, length: int) -> bytes:
    """At most `length` bytes from `offset` on; fewer at the end. Raises Missing."""
    with _open(item_id) as file:
        file.seek(offset)
        return file.read(length)


def exists(item_id: UUID) -> bool:
    return _path(item_id).is_file()


def delete(item_id: UUID) -> None:
    """Remove the bytes; no error when there are none."""
    path = _path(item_id)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        _sync(path.parent)


def _root() -> Path:
    url = urlsplit(settings.STORAGE_URL)
    if url.scheme != "file" or url.netloc or not url.path.startswith("/"):
        raise ImproperlyConfigured(
            f"STORAGE_URL is {settings.STORAGE_URL!r}. Only a local folder can be used: file:///path/to/folder."
        )
    return Path(unquote(url.path))


def _path(item_id: UUID) -> Path:
    """Where an item's bytes are: a folder for each two first digits keeps folders small."""
    return _root() / item_id.hex[:2] / str(item_id)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _open(item_id: UUID) -> BinaryIO:
    try:
        return _path(item_id).open("rb")
    except FileNotFoundError:
        raise Missing(item_id) from None


def _make_folder(folder: Path) -> None:
    """A folder for us alone whose own entry is on disk as well."""
    root = _root()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(root)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
