"""Finds out whether a file breaks off: whether its own structure announces more bytes than there are.

A transfer that was stopped, a full disk or a recorder that was killed leaves such files. Only lengths and ends are
looked at, nothing is decoded, and what is no proof of a missing part counts as whole.
"""

from collections.abc import Callable
from typing import Literal

from . import amr, headers
from .wire import Original

TAIL = 64 << 10  # bytes in which the mark at a file's end is searched
MOST_CHUNKS = 20_000  # chunks, boxes or pages that are followed
OPEN = {0, 0xFFFFFFFF}  # sizes that a recorder writes before it knows
Check = Callable[[Original, int], bool]


def breaks_off(file: Original, size: int, media_type: str) -> bool:
    """Whether the file of `size` bytes ends before its own structure does. False for kinds that have none."""
    check = CHECKS.get(media_type, _never)
    return bool(size) and check(file, size)


def _never(_file: Original, _size: int) -> bool:
    return False


def _at(file: Original, place: int, length: int) -> bytes:
    file.seek(place)
    return file.read(length)


def _tail(file: Original, size: int) -> bytes:
    return _at(file, max(0, size - TAIL), TAIL)


def _amr(file: Original, _size: int) -> bool:
    counted = amr.count(file)
    return counted.rest > 0 and not counted.invalid


def _silk(file: Original, size: int) -> bool:
    """Whether a block is shorter than it says. Some recorders write no mark at the end, so none is asked for."""
    at = 10 if _at(file, 0, 1) == b"\x02" else 9
    while len(head := _at(file, at, 2)) == 2:
        length = int.from_bytes(head, "little", signed=True)
        if length < 0:
            return False
        at += 2 + length
    return at > size or len(head) == 1


def _chunks(order: Literal["little", "big"], sound: bytes) -> Check:
    """For WAV and AIFF: whether the chunk with the sound is longer than what is left of the file."""

    def check(file: Original, size: int) -> bool:
        at = 12
        for _ in range(MOST_CHUNKS):
            head = _at(file, at, 8)
            length = int.from_bytes(head[4:], order)
            if len(head) < 8 or head[:4] == sound:
                return len(head) == 8 and length not in OPEN and at + 8 + length > size
            at += 8 + length + length % 2
        return False

    return check


def _riff(file: Original, size: int) -> bool:
    length = int.from_bytes(_at(file, 4, 4), "little")
    return length not in OPEN and 8 + length > size + 1


def _boxes(file: Original, size: int) -> bool:
    """For the MP4 family: whether a box reaches beyond the end, or the index is not there."""
    at, has_index = 0, False
    for _ in range(MOST_CHUNKS):
        head = _at(file, at, 16)
        length, name = int.from_bytes(head[:4], "big"), head[4:8]
        has_index = has_index or name in (b"moov", b"meta")
        if length == 0 or len(head) < 8:  # the last box, or a rest that is none
            return not has_index
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8 or at + length > size:
            return length >= 8
        at += length
    return False


def _ogg(file: Original, size: int) -> bool:
    """Whether the last page is shorter than its table of segments says (RFC 3533, 6)."""
    tail = _tail(file, size)
    at = tail.rfind(b"OggS")
    if at < 0 or len(tail) < at + 27:
        return at >= 0
    segments = tail[at + 27 : at + 27 + tail[at + 26]]
    return at + 27 + tail[at + 26] + sum(segments) > len(tail)


def _matroska(file: Original, size: int) -> bool:
    """Whether the segment, which holds everything, is longer than the file (RFC 9559)."""
    head = _at(file, 0, 4096)
    at = head.find(b"\x18\x53\x80\x67")
    if at < 0 or at + 12 > len(head) or not head[at + 4]:
        return at >= 0 and at + 12 > size
    width = 9 - head[at + 4].bit_length()
    length = int.from_bytes(head[at + 4 : at + 4 + width], "big") & ((1 << 7 * width) - 1)
    return length != (1 << 7 * width) - 1 and at + 4 + width + length > size


def _pdf(file: Original, size: int) -> bool:
    return b"%%EOF" not in _tail(file, size)


def _zip(file: Original, size: int) -> bool:
    """Whether the ZIP lacks the end of its directory (APPNOTE 4.3.16)."""
    return _at(file, 0, 4) == b"PK\x03\x04" and b"PK\x05\x06" not in _tail(file, size)


def _png(file: Original, size: int) -> bool:
    at = 8
    for _ in range(MOST_CHUNKS):
        head = _at(file, at, 8)
        at += 12 + int.from_bytes(head[:4], "big")
        if len(head) < 8 or at > size:
            return True
        if head[4:] == b"IEND":
            return False
    return False


def _gif(file: Original, size: int) -> bool:
    return b"\x3b" not in _tail(file, size)[-64:]


def _bmp(file: Original, size: int) -> bool:
    return int.from_bytes(_at(file, 2, 4), "little") > size


def _asf(file: Original, size: int) -> bool:
    """Whether the file is shorter than its properties say, unless they were never written (ASF 3.2)."""
    head = _at(file, 0, 64 << 10)
    at = head.find(bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365"))
    properties = head[at : at + 104] if at >= 0 else b""
    is_open = len(properties) < 92 or properties[88] & 1
    return not is_open and int.from_bytes(properties[40:48], "little") > size


def _au(file: Original, size: int) -> bool:
    head = _at(file, 0, 12)
    start, length = int.from_bytes(head[4:8], "big"), int.from_bytes(head[8:12], "big")
    return length not in OPEN and start + length > size


def _caf(file: Original, size: int) -> bool:
    at = 8
    for _ in range(MOST_CHUNKS):
        head = _at(file, at, 12)
        length = int.from_bytes(head[4:], "big", signed=True)
        if len(head) < 12 or head[:4] == b"data":
            return len(head) == 12 and at + 12 + length > size
        at += 12 + max(length, 0)
    return False


def _flv(file: Original, size: int) -> bool:
    """Whether the last tag is not followed by its own length (Adobe FLV 10.1, E.3)."""
    length = int.from_bytes(_at(file, size - 4, 4), "big")
    tag = _at(file, size - 4 - length, 4) if 11 <= length <= size - 17 else b""
    return len(tag) < 4 or int.from_bytes(tag[1:], "big") + 11 != length


def _transport(file: Original, size: int) -> bool:
    """Whether the last packet is not whole."""
    head = _at(file, 0, 1000)
    is_long = head[:1] != b"\x47" or any(head[at : at + 1] != b"\x47" for at in (188, 376))
    length = 192 if is_long and head[4:5] == b"\x47" else 204 if is_long else 188
    return size % length > 0


OFFICE = "application/vnd.openxmlformats-officedocument"
MP4 = ("audio/mp4", "video/mp4", "video/quicktime", "audio/3gpp", "video/3gpp", "audio/3gpp2", "video/3gpp2")
CHECKS: dict[str, Check] = {
    **dict.fromkeys(("audio/amr", "audio/amr-wb"), _amr),
    "audio/silk": _silk,
    "audio/wav": _chunks("little", b"data"),
    "audio/aiff": _chunks("big", b"SSND"),
    **dict.fromkeys(("audio/mpeg", "audio/aac"), headers.last_frame_is_cut),
    **dict.fromkeys(("audio/ogg", "video/ogg"), _ogg),
    **dict.fromkeys(("audio/webm", "video/webm", "audio/x-matroska", "video/x-matroska"), _matroska),
    **dict.fromkeys((*MP4, "image/heic", "image/heif", "image/avif"), _boxes),
    **dict.fromkeys(("image/webp", "video/x-msvideo"), _riff),
    **dict.fromkeys(("audio/x-ms-wma", "video/x-ms-wmv"), _asf),
    **dict.fromkeys((f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"), _zip),
    "application/ofd": _zip,
    "application/pdf": _pdf,
    "image/png": _png,
    "audio/basic": _au,
    "audio/x-caf": _caf,
    "video/x-flv": _flv,
    "video/mp2t": _transport,
    "image/gif": _gif,
    "image/bmp": _bmp,
}
