"""Checks what the headers of sound files say against the bytes: some recorders and editors write wrong sizes."""

import io
import string
from typing import Any, NamedTuple

from .wire import Original

WINDOW = 4 << 20  # bytes in which the first frame of an MP3 is searched
NEARBY = 64 << 10  # bytes behind an MP3's tag in which it is expected
IN_A_ROW = 3  # frames of one kind, each where the one before it ends: no picture or text looks like that
CHUNK_NAME = set((string.ascii_letters + string.digits + " _-").encode())
LEAST_MISSING = 4  # bytes: some writers leave out the padding of the last frame
TOP_BOXES = 10_000  # of an MP4, which are looked at

# kbit/s by version (MPEG-1, MPEG-2) and layer, in the order of the header's index from 1 (ISO 11172-3, 13818-3)
RATES = {
    (1, 1): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLED = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by the version's bits


def wav_goes_on(file: Original) -> bool:
    """Whether a WAV has more sound than its header says: behind the data there are bytes that are no chunk."""
    at, behind = 12, False
    while True:
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or not set(head[:4]) <= CHUNK_NAME:
            return behind and len(head) > 1
        size = int.from_bytes(head[4:], "little")
        if size >= 0xFFFFFFFF or (head[:4] == b"data" and not size):
            return False  # the size is left open; FFmpeg reads such a file to its end
        behind = behind or head[:4] == b"data"
        at += 8 + size + size % 2


def mp3_beginning(file: Original) -> int:
    """Where to begin to read an MP3: at 0, unless its tag's length is wrong; then at the first frame."""
    file.seek(0)
    window = file.read(WINDOW)
    tag = _tag_length(window)
    if tag < len(window):
        near = window[tag : tag + NEARBY]
    else:
        file.seek(tag)
        near = file.read(NEARBY)
    if not tag or first_frame(near) is not None:
        return 0
    return first_frame(window) or 0


def _tag_length(data: bytes) -> int:
    """The length in bytes of an ID3v2 tag (id3.org, 2.4.0, 3.1), with its header; 0 where there is none."""
    if not data.startswith(b"ID3") or len(data) < 10:
        return 0
    length = 0
    for byte in data[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length + (10 if data[5] & 0x10 else 0)


class Frame(NamedTuple):
    kind: tuple[int, int, int]  # version, layer, samples per second
    length: int


def first_frame(data: bytes) -> int | None:
    """Where the first of several MPEG frames in a row begins."""
    at = data.find(b"\xff")
    while at >= 0:
        if _is_a_row(data, at):
            return at
        at = data.find(b"\xff", at + 1)
    return None


def _is_a_row(data: bytes, at: int) -> bool:
    kind = None
    for count in range(IN_A_ROW):
        frame = _frame(data[at : at + 4])
        if frame is None:
            return at == len(data) and count > 1
        if kind and frame.kind != kind:
            return False
        kind, at = frame.kind, at + frame.length
    return True


def _frame(head: bytes) -> Frame | None:
    """The frame that begins with these four bytes (ISO 11172-3, 2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    version, layer, rate, sampled = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3), head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or rate in (0, 15) or sampled == 3:
        return None
    generation, samples, padding = 1 if version == 3 else 2, SAMPLED[version][sampled], head[2] >> 1 & 1
    bits = 1000 * RATES[generation, layer][rate - 1]
    if layer == 1:
        length = 4 * (12 * bits // samples + padding)
    else:
        length = (72 if (generation, layer) == (2, 3) else 144) * bits // samples + padding
    return Frame((version, layer, samples), length)


def last_frame_is_cut(file: Original, size: int) -> bool:
    """Whether the last frame of an MP3 or an AAC needs more bytes than there are."""
    at = _first_of_all(file)
    while at < size:
        file.seek(at)
        length = _length(file.read(7))
        if not length:
            file.seek(at)
            found = first_frame(file.read(NEARBY))
            if not found:
                return False
            length = found
        at += length
    return at > size + LEAST_MISSING


def _first_of_all(file: Original) -> int:
    begin = mp3_beginning(file)
    file.seek(0)
    return begin or _tag_length(file.read(10))


def _length(head: bytes) -> int:
    """The length in bytes of the MP3 or AAC frame that begins so; 0 where there is none (ISO/IEC 13818-7, 6.2)."""
    if frame := _frame(head[:4]):
        return frame.length
    if len(head) < 6 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    length = (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5
    return length if length >= 7 else 0


def mp4_goes_on(file: Original) -> bool:
    """Whether a second recording follows the first in an MP4, which players do not play: a second index."""
    at, indexes = 0, 0
    for _ in range(TOP_BOXES):
        file.seek(at)
        head = file.read(16)
        size, name = int.from_bytes(head[:4], "big"), head[4:8]
        indexes += name == b"moov"
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if len(head) < 8 or size < 8:
            break
        at += size
    return indexes > 1


class Tail(io.RawIOBase):
    """A file that begins at an offset of another."""

    def __init__(self, file: Original, begin: int) -> None:
        self._file, self._begin = file, begin
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell() - self._begin

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = self._begin if whence == io.SEEK_SET else 0
        return self._file.seek(base + offset, whence) - self._begin

    def read(self, size: int = -1) -> Any:
        return self._file.read(size)
