"""Where sealed bytes lie: a folder of this machine or a bucket. A place takes a file once and never changes it."""

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
    """There are bytes under this name; they are never overwritten."""


class Full(Exception):
    """The disk or its quota is full."""


class Unreachable(Exception):
    """The place does not answer, or not as it should; nobody knows what is there."""


class Place(Protocol):
    """Names are paths of our own making, such as `7d/7d9f1c1e-…`."""

    staging: Path  # a folder of this machine for files that are not whole yet

    def keep(self, staged: Path, name: str) -> None:
        """Take the staged file under this name, for good: when this returns it is on disk. The staged one stays.

        Raises AlreadyStored, Full or Unreachable; then nothing was changed.
        """

    def size(self, name: str) -> int:
        """Bytes stored under the name. Raises Missing."""

    def open(self, name: str, start: int, length: int) -> Stream:
        """The bytes from `start` on, at least `length` of them. Raises Missing."""

    def delete(self, name: str) -> None:
        """Remove the bytes; no error when there are none."""


class Folder:
    """A folder of this machine. A file appears in it whole or not at all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.staging = root / "incoming"  # on the same file system, so that keeping is one link

    def keep(self, staged: Path, name: str) -> None:
        path = self.root / name
        with raising_full():
            make_folder(path.parent, inside=self.root)
            try:
                os.link(staged, path)  # unlike a rename it fails where a file already is
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
    """What the system says when there is no room becomes `Full`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Full(str(error)) from error
        raise


def open_private(path: str, flags: int) -> int:
    """An `opener` of files for us alone."""
    return os.open(path, flags, 0o600)


def make_folder(folder: Path, *, inside: Path) -> None:
    """A folder for us alone whose own entry is on disk as well."""
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
