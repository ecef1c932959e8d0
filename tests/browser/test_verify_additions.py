"""Nothing can be added to a bundle or a receipt, not even by those who sign it; both verifiers say the same."""

import json
from pathlib import Path

import pytest

from complaints.bundles import attached
from evidence import holdfast_verify as verifier
from evidence.receiving import formats, known, rarer
from tests.support.additions import (
    IN_ENTRIES,
    TO_BUNDLES,
    TO_EXPORTS,
    TO_LISTS,
    TO_RECEIPTS,
    in_entry,
    re_signed,
    remarked,
)
from tests.support.attacks import EXPORT, RECEIPT, rename
from tests.support.both import Both
from tests.support.bundles import Opened
from tests.support.verify_pages import Pristine, Verifier, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


def both_refuse(both: Both, path: Path, link: str, says: str) -> None:
    for verdict in both.verdicts(path):
        assert verdict.link == link, verdict
        assert says in verdict.says


@pytest.mark.parametrize("added", TO_BUNDLES)
def test_what_is_added_to_a_bundle_is_refused(added: str, spare: Opened, both: Both, tmp_path: Path) -> None:
    change, link, says = TO_BUNDLES[added]
    change(spare)
    info = spare.files["bag-info.txt"]
    spare.re_sign()
    if "bag-info" in added or "line" in added:
        keep_the_line(spare, info)
    both_refuse(both, spare.zip(tmp_path / "bundle.zip"), link, says)


def keep_the_line(bag: Opened, info: bytes) -> None:
    """Sign the bag-info that an attacker wrote, and not the one that fits."""
    bag.files["bag-info.txt"] = info
    listed = bag.text("tagmanifest-sha256.txt").splitlines(keepends=True)
    digest = verifier.sha256(info).hex()
    lines = [f"{digest}  bag-info.txt\n" if one.endswith("  bag-info.txt\n") else one for one in listed]
    bag.files["tagmanifest-sha256.txt"] = "".join(lines).encode()
    manifest = verifier.sha256(bag.files["tagmanifest-sha256.txt"]).hex()
    bag.files[EXPORT] = re_signed(bag.files[EXPORT], lambda one: one.update(manifest=manifest))


@pytest.mark.parametrize("added", TO_EXPORTS)
def test_what_is_added_to_an_export_is_refused(added: str, spare: Opened, both: Both, tmp_path: Path) -> None:
    fields, link, says = TO_EXPORTS[added]
    spare.re_sign(**fields)
    both_refuse(both, spare.zip(tmp_path / "bundle.zip"), link, says)


@pytest.mark.parametrize("added", TO_RECEIPTS)
def test_what_is_added_to_a_receipt_is_refused(added: str, pristine: Pristine, both: Both, tmp_path: Path) -> None:
    edit, says = TO_RECEIPTS[added]
    path = written(tmp_path / "receipt.json", re_signed(pristine.receipt, edit))
    both_refuse(both, path, "receipt", says)


def test_a_remark_beside_a_signature_is_refused(
    spare: Opened, pristine: Pristine, both: Both, tmp_path: Path
) -> None:
    says = "has other fields than it should have"
    both_refuse(both, written(tmp_path / "receipt.json", remarked(pristine.receipt)), "receipt", says)
    spare.files[EXPORT] = remarked(spare.files[EXPORT])
    both_refuse(both, spare.zip(tmp_path / "bundle.zip"), "export", says)


def test_a_signature_has_one_spelling(pristine: Pristine, both: Both, tmp_path: Path) -> None:
    document = json.loads(pristine.receipt)
    mark = document["signature"]["ed25519"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spare_bit = letters[letters.index(mark[-3]) + 1]
    document["signature"]["ed25519"] = f"{mark[:-3]}{spare_bit}=="
    path = written(tmp_path / "receipt.json", verifier.canonical(document))
    both_refuse(both, path, "receipt", "is not base64")


def test_a_receipt_that_was_printed_prettily_is_accepted(pristine: Pristine, both: Both, tmp_path: Path) -> None:
    pretty = json.dumps(json.loads(pristine.receipt), indent=2, ensure_ascii=False).encode()
    path = written(tmp_path / "receipt.json", pretty)
    assert {one.result for one in both.verdicts(path)} == {"self-consistent only"}


def test_a_stamp_that_waits_for_a_second_authority_is_no_fault(
    pristine: Pristine, both: Both, tmp_path: Path
) -> None:
    document = json.loads(pristine.receipt)
    stamp = {"authority": "builtin", "gen_time": document["issued_at"], "sha256": "0" * 64}
    content = re_signed(pristine.receipt, lambda one: one["files"][0].update(timestamps=[stamp]))
    path = written(tmp_path / "receipt.json", content)
    assert {one.result for one in both.verdicts(path)} == {"self-consistent only"}
    cautions = verifier.verify(str(path)).cautions
    assert "the receipt lists timestamps of E-1 that the ledger does not name yet" in cautions


@pytest.mark.parametrize("name", ["manifest-sha256.txt", "tagmanifest-sha256.txt"])
@pytest.mark.parametrize("how", TO_LISTS)
def test_lists_are_written_as_the_portal_writes_them(
    how: str, name: str, spare: Opened, both: Both, tmp_path: Path
) -> None:
    spare.files[name] = TO_LISTS[how](spare.files[name])
    if name.startswith("manifest"):
        listed = spare.text("tagmanifest-sha256.txt").splitlines(keepends=True)
        digest = verifier.sha256(spare.files[name]).hex()
        lines = [f"{digest}  {name}\n" if one.endswith(f"  {name}\n") else one for one in listed]
        spare.files["tagmanifest-sha256.txt"] = "".join(lines).encode()
    manifest = verifier.sha256(spare.files["tagmanifest-sha256.txt"]).hex()
    spare.files[EXPORT] = re_signed(spare.files[EXPORT], lambda one: one.update(manifest=manifest))
    both_refuse(both, spare.zip(tmp_path / "bundle.zip"), "files", f"{name} is malformed")


@pytest.mark.parametrize("what", IN_ENTRIES)
def test_an_odd_entry_is_read_alike(what: str, spare: Opened, both: Both, tmp_path: Path) -> None:
    in_entry(-1, IN_ENTRIES[what])(spare)
    spare.re_sign()
    verdicts = both.verdicts(spare.zip(tmp_path / "bundle.zip"))
    assert [one.result for one in verdicts] == ["self-consistent only", "self-consistent only"], verdicts


def test_a_stamped_checkpoint_has_no_name_of_its_own(stamped: Pristine, both: Both, tmp_path: Path) -> None:
    bag = stamped.bag
    stem = next(name for name in bag.files if name.endswith(".note")).removesuffix(".note")
    size = stem.rpartition("/")[2].partition(".")[0]
    for end in (".note", ".tsq", ".tsr"):
        rename(f"{stem}{end}", f"proofs/anchors/{size}.OPEN-ME{end}")(bag)
    bag.re_sign()
    both_refuse(both, bag.zip(tmp_path / "bundle.zip"), "anchors", "it is no stamped checkpoint")


def test_an_old_bundle_that_names_its_source_is_accepted_with_a_note(
    spare: Opened, both: Both, tmp_path: Path
) -> None:
    spare.files["bag-info.txt"] = b"Source-Organization: Supreme Court\n" + spare.files["bag-info.txt"]
    spare.re_sign()
    path = spare.zip(tmp_path / "bundle.zip")
    assert {one.result for one in both.verdicts(path)} == {"self-consistent only"}
    says = "bag-info.txt names “Supreme Court” as its source: that is the portal's word"
    assert says in verifier.verify(str(path)).cautions


def test_another_schema_is_accepted_with_a_note(spare: Opened, online: Verifier, tmp_path: Path) -> None:
    spare.files["case.schema.json"] = spare.files["case.schema.json"].replace(b"description", b"descriptiom", 1)
    spare.re_sign()
    path = spare.zip(tmp_path / "bundle.zip")
    says = "case.schema.json is of a version not known here: it is the portal's word"
    assert says in verifier.verify(str(path)).cautions
    assert online.checks(path) == "self-consistent only"
    assert says in online.text(".result")


def test_each_format_has_the_ending_that_the_verifiers_know() -> None:
    found = kept([vars(module) for module in (known, formats, rarer)])
    assert len(found) > 40
    assert {one.media_type: one.extension for one in found} == verifier.ENDINGS
    assert {str(kind): ending for kind, ending in attached.COPIES.items()} == verifier.COPY_ENDINGS


def kept(values: object) -> list[known.Format]:
    """Every format in the values, also inside tables."""
    if isinstance(values, known.Format):
        return [values]
    parts = values.values() if isinstance(values, dict) else values if isinstance(values, list | tuple) else ()
    return [one for part in parts for one in kept(part)]


def test_the_receipt_in_a_bundle_names_files_as_the_statement_does(spare: Opened) -> None:
    said = {one["number"]: one["name"] for one in spare.json("data/documents/statement.json")["exhibits"]}
    assert [one["name"] for one in spare.json(RECEIPT)["files"]] == list(said.values())
