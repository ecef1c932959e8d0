"""A monitor that knows only a ledger's tiles: it computes roots and proofs by the rules of C2SP tlog-tiles."""

from collections.abc import Callable, Iterator

from evidence import holdfast_verify as verifier
from evidence.ledger import merkle

WIDTH = 256


def path(number: int) -> str:
    """A tile's index as path elements of three digits: 1234067 is x001/x234/067."""
    elements = [f"{number % 1000:03}"]
    while number := number // 1000:
        elements.insert(0, f"x{number % 1000:03}")
    return "/".join(elements)


class Monitor:
    """The tree of `size` leaves, from `fetch`, which returns what is at an address below `tile/`, or None."""

    def __init__(self, size: int, fetch: Callable[[str], bytes | None]) -> None:
        self.size, self.fetch = size, fetch
        self.tiles: dict[str, bytes | None] = {}

    def addresses(self) -> Iterator[str]:
        """Every tile that a tree of this size has."""
        for level in range(64):
            hashes = self.size // WIDTH**level
            yield from (f"{level}/{path(number)}" for number in range(hashes // WIDTH))
            if hashes % WIDTH:
                yield f"{level}/{path(hashes // WIDTH)}.p/{hashes % WIDTH}"

    def hash_at(self, place: merkle.Place) -> bytes:
        """The hash of a complete subtree: one of a tile's, or computed from neighbours in one tile."""
        height, position = place
        level, above = divmod(height, 8)
        first = position << above
        hashes = self._tile(level, first // WIDTH)
        row = [hashes[32 * at : 32 * at + 32] for at in range(len(hashes) // 32)]
        row = row[first % WIDTH :][: 1 << above]
        assert len(row) == 1 << above
        while len(row) > 1:
            row = [verifier.node_hash(*row[at : at + 2]) for at in range(0, len(row), 2)]
        return row[0]

    def _tile(self, level: int, number: int) -> bytes:
        width = min(WIDTH, self.size // WIDTH**level - number * WIDTH)
        address = f"{level}/{path(number)}" + ("" if width == WIDTH else f".p/{width}")
        if address not in self.tiles:
            self.tiles[address] = self.fetch(address)
        found = self.tiles[address]
        assert found is not None, address
        assert len(found) == 32 * width
        return found

    def root(self) -> bytes:
        return merkle.fold(self.hash_at(place) for place in merkle.places((0, self.size)))

    def inclusion(self, index: int) -> list[bytes]:
        return merkle.proof(merkle.inclusion_ranges(index, self.size), self.hash_at)

    def consistency(self, old: int) -> list[bytes]:
        return merkle.proof(merkle.consistency_ranges(old, self.size), self.hash_at)
