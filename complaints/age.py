"""Encrypt what leaves to one recipient's age key (age-encryption.org/v1), as it is read, in little memory."""

import queue
import threading
from collections.abc import Iterator

import pyrage

WAITING = 8  # blocks that lie between the thread that encrypts and the one that sends
DONE = b""


class Gone(Exception):
    """Nobody reads any more."""


def is_key(text: str) -> bool:
    """Whether it is a public key of age (age1…)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


class _Source:
    """The blocks as the file that pyrage reads."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks, self._rest = blocks, memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return b""
            self._rest = memoryview(block)
        found, self._rest = self._rest[:size], self._rest[size:]
        return bytes(found)


class _Sink:
    """What pyrage writes, handed over block by block."""

    def __init__(self, blocks: "queue.Queue[bytes | Exception]", gone: threading.Event) -> None:
        self._blocks, self._gone = blocks, gone

    def write(self, data: bytes) -> int:
        if self._gone.is_set():
            raise Gone
        if data:
            self._blocks.put(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass


def encrypted(blocks: Iterator[bytes], key: str) -> Iterator[bytes]:
    """The bytes encrypted; whatever the blocks raise ends them."""
    recipient = pyrage.x25519.Recipient.from_str(key)
    out: queue.Queue[bytes | Exception] = queue.Queue(WAITING)
    gone = threading.Event()

    def work() -> None:
        try:
            pyrage.encrypt_io(_Source(blocks), _Sink(out, gone), [recipient])
            out.put(DONE)
        except Exception as error:
            if not gone.is_set():
                out.put(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        while (block := out.get()) != DONE:
            if isinstance(block, Exception):
                raise block
            yield block
    finally:
        gone.set()
        while thread.is_alive():
            try:
                out.get(timeout=0.05)
            except queue.Empty:
                continue
        thread.join()
