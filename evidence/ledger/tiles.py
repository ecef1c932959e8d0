"""The tree in tiles of 256 hashes, as monitors of transparency logs fetch it (C2SP tlog-tiles).

Only the signed tree is served. A full tile never changes: once read, it is kept in a file of the data folder, and
the database is not asked again. These files are removed together with the remembered checkpoint, when a person
accepts a restored ledger.
"""

import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max

from evidence.models import Checkpoint, LedgerEntry, LedgerNode

HEIGHT = 8  # levels of the tree in one tile
WIDTH = 1 << HEIGHT  # hashes in a full tile
HASH = 32  # bytes
ADDRESS = re.compile(r"([0-9]{1,2})/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


class Tile(NamedTuple):
    """`width` hashes of the tree's level `level * HEIGHT`, from place `number * WIDTH` on."""

    level: int
    number: int
    width: int

    @property
    def address(self) -> str:
        """The only spelling: `0/x001/234` or, for a tile that is not full, `0/x001/234.p/7`."""
        groups = f"{self.number:,}".split(",")
        path = "/".join([*(f"x{group:0>3}" for group in groups[:-1]), f"{groups[-1]:0>3}"])
        return f"{self.level}/{path}" + ("" if self.is_full else f".p/{self.width}")

    @property
    def is_full(self) -> bool:
        return self.width == WIDTH

    @property
    def first(self) -> int:
        return self.number * WIDTH

    @property
    def end(self) -> int:
        return self.first + self.width


def content(address: str) -> bytes | None:
    """The hashes of the tile at an address such as `0/x001/234`; None where the signed tree has no such tile."""
    tile = _parsed(address)
    if tile is None:
        return None
    return (_kept(tile) if tile.is_full else None) or _from_the_database(tile)


def _parsed(address: str) -> Tile | None:
    found = ADDRESS.fullmatch(address)
    if found is None:
        return None
    level, path, width = found.groups()
    tile = Tile(int(level), int(re.sub("[x/]", "", path)), int(width or WIDTH))
    is_canonical = tile.address == address and tile.level < 64 and 0 < tile.width <= WIDTH
    return tile if is_canonical else None


def _from_the_database(tile: Tile) -> bytes | None:
    signed = Checkpoint.objects.aggregate(size=Max("size"))["size"] or 0
    if tile.end > signed >> HEIGHT * tile.level:
        return None
    hashes = b"".join(_hashes(tile))
    if len(hashes) != HASH * tile.width:
        return None  # rows are missing: check_ledger says so
    if tile.is_full:
        _keep(tile, hashes)
    return hashes


def _hashes(tile: Tile) -> list[bytes]:
    if tile.level == 0:
        leaves = LedgerEntry.objects.filter(index__gte=tile.first, index__lt=tile.end).order_by("index")
        return [bytes(one) for one in leaves.values_list("leaf_hash", flat=True)]
    nodes = LedgerNode.objects.filter(level=HEIGHT * tile.level, position__gte=tile.first, position__lt=tile.end)
    return [bytes(one) for one in nodes.order_by("position").values_list("hash", flat=True)]


def _folder() -> Path:
    path: Path = settings.DATA_DIR / "tiles"
    return path


def _kept(tile: Tile) -> bytes | None:
    """The file of a full tile. One that a power cut left incomplete does not count."""
    with suppress(OSError):
        found = (_folder() / tile.address).read_bytes()
        return found if len(found) == HASH * WIDTH else None
    return None


def _keep(tile: Tile, hashes: bytes) -> None:
    """Write the file of a full tile, completely or not at all. A full disk only makes the next request slower."""
    path = _folder() / tile.address
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as fresh:
            fresh.write(hashes)
        Path(fresh.name).replace(path)


def forget() -> None:
    """Remove the files, because the ledger is not the one that they were read from."""
    shutil.rmtree(_folder(), ignore_errors=True)
