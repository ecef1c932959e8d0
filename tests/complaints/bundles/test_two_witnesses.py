"""The whole way: two people run holdfast_witness.py, the portal asks them, and a reader names them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from complaints.filing import receipts
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence import holdfast_witness as witness
from evidence.ledger import checkpoints, signing
from evidence.models import Cosignature
from evidence.witnesses import asking
from tests.support import cast
from tests.support.bundles import chained, exported, opened, remake, seal_all
from tests.support.logs import Log, Portal, running, served

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]
NAMES = ("ngo.example/w", "law.example/w")


@pytest.fixture
def portal() -> Iterator[Portal]:
    """Where the witnesses find the ledger's newest checkpoint, which is its `note`."""
    with served(Portal(Log())) as running_one:
        yield running_one


@pytest.fixture
def witnesses(tmp_path: Path, settings: Any, portal: Portal) -> Iterator[list[witness.Home]]:
    """Two who follow this ledger and answer the portal, which has them in its settings."""
    homes, settings.WITNESSES = [], []
    with ExitStack() as running_ones:
        for number, name in enumerate(NAMES):
            witness.make_key(tmp_path / str(number), name)
            home = witness.Home(tmp_path / str(number))
            home.follow(signing.vkey(), portal.url)
            address = running_ones.enter_context(
                running(witness.server(home, "127.0.0.1", 0, lambda *says: says[0]))
            )
            settings.WITNESSES.append({"vkey": home.vkey, "url": address})
            homes.append(home)
        yield homes


@pytest.fixture
def case(witnesses: list[witness.Home], portal: Portal) -> Case:
    """A case that both saw up to its seals, and which then went on."""
    filed = cast.file_a_complaint(files=[("one.png", cast.a_screenshot())]).case
    portal.note = checkpoints.current().note
    asking.ask_all()
    seal_all(filed)
    portal.note = checkpoints.current().note
    asking.ask_all()  # with the proof from what they saw before
    cast.file_a_complaint(files=[])
    return filed


def checked(
    path: Path, content: bytes, kept: bytes, homes: list[witness.Home], quorum: int = 2
) -> verifier.Report:
    path.write_bytes(content)
    receipt = path.with_name("kept.json")
    receipt.write_bytes(kept)
    return verifier.verify(str(path), [str(receipt)], None, [home.vkey for home in homes], quorum)


def test_papers_say_what_both_saw(case: Case, witnesses: list[witness.Home], tmp_path: Path) -> None:
    assert Cosignature.objects.count() == 4
    kept = bytes(case.receipt)
    for name, paper in (("bundle.zip", exported(case)), ("later.json", receipts.extended(case))):
        report = checked(tmp_path / name, paper, kept, witnesses)
        assert report.exit == 0, report.first_broken
        (says,) = [one.says for one in report.checks if one.name == "witnesses"]
        assert says.startswith("law.example/w, ngo.example/w: saw the ledger of up to")
        assert report.vouched


def test_a_ledger_that_was_rewritten_is_broken_for_everybody(
    case: Case, witnesses: list[witness.Home], tmp_path: Path
) -> None:
    """Also for somebody who holds nothing but the witnesses' keys."""
    bag = opened(exported(case))
    entries = bag.entries()
    entries[0]["salt"] = "0" * 32
    remake(bag, chained(entries))
    report = verifier.verify(str(bag.zip(tmp_path / "x.zip")), [], None, [one.vkey for one in witnesses], 2)
    assert report.first_broken
    assert report.first_broken.says.startswith("No record that 2 of your 2 witnesses saw")
    assert verifier.verify(str(tmp_path / "x.zip")).exit == 2  # who names none sees nothing


def test_one_who_never_saw_it_leaves_the_others(case: Case, witnesses: list[witness.Home], tmp_path: Path) -> None:
    witness.make_key(tmp_path / "third", "third.example/w")
    third = witness.Home(tmp_path / "third")
    bundle, kept = exported(case), bytes(case.receipt)
    assert checked(tmp_path / "b.zip", bundle, kept, [*witnesses, third], quorum=2).exit == 0
    report = checked(tmp_path / "b.zip", bundle, kept, [witnesses[0], third], quorum=2)
    assert report.first_broken
    assert report.first_broken.name == "witnesses"
