"""The Merkle tree of RFC 9162 (section 2.1) as pure functions over stored subtree hashes.

The place `(level, position)` names a complete subtree: the 2**level leaves from leaf `position * 2**level` on.
This file builds trees and proofs; `holdfast_verify` checks them, because it must work without any other file.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from evidence.holdfast_verify import (
    check_consistency,
    largest_power_below,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)

__all__ = ["check_consistency", "leaf_hash", "node_hash", "root_from_inclusion"]

Place = tuple[int, int]
Range = tuple[int, int]  # leaves [start, end)

EMPTY_ROOT = hashlib.sha256(b"").digest()


def grow(peaks: list[bytes], size: int, leaf: bytes) -> Iterator[tuple[Place, bytes]]:
    """Add leaf number `size` to `peaks` in place. Yields each subtree of level 1 or more that it completes."""
    level, position, top = 0, size, leaf
    while position & 1:
        level, position = level + 1, position >> 1
        top = node_hash(peaks.pop(), top)
        yield (level, position), top
    peaks.append(top)


def fold(hashes: Iterable[bytes]) -> bytes:
    """The root over adjacent complete subtrees, the largest (leftmost) first."""
    stack = list(hashes)
    if not stack:
        return EMPTY_ROOT
    top = stack.pop()
    while stack:
        top = node_hash(stack.pop(), top)
    return top


def places(leaves: Range) -> list[Place]:
    """The complete subtrees that make up a range of leaves, the largest first."""
    start, end = leaves
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The ranges whose hashes prove leaf `index` in a tree of `size` leaves, from leaf to root (2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[Range] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + largest_power_below(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The ranges whose hashes prove that a tree of `new` leaves extends its first `old` leaves (2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"{new} leaves cannot extend {old}")
    if old in (0, new):
        return []
    path: list[Range] = []
    start, end = 0, new
    whole = True  # the old tree's part of this range is a complete subtree that begins at leaf 0
    while old != end:
        middle = start + largest_power_below(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start, whole = middle, False
    if not whole:
        path.append((start, end))
    return path[::-1]


def proof(ranges: Iterable[Range], hashes: Callable[[Place], bytes]) -> list[bytes]:
    """The hash of each range, computed from the stored hashes of its complete subtrees."""
    return [fold(hashes(place) for place in places(leaves)) for leaves in ranges]
