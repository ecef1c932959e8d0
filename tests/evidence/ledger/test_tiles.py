"""Tiles: whatever a monitor computes from them is what the ledger signed."""

import random
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evidence import ledger
from evidence.ledger import checkpoints, merkle, tiles
from evidence.models import Checkpoint, LedgerEntry, LedgerNode
from tests.support.tile_client import Monitor, path

from .test_checkpoints import restore_a_backup
from .test_entries import append, event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def sign(size: int) -> None:
    """As if the ledger had been signed at this size: tiles ask for no more than the size."""
    Checkpoint.objects.create(size=size, root=bytes(32), note="", signed_at=timezone.now())


FEW = {*range(1, 20), *range(250, 262), *range(508, 518), 600}


@pytest.mark.parametrize(
    "sizes", [FEW, pytest.param(set(range(1, 601)), marks=pytest.mark.long)], ids=["few", "all"]
)
def test_from_the_tiles_of_every_size_follow_its_root_and_its_proofs(sizes: set[int]) -> None:
    append(*(event(n=n) for n in range(600)))
    leaves = [bytes(one) for one in LedgerEntry.objects.order_by("index").values_list("leaf_hash", flat=True)]
    peaks: list[bytes] = []
    roots = [merkle.fold(peaks)]
    chosen = random.Random(4)
    for size, leaf in enumerate(leaves, 1):
        list(merkle.grow(peaks, size - 1, leaf))
        roots.append(merkle.fold(peaks))
        if size not in sizes:
            continue
        sign(size)
        monitor = Monitor(size, tiles.content)
        assert monitor.root() == roots[size]
        index, old = chosen.randrange(size), chosen.randrange(1, size + 1)
        assert merkle.root_from_inclusion(index, size, leaves[index], monitor.inclusion(index)) == roots[size]
        assert merkle.check_consistency(old, size, roots[old], roots[size], monitor.consistency(old))
    assert list(Monitor(600, tiles.content).addresses()) == ["0/000", "0/001", "0/002.p/88", "1/000.p/2"]


def test_an_empty_ledger_has_no_tiles() -> None:
    checkpoints.current()
    assert tiles.content("0/000.p/1") is None
    assert list(Monitor(0, tiles.content).addresses()) == []


@pytest.mark.parametrize(
    ("size", "there", "beyond"),
    [
        (70_000, ["2/000.p/1", "1/001.p/17", "1/000"], ["2/000.p/2", "1/001.p/18", "1/001", "3/000.p/1"]),
        (256, ["1/000.p/1", "0/000"], ["1/000.p/2", "0/001.p/1", "2/000.p/1"]),
        (256**2, ["1/000", "2/000.p/1", "1/000.p/255"], ["1/001.p/1", "2/000.p/2"]),
        (256**2 * 1_234_068, ["1/x001/x234/067"], ["1/x001/x234/068.p/1"]),
    ],
)
def test_a_large_tree_has_the_tiles_of_its_size_and_none_beyond(
    size: int, there: list[str], beyond: list[str]
) -> None:
    """The numbers of 70,000 and 256 are those of the specification."""
    sign(size)
    nodes = {
        (8 * level, number * 256 + at)
        for level, number in ((1, 0), (1, 1), (2, 0), (1, 1_234_067))
        for at in range(256)
    }
    LedgerNode.objects.bulk_create(
        LedgerNode(level=level, position=place, hash=place.to_bytes(32, "big")) for level, place in nodes
    )
    for address in [one for one in there if not one.startswith("0/")]:
        found = tiles.content(address)
        assert found is not None, address
        number = int("".join(digit for digit in address.split("/", 1)[1].partition(".")[0] if digit.isdigit()))
        assert found[:32] == (number * 256).to_bytes(32, "big")
        assert len(found) == 32 * int(address.partition(".p/")[2] or 256)
    assert [one for one in beyond if tiles.content(one) is not None] == []


def test_a_tile_with_rows_missing_is_not_served() -> None:
    sign(70_000)
    assert tiles.content("0/000") is None
    assert tiles.content("1/001.p/17") is None


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "0",
            "0/",
            "0/0",
            "0/00",
            "0/0000",
            "0/1000",
            "00/000",
            "01/000",
            "64/000",
            "-1/000",
            "+0/000",
            "a/000",
        ),
        *("0/x000/000", "0/x000/001", "0/x001", "0/001/000", "0/x001/x000", "0/x01/000", "0//000", "/0/000"),
        *("0/000.p/0", "0/000.p/256", "0/000.p/01", "0/000.p/001", "0/000.p/", "0/000.p/-1", "0/000.p/1.p/1"),
        *("0/000/", "0/000 ", " 0/000", "0/000\n", "0/٠٠٠", "0/000.P/1", "0/000.p1", "entries/000", "0/../0/000"),
        *("0/x999/x999/x999/x999/x999/x999/999", "63/x999/x999/x999/x999/x999/999", "0/000?x"),
    ],
)
def test_an_address_in_another_spelling_has_no_tile(address: str) -> None:
    append(*(event(n=n) for n in range(257)))
    checkpoints.current()
    assert tiles.content("0/000") is not None
    assert tiles.content(address) is None


@pytest.mark.parametrize("number", [0, 9, 999, 1000, 1234067, 10**9, 10**9 - 1])
def test_a_tile_spells_its_number_as_the_specification_does(number: int) -> None:
    assert tiles.Tile(0, number, 256).address == f"0/{path(number)}"
    assert tiles._parsed(f"5/{path(number)}.p/7") == tiles.Tile(5, number, 7)


# -- the files of full tiles


def test_a_full_tile_is_read_from_the_database_once(django_assert_num_queries: Any) -> None:
    append(*(event(n=n) for n in range(256)))
    checkpoints.current()
    with django_assert_num_queries(2):
        first = tiles.content("0/000")
    with django_assert_num_queries(0):
        assert tiles.content("0/000") == first
    with django_assert_num_queries(2):
        assert tiles.content("0/000.p/255") == (first or b"")[: 255 * 32]


def test_a_tile_is_kept_by_its_address_and_nothing_else_is(settings: Any) -> None:
    append(*(event(n=n) for n in range(256)))
    checkpoints.current()
    for address in ("0/000", "1/000.p/1", "0/000.p/9", "9/999", "../checkpoint"):
        tiles.content(address)
    kept = [one for one in (settings.DATA_DIR / "tiles").rglob("*") if one.is_file()]
    assert [str(one.relative_to(settings.DATA_DIR)) for one in kept] == ["tiles/0/000"]


def test_a_file_that_was_cut_off_is_written_anew(settings: Any) -> None:
    append(*(event(n=n) for n in range(256)))
    checkpoints.current()
    whole, kept = tiles.content("0/000"), settings.DATA_DIR / "tiles/0/000"
    for broken in (b"", (whole or b"")[:-1]):
        kept.write_bytes(broken)
        assert tiles.content("0/000") == whole == kept.read_bytes()


def test_without_a_folder_to_write_in_tiles_are_served_all_the_same(settings: Any) -> None:
    append(*(event(n=n) for n in range(256)))
    checkpoints.current()
    (settings.DATA_DIR / "tiles").write_text("in the way")
    assert len(tiles.content("0/000") or b"") == 8192


def test_a_ledger_that_grows_anew_from_a_backup_has_tiles_of_its_own(
    transactional_db: None, settings: Any
) -> None:
    append(*(event(n=n) for n in range(256)))
    checkpoints.current()
    lost = tiles.content("0/000")
    restore_a_backup(entries=200)
    assert tiles.content("0/000") == lost  # what was signed and shown stays, until a person decides
    checkpoints.accept("restored-backup", by=ledger.SYSTEM)
    assert tiles.content("0/000") is None
    assert not (settings.DATA_DIR / "tiles").exists()
    append(*(event(n=n) for n in range(100)))
    signed = checkpoints.current()
    assert tiles.content("0/000") not in (None, lost)
    assert Monitor(signed.size, tiles.content).root() == bytes(signed.root)
