"""Lays out a BagIt 1.0 bag (RFC 8493) as an uncompressed ZIP, any part of which can be read.

Size, CRC-32 and SHA-256 of each member are known before its bytes are read. So the ZIP needs no data descriptors,
is the same every time, and a download can be continued from any byte.
"""

import bisect
import hashlib
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
Blocks = Callable[[int, int], Iterable[bytes]]  # gives the bytes from the first offset up to the second


class Torn(Exception):
    """A member's bytes are not those that were announced. What was sent so far is no valid archive."""


@dataclass(frozen=True)
class Member:
    """One file of the bag. Its size and digests are known before its bytes are read."""

    name: str
    size: int
    sha256: str
    crc32: int
    blocks: Blocks


def small(name: str, content: bytes) -> Member:
    """A member whose content is in memory."""
    return Member(
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        crc32=zlib.crc32(content),
        blocks=lambda start, end: [content[start:end]],
    )


def manifest(members: Iterable[Member]) -> bytes:
    """A manifest: lines of digest and name, as sha256sum prints and reads them."""
    return "".join(f"{member.sha256}  {member.name}\n" for member in members).encode()


def info(payload: Sequence[Member], made_at: datetime, fields: dict[str, str]) -> bytes:
    """bag-info.txt with the given fields and the number of bytes and files of the payload."""
    fields = {
        **fields,
        "Bagging-Date": f"{made_at:%Y-%m-%d}",
        "Payload-Oxum": f"{sum(member.size for member in payload)}.{len(payload)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()).encode()


def tagged(payload: Sequence[Member], tags: Sequence[Member], bag_info: bytes) -> list[Member]:
    """Payload, manifests and other tag files. The tag manifest comes last; files that sign it are not included."""
    listed = [
        small("bagit.txt", BAGIT),
        small("bag-info.txt", bag_info),
        small("manifest-sha256.txt", manifest(payload)),
        *tags,
    ]
    return [*payload, *listed, small("tagmanifest-sha256.txt", manifest(listed))]


# -- the ZIP (numbers in brackets are sections of PKWARE's APPNOTE 6.3)

LOCAL, CENTRAL, END = 0x04034B50, 0x02014B50, 0x06054B50
END64, LOCATOR64, EXTRA64 = 0x06064B50, 0x07064B50, 0x0001
NEEDS, NEEDS64 = 20, 45  # versions of the format
UNIX = 3 << 8  # the system whose file modes the index has
MODE = 0o100644 << 16
MOST16, MOST32 = (1 << 16) - 1, (1 << 32) - 1


class Archive:
    """The members as one ZIP of known size."""

    def __init__(self, folder: str, members: Sequence[Member], made_at: datetime) -> None:
        self.folder, self.members, self.made_at = folder, members, made_at
        self._date = _dos(made_at)
        self._heads: list[bytes] = []
        self._offsets: list[int] = []  # where each local header begins
        at = 0
        for member in members:
            head = self._local(member)
            self._heads.append(head)
            self._offsets.append(at)
            at += len(head) + member.size
        self._index_at, self._index = at, self._central(at)
        self.size = at + len(self._index)

    def read(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` up to `end`. Raises Torn, and the errors of reading a member."""
        end = self.size if end is None else min(end, self.size)
        for place in range(max(bisect.bisect_right(self._offsets, start) - 1, 0), len(self.members)):
            if self._offsets[place] >= end:
                return
            yield from _part(self._heads[place], start - self._offsets[place], end - self._offsets[place])
            base = self._offsets[place] + len(self._heads[place])
            yield from _announced(self.members[place], max(start - base, 0), end - base)
        yield from _part(self._index, start - self._index_at, end - self._index_at)

    def _name(self, member: Member) -> bytes:
        return f"{self.folder}/{member.name}".encode("ascii")

    def _local(self, member: Member) -> bytes:
        """The local header (4.3.7) with size and CRC. For ZIP64, the sizes are in the extra field (4.5.3)."""
        name, big = self._name(member), member.size >= MOST32
        extra = struct.pack("<HHQQ", EXTRA64, 16, member.size, member.size) if big else b""
        size = MOST32 if big else member.size
        head = (LOCAL, NEEDS64 if big else NEEDS, 0, 0, *self._date, member.crc32, size, size)
        return struct.pack("<IHHHHHIIIHH", *head, len(name), len(extra)) + name + extra

    def _central(self, at: int) -> bytes:
        """The index (4.3.12) and the records that end the archive. Those of ZIP64 are added only if needed."""
        index = b"".join(map(self._indexed, self.members, self._offsets))
        count, size = len(self.members), len(index)
        parts = [index]
        if count >= MOST16 or at >= MOST32:
            end = (END64, 44, UNIX | NEEDS64, NEEDS64, 0, 0, count, count, size, at)
            parts.append(struct.pack("<IQHHIIQQQQ", *end))  # 4.3.14
            parts.append(struct.pack("<IIQI", LOCATOR64, 0, at + size, 1))  # 4.3.15
        few = min(count, MOST16)
        parts.append(struct.pack("<IHHHHIIH", END, 0, 0, few, few, size, min(at, MOST32), 0))  # 4.3.16
        return b"".join(parts)

    def _indexed(self, member: Member, offset: int) -> bytes:
        name = self._name(member)
        size, at = min(member.size, MOST32), min(offset, MOST32)
        wide = [member.size] * 2 * (size == MOST32) + [offset] * (at == MOST32)
        extra = struct.pack(f"<HH{len(wide)}Q", EXTRA64, 8 * len(wide), *wide) if wide else b""
        version = NEEDS64 if wide else NEEDS
        head = (CENTRAL, UNIX | version, version, 0, 0, *self._date, member.crc32, size, size)
        rest = (len(name), len(extra), 0, 0, 0, MODE, at)
        return struct.pack("<IHHHHHHIIIHHHHHII", *head, *rest) + name + extra


def _part(content: bytes, start: int, end: int) -> Iterator[bytes]:
    if found := content[max(start, 0) : max(end, 0)]:
        yield found


def _announced(member: Member, start: int, end: int) -> Iterator[bytes]:
    end = min(end, member.size)
    if start >= end:
        return
    left = end - start
    for block in member.blocks(start, end):
        left -= len(block)
        if left < 0:
            break
        yield block
    if left:
        raise Torn(f"{member.name} gave other bytes than it announced")


def _dos(moment: datetime) -> tuple[int, int]:
    """Time and date as ZIP writes them (4.4.6): local time without its zone, in steps of two seconds."""
    time = moment.hour << 11 | moment.minute << 5 | moment.second // 2
    return time, max(moment.year - 1980, 0) << 9 | moment.month << 5 | moment.day
