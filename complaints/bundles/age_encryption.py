"""Encrypts a bundle to one recipient's age key (age-encryption.org/v1) while it is read, in little memory."""

import queue
import threading
from collections.abc import Iterator

import pyrage

END = b""


def is_key(text: str) -> bool:
    """Whether the text is a public key of age (age1…)."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


class _Pipe:
    """The file that pyrage reads from and writes to, one block at a time, in a thread of its own."""

    def __init__(self) -> None:
        self.inbox: queue.Queue[bytes] = queue.Queue(1)
        self.outbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._rest, self._ended = memoryview(b""), False

    def read(self, size: int = -1) -> bytes:
        if not self._rest and not self._ended:
            self._rest = memoryview(self.inbox.get())
            self._ended = not self._rest
        found, self._rest = self._rest[:size], self._rest[size:]
        return bytes(found)

    def write(self, data: bytes) -> int:
        self.outbox.put(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Does nothing, because `write` buffers nothing."""

    def written(self) -> Iterator[bytes]:
        while not self.outbox.empty():
            yield self.outbox.get()


def encrypted(blocks: Iterator[bytes], key: str) -> Iterator[bytes]:
    """Encrypt the blocks.

    If `blocks` raises an error, the output ends too early and age refuses it as incomplete.
    """
    recipient, pipe = pyrage.x25519.Recipient.from_str(key), _Pipe()
    thread = threading.Thread(target=pyrage.encrypt_io, args=(pipe, pipe, [recipient]), daemon=True)
    thread.start()
    try:
        for block in filter(None, blocks):
            pipe.inbox.put(block)
            yield from pipe.written()
    finally:
        pipe.inbox.put(END)
        thread.join()
    yield from pipe.written()
