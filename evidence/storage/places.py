"""Where encrypted files are stored: a folder of this machine or a bucket. A stored file is never changed."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from .frames import Stream


class Missing(Exception):
    """No bytes are stored under this name."""


class AlreadyStored(Exception):
    """A file is stored under this name already. It is not overwritten."""


class Full(Exception):
    """The disk or its quota is full."""


class Unreachable(Exception):
    """The place gave no answer or an error, so it is not known what is stored there."""


class PerhapsStored(Unreachable):
    """The place broke off while a file was sent to it, so the file may be stored."""


class Place(Protocol):
    """What the vault needs of a storage. Names are made by the vault, such as `7d/7d9f1c1e-…`."""

    staging: Path  # a folder of this machine for files that are not complete

    def keep(self, staged: Path, name: str) -> None:
        """Store the staged file under this name. When this returns it is on disk; the staged file still exists.

        Raises AlreadyStored, Full or Unreachable; then nothing was changed, except perhaps after PerhapsStored.
        """

    def size(self, name: str) -> int:
        """The number of bytes stored under the name. Raises Missing."""

    def open(self, name: str, start: int, length: int) -> Stream:
        """The bytes from `start` on, at least `length` of them. Raises Missing."""

    def delete(self, name: str) -> None:
        """Delete the file; no error when there is none."""


class Folder:
    """A folder of this machine. A file appears in it complete or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.staging = root / "incoming"  # on the same file system, for os.link

    def keep(self, staged: Path, name: str) -> None:
        path = self.root / name
        with raising_full():
            make_folder(path.parent, inside=self.root)
            try:
                os.link(staged, path)  # unlike a rename, it fails when the file exists
            except FileExistsError:
                raise AlreadyStored(name) from None
            sync_folder(path.parent)

    def size(self, name: str) -> int:
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            raise Missing(name) from None

    def open(self, name: str, start: int, length: int) -> Stream:
        try:
            file = (self.root / name).open("rb", buffering=0)
        except FileNotFoundError:
            raise Missing(name) from None
        file.seek(start)
        return file

    def delete(self, name: str) -> None:
        path = self.root / name
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)


@contextmanager
def raising_full() -> Iterator[None]:
    """Turn the system's "no space left" and "quota exceeded" into Full."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Full(str(error)) from error
        raise


def open_private(path: str, flags: int) -> int:
    """An `opener` for files that only this user can read."""
    return os.open(path, flags, 0o600)


def make_folder(folder: Path, *, inside: Path) -> None:
    """Make a folder that only this user can read, and sync its entry in `inside` to disk."""
    inside.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not folder.is_dir():
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(inside)


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
