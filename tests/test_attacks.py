"""The attack table: which tool must refuse which change, and what holdfast_verify.py must call it.

Three attackers: somebody with the file alone, somebody who also makes the lists fit again, and the operator, who
has every key. Against the operator only what others hold (a receipt, a checkpoint, an authority's root) helps.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from complaints import receipts
from evidence import authorities, checkpoints, signing, timestamping
from evidence import holdfast_verify as verifier
from tests import cast, stamps
from tests.bundles import Ledger, Opened, chained, exported, opened, remake, seal_all

PICTURES = [("one.png", cast.a_screenshot("one")), ("two.png", cast.a_screenshot("two"))]
Change = Callable[[Opened], None]


@dataclass
class Held:
    """What the lawyer has from outside: the roots' folder, the borrower's receipt."""

    roots: Path
    receipt: Path


@pytest.fixture
def case(db: None) -> cast.Filed:
    filed = cast.file_a_complaint(files=PICTURES)
    seal_all(filed.case)
    return filed


@pytest.fixture
def bag(case: cast.Filed) -> Opened:
    return opened(exported(case.case))


@pytest.fixture
def held(case: cast.Filed, tmp_path: Path) -> Held:
    roots = tmp_path / "roots"
    roots.mkdir()
    (roots / "ledger.vkey").write_text(signing.vkey())
    (roots / "root.pem").write_bytes(authorities.configured()[0].root)
    receipt = tmp_path / "kept.json"
    receipt.write_bytes(bytes(case.case.receipt))
    return Held(roots, receipt)


def holdfast(lawyer: cast.Lawyer, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = lawyer.verifies(*arguments, "--json")
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


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


def flip(name: str, at: int = 40) -> Change:
    def change(bag: Opened) -> None:
        content = bytearray(bag.files[name])
        content[at % len(content)] ^= 1
        bag.files[name] = bytes(content)

    return change


def another_digit(name: str, at: int = 3) -> Change:
    """A digest in a list becomes another digest."""

    def change(bag: Opened) -> None:
        content = bytearray(bag.files[name])
        content[at] = ord("1") if content[at] == ord("0") else ord("0")
        bag.files[name] = bytes(content)

    return change


def remove(name: str) -> Change:
    return lambda bag: bag.files.__delitem__(name)


def add(name: str) -> Change:
    return lambda bag: bag.files.__setitem__(name, b"added")


def rename(name: str, other: str) -> Change:
    return lambda bag: bag.files.__setitem__(other, bag.files.pop(name))


def swap(name: str, other: str) -> Change:
    def change(bag: Opened) -> None:
        bag.files[name], bag.files[other] = bag.files[other], bag.files[name]

    return change


ORIGINAL, OTHER = "data/originals/E-001.png", "data/originals/E-002.png"
CUSTODY, REPORT, CASE = "data/custody.csv", "data/report.pdf", "data/case.json"
STATEMENT, REPORTER = "data/documents/statement.json", "data/documents/reporter.json"
TOKEN, QUERY = "proofs/timestamps/E-001.builtin.tsr", "proofs/timestamps/E-001.builtin.tsq"
RECEIPT, CHECKPOINT, LEDGER = "proofs/receipt.json", "proofs/checkpoint", "proofs/ledger.json"
EXPORT, ROOT_PEM = "proofs/export.json", "proofs/authorities/builtin.pem"
YES, NO = True, False

# change · bagit.py refuses · openssl refuses · the first broken link · what is said of it
BY_ANYBODY: dict[str, tuple[Change, bool, bool, str, str]] = {
    "an original": (flip(ORIGINAL), YES, YES, "files", f"{ORIGINAL} was altered"),
    "the last bit of an original": (flip(ORIGINAL, -1), YES, YES, "files", f"{ORIGINAL} was altered"),
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
    "a list": (another_digit("manifest-sha256.txt"), YES, NO, "files", "was altered"),
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


def a_finer_statement(bag: Opened) -> None:
    bag.files[STATEMENT] = verifier.canonical({**bag.json(STATEMENT), "story": "They were very polite."})
    bag.files[CASE] = verifier.canonical({**bag.json(CASE), "statement": bag.json(STATEMENT)})


def a_custody_row_less(bag: Opened) -> None:
    bag.files[CUSTODY] = b"".join(bag.files[CUSTODY].splitlines(keepends=True)[:-1])


def another_name_for_the_lender(bag: Opened) -> None:
    case = bag.json(CASE)
    case["statement"]["lender"] = "Somebody else"
    bag.files[CASE] = verifier.canonical(case)


def another_size_in_case_json(bag: Opened) -> None:
    case = bag.json(CASE)
    case["exhibits"][0]["size"] += 1
    bag.files[CASE] = verifier.canonical(case)


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
    "an exhibit doubled": (add("data/originals/E-001.jpg"), "originals", "is there twice"),
    "two exhibits swapped": (swap(ORIGINAL, OTHER), "originals", "its bytes differ"),
    "a custody row": (a_custody_row_less, "custody", "does not say what the ledger says"),
    "the statement": (a_finer_statement, "documents", "statement.json is not the document in the ledger"),
    "the statement withheld": (a_statement_withheld, "documents", "withholds a document that it may not"),
    "a document added": (add("data/documents/finding-9.json"), "documents", "no such document"),
    "the reporter dropped": (remove(REPORTER), "documents", "reporter.json is missing"),
    "the lender in case.json": (another_name_for_the_lender, "case", "does not repeat the statement"),
    "an exhibit in case.json": (another_size_in_case_json, "case", "tells E-1 otherwise"),
    "a token for other bytes": (a_token_for_other_bytes, "timestamps", "not the one in the ledger"),
    "another token": (another_token_for_the_same_bytes, "timestamps", "not the one in the ledger"),
    "a token added": (add("proofs/timestamps/E-009.builtin.tsr"), "timestamps", "names no such token"),
    "a receipt of another case": (a_receipt_of_another_case, "receipt", "of another case"),
    "a lying receipt": (a_receipt_that_lies, "receipt", "not the one in the ledger"),
    "an entry left out": (an_entry_left_out, "thread", "is left out"),
    "an entry changed": (an_entry_changed, "entries", "does not lie under the signed checkpoint"),
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


def is_refused(path: Path, held: Held, link: str, says: str) -> None:
    report = verifier.verify(str(path), [str(held.receipt)], str(held.roots))
    assert report.exit == 1
    assert report.first_broken
    assert report.first_broken.name == link, report.first_broken
    assert says in report.first_broken.says


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
    assert answer["cautions"] == [
        "builtin is a local clock, proves nothing against the operator / 本机时钟，对运营者不具证明力"
    ]


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


# -- the operator makes a ledger up: only what others hold finds it


def made(bag: Opened, change: Callable[[list[dict[str, Any]]], None], *earlier: int) -> Opened:
    entries = bag.entries()
    change(entries)
    remake(bag, chained(entries), earlier)
    return bag


def a_later_filing(entries: list[dict[str, Any]]) -> None:
    entries[0]["at"] = "2026-12-24T00:00:00.000000Z"


def an_entry_inserted(entries: list[dict[str, Any]]) -> None:
    entries.insert(
        3, {**entries[3], "id": "00000000-0000-4000-8000-000000000000", "kind": "case.noted", "data": {}}
    )


def a_seal_dropped(entries: list[dict[str, Any]]) -> None:
    del entries[-1]


def seals_reordered(entries: list[dict[str, Any]]) -> None:
    entries[-1], entries[-2] = entries[-2], entries[-1]


@pytest.mark.parametrize("change", [an_entry_inserted, seals_reordered], ids=lambda change: change.__name__)
def test_a_ledger_made_anew_is_found_by_whoever_kept_a_checkpoint(
    change: Callable[[list[dict[str, Any]]], None], bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(bag.text(CHECKPOINT))
    bundle = made(bag, change, len(bag.entries())).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle)[0] == 2  # in itself, it fits
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots, "--against", tmp_path / "checkpoint")
    assert (code, answer["first_broken"]) == (1, "against checkpoint"), answer


def test_a_ledger_made_anew_that_hides_the_proof_is_not_called_verified(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(bag.text(CHECKPOINT))
    bundle = made(bag, an_entry_inserted).zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots, "--against", tmp_path / "checkpoint")
    assert code == 2
    assert "no proof that the ledger extends" in answer["doubts"][0]


def test_a_bundle_made_after_the_fact_is_found_by_whoever_kept_the_receipt(
    bag: Opened, case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    bundle = made(bag, a_later_filing)
    receipt = bundle.json(RECEIPT)
    receipt["filed_at"] = bundle.entries()[0]["at"]
    del receipt["signature"]
    bundle.files[RECEIPT] = signing.sign(receipt)
    bundle.re_sign()
    path = bundle.zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, path)[0] == 2
    code, answer = holdfast(lawyer, path, "--against", held.receipt)
    assert (code, answer["first_broken"]) == (1, "against kept.json")
    assert "was rewritten" in says(answer)


def says(answer: dict[str, Any]) -> str:
    return str(next(check["says"] for check in answer["checks"] if not check["ok"]))


def test_a_ledger_cut_short_is_found_by_whoever_saw_it_longer(
    bag: Opened, case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    """What a restored backup looks like."""
    (tmp_path / "later.json").write_bytes(receipts.extended(case.case))
    for end in ("tsq", "tsr"):
        del bag.files[f"proofs/timestamps/E-002.builtin.{end}"]
    bundle = made(bag, a_seal_dropped).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle, "--roots", held.roots)[0] == 0
    code, answer = holdfast(lawyer, bundle, "--against", tmp_path / "later.json")
    assert (code, answer["first_broken"]) == (1, "against later.json")
    assert "it was cut" in says(answer)


def test_two_ledgers_of_one_size_shown_to_two_people_are_found(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    other = Ledger([b'{"another":%d}' % number for number in range(len(bag.entries()))])
    (tmp_path / "checkpoint").write_text(other.note(len(bag.entries())))
    bundle = bag.zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots, "--against", tmp_path / "checkpoint")
    assert (code, answer["first_broken"]) == (1, "against checkpoint")
    assert "another ledger of the same size" in says(answer)


def test_a_receipt_of_another_case_is_named(
    bag: Opened, second_borrower: cast.Filed, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "other.json").write_bytes(bytes(second_borrower.case.receipt))
    bundle = bag.zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--against", tmp_path / "other.json")
    assert (code, answer["first_broken"]) == (1, "against other.json")
    assert second_borrower.case.reference in says(answer)


def test_another_key_is_named(bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path, settings: Any) -> None:
    settings.LEDGER_SIGNING_KEY = "A" * 43 + "="
    remake(bag, chained(bag.entries()))
    bag.files["proofs/ledger.vkey"] = signing.vkey().encode()
    bag.re_sign()
    bundle = bag.zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle)[0] == 2
    for outside in (("--roots", held.roots), ("--against", held.receipt)):
        code, answer = holdfast(lawyer, bundle, *outside)
        assert (code, answer["first_broken"]) == (1, "key")


# -- forged timestamps, in a ledger made to list them


def with_token(bag: Opened, response: bytes, gen_time: str, query: bytes | None = None) -> Opened:
    """A bundle whose ledger was made to list this token for the first exhibit."""
    entries = bag.entries()
    seal = next(entry for entry in entries if entry["kind"] == "evidence.sealed")
    token = {"authority": "builtin", "sha256": hashlib.sha256(response).hexdigest(), "gen_time": gen_time}
    seal["data"]["tokens"] = [token]
    bag.files[TOKEN] = response
    if query:
        bag.files[QUERY] = query
    remake(bag, chained(entries))
    return bag


def asked(bag: Opened) -> tuple[bytes, int]:
    """The digest and nonce of the first exhibit's query."""
    query = tsp.TimeStampReq.load(bag.files[QUERY])
    return query["message_imprint"]["hashed_message"].native, query["nonce"].native


@pytest.mark.parametrize(
    ("hours", "message"), [(-2, "it is back-dated"), (2, "after the item was sealed")], ids=["back-dated", "later"]
)
def test_a_token_at_an_impossible_time_is_refused(
    hours: int, message: str, bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    digest, nonce = asked(bag)
    now = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0)
    shift = now - stamps.NOW
    authority = stamps.Authority(ends=stamps.NOW + shift + timedelta(days=300))
    when = now + timedelta(hours=hours)
    response = authority.answer(digest, nonce=nonce, gen_time=when)
    (held.roots / "root.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    bundle = with_token(bag, response, f"{when:%Y-%m-%dT%H:%M:%S}.000000Z").zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "timestamps")
    assert message in says(answer)


def test_a_token_under_a_root_of_the_operators_own_is_refused(
    bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    digest, nonce = asked(bag)
    now = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0)
    authority = stamps.Authority(ends=now + timedelta(days=300))
    bag.files[ROOT_PEM] = authority.root.public_bytes(Encoding.PEM)
    response = authority.answer(digest, nonce=nonce, gen_time=now)
    bundle = with_token(bag, response, f"{now:%Y-%m-%dT%H:%M:%S}.000000Z").zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "timestamps")
    assert "trusted root" in says(answer)


def test_a_replayed_token_does_not_answer_the_query(
    bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    digest, _ = asked(bag)
    stamp = timestamping.stamp(authorities.configured()[0], digest)
    when = f"{stamp.gen_time:%Y-%m-%dT%H:%M:%S}.000000Z"
    bundle = with_token(bag, stamp.response, when).zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "timestamps")
    assert "does not answer this query" in says(answer)


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
        assert report.exit == 1, whole[at - 20 : at + 20]
