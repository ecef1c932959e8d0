"""Counts the frames of an AMR file (RFC 4867, 5.3): how long a copy must be."""

import re
from dataclasses import dataclass
from typing import Any

# Bytes of a frame by its type, including the type byte. Comfort noise and "no data" are frames, too.
NARROW = (13, 14, 16, 18, 20, 21, 27, 32, 6, 7, 6, 6, 1, 1, 1, 1)  # 3GPP TS 26.101
WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 1, 1, 1, 1, 1, 1)  # 3GPP TS 26.201
BEGINNINGS = {b"#!AMR\n": NARROW, b"#!AMR-WB\n": WIDE}
SECONDS = 0.02  # of a frame


NO_DATA = re.compile(rb"[\x78-\x7f]+")  # frames of type 15, each of a single byte
SPEECH_LOST = 14  # of the wide band: a frame without sound


@dataclass
class Count:
    """The complete frames of a file: all, those without any sound, and those that no encoder writes."""

    frames: int = 0
    empty: int = 0
    invalid: int = 0
    rest: int = 0  # bytes of a frame that is not complete


def frames(file: Any) -> int:
    """The number of complete frames. The file is read from its beginning, and rewound."""
    return count(file).frames


def count(file: Any) -> Count:
    """The complete frames, without decoding them. The file is read from its beginning, and rewound."""
    file.seek(0)
    data, sizes = file.read(16), NARROW
    for beginning, table in BEGINNINGS.items():
        if data.startswith(beginning):
            data, sizes = data[len(beginning) :], table
    found = Count()
    while True:
        at = _count_in(data, sizes, found)
        if not (block := file.read(1 << 18)):
            found.rest = len(data) - at
            break
        data = data[at:] + block
    file.seek(0)
    return found


def _count_in(data: bytes, sizes: tuple[int, ...], found: Count) -> int:
    """Add the frames to `found`. Returns where the first incomplete one begins."""
    at, is_wide = 0, sizes is WIDE
    reserved = range(10, 14) if is_wide else range(12, 15)
    while at < len(data):
        if run := NO_DATA.match(data, at):
            found.frames += run.end() - at
            found.empty += run.end() - at
            at = run.end()
            continue
        head = data[at]
        kind = head >> 3 & 15
        if at + sizes[kind] > len(data):
            break
        at += sizes[kind]
        found.frames += 1
        found.empty += is_wide and kind == SPEECH_LOST
        found.invalid += kind in reserved or head >= 0x80  # the first bit is 0
    return at
