"""Which cosigned checkpoints a paper carries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, signing
from evidence.models import Checkpoint, Cosignature
from evidence.witnesses.cosignatures import notes_over
from tests.evidence.ledger.test_entries import append, event
from tests.support.witness_server import Witness, cosign

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIRST, SECOND = Witness("w.example/1"), Witness("w.example/2")


@pytest.fixture
def signed(tmp_path: Path, settings: Any) -> dict[int, Checkpoint]:
    """Ten entries, each under a checkpoint of its own."""
    settings.DATA_DIR = tmp_path
    found = {}
    for size in range(1, 11):
        append(event())
        found[size] = checkpoints.current()
    return found


def minutes(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


def test_without_witnesses_there_are_none(signed: dict[int, Checkpoint]) -> None:
    assert notes_over([0, 3], 10) == {}


def test_of_each_witness_there_is_the_newest(signed: dict[int, Checkpoint]) -> None:
    cosign(signed[2], FIRST, SECOND)
    cosign(signed[5], FIRST)
    cosign(signed[8], FIRST)
    found = notes_over([], 7)
    assert list(found) == [2, 5]
    names = {size: [name for name, _, _ in verifier.parse_note(note).signatures] for size, note in found.items()}
    assert names == {
        2: ["holdfast.demo/ledger", "w.example/1", "w.example/2"],
        5: ["holdfast.demo/ledger", "w.example/1"],
    }
    assert all(verifier.check_note(note, signing.vkey()) for note in found.values())


def test_each_act_is_dated_by_one_that_was_cosigned_soon_after_it(signed: dict[int, Checkpoint]) -> None:
    for size, at in ((1, 0), (2, 10), (3, 25), (4, 45), (6, 100), (7, 101), (9, 600), (10, 700)):
        cosign(signed[size], FIRST, at=minutes(at))
    assert list(notes_over([0], 10)) == [3, 10]  # of those of the first half hour above it, the last
    assert list(notes_over([0, 1, 2], 10)) == [3, 10]
    assert list(notes_over([3], 10)) == [4, 10]
    assert list(notes_over([4], 10)) == [7, 10]
    assert list(notes_over([7, 0], 10)) == [3, 9, 10]
    assert list(notes_over([0, 9], 9)) == [3, 9]


def test_a_witness_that_came_later_dates_what_it_can(signed: dict[int, Checkpoint]) -> None:
    cosign(signed[2], FIRST, at=minutes(0))
    cosign(signed[9], FIRST, SECOND, at=minutes(90))
    assert list(notes_over([0], 10)) == [2, 9]
    assert list(notes_over([9], 10)) == [9]


def test_what_came_after_a_paper_was_read_is_not_in_it(signed: dict[int, Checkpoint]) -> None:
    cosign(signed[4], FIRST, SECOND)
    Cosignature.objects.filter(vkey=FIRST.vkey).update(kept_at=minutes(0))
    Cosignature.objects.filter(vkey=SECOND.vkey).update(kept_at=minutes(2))
    (early,), (late,) = (notes_over([0], 10, kept_by=minutes(at)).values() for at in (1, 2))
    assert "w.example/2" not in early
    assert early in late
    assert notes_over([0], 10, kept_by=minutes(-1)) == {}
