"""The only way to read and write stored files. They are encrypted before they reach the disk, and never changed.

`frames` defines their format, `item_keys` their keys, `places` where they are stored.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
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
    PerhapsStored,
    Place,
    Unreachable,
    make_folder,
    open_private,
    raising_full,
)
from .tally import Stored, Tally

__all__ = [
    "AlreadyStored",
    "Altered",
    "Full",
    "Incoming",
    "Locked",
    "Missing",
    "Stored",
    "Tally",
    "TooLarge",
    "Unreachable",
]


class TooLarge(Exception):
    """The file exceeds the limit. Nothing was stored."""


def store(item_id: UUID, chunks: Iterable[bytes], *, limit: int) -> Stored:
    """Store the bytes, at most `limit` of them. When this returns, the file and its key are on disk.

    Raises TooLarge, Full, Unreachable or AlreadyStored. Then, or when `chunks` raises, nothing stays.
    """
    with Incoming(item_id, limit=limit) as file:
        for chunk in chunks:
            file.write(chunk)
        stored = file.finish()
        file.keep()
    return stored


class Incoming:
    """A file that is being received. It is encrypted in staging; its key is in memory only, until `keep`.

    Call `write`, `finish`, read its `frames`, then `keep`, in a `with` block. Without `keep`, the file is deleted
    at the block's end.
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
        """End the file. When this returns its bytes are on disk, in staging. Raises Full."""
        if not self._file.closed:
            with raising_full():
                self._sealer.finish()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
        return self.tally.stored()

    @cached_property
    def frames(self) -> Frames:
        """The decrypted bytes, after `finish`."""
        return staged_frames(self._path, self.id, self._key)

    def keep(self) -> None:
        """Move the file into the vault and store its key. Raises AlreadyStored, Full or Unreachable.

        Where the bytes may be stored after all, the key stays: by its row the sweep finds and deletes both.
        """
        try:
            with transaction.atomic():
                item_keys.keep(self.id, self._key)
        except IntegrityError:
            raise AlreadyStored(self.id) from None
        try:
            place().keep(self._path, _name(self.id))
        except PerhapsStored:
            raise
        except BaseException:
            item_keys.destroy(self.id)
            raise

    def undo_keep(self) -> None:
        """Delete the file from the vault again."""
        delete(self.id)

    def close(self) -> None:
        """Delete the file from staging. Can be repeated."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _create(path: Path) -> BinaryIO:
    with raising_full():
        make_folder(path.parent, inside=path.parent.parent)
        return open(path, "xb", opener=open_private)


def staged_frames(path: Path, item_id: UUID, key: bytes) -> Frames:
    """The decrypted bytes of a finished file in staging. Raises Missing or Altered."""
    folder = Folder(path.parent)
    return Frames(key, item_id, folder.size(path.name), partial(folder.open, path.name))


def keep_staged(path: Path, item_id: UUID) -> None:
    """Move a finished file from staging into the vault. Its key must be stored already. Can be repeated until the
    staged file is deleted. Raises Full or Unreachable."""
    with suppress(AlreadyStored):  # by an attempt that was interrupted: no name is used for two files
        place().keep(path, _name(item_id))


def frames(item_id: UUID) -> Frames:
    """Decrypts any part of a stored file. Raises Missing, Altered, Locked or Unreachable."""
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

    Raises at once what `frames` raises, and Altered if the first or the last frame was altered; for frames between
    them, Altered comes when they are read. With a `mark` (see `marks`), those two frames are not read first, but
    Altered is raised at once if the stored file is another one.
    """
    found = frames(item_id)
    if mark and mark != found.mark:
        raise Altered("Another file was stored in its place.")
    if not mark:
        found.check_ends()
    return found.read(start, end)


def marks(item_ids: Iterable[UUID]) -> dict[UUID, str]:
    """For each id, 64 hex digits that no other stored file has. Raises what `frames` raises."""
    wanted = [*item_ids]
    keys = item_keys.of_all(wanted)
    for lost in set(wanted) - keys.keys():
        raise Missing(lost)
    return {item_id: _frames(item_id, key).mark for item_id, key in keys.items()}


def exists(item_id: UUID) -> bool:
    """Whether a file and its key are stored under the id."""
    try:
        frames(item_id)
    except Missing:
        return False
    return True


def delete(item_id: UUID) -> None:
    """Delete a file, then its key; no error when there is none.

    The key goes last, so that after a failure its row still shows that a file is to be deleted.
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


def is_on_staging_disk() -> bool:
    """Whether stored files take room on the disk of staging. Those of a bucket do not."""
    return isinstance(place(), Folder)


def staging() -> Path:
    """The folder of this machine for files that are not complete. They are encrypted too."""
    return place().staging


def _name(item_id: UUID) -> str:
    """The name of a file in its place. A folder for each two first digits keeps the folders small."""
    return f"{item_id.hex[:2]}/{item_id}"
