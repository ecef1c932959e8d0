"""What proves that the words left in a masked document are those that were filed.

Committing and checking live in `holdfast_verify`, which stands alone; proving needs the whole document.
"""

from collections.abc import Iterator
from typing import Any

from evidence.holdfast_verify import (
    largest_power_below,
    parts_root,
    read_pieces,
    seeds_below,
    subtree,
    text_and_seed,
    tokens_of,
)

__all__ = ["parts_root", "proof"]


def proof(document: dict[str, Any], pieces: list[Any]) -> list[str]:
    """For whoever gets these pieces of the document, from left to right: the seed of each largest subtree that is
    shown whole, the hash of each that is hidden whole."""
    text, seed = text_and_seed(document)
    tokens = tokens_of(text)
    _, _, hidden = read_pieces(pieces)

    def met(seed: bytes, start: int, end: int) -> Iterator[bytes]:
        if hidden.find(1, start, end) < 0:
            yield seed
        elif hidden.find(0, start, end) < 0:
            yield subtree(seed, tokens[start:end])
        else:
            middle, (left, right) = start + largest_power_below(end - start), seeds_below(seed)
            yield from met(left, start, middle)
            yield from met(right, middle, end)

    return [one.hex() for one in met(seed, 0, len(tokens))]
