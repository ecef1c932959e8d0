"""The encrypted format of files in staging and in the vault: frames with random access.

A file is cut into frames of 1 MiB. Each is encrypted with AES-256-GCM under the file's own key. On disk a frame is
a nonce of 12 bytes, the ciphertext and a tag of 16 bytes. The nonce is random, because a frame of an interrupted
upload is encrypted more than once. The associated data are the file's id, the frame's number, and whether it is
the last frame (as in STREAM; Hoang, Reyhanitabar, Rogaway and Vizár 2015, section 7). So decryption fails if
frames are swapped, repeated, taken from another file, cut off or added.
"""

import hashlib
import mmap
import os
from collections.abc import Callable, Iterator
from typing import Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 1024 * 1024  # bytes of plaintext
NONCE, TAG = 12, 16
SEALED = NONCE + FRAME + TAG  # bytes of a whole frame on disk
BLOCK = 256 * 1024  # bytes that a reader gets at a time
MORE, LAST, TAIL = 0, 1, 2  # a frame that others follow, the last one, one that is still being filled


class Altered(Exception):
    """The bytes cannot be decrypted: they were changed, or belong to another file or frame."""


class Stream(Protocol):
    def readinto(self, buffer: memoryview, /) -> int | None: ...
    def close(self) -> object: ...


Opener = Callable[[int, int], Stream]  # offset and length -> the encrypted bytes from there on, at least so many


def _associated_data(file: UUID, number: int, end: int) -> bytes:
    return b"holdfast-frame/1" + file.bytes + number.to_bytes(8) + bytes([end])


def new_buffer(size: int) -> memoryview:
    """A buffer whose memory the system gets back at once. malloc would keep some of it for each thread."""
    return memoryview(mmap.mmap(-1, size))


class Sealer:
    """Encrypts bytes of any length and passes complete frames to `write`, from frame `number` on.

    The last frame must be marked. If `total` (bytes of the whole file) is known, each frame is written when it is
    full; if not, a full frame waits for more bytes or for `finish`. `write` gets a view of a buffer that is used
    again.
    """

    def __init__(
        self,
        key: bytes,
        file: UUID,
        write: Callable[[memoryview], object],
        *,
        total: int | None = None,
        number: int = 0,
    ) -> None:
        self.number = number
        self.filled = 0  # bytes of the frame being filled
        self._cipher, self._file, self._write, self._total = AESGCM(key), file, write, total
        self._plain, self._sealed = new_buffer(FRAME), new_buffer(SEALED)

    def feed(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            if self.filled == FRAME:
                self._put(MORE)
            taken = min(FRAME - self.filled, len(rest))
            self._plain[self.filled : self.filled + taken] = rest[:taken]
            self.filled, rest = self.filled + taken, rest[taken:]
        if self.filled == FRAME and self._total is not None and (self.number + 1) * FRAME < self._total:
            self._put(MORE)

    def finish(self) -> None:
        """Write the last frame. It is empty only when the file is."""
        self._put(LAST)

    def tail(self) -> bytes:
        """The frame that is being filled, encrypted for `resume`; empty when it has no bytes."""
        return bytes(self._seal(TAIL)) if self.filled else b""

    def resume(self, tail: bytes) -> None:
        """Go on with the frame that `tail` returned. Raises Altered."""
        if tail:
            self.feed(open_frame(self._cipher, self._file, self.number, TAIL, memoryview(tail)))

    def _put(self, end: int) -> None:
        self._write(self._seal(end))
        self.number, self.filled = self.number + 1, 0

    def _seal(self, end: int) -> memoryview:
        sealed, nonce = self._sealed[: NONCE + self.filled + TAG], os.urandom(NONCE)
        sealed[:NONCE] = nonce
        plain, vouched = self._plain[: self.filled], _associated_data(self._file, self.number, end)
        self._cipher.encrypt_into(nonce, plain, vouched, sealed[NONCE:])  # eight times as fast as encrypt()
        return sealed


def open_frame(cipher: AESGCM, file: UUID, number: int, end: int, sealed: memoryview) -> bytes:
    """The bytes of one frame. Raises Altered."""
    plain = bytearray(max(len(sealed) - NONCE - TAG, 0))
    _open_into(plain, cipher, _associated_data(file, number, end), sealed)
    return bytes(plain)


def _open_into(plain: bytearray | memoryview, cipher: AESGCM, vouched: bytes, sealed: memoryview) -> None:
    if len(sealed) < NONCE + TAG:
        raise Altered("A frame is cut off.")
    try:
        cipher.decrypt_into(bytes(sealed[:NONCE]), sealed[NONCE:], vouched, plain)
    except InvalidTag:
        raise Altered("A frame is not what was sealed.") from None


class Frames:
    """Decrypts any part of one file, of which `sealed_size` bytes are on disk. Raises Altered.

    `size` follows from `sealed_size` and is not verified until the last frame has been decrypted. `mark` is 64 hex
    digits that no other stored file has.
    """

    def __init__(self, key: bytes, file: UUID, sealed_size: int, opener: Opener) -> None:
        self._cipher, self._file, self._open_at = AESGCM(key), file, opener
        self.mark = hashlib.sha256(b"holdfast-file-mark/1" + file.bytes + key).hexdigest()
        self._sealed_size = sealed_size
        self.count = -(-sealed_size // SEALED)
        self.size = sealed_size - self.count * (NONCE + TAG)
        if not self.count or (sealed_size - 1) % SEALED + 1 < NONCE + TAG:
            raise Altered("The file is cut off.")
        self._last_piece = (-1, b"")  # number and bytes of the frame that `_frame` returned last

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`, in blocks of at most BLOCK bytes."""
        end = self.size if end is None else min(end, self.size)
        if start >= end and self.size:
            return
        for number, frame in self._frames(start // FRAME, max(end - 1, 0) // FRAME):
            base = number * FRAME
            stop = min(end - base, len(frame))
            for at in range(max(start - base, 0), stop, BLOCK):
                yield bytes(frame[at : min(at + BLOCK, stop)])

    def piece(self, offset: int, length: int) -> bytes:
        """`length` bytes from `offset` on, fewer at the end."""
        end = min(offset + length, self.size)
        parts = []
        while offset < end:
            number, at = divmod(offset, FRAME)
            parts.append(self._frame(number)[at : at + end - offset])
            offset += len(parts[-1])
        return b"".join(parts)

    def check_ends(self) -> None:
        """Decrypt the first and the last frame: it is the right file, and nothing is cut off or added."""
        for number in {0, self.count - 1}:
            self._frame(number)

    def _frame(self, number: int) -> bytes:
        if self._last_piece[0] != number:
            self._last_piece = next((number, bytes(frame)) for number, frame in self._frames(number, number))
        return self._last_piece[1]

    def _frames(self, first: int, last: int) -> Iterator[tuple[int, memoryview]]:
        """Number and bytes of each frame. The bytes are in a buffer that the next frame overwrites."""
        start = first * SEALED
        stream = self._open_at(start, min((last + 1) * SEALED, self._sealed_size) - start)
        sealed, plain = new_buffer(SEALED), new_buffer(FRAME)
        try:
            for number in range(first, last + 1):
                length = min(SEALED, self._sealed_size - number * SEALED)
                _fill(stream, sealed[:length])
                content = plain[: length - NONCE - TAG]
                end = LAST if number == self.count - 1 else MORE
                _open_into(content, self._cipher, _associated_data(self._file, number, end), sealed[:length])
                yield number, content
        finally:
            stream.close()


def _fill(stream: Stream, buffer: memoryview) -> None:
    at = 0
    while at < len(buffer):
        got = stream.readinto(buffer[at:])
        if not got:
            raise Altered("The file is shorter than it was a moment ago.")
        at += got
