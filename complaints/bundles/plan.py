"""Stores a made bundle until it is fetched. Its small files are in the vault, its originals are referred to.

So no evidence is stored twice, and an original that is deleted can leave with no bundle. Each original is bound to
the bytes that were checked: reading stops if others are in their place. Beside the members a plan may have files
that are in no ZIP: the pages that show the bundle in the browser.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from evidence.storage import vault

from . import bag
from .making import Made, Stored

HEAD = struct.Struct("<Q")  # bytes of the list at the beginning of a plan
MOST = 1 << 30  # bytes of a plan at most


@contextmanager
def written(made: Made, key: UUID, beside: Mapping[str, bytes] | None = None) -> Iterator[vault.Incoming]:
    """The plan in staging, on disk, for the caller to keep. `beside` are the files that are in no ZIP, by name.

    Raises vault.Full.
    """
    with vault.Incoming(key, limit=MOST) as file:
        for part in _parts(made, beside or {}):
            file.write(part)
        file.finish()
        yield file


def _parts(made: Made, beside: Mapping[str, bytes]) -> Iterator[bytes]:
    members, inline = made.archive.members, bytearray()
    listed = []
    for member in members:
        fields = {"name": member.name, "size": member.size, "sha256": member.sha256, "crc32": member.crc32}
        if stored := _stored(member):
            listed.append({**fields, "key": str(stored.key), "mark": stored.mark})
        else:
            listed.append({**fields, "at": len(inline)})
            inline += b"".join(member.blocks(0, member.size))
    places = {}
    for name, content in beside.items():
        places[name] = (len(inline), len(content))
        inline += content
    archive = {"folder": made.archive.folder, "made_at": made.archive.made_at.isoformat(), "members": listed}
    head = {**archive, "beside": places}
    body = json.dumps(head).encode()
    yield HEAD.pack(len(body)) + body
    yield bytes(inline)


def _stored(member: bag.Member) -> Stored | None:
    """Where the member's bytes are in the vault; None for a small file."""
    return member.blocks if isinstance(member.blocks, Stored) else None


def opened(key: UUID) -> bag.Archive:
    """The archive of a stored plan. Raises the errors of `vault.read`."""
    head, base = _head(key)
    members = [_member(fields, key, base) for fields in head["members"]]
    return bag.Archive(head["folder"], members, datetime.fromisoformat(head["made_at"]))


def beside(key: UUID, name: str) -> bytes | None:
    """A file of the plan that is in no ZIP; None if there is none. Raises the errors of `vault.read`."""
    head, base = _head(key)
    found = head.get("beside", {}).get(name)  # plans of earlier versions have none
    return b"".join(vault.read(key, base + found[0], base + sum(found))) if found else None


def _head(key: UUID) -> tuple[dict[str, Any], int]:
    """The list at the beginning of a plan, and where the bytes of its small files begin."""
    frames = vault.frames(key)
    (length,) = HEAD.unpack(frames.piece(0, HEAD.size))
    return json.loads(frames.piece(HEAD.size, length)), HEAD.size + length


def _member(fields: dict[str, str | int], key: UUID, base: int) -> bag.Member:
    if "key" in fields:
        blocks: bag.Blocks = Stored(UUID(str(fields["key"])), str(fields["mark"]))
    else:
        at = base + int(fields["at"])
        blocks = lambda start, end: vault.read(key, at + start, at + end)  # noqa: E731
    size, crc32 = int(fields["size"]), int(fields["crc32"])
    return bag.Member(str(fields["name"]), size, str(fields["sha256"]), crc32, blocks)


def check(archive: bag.Archive) -> None:
    """Check that all stored bytes can be opened and are those that were checked.

    Raises the errors of `vault.read`.
    """
    checked = {stored.key: stored.mark for member in archive.members if (stored := _stored(member))}
    if vault.marks(checked) != checked:
        raise vault.Altered("Another file was stored in the place of one that was checked.")
