"""Proves that the visible words of a masked document are those that were filed.

`holdfast_verify` computes and checks the root over a document's parts, because it must work without any other
file. Only making a proof needs the whole document; that is done here.
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
    """The proof for these pieces of the document, in hex, from left to right: the seed of each largest subtree of
    which everything is visible, and the hash of each of which everything is hidden."""
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
