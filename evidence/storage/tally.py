"""Size and digests of a stream of bytes."""

import hashlib
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass


@dataclass(frozen=True)
class Stored:
    """Size in bytes, SHA-256 as 64 hex digits, and CRC-32 (as in a ZIP) of a file's plaintext."""

    size: int
    sha256: str
    crc32: int


class Tally:
    """Computes size and digests of a stream of bytes. For a long stream a second thread computes them."""

    ALONE = 4 * 1024 * 1024  # bytes below which a second thread is not worth its cost
    AT_ONCE = 1024 * 1024  # bytes passed on together: with fewer, the two threads often wait for each other

    def __init__(self, *, crc32: bool = True) -> None:
        self.size, self._sha256, self._crc32, self._wants_crc32 = 0, hashlib.sha256(), 0, crc32
        self._executor: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None
        self._pending: list[bytes] = []
        self._pending_size = 0  # bytes

    def add(self, data: bytes) -> None:
        self.size += len(data)
        self._pending.append(data)
        self._pending_size += len(data)
        if self.size < self.ALONE or self._pending_size >= self.AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        """Compute the pending blocks, here or in the second thread. It waits for the blocks before them, which
        keeps the order and the memory small."""
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
