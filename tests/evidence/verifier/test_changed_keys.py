"""The ledger's key is changed: what was signed before verifies for ever, and nobody else can change it."""

from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support import changed_keys
from tests.support.bundles import Opened, opened
from tests.support.changed_keys import CHAINS, NEW, NEWEST, OLD, Papers

pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]


@pytest.fixture
def papers(db: None, settings: Any) -> Papers:
    return changed_keys.papers(settings)


def verified(tmp_path: Path, subject: bytes, *kept: bytes, keys: str = "") -> verifier.Report:
    path, roots = tmp_path / ("s.zip" if subject[:2] == b"PK" else "s.json"), tmp_path / "roots"
    path.write_bytes(subject)
    against = [tmp_path / f"kept-{number}" for number in range(len(kept))]
    for file, content in zip(against, kept, strict=True):
        file.write_bytes(content)
    roots.mkdir(exist_ok=True)
    (roots / "ledger.vkey").write_text(keys)
    return verifier.verify(str(path), list(map(str, against)), str(roots) if keys else None)


def rows(report: verifier.Report) -> dict[str, tuple[bool, str]]:
    return {check.name: (check.ok, check.says) for check in report.checks}


def test_what_was_signed_before_and_after_holds_against_each_other(papers: Papers, tmp_path: Path) -> None:
    new_key = papers.all_keys.splitlines()[0]
    for subject, kept, keys in (
        (papers.old_bundle, (papers.old_receipt,), ""),
        (papers.old_bundle, (), papers.old_key),
        (papers.old_bundle, (), papers.all_keys),
        (papers.new_bundle, (papers.old_receipt,), ""),
        (papers.new_bundle, (papers.old_receipt, papers.old_note, papers.new_receipt), ""),
        (papers.new_bundle, (), papers.old_key),
        (papers.new_bundle, (), new_key),
        (papers.new_bundle, (papers.old_receipt,), papers.all_keys),
        (papers.new_receipt, (papers.old_receipt,), ""),
        (papers.new_receipt, (papers.old_note,), papers.old_key),
        (papers.old_receipt, (), papers.all_keys),
    ):
        report = verified(tmp_path, subject, *kept, keys=keys)
        assert report.first_broken is None
        assert not any("key" in doubt for doubt in report.doubts)


def test_that_each_key_signed_the_next_is_said(papers: Papers, tmp_path: Path) -> None:
    says = rows(verified(tmp_path, papers.new_bundle, papers.old_receipt))["key"][1]
    assert says.endswith("The ledger's key was changed, and each key signed the next one.")


def test_a_newer_receipt_knows_the_key_of_an_older_bundle(papers: Papers, tmp_path: Path) -> None:
    assert rows(verified(tmp_path, papers.old_bundle, papers.new_receipt))["key"][0]


def test_a_bundle_that_leaves_the_change_out_is_made_by_another(papers: Papers, tmp_path: Path) -> None:
    report = verified(
        tmp_path, changed_keys.silent(papers).zip(tmp_path / "x.zip").read_bytes(), papers.old_receipt
    )
    assert report.first_broken
    assert report.first_broken.name == "key"
    assert "not from the portal whose key you hold" in report.first_broken.says


def test_what_the_former_key_signs_after_the_change_is_refused(
    papers: Papers, tmp_path: Path, settings: Any
) -> None:
    """Somebody who stole it could sign a later checkpoint of the genuine ledger."""
    bag, new = opened(papers.new_bundle), papers.all_keys.splitlines()[0]
    settings.LEDGER_SIGNING_KEY = OLD
    note = signing.sign_note(bag.text("proofs/checkpoint").partition("\n\n")[0] + "\n").encode()
    for keys in (new, papers.all_keys):
        report = verified(tmp_path, papers.new_bundle, note, keys=keys)
        assert report.first_broken
        assert "is not signed with the ledger's key" in report.first_broken.says
    stolen = by_the_former_key(bag).zip(tmp_path / "stolen.zip").read_bytes()
    assert verified(tmp_path, stolen, keys=papers.all_keys).exit == 1
    assert verified(tmp_path, stolen, papers.new_receipt).exit == 1


def by_the_former_key(bag: Opened) -> Opened:
    """The same bundle, signed with the key that the settings have now, without a word of the change."""
    told = bag.json("proofs/ledger.json")
    note = signing.sign_note(bag.text("proofs/checkpoint").partition("\n\n")[0] + "\n")
    del told["keys"]
    bag.files["proofs/ledger.json"] = verifier.canonical({**told, "key": signing.vkey(), "checkpoint": note})
    bag.files["proofs/ledger.vkey"], bag.files["proofs/checkpoint"] = f"{signing.vkey()}\n".encode(), note.encode()
    bag.re_sign()
    return bag


def test_a_key_is_changed_twice(settings: Any, tmp_path: Path) -> None:
    papers = changed_keys.papers(settings, (NEW, NEWEST))
    assert verified(tmp_path, papers.new_bundle, papers.old_receipt).first_broken is None
    assert verified(tmp_path, papers.old_receipt, keys=papers.all_keys).exit == 0
    assert len(papers.all_keys.splitlines()) == 3


def test_after_a_lost_key_bundles_hold_in_themselves_and_need_both_keys_from_outside(
    papers: Papers, tmp_path: Path, settings: Any
) -> None:
    lost = signing.vkey()
    later, bundle = changed_keys.after_a_loss(settings)
    for paper in (later, bundle):
        report = verified(tmp_path, paper)
        assert report.exit == 2
        assert "the portal says that it lost the key" in " ".join(report.cautions)
    for kept in (papers.old_receipt, papers.new_receipt):
        says = verified(tmp_path, bundle, kept).first_broken
        assert says
        assert "It says that the one you hold was lost" in says.says
        assert (
            verified(tmp_path, bundle, kept, keys=f"{signing.vkey()} {lost} {papers.old_key}").first_broken is None
        )
    assert verified(tmp_path, bundle, later).first_broken is None


@pytest.mark.parametrize("chain", CHAINS)
def test_only_a_chain_in_which_each_key_signed_the_next_is_accepted(chain: str) -> None:
    entries, key, says = CHAINS[chain]
    opened = [verifier.Entry(one["place"], b"", {"kind": one["kind"], "data": one["data"]}) for one in entries]
    if not says:
        assert len(verifier.key_changes(opened, key)) == len(entries)
        return
    with pytest.raises(verifier.Broken, match=says):
        verifier.key_changes(opened, key)
