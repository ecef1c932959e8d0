"""A BagIt 1.0 bag (RFC 8493) as a stream: members, manifests, ZIP. Nothing but small files is held in memory."""

import hashlib
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from stream_zip import NO_COMPRESSION_32, NO_COMPRESSION_64, Method, stream_zip

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
MODE = stat.S_IFREG | 0o644
ZIP32_LIMIT = (1 << 32) - (1 << 24)  # of offset and size, with room for headers
CHUNK = 256 * 1024


@dataclass(frozen=True)
class Member:
    """One file of the bag, whose size and digests are known before its bytes are read."""

    name: str
    size: int
    sha256: str
    crc32: int
    blocks: Callable[[], Iterable[bytes]]


def small(name: str, content: bytes) -> Member:
    """A member that is held in memory."""
    return Member(
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        crc32=zlib.crc32(content),
        blocks=lambda: [content],
    )


def manifest(members: Iterable[Member]) -> bytes:
    """Lines of digest and name, as sha256sum prints and reads them."""
    return "".join(f"{member.sha256}  {member.name}\n" for member in members).encode()


def info(payload: Sequence[Member], made_at: datetime, fields: dict[str, str]) -> bytes:
    """bag-info.txt, with the number of bytes and files of the payload."""
    told = {
        **fields,
        "Bagging-Date": f"{made_at:%Y-%m-%d}",
        "Payload-Oxum": f"{sum(member.size for member in payload)}.{len(payload)}",
    }
    return "".join(f"{name}: {value}\n" for name, value in told.items()).encode()


def tagged(payload: Sequence[Member], tags: Sequence[Member], bag_info: bytes) -> list[Member]:
    """All members but the ones that sign the tag manifest; the tag manifest comes last."""
    listed = [
        small("bagit.txt", BAGIT),
        small("bag-info.txt", bag_info),
        small("manifest-sha256.txt", manifest(payload)),
        *tags,
    ]
    return [*payload, *listed, small("tagmanifest-sha256.txt", manifest(listed))]


def zipped(folder: str, members: Sequence[Member], made_at: datetime) -> Iterator[bytes]:
    """The ZIP in chunks, stored; a member whose bytes are not the announced ones breaks the stream off."""
    yield from stream_zip(_entries(folder, members, made_at), chunk_size=CHUNK)


def _entries(
    folder: str, members: Sequence[Member], made_at: datetime
) -> Iterator[tuple[str, datetime, int, Method, Iterable[bytes]]]:
    offset = 0
    for member in members:
        offset += member.size + 1024
        stored = NO_COMPRESSION_64 if offset > ZIP32_LIMIT else NO_COMPRESSION_32
        name = f"{folder}/{member.name}"
        yield name, made_at, MODE, stored(member.size, member.crc32), member.blocks()
