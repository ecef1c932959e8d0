"""The attack table: which tool must refuse which change, and what holdfast_verify.py must call it.

Three attackers: somebody with the file alone, somebody who also makes the lists fit again, and the operator, who
has every key. Against the operator only what others hold (a receipt, a checkpoint, an authority's root) helps.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, signing
from evidence.timestamps import authorities, timestamping
from tests.support import cast
from tests.support.attacks import (
    CASE,
    CHECKPOINT,
    CONTACTS,
    COPY,
    CUSTODY,
    EXPORT,
    LEDGER,
    NO,
    ORIGINAL,
    OTHER,
    OTHER_COPY,
    QUERY,
    RECEIPT,
    REPORT,
    REPORTER,
    STATEMENT,
    TOKEN,
    YES,
    Change,
    Held,
    add,
    another_digest_in,
    flip,
    holdfast,
    is_refused,
    remove,
    rename,
    swap,
)
from tests.support.bundles import Opened, exported

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from


def bagit_refuses(folder: Path) -> bool:
    command = [str(Path(sys.executable).with_name("bagit.py")), "--validate", str(folder)]
    return subprocess.run([sys.executable, *command], capture_output=True, check=False).returncode != 0


def openssl_refuses(folder: Path, root: Path) -> bool:
    """Whether any exhibit with a token fails against the root from outside."""
    return any(
        subprocess.run(
            ["openssl", "ts", "-verify", *source, "-in", str(token), "-CAfile", str(root)],
            capture_output=True,
            check=False,
        ).returncode
        for token in (folder / "proofs/timestamps").glob("*.tsr")
        for source in (
            ["-data", str(folder / f"data/originals/{token.name.split('.')[0]}.png")],
            ["-queryfile", str(token.with_suffix(".tsq"))],
        )
    )


# change · bagit.py refuses · openssl refuses · the first broken link · what is said of it
BY_ANYBODY: dict[str, tuple[Change, bool, bool, str, str]] = {
    "an original": (flip(ORIGINAL), YES, YES, "files", f"{ORIGINAL} was altered"),
    "the last bit of an original": (flip(ORIGINAL, -1), YES, YES, "files", f"{ORIGINAL} was altered"),
    "a copy for viewing": (flip(COPY), YES, NO, "files", f"{COPY} was altered"),
    "a copy removed": (remove(COPY), YES, NO, "files", f"{COPY} is missing"),
    "two copies swapped": (swap(COPY, OTHER_COPY), YES, NO, "files", "was altered"),
    "the custody table": (flip(CUSTODY), YES, NO, "files", f"{CUSTODY} was altered"),
    "the report": (flip(REPORT), YES, NO, "files", f"{REPORT} was altered"),
    "case.json": (flip(CASE), YES, NO, "files", f"{CASE} was altered"),
    "the statement": (flip(STATEMENT), YES, NO, "files", f"{STATEMENT} was altered"),
    "a token": (flip(TOKEN, -9), YES, YES, "files", f"{TOKEN} was altered"),
    "a query": (flip(QUERY, -3), YES, YES, "files", f"{QUERY} was altered"),
    "the receipt": (flip(RECEIPT), YES, NO, "files", f"{RECEIPT} was altered"),
    "the checkpoint": (flip(CHECKPOINT, 3), YES, NO, "files", f"{CHECKPOINT} was altered"),
    "the ledger's proofs": (flip(LEDGER, -9), YES, NO, "files", f"{LEDGER} was altered"),
    "VERIFY.txt": (flip("VERIFY.txt"), YES, NO, "files", "VERIFY.txt was altered"),
    "a list": (another_digest_in("manifest-sha256.txt"), YES, NO, "files", "was altered"),
    "the signed export": (flip(EXPORT, 30), NO, NO, "export", ""),
    "an exhibit removed": (remove(ORIGINAL), YES, YES, "files", f"{ORIGINAL} is missing"),
    "a proof removed": (remove(RECEIPT), YES, NO, "files", f"{RECEIPT} is missing"),
    "the export removed": (remove(EXPORT), NO, NO, "export", f"{EXPORT} is missing"),
    "an exhibit added": (add("data/originals/E-003.png"), YES, NO, "files", "E-003.png was added"),
    "a proof added": (add("proofs/more"), NO, NO, "files", "proofs/more was added"),
    "a weaker list added": (add("manifest-md5.txt"), NO, NO, "files", "manifest-md5.txt was added"),
    "an exhibit renamed": (
        rename(ORIGINAL, "data/originals/E-001.jpg"), YES, YES, "files",
        f"{ORIGINAL} was renamed to data/originals/E-001.jpg",
    ),
    "two exhibits swapped": (swap(ORIGINAL, OTHER), YES, YES, "files", "was altered"),
    "two tokens swapped": (swap(TOKEN, TOKEN.replace("001", "002")), YES, YES, "files", "was altered"),
}  # fmt: skip

# The same by somebody who makes all the lists fit again: bagit.py is content, the signed export is not.
WITH_LISTS = {
    "an original": (flip(ORIGINAL), YES),
    "the custody table": (flip(CUSTODY), NO),
    "the report": (flip(REPORT), NO),
    "a token": (flip(TOKEN, -9), YES),
    "the receipt": (flip(RECEIPT), NO),
    "an exhibit removed": (remove(ORIGINAL), YES),
    "an exhibit added": (add("data/originals/E-003.png"), NO),
    "an exhibit renamed": (rename(ORIGINAL, "data/originals/E-001.jpg"), YES),
    "two exhibits swapped": (swap(ORIGINAL, OTHER), YES),
    "the verifier": (flip("holdfast_verify.py"), NO),
}


def listed_twice(bag: Opened) -> None:
    """The right digest comes last; a tool that takes the first would miss what another sees."""
    path, right = ORIGINAL, hashlib.sha256(bag.files[ORIGINAL]).hexdigest()
    bag.files["manifest-sha256.txt"] = f"{'0' * 64}  {path}\n".encode() + bag.files["manifest-sha256.txt"]
    assert f"{right}  {path}" in bag.text("manifest-sha256.txt")


def in_the_lists(old: str, new: str, name: str = "manifest-sha256.txt") -> Change:
    return lambda bag: bag.files.__setitem__(name, bag.text(name).replace(old, new, 1).encode())


# By the operator again, who signs over the malformed list.
MALFORMED: dict[str, tuple[Change, str]] = {
    "a file listed twice": (listed_twice, "manifest-sha256.txt is malformed"),
    "one space instead of two": (in_the_lists("  data/", " data/"), "manifest-sha256.txt is malformed"),
    "a line of nothing": (in_the_lists("\n", "\n\n"), "manifest-sha256.txt is malformed"),
    "a proof among the evidence": (in_the_lists("  data/", "  proofs/"), "which belongs elsewhere"),
    "a digest of nothing": (
        in_the_lists("\n", f"\n{'0' * 64}\n", "tagmanifest-sha256.txt"),
        "tagmanifest-sha256.txt is malformed",
    ),
}


def a_finer_statement(bag: Opened) -> None:
    bag.files[STATEMENT] = verifier.canonical({**bag.json(STATEMENT), "story": "They were very polite."})
    bag.files[CASE] = verifier.canonical({**bag.json(CASE), "statement": bag.json(STATEMENT)})


def a_custody_row_less(bag: Opened) -> None:
    bag.files[CUSTODY] = b"".join(bag.files[CUSTODY].splitlines(keepends=True)[:-1])


def a_custody_row_more(bag: Opened) -> None:
    bag.files[CUSTODY] += b"".join(bag.files[CUSTODY].splitlines(keepends=True)[-1:])


def another_word_in_custody(bag: Opened) -> None:
    bag.files[CUSTODY] = bag.files[CUSTODY].replace("提交投诉".encode(), "撤回投诉".encode())


def another_hour_in_custody(bag: Opened) -> None:
    bag.files[CUSTODY] = bag.files[CUSTODY].replace(b" UTC+08:00", b" UTC+09:00", 1)


def another_name_for_the_lender(bag: Opened) -> None:
    case = bag.json(CASE)
    case["statement"]["lender"] = "Somebody else"
    bag.files[CASE] = verifier.canonical(case)


def another_size_in_case_json(bag: Opened) -> None:
    case = bag.json(CASE)
    case["exhibits"][0]["size"] += 1
    bag.files[CASE] = verifier.canonical(case)


def in_case_json(change: Callable[[dict[str, Any]], object]) -> Change:
    def changed(bag: Opened) -> None:
        case = bag.json(CASE)
        change(case)
        bag.files[CASE] = verifier.canonical(case)

    return changed


other_words_on_an_exhibit = in_case_json(lambda case: case["exhibits"][0].update(description="A friendly call"))
another_name_of_an_exhibit = in_case_json(lambda case: case["exhibits"][0].update(name="holiday.png"))
a_remark_in_case_json = in_case_json(lambda case: case.update(remark="The borrower took all of it back"))
a_remark_on_an_exhibit = in_case_json(lambda case: case["exhibits"][0].update(remark="Not genuine"))
an_exhibit_twice_in_case_json = in_case_json(lambda case: case.update(exhibits=case["exhibits"][:1] * 2))
a_number_for_a_no = in_case_json(lambda case: case["exhibits"][0].update(authority=0))
no_findings_at_all = in_case_json(lambda case: case.update(findings=None))
no_consents_at_all = in_case_json(lambda case: case.update(consents=None))
no_source_of_an_exhibit = in_case_json(lambda case: case["exhibits"][0].update(source=None))
another_kind_of_a_copy = in_case_json(lambda case: case["exhibits"][0]["copies"][0].update(kind="page"))


def a_statement_withheld(bag: Opened) -> None:
    del bag.files[STATEMENT]
    bag.files[EXPORT] = json.dumps({**bag.json(EXPORT), "withheld": ["statement"]}).encode()


def a_token_for_other_bytes(bag: Opened) -> None:
    digest = hashlib.sha256(b"other").digest()
    stamp = timestamping.stamp(authorities.configured()[0], digest)
    bag.files[TOKEN], bag.files[QUERY] = stamp.response, stamp.query


def another_token_for_the_same_bytes(bag: Opened) -> None:
    stamp = timestamping.stamp(authorities.configured()[0], hashlib.sha256(bag.files[ORIGINAL]).digest())
    bag.files[TOKEN], bag.files[QUERY] = stamp.response, stamp.query


def a_receipt_of_another_case(bag: Opened) -> None:
    bag.files[RECEIPT] = bytes(cast.file_a_complaint().case.receipt)


def a_receipt_that_lies(bag: Opened) -> None:
    receipt = bag.json(RECEIPT)
    del receipt["signature"]
    receipt["files"][0]["size"] += 1
    bag.files[RECEIPT] = signing.sign(receipt)


def a_file_twice_in_the_receipt(bag: Opened) -> None:
    receipt = bag.json(RECEIPT)
    del receipt["signature"]
    receipt["files"][1] = receipt["files"][0]
    bag.files[RECEIPT] = signing.sign(receipt)


def a_remark_beyond_all_depth(bag: Opened) -> None:
    remark: list[Any] = []
    for _ in range(300):
        remark = [remark]
    bag.files[EXPORT] = verifier.canonical({**bag.json(EXPORT), "remark": remark})


def no_list_of_proofs(bag: Opened) -> None:
    bag.files[LEDGER] = verifier.canonical({**bag.json(LEDGER), "consistency": {}})


def an_entry_left_out(bag: Opened) -> None:
    ledger = bag.json(LEDGER)
    del ledger["entries"][1]
    bag.files[LEDGER] = verifier.canonical(ledger)


def an_entry_changed(bag: Opened) -> None:
    ledger = bag.json(LEDGER)
    entry = ledger["entries"][-1]["entry"]
    ledger["entries"][-1]["entry"] = entry.replace("2026-", "2025-", 1)
    assert ledger["entries"][-1]["entry"] != entry
    bag.files[LEDGER] = verifier.canonical(ledger)


def no_consistency_with_the_receipt(bag: Opened) -> None:
    bag.files[LEDGER] = verifier.canonical({**bag.json(LEDGER), "consistency": []})


# By the operator, who signs the lists again: what the ledger and the authorities say cannot be bent with it.
BY_THE_OPERATOR: dict[str, tuple[Change, str, str]] = {
    "an original": (flip(ORIGINAL), "originals", "its bytes differ"),
    "an exhibit removed": (remove(ORIGINAL), "originals", "the original of E-1 is missing"),
    "an exhibit added": (add("data/originals/E-003.png"), "originals", "knows no such exhibit"),
    "an exhibit added in a place of its own": (
        add("data/evidence/E-003.png"),
        "files",
        "no bundle has such a file",
    ),
    "a second report": (add("data/report-final.pdf"), "files", "no bundle has such a file"),
    "a proof of nothing": (add("proofs/more.json"), "files", "no bundle has such a file"),
    "a file beside the bag": (add("README.txt"), "files", "no bundle has such a file"),
    "an exhibit doubled": (add("data/originals/E-001.jpg"), "originals", "is there twice"),
    "two exhibits swapped": (swap(ORIGINAL, OTHER), "originals", "its bytes differ"),
    "a copy for viewing": (flip(COPY), "copies", "its bytes differ"),
    "two copies swapped": (swap(COPY, OTHER_COPY), "copies", "its bytes differ"),
    "a copy of nothing": (add("data/copies/E-001-page-2.webp"), "copies", "knows no such copy"),
    "a copy doubled": (add(COPY.replace("webp", "zip")), "copies", "knows no such copy"),
    "a copy left out of the list": (remove(COPY), "case", "tells E-1 otherwise"),
    "a custody row": (a_custody_row_less, "custody", "does not say what the ledger says"),
    "a custody row more": (a_custody_row_more, "custody", "does not say what the ledger says"),
    "a word of custody": (another_word_in_custody, "custody", "does not say what the ledger says"),
    "an hour of custody": (another_hour_in_custody, "custody", "does not say what the ledger says"),
    "a row of contacts": (flip(CONTACTS), "case", "does not say what the statement says"),
    "the contacts left out": (remove(CONTACTS), "case", "contacts.csv is missing"),
    "the statement": (a_finer_statement, "documents", "statement.json is not the document in the ledger"),
    "the statement withheld": (a_statement_withheld, "documents", "withholds a document that it may not"),
    "a document added": (add("data/documents/finding-9.json"), "documents", "no such document"),
    "the reporter dropped": (remove(REPORTER), "documents", "reporter.json is missing"),
    "the lender in case.json": (another_name_for_the_lender, "case", "does not repeat the statement"),
    "the borrower's words on an exhibit": (other_words_on_an_exhibit, "case", "tells E-1 otherwise"),
    "the name of an exhibit": (another_name_of_an_exhibit, "case", "tells E-1 otherwise"),
    "a remark in case.json": (a_remark_in_case_json, "case", "other fields than a case has"),
    "a remark on an exhibit": (a_remark_on_an_exhibit, "case", "tells E-1 otherwise"),
    "the kind of a copy": (another_kind_of_a_copy, "case", "tells E-1 otherwise"),
    "an exhibit in case.json": (another_size_in_case_json, "case", "tells E-1 otherwise"),
    "an exhibit twice in case.json": (
        an_exhibit_twice_in_case_json,
        "case",
        "lists other exhibits than the ledger",
    ),
    "a number for a yes or no in case.json": (a_number_for_a_no, "case", "tells E-1 otherwise"),
    "nothing for an empty list in case.json": (no_findings_at_all, "case", "does not repeat the findings"),
    "nothing for the consents in case.json": (no_consents_at_all, "case", "does not repeat the consents"),
    "nothing for who sent an exhibit": (no_source_of_an_exhibit, "case", "tells E-1 otherwise"),
    "a remark beyond all depth": (a_remark_beyond_all_depth, "export", "proofs/export.json is not readable JSON"),
    "a file twice in the receipt": (a_file_twice_in_the_receipt, "receipt", "lists other files than the ledger"),
    "a token for other bytes": (a_token_for_other_bytes, "timestamps", "not the one in the ledger"),
    "another token": (another_token_for_the_same_bytes, "timestamps", "not the one in the ledger"),
    "a token added": (add("proofs/timestamps/E-009.builtin.tsr"), "timestamps", "names no such token"),
    "a receipt of another case": (a_receipt_of_another_case, "receipt", "of another case"),
    "a lying receipt": (a_receipt_that_lies, "receipt", "not the one in the ledger"),
    "no list of proofs": (no_list_of_proofs, "entries", "the ledger has no proper “consistency”"),
    "an entry left out": (an_entry_left_out, "thread", "is left out"),
    "an entry changed": (an_entry_changed, "entries", "is not part of the record that the portal signed"),
    "no proof from the receipt on": (no_consistency_with_the_receipt, "receipt", "no proof"),
}


@pytest.mark.parametrize("attack", BY_ANYBODY)
def test_a_change_is_refused_and_named(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, bagit, openssl, link, says = BY_ANYBODY[attack]
    change(bag)
    folder = bag.folder(tmp_path / "unpacked")
    assert bagit_refuses(folder) == bagit
    assert openssl_refuses(folder, held.roots / "root.pem") == openssl
    for path in (folder, bag.zip(tmp_path / "bundle.zip")):
        is_refused(path, held, link, says)


@pytest.mark.parametrize("attack", WITH_LISTS)
def test_a_change_with_its_lists_is_refused(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, openssl = WITH_LISTS[attack]
    change(bag)
    bag.relist()
    folder = bag.folder(tmp_path / "unpacked")
    assert not bagit_refuses(folder)
    assert openssl_refuses(folder, held.roots / "root.pem") == openssl
    is_refused(folder, held, "export", "not the one the portal signed")


@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, link, says = BY_THE_OPERATOR[attack]
    change(bag)
    bag.re_sign()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, link, says)


@pytest.mark.parametrize("attack", MALFORMED)
def test_a_list_that_tools_could_read_in_two_ways_is_refused(
    attack: str, bag: Opened, held: Held, tmp_path: Path
) -> None:
    change, says = MALFORMED[attack]
    change(bag)
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, "files", says)


# -- nothing was changed


def test_every_tool_accepts_an_unchanged_bundle(
    bag: Opened, case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    folder = bag.folder(tmp_path / "unpacked")
    assert not bagit_refuses(folder)
    assert not openssl_refuses(folder, held.roots / "root.pem")
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(exported(case.case))
    for path in (folder, folder.parent, bundle):
        code, answer = holdfast(lawyer, path, "--roots", held.roots)
        assert (code, answer["result"]) == (0, "verified"), answer
        assert holdfast(lawyer, path, "--against", held.receipt)[0] == 0
        assert holdfast(lawyer, path)[0] == 2


def test_a_bundle_with_its_own_roots_is_self_consistent_only(
    bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    bundle = bag.zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle)
    assert (code, answer["result"], len(answer["doubts"])) == (2, "self-consistent only", 2)
    (held.roots / "root.pem").unlink()
    assert holdfast(lawyer, bundle, "--roots", held.roots)[0] == 2  # nothing says who the authority is
    (tmp_path / "checkpoint").write_text(bag.text(CHECKPOINT))
    assert holdfast(lawyer, bundle, "--against", tmp_path / "checkpoint")[0] == 2


def test_the_demo_authority_is_called_a_local_clock(bag: Opened, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    _, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"))
    clock = "builtin is a local clock: its timestamps prove nothing against the operator."
    assert clock in answer["cautions"]


def test_papers_kept_at_any_time_are_contained_in_a_later_bundle(
    case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "later.json").write_bytes(receipts.extended(case.case))
    (tmp_path / "checkpoint").write_text(checkpoints.current().note)
    cast.file_a_complaint()
    exported(case.case)
    (tmp_path / "bundle.zip").write_bytes(exported(case.case))
    kept = [part for name in ("later.json", "checkpoint", "kept.json") for part in ("--against", tmp_path / name)]
    code, answer = holdfast(lawyer, tmp_path / "bundle.zip", *kept, "--roots", held.roots)
    assert code == 0, answer


# -- receipts alone


def test_a_receipt_is_verified_by_the_portals_key(
    case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    assert holdfast(lawyer, held.receipt)[0] == 2
    assert holdfast(lawyer, held.receipt, "--roots", held.roots)[0] == 0
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(case.case))
    assert holdfast(lawyer, later, "--roots", held.roots)[0] == 0
    assert holdfast(lawyer, later, "--against", held.receipt)[0] == 0


def test_any_changed_byte_of_a_receipt_is_refused(held: Held, tmp_path: Path) -> None:
    whole = held.receipt.read_bytes()
    path = tmp_path / "changed.json"
    for at in range(0, len(whole), 97):
        changed = bytearray(whole)
        changed[at] ^= 1
        path.write_bytes(changed)
        report = verifier.verify(str(path), roots=str(held.roots))
        assert report.exit in (1, 3), whole[at - 20 : at + 20]  # 3 where it is no JSON any more
