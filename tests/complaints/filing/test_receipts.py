"""Receipts: what a borrower holds against everybody, the operator included."""

import json
from pathlib import Path

from complaints.bundles import proofs
from complaints.filing import receipts
from evidence.checking import sealing
from evidence.holdfast_verify import check_signed, leaf_hash, parse_note, root_from_inclusion
from evidence.ledger import checkpoints, signing
from evidence.models import ShownCheckpoint
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast
from tests.support.bundles import exported


def test_the_receipt_lists_every_file_and_its_signature_and_proofs_hold(borrower: cast.Filed) -> None:
    receipt = json.loads(bytes(borrower.case.receipt))
    check_signed(receipt, signing.vkey())
    assert [file["exhibit"] for file in receipt["files"]] == ["E-1"]
    assert receipt["files"][0]["timestamps"] == []
    note = parse_note(receipt["ledger"]["checkpoint"])
    for proved in receipt["ledger"]["entries"]:
        path = [bytes.fromhex(node) for node in proved["proof"]]
        leaf = leaf_hash(proved["entry"].encode())
        assert root_from_inclusion(proved["index"], note.size, leaf, path) == note.root


def test_the_access_code_is_not_in_it(borrower: cast.Filed) -> None:
    text = bytes(borrower.case.receipt).decode()
    assert borrower.code not in text
    assert borrower.code.replace(" ", "") not in text
    assert borrower.case.code_digest not in text


def test_the_demo_authority_is_marked_as_a_local_clock(borrower: cast.Filed) -> None:
    (authority,) = json.loads(bytes(borrower.case.receipt))["authorities"]
    assert authority["local_clock"] is True


def test_a_later_receipt_has_the_timestamps_that_came_since(borrower: cast.Filed) -> None:
    sealing.seal(borrower.case.exhibits.get().item)
    later = json.loads(receipts.extended(borrower.case))
    assert [stamp["authority"] for stamp in later["files"][0]["timestamps"]] == ["builtin"]
    kinds = [json.loads(proved["entry"])["kind"] for proved in later["ledger"]["entries"]]
    assert kinds == ["complaint.filed", "evidence.received", "evidence.sealed"]


def test_a_lawyer_verifies_it_with_the_one_file(borrower: cast.Filed, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(bytes(borrower.case.receipt))
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "ledger.vkey").write_text(signing.vkey())
    assert lawyer.verifies(receipt).returncode == 2
    assert lawyer.verifies(receipt, "--roots", roots).returncode == 0
    sealing.seal(borrower.case.exhibits.get().item)
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(borrower.case))
    assert lawyer.verifies(later, "--roots", roots).returncode == 0
    receipt.write_bytes(bytes(borrower.case.receipt).replace(b"screenshot", b"scrEEnshot"))
    assert lawyer.verifies(receipt, "--roots", roots).returncode == 1


def test_every_receipt_is_contained_in_all_later_papers_however_much_comes_between(
    borrower: cast.Filed, lawyer: cast.Lawyer, roots: Path, tmp_path: Path
) -> None:
    (tmp_path / "earlier.json").write_bytes(receipts.extended(borrower.case))
    for n in range(proofs.LATEST_CHECKPOINTS + 1):
        append(event("portal", n=n))
        checkpoints.current()
    (tmp_path / "later.json").write_bytes(receipts.extended(borrower.case))
    (tmp_path / "bundle.zip").write_bytes(exported(borrower.case))
    for path in ("later.json", "bundle.zip"):
        done = lawyer.verifies(tmp_path / path, "--against", tmp_path / "earlier.json", "--roots", roots)
        assert done.returncode == 0, done.stdout


def test_a_receipt_fetched_twice_at_once_is_remembered_once(borrower: cast.Filed) -> None:
    receipts.extended(borrower.case)
    receipts.extended(borrower.case)
    assert ShownCheckpoint.objects.count() == 1
