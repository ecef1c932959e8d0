"""Finds tracks, names and frames in containers (MP4, ZIP, WebM, MP3, AAC). Pure functions that never raise.

Each takes `read(offset, length) -> bytes` (fewer bytes at the end, none past it) or a piece of the file. They read
a bounded number of bytes and do not trust the lengths that the file states.
"""

import itertools
import re
from collections.abc import Callable, Iterator

Read = Callable[[int, int], bytes]
MAX_READS = 2000  # boxes read of one file, for a hostile one may have millions
MAX_DIRECTORY = 1024 * 1024  # bytes of a ZIP directory: room for thousands of names
MAX_ENTRIES = 128  # of an OLE directory
WINDOW = 64 * 1024


def limited(read: Read, budget: int = MAX_READS) -> Read:
    """A reader that returns no more bytes after `budget` calls."""
    turns = itertools.count()
    return lambda offset, length: read(offset, length) if next(turns) < budget else b""


def boxes(read: Read, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name of each box (in QuickTime: atom), and start and end of its contents (ISO/IEC 14496-12, 4.2)."""
    while start + 8 <= end:
        header = read(start, 16)
        length, skip = int.from_bytes(header[:4]), 8
        if length == 1:
            length, skip = int.from_bytes(header[8:16]), 16
        elif length == 0:
            length = end - start
        if len(header) < skip or length < skip:
            return
        yield header[4:8], start + skip, min(start + length, end)
        start += length


def tracks(read: Read, size: int) -> set[bytes]:
    """Handler types of the movie's tracks, such as b"soun" and b"vide"; empty when there is no movie box."""
    read, wanted = limited(read), [(b"moov", 0, size)]
    for name in (b"moov", b"trak", b"mdia"):
        wanted = [box for _, start, end in wanted for box in boxes(read, start, end) if box[0] == name]
    handlers = [box for _, start, end in wanted for box in boxes(read, start, end) if box[0] == b"hdlr"]
    return {read(start + 8, 4) for _, start, _ in handlers}


def brands(head: bytes) -> list[bytes]:
    """The major brand, then the compatible ones; empty when the file does not begin with an `ftyp` box."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4]), 256)
    return [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]


def zip_names(read: Read, size: int) -> list[bytes]:
    """Names in the directory at the end of a ZIP (APPNOTE 4.3.12); of a cut-off ZIP, those at its start."""
    return _directory(read, size) or _local_names(read(0, WINDOW))


def has_directory(read: Read, size: int) -> bool:
    """Whether the ZIP has its directory. A ZIP that is cut off has none."""
    return bool(_directory(read, size))


def _directory(read: Read, size: int) -> list[bytes]:
    base = max(0, size - WINDOW - 22)
    tail = read(base, size - base)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        return []
    length, offset = (int.from_bytes(tail[at + n : at + n + 4], "little") for n in (12, 16))
    return list(_directory_names(read(offset, min(length, MAX_DIRECTORY))))


def _directory_names(directory: bytes) -> Iterator[bytes]:
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02":
        name, extra, comment = (int.from_bytes(directory[at + n : at + n + 2], "little") for n in (28, 30, 32))
        yield directory[at + 46 : at + 46 + name]
        at += 46 + name + extra + comment


def _local_names(head: bytes) -> list[bytes]:
    found = re.finditer(rb"PK\x03\x04.{22}(..)", head, re.DOTALL)
    return [head[m.end() + 2 : m.end() + 2 + int.from_bytes(m[1], "little")] for m in found]


def ole_names(read: Read) -> set[str]:
    """Names of the first streams in an OLE file, as old Office programs write them (MS-CFB, 2.6.1)."""
    header = read(0, 52)
    width = int.from_bytes(header[30:32], "little")
    sector = 1 << width if width in (9, 12) else 512
    directory = read(sector * (1 + int.from_bytes(header[48:52], "little")), MAX_ENTRIES * 128)
    entries = (directory[at : at + 66] for at in range(0, len(directory) - 65, 128))
    lengths = ((entry, int.from_bytes(entry[64:66], "little")) for entry in entries)
    return {entry[: length - 2].decode("utf-16-le", "replace") for entry, length in lengths if 2 < length <= 64}


def webm_tracks(head: bytes) -> tuple[bytes, set[int]]:
    """DocType and track types (1 video, 2 audio) at the beginning of an EBML file (RFC 8794, RFC 9559)."""
    doctype, kinds = b"", set()
    for name, body in _elements(head):
        if name == 0x1A45DFA3:
            doctype = next((value for key, value in _elements(body) if key == 0x4282), b"").rstrip(b"\0")
        elif name == 0x18538067:
            entries = [entry for key, value in _elements(body) if key == 0x1654AE6B for entry in _elements(value)]
            kinds = {
                int.from_bytes(value) for _, entry in entries for key, value in _elements(entry) if key == 0x83
            }
    return doctype, kinds


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Id and contents of each element. An element of unknown size extends to the end."""
    at = 0
    while at < len(data):
        name, at = _vint(data, at, keep_marker=True)
        length, body = _vint(data, at, keep_marker=False)
        if name < 0 or length < 0:
            return
        yield name, data[body : body + length]
        at = body + length


def _vint(data: bytes, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """A variable-length number (-1 for none) and the offset after it."""
    if at >= len(data) or not data[at]:
        return -1, at
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width])
    return (value if keep_marker else value & ((1 << 7 * width) - 1)), at + width


RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by version bits
KBITS = {
    (True, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),  # MPEG-1 layer III
    (True, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),  # MPEG-1 layer II
    (False, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG-2 and 2.5
    (False, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def mpeg_frame(header: bytes) -> int:
    """Length in bytes of the MPEG audio frame (layer II or III) that begins here; 0 for none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return 0
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbit, rate, padding = header[2] >> 4, header[2] >> 2 & 3, header[2] >> 1 & 1
    if version == 1 or layer not in (1, 2) or kbit in (0, 15) or rate == 3:
        return 0
    slots = 72000 if layer == 1 and version != 3 else 144000
    return slots * KBITS[version == 3, layer][kbit - 1] // RATES[version][rate] + padding


def adts_frame(header: bytes) -> int:
    """Length in bytes of the AAC frame (ISO/IEC 13818-7, ADTS) that begins here; 0 for none."""
    if len(header) < 6 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or header[2] >> 2 & 15 > 12:
        return 0
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length >= 7 else 0


def frames_follow(data: bytes, at: int, length: Callable[[bytes], int], *, cut: bool) -> bool:
    """Whether three frames follow each other from `at` on. Fewer are enough if the file ends there (`cut`)."""
    for found in range(3):
        if cut and found and at + 6 > len(data):
            return True
        step = length(data[at : at + 6])
        if not step:
            return False
        at += step
    return True


def after_tags(read: Read, size: int) -> int:
    """The offset after the ID3v2 tags at the beginning; 0 when there is no well-formed tag."""
    at = 0
    for _ in range(8):
        header = read(at, 14)
        if len(header) < 10 or header[:3] != b"ID3" or header[3] not in (2, 3, 4) or max(header[6:10]) > 127:
            break
        if not header[5] & 0x40 and not re.fullmatch(rb"[A-Z0-9]{3,4}.?|\0*|.{0,3}", header[10:14], re.DOTALL):
            break
        length = sum(byte << 7 * (3 - place) for place, byte in enumerate(header[6:10]))
        at += 10 + length + (10 if header[5] & 0x10 else 0)
    return min(at, size)
