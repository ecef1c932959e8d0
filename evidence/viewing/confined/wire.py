"""The protocol between the child process and its parent: the child reads one file and sends its copies.

A message to the parent is a letter, a length (32 bits, big-endian) and that many bytes. `R`: offset (64 bits) and
length (32 bits) of a piece to read; the parent answers with a length and the bytes. `J`: a JSON object with facts
and claims. `O`: a JSON object that announces a copy; then `D`: its bytes, and `E`: its end. `F`: why there is no
preview, a key of `previews.REASONS`. `B`: how many seconds of processor time are enough (32 bits): the parent
lowers the child's limits to that, and never raises them.
"""

import io
import json
import math
import os
import struct
from typing import Any

HEAD = struct.Struct("!cI")
PIECE = struct.Struct("!QI")
LENGTH = struct.Struct("!I")
BLOCK = 1 << 20  # bytes, as many as a frame of the vault
CHUNK = 256 * 1024


class Wire:
    """The child's end of both pipes. `take` and `give` are their file descriptors, `size` is the file's.
    `cpu_seconds` is the processor time that the child has."""

    def __init__(self, size: int, take: int = 0, give: int = 1, cpu_seconds: int = 1800) -> None:
        self.size, self._take, self._give, self.cpu_seconds = size, take, give, cpu_seconds

    def send(self, letter: bytes, content: bytes = b"") -> None:
        view = memoryview(HEAD.pack(letter, len(content)) + content)
        while view:
            view = view[os.write(self._give, view) :]

    def send_json(self, letter: bytes, **content: Any) -> None:
        self.send(letter, json.dumps(content).encode())

    def send_copy(self, kind: str, content: bytes | memoryview, number: int = 1) -> None:
        """Send a complete copy. It is stored even if the child fails later."""
        self.send_json(b"O", kind=kind, number=number)
        for at in range(0, len(content), CHUNK):
            self.send(b"D", bytes(content[at : at + CHUNK]))
        self.send(b"E")

    def expect(self, least: float, enough: float) -> None:
        """Say before decoding how many seconds of processor time the file needs: at least, and surely enough.

        Raises NoPreview if even `least` is more than the child has, so that such a file costs nothing.
        """
        if least > self.cpu_seconds:
            raise NoPreview("limits")
        self.cpu_seconds = min(self.cpu_seconds, math.ceil(enough))
        self.send(b"B", LENGTH.pack(self.cpu_seconds))

    def piece(self, offset: int, length: int) -> bytes:
        self.send(b"R", PIECE.pack(offset, length))
        return self._read_exactly(LENGTH.unpack(self._read_exactly(LENGTH.size))[0])

    def _read_exactly(self, length: int) -> bytes:
        found = bytearray()
        while len(found) < length:
            if not (more := os.read(self._take, length - len(found))):
                raise EOFError("the parent is gone")
            found += more
        return bytes(found)


class Original(io.RawIOBase):
    """The original as a seekable file, read through the wire block by block. It has no name and no descriptor."""

    def __init__(self, wire: Wire) -> None:
        self._wire, self._at = wire, 0
        self._place, self._block = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._wire.size}[whence]
        if base + offset < 0:
            raise OSError("before the beginning")
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        place, skip = divmod(self._at, BLOCK)
        if self._at >= self._wire.size:
            return 0
        if place != self._place:
            self._place, self._block = place, self._wire.piece(place * BLOCK, BLOCK)
        found = self._block[skip : skip + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def read(self, size: int = -1) -> bytes:
        """All of `size` bytes, fewer only at the end, because libraries take a short read for the end."""
        wanted = max(0, self._wire.size - self._at) if size is None or size < 0 else size
        found = bytearray()
        while len(found) < wanted and (piece := super().read(min(wanted - len(found), BLOCK))):
            found += piece
        return bytes(found)


class NoPreview(Exception):
    """There is no preview. The argument is a key of `previews.REASONS`."""
