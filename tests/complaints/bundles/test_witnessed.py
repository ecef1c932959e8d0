"""Receipts and bundles bring the checkpoints that witnesses cosigned, and both verifiers take them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.bundles import exports
from complaints.bundles.options import Options
from complaints.filing import receipt_pdf, receipts
from complaints.models import Case, Export
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, signing
from evidence.witnesses import asking
from tests.support import cast
from tests.support.bundles import exported, made_again, opened, seal_all
from tests.support.witness_server import Witness, cosign, running

pytestmark = pytest.mark.django_db
FIRST, SECOND = Witness("w.example/1"), Witness("w.example/2")


def names(note: str) -> list[str]:
    """Who signed the note: the ledger, then witnesses."""
    return [name for name, _, _ in verifier.parse_note(note).signatures]


@pytest.fixture
def case(db: None) -> Case:
    """A sealed case whose checkpoint both witnesses cosigned, and another complaint after it."""
    filed = cast.file_a_complaint(files=[("one.png", cast.a_screenshot())]).case
    seal_all(filed)
    cosign(checkpoints.current(), FIRST, SECOND)
    cast.file_a_complaint(files=[])
    return filed


def test_a_later_receipt_brings_the_newest_cosigned_checkpoint_and_its_proof(case: Case, tmp_path: Path) -> None:
    later = receipts.extended(case)
    assert verifier.open_receipt(later).ledger.witnessed
    (note,) = json.loads(later)["ledger"]["witnessed"]
    assert names(note) == ["holdfast.demo/ledger", FIRST.name, SECOND.name]
    (tmp_path / "later.json").write_bytes(later)
    (tmp_path / "filing.json").write_bytes(bytes(case.receipt))
    assert verifier.verify(str(tmp_path / "later.json"), [str(tmp_path / "filing.json")]).exit == 0


def test_lines_under_its_own_checkpoint_are_in_the_note_itself(case: Case) -> None:
    cosign(checkpoints.current(), SECOND)
    told = json.loads(receipts.extended(case))["ledger"]
    assert names(told["checkpoint"])[1:] == [SECOND.name]
    assert [names(one)[1:] for one in told["witnessed"]] == [[FIRST.name, SECOND.name]]
    bag = opened(exported(case))
    assert bag.json("proofs/ledger.json")["checkpoint"] == bag.text("proofs/checkpoint") == told["checkpoint"]


def test_a_bundle_brings_them_too_and_verifies(case: Case, tmp_path: Path) -> None:
    (tmp_path / "bundle.zip").write_bytes(exported(case))
    (tmp_path / "filing.json").write_bytes(bytes(case.receipt))
    ledger = verifier.open_ledger(opened(exported(case)).json("proofs/ledger.json"))
    assert [len(one.signatures) for one in ledger.witnessed] == [3]
    assert verifier.verify(str(tmp_path / "bundle.zip"), [str(tmp_path / "filing.json")]).exit == 0


def test_a_bundle_made_again_is_the_same_although_witnesses_have_cosigned_since(case: Case) -> None:
    export = exports.ask(case, Options.usual("borrower").kept(), language="en")
    exports.make(export.pk)
    export = Export.objects.get()
    first = made_again(export)
    cosign(checkpoints.latest(), FIRST)  # type: ignore[arg-type]
    assert made_again(export) == first


def test_a_receipt_of_filing_has_none_and_asks_for_none(case: Case) -> None:
    assert "witnessed" not in json.loads(bytes(case.receipt))["ledger"]
    with CaptureQueriesContext(connection) as asked:
        cast.file_a_complaint(files=[])
    assert not [
        one["sql"] for one in asked.captured_queries if "cosignature" in one["sql"] or "witness" in one["sql"]
    ]


def test_the_published_checkpoint_is_taken_as_something_kept(case: Case, tmp_path: Path) -> None:
    cosign(checkpoints.current(), FIRST)
    (tmp_path / "checkpoint").write_text(checkpoints.published())
    (tmp_path / "later.json").write_bytes(receipts.extended(case))
    report = verifier.verify(str(tmp_path / "later.json"), [str(tmp_path / "checkpoint")])
    assert report.first_broken is None
    assert any(check.name == "against checkpoint" and "unchanged" in check.says for check in report.checks)


def test_what_real_witnesses_signed_after_a_filing_is_in_the_next_receipt(settings: Any) -> None:
    case = cast.file_a_complaint(files=[]).case
    with running(Witness()) as witness:
        witness.trust(signing.vkey())
        settings.WITNESSES = [witness.setting]
        asking.ask_all()
    told = json.loads(receipts.extended(case))["ledger"]
    assert names(told["checkpoint"]) == ["holdfast.demo/ledger", witness.name]


@pytest.mark.parametrize("count", [1, 4, 15])
def test_the_qr_code_has_as_many_lines_as_a_camera_can_read(count: int) -> None:
    note = signing.sign_note("holdfast.demo/ledger\n7\n" + "A" * 43 + "=\n")
    witnesses = [Witness(f"w.example/{number}") for number in range(count)]
    cosigned = note + "".join(one.cosign(note) for one in witnesses)
    scanned = receipt_pdf._scannable(cosigned)
    assert cosigned.startswith(scanned)
    assert len(names(scanned)) == min(count + 1, 6)
    assert len(scanned.encode()) <= 800
