"""The operator makes a ledger up, or tokens for it: only what others hold finds it."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.serialization import Encoding

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339, signing
from evidence.timestamps import authorities, timestamping
from tests.support import cast, stamps
from tests.support.attacks import CASE, CHECKPOINT, COPY, QUERY, RECEIPT, ROOT_PEM, TOKEN, Held, holdfast, says
from tests.support.bundles import Ledger, Opened, chained, remake

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

# -- the operator makes a ledger up: only what others hold finds it


def made(bag: Opened, change: Callable[[list[dict[str, Any]]], None], *earlier: int) -> Opened:
    entries = bag.entries()
    change(entries)
    remake(bag, chained(entries), earlier)
    return bag


def a_later_filing(entries: list[dict[str, Any]]) -> None:
    filed = verifier.moment(entries[0]["at"], "it")
    entries[0]["at"] = rfc3339(filed + timedelta(minutes=1))


def an_entry_inserted(entries: list[dict[str, Any]]) -> None:
    entries.insert(
        3, {**entries[3], "id": "00000000-0000-4000-8000-000000000000", "kind": "case.noted", "data": {}}
    )


def a_seal_dropped(entries: list[dict[str, Any]]) -> None:
    del entries[-1]


def seals_reordered(entries: list[dict[str, Any]]) -> None:
    entries[-1], entries[-2] = entries[-2], entries[-1]


def an_entry_changed(entries: list[dict[str, Any]]) -> None:
    entries[3]["by"] = {"role": "investigator", "id": "somebody else"}


def an_entry_removed(entries: list[dict[str, Any]]) -> None:
    """A copy that was made; others come after, so that the ledger is longer than the one that was seen."""
    copied = next(entry for entry in entries if entry["kind"] == "evidence.derived")
    entries.remove(copied)
    entries += [
        {**copied, "kind": "case.noted", "id": f"00000000-0000-4000-8000-00000000000{at}"} for at in (1, 2)
    ]


REMADE = [an_entry_changed, an_entry_removed, an_entry_inserted, seals_reordered]


@pytest.mark.parametrize("change", REMADE, ids=lambda change: change.__name__)
def test_a_ledger_made_anew_is_found_by_whoever_kept_a_checkpoint(
    change: Callable[[list[dict[str, Any]]], None], bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(bag.text(CHECKPOINT))
    if change is an_entry_removed:
        del bag.files[COPY]
        bag.files[CASE] = verifier.canonical(without_copies(bag.json(CASE)))
    bundle = made(bag, change, len(bag.entries())).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle)[0] == 2  # in itself, it fits
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots, "--against", tmp_path / "checkpoint")
    assert (code, answer["first_broken"]) == (1, "against checkpoint"), answer


def without_copies(case: dict[str, Any]) -> dict[str, Any]:
    """case.json without those of its first exhibit."""
    case["exhibits"][0]["copies"] = []
    return case


def test_a_ledger_made_anew_that_hides_the_proof_is_broken_for_who_kept_a_checkpoint(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(bag.text(CHECKPOINT))
    bundle = made(bag, an_entry_inserted).zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots, "--against", tmp_path / "checkpoint")
    assert (code, answer["first_broken"]) == (1, "against checkpoint")
    assert "does not show that today's record grew out of the one on checkpoint" in says(answer)


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
    assert "is not the one that you hold (kept.json): it was made up later" in says(answer)


def test_a_ledger_cut_short_is_found_by_whoever_saw_it_longer(
    bag: Opened, case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    """What a restored backup looks like."""
    (tmp_path / "later.json").write_bytes(receipts.extended(case.case))
    for end in ("tsq", "tsr"):
        del bag.files[f"proofs/timestamps/E-002.builtin.{end}"]
    bundle = made(bag, a_seal_dropped).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle, "--roots", held.roots)[0] == 0
    code, answer = holdfast(lawyer, bundle, "--against", tmp_path / "later.json", "--roots", held.roots)
    assert code == 2  # an older bundle would look the same
    assert "later.json is newer than this" in answer["doubts"][0]
    bag.made_at(rfc3339(verifier.moment(bag.json("proofs/export.json")["made_at"], "it") + timedelta(hours=1)))
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--against", tmp_path / "later.json")
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
    assert (code, answer["first_unread"]) == (3, "against other.json")
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
    first = entries[0]["data"]["exhibits"][0]["item"]
    seals = (entry for entry in entries if entry["kind"] == "evidence.sealed")
    seal = next(entry for entry in seals if entry["data"]["item"] == first)
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
    ("hours", "link", "message"),
    [(-2, "timestamps", "it is back-dated"), (2, "thread", "a timestamp of")],
    ids=["back-dated", "later"],
)
def test_a_token_at_an_impossible_time_is_refused(
    hours: int, link: str, message: str, bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
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
    assert (code, answer["first_broken"]) == (1, link)
    assert message in says(answer)
    broken = {check["name"] for check in answer["checks"] if not check["ok"]}
    assert "timestamps" in broken  # a later one lies after the item was sealed


@pytest.mark.parametrize(
    ("recorded", "says"),
    [
        (".194000", ""),
        (".000000", ""),
        (".194001", "not the one in the ledger"),
        (".193000", "not the one in the"),
    ],
)
def test_a_time_with_a_fraction_is_recorded_in_full_or_cut_to_the_second(
    recorded: str, says: str, bag: Opened, held: Held, tmp_path: Path
) -> None:
    """Earlier portals cut it, and what they recorded is on the ledger for ever."""
    digest, nonce = asked(bag)
    now = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=194_000)
    authority = stamps.Authority(ends=now + timedelta(days=300))
    response = authority.answer(digest, nonce=nonce, gen_time=now)
    (held.roots / "outside.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    listed = f"{now:%Y-%m-%dT%H:%M:%S}{recorded}Z"
    bundle = with_token(bag, response, listed).zip(tmp_path / "bundle.zip")
    report = verifier.verify(str(bundle), roots=str(held.roots))
    (told,) = [check for check in report.checks if check.name == "timestamps"]
    assert told.ok == (not says)
    assert says in told.says


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "without ESSCertID": ({"names": ""}, "does not name the certificate that signed it"),
    "naming another certificate": ({"names": "wrong"}, "names another certificate"),
    "signed over a weak digest": ({"hash": "sha1"}, "weak digest SHA-1"),
    "of a weak digest": ({"imprint": "sha1"}, "weak digest SHA-1"),
    "after its certificate's life": ({"ends": timedelta(minutes=-1)}, "not valid at the token's time"),
}


@pytest.mark.parametrize("flaw", WRONG)
def test_a_flawed_token_of_a_trusted_authority_is_refused(
    flaw: str, bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    wrong, message = WRONG[flaw]
    digest, nonce = asked(bag)
    now = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0)
    authority = stamps.Authority(ends=now + wrong.get("ends", timedelta(days=300)))
    rest = {name: value for name, value in wrong.items() if name != "ends"}
    response = authority.answer(digest, nonce=nonce, gen_time=now, **rest)
    (held.roots / "root.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    bundle = with_token(bag, response, f"{now:%Y-%m-%dT%H:%M:%S}.000000Z").zip(tmp_path / "bundle.zip")
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
    assert "the export lists no such root" in says(answer)


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


def told_long_ago(bag: Opened, *, keep_tokens: bool) -> None:
    """The whole case made anew by the operator, as if it had come four years before."""
    new = documents_of_years_before(bag)
    digests = {one: other for one, other in new.items() if len(one) == 64}
    entries, receipt = replaced(bag.entries(), digests), replaced(bag.json(RECEIPT), digests)
    case = replaced(bag.json(CASE), new)
    for content in entries:
        is_seal = content["kind"] == "evidence.sealed"
        content["at"] = content["at"] if is_seal and keep_tokens else years_before(content["at"])
        if is_seal and not keep_tokens:
            content["data"]["tokens"] = []
        if "received_at" in content["data"]:
            content["data"]["received_at"] = years_before(content["data"]["received_at"])
    for one in (*case["exhibits"], *receipt["files"]):
        one["received_at"] = years_before(one["received_at"])
    receipt["filed_at"] = entries[0]["at"]
    if not keep_tokens:
        bag.files = {name: content for name, content in bag.files.items() if "/timestamps/" not in name}
    bag.files[CASE], bag.files[RECEIPT] = verifier.canonical(case), verifier.canonical(receipt)
    remake(bag, chained(entries))


def documents_of_years_before(bag: Opened) -> dict[str, str]:
    """Date the documents back. Returns what else changes: old date, digest or root -> the new one."""
    new: dict[str, str] = {}
    for path in (name for name in bag.files if name.startswith("data/documents/")):
        document, before = bag.json(path), bag.files[path]
        for date in verifier.OWN_DATES[Path(path).stem.partition("-")[0]]:
            if date in document:
                new[document[date]] = years_before(document[date])
        bag.files[path] = verifier.canonical(after := replaced(document, new))
        new[verifier.sha256(before).hex()] = verifier.sha256(bag.files[path]).hex()
        new[verifier.parts_root(document)] = verifier.parts_root(after)
    return new


def replaced(document: Any, new: dict[str, str]) -> Any:
    text = json.dumps(document)
    for one, other in new.items():
        text = text.replace(one, other)
    return json.loads(text)


def years_before(text: str) -> str:
    return f"{int(text[:4]) - 4}{text[4:]}"


DATED_BACK = {True: "E-1 is said to have come on", False: "no authority has dated E-1"}


@pytest.mark.parametrize("keep_tokens", DATED_BACK, ids=["with tokens of today", "without tokens"])
def test_of_a_case_dated_back_it_is_said_that_only_the_portal_vouches_for_its_dates(
    keep_tokens: bool, bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    told_long_ago(bag, keep_tokens=keep_tokens)
    bundle = bag.zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots)
    assert code == 0, answer  # nothing outside contradicts it, so it must not be called dated either
    assert any(DATED_BACK[keep_tokens] in caution for caution in answer["cautions"])
    assert any("no authority has dated the complaint" in caution for caution in answer["cautions"])
    said = lawyer.verifies(bundle, "--roots", held.roots).stdout
    assert "back-dated" not in said
    assert "of the dates see the notes" in said
    assert holdfast(lawyer, bundle, "--against", held.receipt)[0] == 1


def test_a_seal_without_a_token_dates_nothing(
    bag: Opened, lawyer: cast.Lawyer, held: Held, tmp_path: Path
) -> None:
    told_long_ago(bag, keep_tokens=False)
    _, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    said = next(check["says"] for check in answer["checks"] if check["name"] == "timestamps")
    assert said == "0 timestamps of 0 exhibits hold. Not sealed yet: E-1, E-2."
