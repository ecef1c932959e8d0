"""Who may write to a staged file: whoever came last. One who hangs in a dead connection finds out when it writes.

A small file beside the staged one holds the token of the last comer and is locked (flock(2)) around each write. So
it holds between threads and processes of one machine, and a process that is killed leaves nothing locked.
"""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from evidence.storage.places import open_private


class Superseded(Exception):
    """Somebody else has taken the turn since; nothing more may be written."""


class Turn:
    """`with Turn(path) as turn:` takes the turn from whoever had it."""

    def __init__(self, path: Path) -> None:
        self._handle = open_private(str(path), os.O_RDWR | os.O_CREAT)
        self._token = secrets.token_bytes(16)

    def __enter__(self) -> Self:
        with _locked(self._handle):
            os.pwrite(self._handle, self._token, 0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._handle)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Nobody takes it meanwhile. Raises Superseded."""
        with _locked(self._handle):
            if os.pread(self._handle, 16, 0) != self._token:
                raise Superseded
            yield


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait until nobody else is within this block for the path."""
    handle = open_private(str(path), os.O_RDWR | os.O_CREAT)
    try:
        with _locked(handle):
            yield
    finally:
        os.close(handle)


@contextmanager
def _locked(handle: int) -> Iterator[None]:
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)
