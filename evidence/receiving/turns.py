"""Only the request that came last may write to a staged file. An earlier one fails at its next write.

A small file beside the staged one contains the token of the latest request and is locked (flock(2)) during each
write. This works between threads and processes of one machine, and a killed process leaves no lock.
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
    """A later request has taken the turn. This one must not write any more."""


class Turn:
    """`with Turn(path) as turn:` takes the turn from the request that has it."""

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
        """While this block runs, nobody can take the turn. Raises Superseded."""
        with _locked(self._handle):
            if os.pread(self._handle, 16, 0) != self._token:
                raise Superseded
            yield


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Only one thread or process at a time runs this block for a path; others wait."""
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
