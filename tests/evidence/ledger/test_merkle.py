"""The tree against the published vectors of RFC 6962 and against a naive one, every proof to 130 leaves."""

import hashlib
from collections.abc import Callable

import pytest

from evidence.ledger import merkle
from evidence.ledger.merkle import check_consistency, leaf_hash, node_hash, root_from_inclusion

# The test leaves and roots that implementations of RFC 6962 share.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def naive_root(hashes: list[bytes]) -> bytes:
    if len(hashes) <= 1:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    middle = 1
    while middle * 2 < len(hashes):
        middle *= 2
    return node_hash(naive_root(hashes[:middle]), naive_root(hashes[middle:]))


def grown(leaves: list[bytes]) -> tuple[list[bytes], Callable[[merkle.Place], bytes]]:
    peaks: list[bytes] = []
    stored: dict[merkle.Place, bytes] = {}
    for index, leaf in enumerate(leaves):
        stored[0, index] = leaf
        stored.update(merkle.grow(peaks, index, leaf))
    return peaks, stored.__getitem__


def numbered(count: int) -> list[bytes]:
    return [leaf_hash(str(n).encode()) for n in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_published_vectors(size: int) -> None:
    peaks, _ = grown([leaf_hash(leaf) for leaf in LEAVES[:size]])
    assert merkle.fold(peaks).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.fold([]) == hashlib.sha256(b"").digest()


def test_a_published_inclusion_proof_comes_out_to_the_letter() -> None:
    _, hashes = grown([leaf_hash(leaf) for leaf in LEAVES])
    path = merkle.proof(merkle.inclusion_ranges(5, 8), hashes)
    assert [node.hex() for node in path] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_a_published_consistency_proof_comes_out_to_the_letter() -> None:
    _, hashes = grown([leaf_hash(leaf) for leaf in LEAVES])
    path = merkle.proof(merkle.consistency_ranges(6, 8), hashes)
    assert [node.hex() for node in path] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_every_inclusion_proof_up_to_130_leaves_leads_to_the_naive_root() -> None:
    leaves = numbered(130)
    _, hashes = grown(leaves)
    for size in range(1, 131):
        root = naive_root(leaves[:size])
        for index in range(size):
            path = merkle.proof(merkle.inclusion_ranges(index, size), hashes)
            assert root_from_inclusion(index, size, leaves[index], path) == root


def test_every_consistency_proof_up_to_130_leaves_holds_and_holds_for_no_other_root() -> None:
    leaves = numbered(130)
    _, hashes = grown(leaves)
    roots = [naive_root(leaves[:size]) for size in range(131)]
    for new in range(131):
        for old in range(new + 1):
            path = merkle.proof(merkle.consistency_ranges(old, new), hashes)
            assert check_consistency(old, new, roots[old], roots[new], path)
            assert old == 0 or not check_consistency(old, new, leaf_hash(b"another"), roots[new], path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_proof_is_made_for_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_ranges(index, size)


def test_no_proof_is_made_of_a_tree_that_shrinks() -> None:
    with pytest.raises(ValueError, match="cannot extend"):
        merkle.consistency_ranges(5, 4)
