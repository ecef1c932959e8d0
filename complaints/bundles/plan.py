"""A made bundle as it is kept until it is fetched: its small files in the vault, its originals by name.

The evidence is not stored a second time: no disk fills up, and what is disposed of leaves with no bundle any more.
Each original is bound to the stored bytes that were checked; others in their place end the reading.
"""

import json
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from evidence.storage import vault

from . import bag
from .making import Made, Stored

HEAD = struct.Struct("<Q")  # length of the list that begins a plan
MOST = 1 << 30  # bytes of a plan


@contextmanager
def written(made: Made, key: UUID) -> Iterator[vault.Incoming]:
    """The plan in staging, on disk and yet to be kept. Raises vault.Full."""
    with vault.Incoming(key, limit=MOST) as file:
        for part in _parts(made):
            file.write(part)
        file.finish()
        yield file


def _parts(made: Made) -> Iterator[bytes]:
    members, inline = made.archive.members, bytearray()
    listed = []
    for member in members:
        told = {"name": member.name, "size": member.size, "sha256": member.sha256, "crc32": member.crc32}
        if stored := _stored(member):
            listed.append({**told, "key": str(stored.key), "mark": stored.mark})
        else:
            listed.append({**told, "at": len(inline)})
            inline += b"".join(member.blocks(0, member.size))
    head = {"folder": made.archive.folder, "made_at": made.archive.made_at.isoformat(), "members": listed}
    body = json.dumps(head).encode()
    yield HEAD.pack(len(body)) + body
    yield bytes(inline)


def _stored(member: bag.Member) -> Stored | None:
    """Where the member's bytes lie in the vault, if they do."""
    return member.blocks if isinstance(member.blocks, Stored) else None


def opened(key: UUID) -> bag.Archive:
    """The archive of a kept plan. Raises what `vault.read` raises."""
    frames = vault.frames(key)
    (length,) = HEAD.unpack(frames.piece(0, HEAD.size))
    head = json.loads(frames.piece(HEAD.size, length))
    members = [_member(told, key, HEAD.size + length) for told in head["members"]]
    return bag.Archive(head["folder"], members, datetime.fromisoformat(head["made_at"]))


def _member(told: dict[str, str | int], key: UUID, base: int) -> bag.Member:
    if "key" in told:
        blocks: bag.Blocks = Stored(UUID(str(told["key"])), str(told["mark"]))
    else:
        at = base + int(told["at"])
        blocks = lambda start, end: vault.read(key, at + start, at + end)  # noqa: E731
    size, crc32 = int(told["size"]), int(told["crc32"])
    return bag.Member(str(told["name"]), size, str(told["sha256"]), crc32, blocks)


def check(archive: bag.Archive) -> None:
    """That all stored bytes can still be opened and are those that were checked, before the first one leaves.
    Raises what `vault.read` raises."""
    checked = {stored.key: stored.mark for member in archive.members if (stored := _stored(member))}
    if vault.marks(checked) != checked:
        raise vault.Altered("Another file was stored in the place of one that was checked.")
