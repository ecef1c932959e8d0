"""What a reader holds is compared by both verifiers, in the same words: receipts, checkpoints and bundles, older
and newer than what is checked."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import signing
from tests.evidence.verifier.test_attacks_on_the_ledger import an_entry_changed, made
from tests.support import cast
from tests.support.attacks import LEDGER, RECEIPT
from tests.support.bundles import Opened, chained, exported, opened, remake, seal_all
from tests.support.verify_pages import PICTURES, Verifier, check, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


class Papers:
    """The papers of one case in the order in which they were given out."""

    def __init__(self) -> None:
        filed = cast.file_a_complaint(files=PICTURES)
        seal_all(filed.case)
        self.filing = bytes(filed.case.receipt)
        self.first = exported(filed.case)
        self.between = receipts.extended(filed.case)
        thread = filed.case.thread
        with transaction.atomic():
            ledger.append(
                ledger.Event(kind="case.noted", thread=thread, subject=thread, by=ledger.SYSTEM, data={})
            )
        self.second = exported(filed.case)
        self.today = receipts.extended(filed.case)
        self.note = json.loads(self.today)["ledger"]["checkpoint"].encode()


@pytest.fixture(scope="module")
def papers(django_db_setup: None, django_db_blocker: Any) -> Iterator[Papers]:
    with django_db_blocker.unblock(), transaction.atomic():
        made_out = Papers()
        transaction.set_rollback(True)
    yield made_out


@pytest.fixture
def judged(online: Verifier, offline: Verifier, tmp_path: Path) -> Callable[..., tuple[str, str]]:
    """What both verifiers say of a paper: the result, and all sentences about what is held."""

    def judge(paper: bytes | Opened, held: dict[str, bytes]) -> tuple[str, str]:
        is_bundle = isinstance(paper, Opened) or paper.startswith(b"PK")
        path = tmp_path / ("checked.zip" if is_bundle else "checked.json")
        path.write_bytes(paper) if isinstance(paper, bytes) else paper.zip(path)
        kept = tuple(written(tmp_path / name, content) for name, content in held.items())
        report = verifier.verify(str(path), [str(one) for one in kept])
        assert check((online, offline), path, held=kept) == {online.result}
        said = [row for row in online.rows if row[0].startswith(("against", "kept"))]
        assert said == [tuple(one)[:3] for one in report.checks if one.name.startswith(("against", "kept"))]
        assert [row[:2] for row in online.rows] == [row[:2] for row in offline.rows]
        return report.result, " ".join(says for _, _, says in said)

    return judge


Judged = Callable[[bytes | Opened, dict[str, bytes]], tuple[str, str]]


# -- older papers


def test_every_older_paper_is_contained_in_a_bundle(papers: Papers, judged: Judged) -> None:
    held = {"filing.json": papers.filing, "first.zip": papers.first, "between.json": papers.between}
    result, said = judged(papers.second, held)
    assert result == "verified"
    assert said.count("is contained in this one, unchanged") == 3
    assert "first.zip is a bundle of HF-2026-" in said


def test_every_older_paper_is_contained_in_a_receipt(papers: Papers, judged: Judged) -> None:
    held = {"filing.json": papers.filing, "first.zip": papers.first, "second.zip": papers.second}
    result, said = judged(papers.today, held)
    assert result == "verified"
    assert said.count("is contained in this one, unchanged") == 3


def test_an_unpacked_bundle_is_held_too(papers: Papers, tmp_path: Path) -> None:
    second, folder = (
        written(tmp_path / "second.zip", papers.second),
        opened(papers.first).folder(tmp_path / "first"),
    )
    report = verifier.verify(str(second), [str(folder)])
    assert report.exit == 0
    assert report.checks[-1].says.endswith("is contained in this one, unchanged.")


def test_another_receipt_of_filing_in_the_bundle_is_broken(papers: Papers, judged: Judged) -> None:
    bag = opened(papers.first)
    receipt = bag.json(RECEIPT)
    issued = verifier.moment(receipt["issued_at"], "it")
    receipt["issued_at"] = ledger.rfc3339(issued + timedelta(seconds=1))
    del receipt["signature"]
    bag.files[RECEIPT] = signing.sign(receipt)
    bag.re_sign()
    result, said = judged(bag, {"filing.json": papers.filing})
    assert result == "broken"
    assert "the receipt of filing here is not the one that you hold (filing.json): it was made up later" in said
    assert judged(bag, {"between.json": papers.between})[0] == "verified"  # which has no word on it


def test_the_receipt_of_filing_may_be_laid_out_otherwise(papers: Papers, judged: Judged) -> None:
    pretty = json.dumps(json.loads(papers.filing), indent=2).encode()
    assert judged(papers.first, {"filing.json": pretty})[0] == "verified"


def without_proofs(bag: Opened) -> Opened:
    told = {**bag.json(LEDGER), "consistency": []}
    bag.files[LEDGER] = verifier.canonical(told)
    bag.re_sign()
    return bag


@pytest.mark.parametrize("name", ["filing.json", "between.json", "first.zip"])
def test_a_bundle_that_leaves_out_the_proof_from_a_held_paper_is_broken(
    name: str, papers: Papers, judged: Judged
) -> None:
    held = {"filing.json": papers.filing, "between.json": papers.between, "first.zip": papers.first}[name]
    result, said = judged(without_proofs(opened(papers.second)), {name: held})
    assert result == "broken"
    assert f"The portal does not show that today's record grew out of the one on {name}." in said
    assert "An honest portal always does. Ask for it." in said


def test_a_ledger_made_anew_without_the_proof_is_broken_for_the_holder_of_a_receipt(
    papers: Papers, judged: Judged
) -> None:
    bag = opened(papers.first)
    entries = bag.entries()
    more = [{**entries[-1], "kind": "case.noted", "data": {}} for _ in range(9)]
    remake(bag, chained([*entries, *more]))
    result, said = judged(bag, {"between.json": papers.between})
    assert result == "broken"
    assert "does not show that today's record grew out of the one on between.json" in said


def test_an_older_bundle_with_other_entries_is_broken(papers: Papers, judged: Judged, tmp_path: Path) -> None:
    other = made(opened(papers.first), an_entry_changed).zip(tmp_path / "other.zip").read_bytes()
    result, said = judged(papers.second, {"first.zip": other})
    assert result == "broken"
    assert "the portal's record was changed after you got first.zip" in said


# -- newer papers accuse nobody


@pytest.mark.parametrize("name", ["between.json", "today.json", "second.zip"])
def test_a_newer_paper_that_proves_it_contains_the_bundle(name: str, papers: Papers, judged: Judged) -> None:
    held = {"between.json": papers.between, "today.json": papers.today, "second.zip": papers.second}[name]
    result, said = judged(papers.first, {name: held})
    assert result == "verified"
    assert "is newer: this ledger is contained in its ledger, unchanged." in said


def test_a_newer_checkpoint_alone_is_newer_and_no_more(papers: Papers, judged: Judged) -> None:
    result, said = judged(papers.first, {"checkpoint": papers.note})
    assert result == "self-consistent only"
    assert "checkpoint is newer than this: that the one grew out of the other is not shown here." in said
    assert judged(papers.first, {"checkpoint": papers.note, "today.json": papers.today})[0] == "verified"


def test_a_newer_receipt_without_its_proofs_is_newer_and_no_more(papers: Papers, judged: Judged) -> None:
    receipt = json.loads(papers.today)
    receipt["ledger"]["consistency"] = []
    del receipt["signature"], receipt["anchors"]
    result, said = judged(papers.first, {"today.json": signing.sign(receipt)})
    assert result == "self-consistent only"
    assert "today.json is newer than this" in said


def test_a_newer_receipt_of_another_ledger_is_broken(papers: Papers, judged: Judged) -> None:
    other = made(opened(papers.first), an_entry_changed)
    result, said = judged(other, {"today.json": papers.today})
    assert result == "broken"
    assert "the ledger of today.json does not contain this one as it is: one of the two was made up" in said


def test_a_bundle_made_after_a_receipt_with_a_longer_ledger_was_cut(papers: Papers, judged: Judged) -> None:
    bag = opened(papers.first)
    issued = verifier.moment(json.loads(papers.today)["issued_at"], "it")
    bag.made_at(ledger.rfc3339(issued + verifier.LATE))
    result, said = judged(bag, {"today.json": papers.today})
    assert result == "broken"
    assert "after today.json, but its ledger is shorter: it was cut" in said
