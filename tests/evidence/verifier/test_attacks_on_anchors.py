"""Stamped checkpoints that are forged, replayed, foreign or back-dated, in bundles and later receipts."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import checkpoints, signing
from evidence.timestamps import anchoring, authorities, timestamping
from tests.support import cast, stamps
from tests.support.attacks import EXPORT, LEDGER, ROOT_PEM, Change, Held, flip, holdfast, is_refused, says
from tests.support.bundles import Ledger, Opened, chained, exported, opened, remake

# -- stamped checkpoints


@pytest.fixture
def stamped(case: cast.Filed, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """A bundle with two stamps over checkpoints of its ledger, the first of which covers the filing."""
    monkeypatch.setattr(anchoring, "EVERY", timedelta(0))
    for _ in range(2):
        checkpoints.current()
        anchoring.anchor()
        cast.file_a_complaint(files=[])
    return opened(exported(case.case))


def anchors_of(bag: Opened) -> list[str]:
    """The stems of the stamped checkpoints, the smallest ledger first."""
    stems = {name.rpartition(".")[0] for name in bag.files if name.startswith("proofs/anchors/")}
    return sorted(stems, key=lambda stem: int(stem.split("/")[2].split(".")[0]))


def test_a_stamped_checkpoint_dates_the_ledger_from_outside(
    stamped: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    bundle = stamped.zip(tmp_path / "bundle.zip")
    code, answer = holdfast(lawyer, bundle, "--roots", held.roots)
    assert code == 0, answer
    (told,) = [check["says"] for check in answer["checks"] if check["name"] == "anchors"]
    sizes = [stem.split("/")[2].split(".")[0] for stem in anchors_of(stamped)]
    assert len(sizes) == 2
    for size in sizes:
        assert re.search(rf"The ledger up to {size} entries existed at 20\d\d-.* UTC, by builtin\.", told)
    for stem in anchors_of(stamped):
        note = tmp_path / "kept.note"
        note.write_bytes(stamped.files[f"{stem}.note"])
        assert holdfast(lawyer, bundle, "--roots", held.roots, "--against", note)[0] == 0


def restamped(bag: Opened, authority: stamps.Authority, **wrong: Any) -> None:
    """Another stamp over the first stamped checkpoint, by this authority, and files that are named after it."""
    stem = anchors_of(bag)[0]
    query = tsp.TimeStampReq.load(bag.files[f"{stem}.tsq"])
    digest = hashlib.sha256(bag.files[f"{stem}.note"]).digest()
    bag.files[f"{stem}.tsr"] = authority.answer(digest, **{"nonce": query["nonce"].native, **wrong})
    renamed(bag, stem, f"{stem.rpartition('.')[0]}.{wrong['gen_time']:%Y%m%dT%H%M%SZ}")


def renamed(bag: Opened, stem: str, other: str) -> None:
    for end in ("note", "tsq", "tsr"):
        bag.files[f"{other}.{end}"] = bag.files.pop(f"{stem}.{end}")


def genuine(bag: Opened, **options: Any) -> stamps.Authority:
    """An authority of today; it is the one that the lawyer trusts."""
    shift = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0) - stamps.NOW
    return stamps.Authority(ends=stamps.NOW + shift + timedelta(days=300), **options)


def when_filed(bag: Opened, **later: float) -> datetime:
    return verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0) + timedelta(**later)


def a_forged_stamp(bag: Opened) -> None:
    flip(f"{anchors_of(bag)[0]}.tsr", -9)(bag)


def a_replayed_stamp(bag: Opened) -> None:
    one, other = anchors_of(bag)
    for end in ("tsq", "tsr"):
        bag.files[f"{one}.{end}"] = bag.files[f"{other}.{end}"]


def a_stamp_that_answers_another_query(bag: Opened) -> None:
    stem = anchors_of(bag)[0]
    stamp = timestamping.stamp(authorities.configured()[0], hashlib.sha256(bag.files[f"{stem}.note"]).digest())
    bag.files[f"{stem}.tsr"] = stamp.response


def a_stamp_without_its_query(bag: Opened) -> None:
    del bag.files[f"{anchors_of(bag)[0]}.tsq"]


def a_checkpoint_changed_under_its_stamp(bag: Opened) -> None:
    bag.files[f"{anchors_of(bag)[0]}.note"] = bag.files[f"{anchors_of(bag)[1]}.note"]


def a_checkpoint_signed_by_another_key(bag: Opened) -> None:
    name = f"{anchors_of(bag)[0]}.note"
    body, _, _ = bag.text(name).rpartition("\n\n")
    key = ed25519.Ed25519PrivateKey.generate()
    public = b"\1" + key.public_key().public_bytes_raw()
    origin = body.split("\n")[0]
    key_id = hashlib.sha256(f"{origin}\n".encode() + public).digest()[:4]
    mark = base64.b64encode(key_id + key.sign(f"{body}\n".encode())).decode()
    bag.files[name] = f"{body}\n\n— {origin} {mark}\n".encode()


def a_checkpoint_of_another_ledger(bag: Opened) -> None:
    """Signed with the portal's own key, stamped by the real authority, of the same size."""
    stem = anchors_of(bag)[0]
    size = int(stem.split("/")[2].split(".")[0])
    note = Ledger([b'{"another":%d}' % number for number in range(size)]).note(size)
    stamp = timestamping.stamp(authorities.configured()[0], hashlib.sha256(note.encode()).digest())
    bag.files.update({f"{stem}.note": note.encode(), f"{stem}.tsq": stamp.query, f"{stem}.tsr": stamp.response})


def a_checkpoint_beyond_the_ledger(bag: Opened) -> None:
    stem = anchors_of(bag)[0]
    beyond = Ledger([b'{"another":%d}' % number for number in range(99)]).note(99)
    bag.files["proofs/anchors/99.builtin.20260101T000000Z.note"] = beyond.encode()
    for end in ("tsq", "tsr"):
        bag.files[f"proofs/anchors/99.builtin.20260101T000000Z.{end}"] = bag.files[f"{stem}.{end}"]


def no_proof_from_the_stamped_checkpoint(bag: Opened) -> None:
    size = int(anchors_of(bag)[0].split("/")[2].split(".")[0])
    ledger = bag.json(LEDGER)
    ledger["consistency"] = [one for one in ledger["consistency"] if one["from"] != size]
    bag.files[LEDGER] = verifier.canonical(ledger)


def something_else_beside(bag: Opened) -> None:
    bag.files["proofs/anchors/notes.txt"] = b"added"


def an_older_name(bag: Opened) -> None:
    stem = anchors_of(bag)[0]
    renamed(bag, stem, f"{stem.rpartition('.')[0]}.20190101T000000Z")


def of_two_authorities(bag: Opened) -> None:
    """The export lists another authority too."""
    listed = [*bag.json(EXPORT)["authorities"], {"name": "Court", "root_sha256": "0" * 64}]
    bag.re_sign(authorities=listed)


def another_authoritys_name(bag: Opened) -> None:
    of_two_authorities(bag)
    stem = anchors_of(bag)[0]
    renamed(bag, stem, stem.replace("builtin", "Court"))


def twice_by_other_names(bag: Opened) -> None:
    of_two_authorities(bag)
    stem = anchors_of(bag)[0]
    for end in ("note", "tsq", "tsr"):
        bag.files[f"{stem.replace('builtin', 'court')}.{end}"] = bag.files[f"{stem}.{end}"]
    listed = bag.json(EXPORT)["authorities"]
    bag.re_sign(authorities=[*listed, {**listed[0], "name": "court"}])


STAMPED: dict[str, tuple[Change, str]] = {
    "forged": (a_forged_stamp, "a signature is wrong"),
    "replayed": (a_replayed_stamp, "the token is for other bytes"),
    "of another query": (a_stamp_that_answers_another_query, "does not answer this query"),
    "without its query": (a_stamp_without_its_query, ".tsq is missing"),
    "over another checkpoint": (a_checkpoint_changed_under_its_stamp, "names another size"),
    "over a foreign checkpoint": (a_checkpoint_signed_by_another_key, "not signed with the ledger's key"),
    "over another ledger": (a_checkpoint_of_another_ledger, "record was changed after you got"),
    "beyond the ledger": (a_checkpoint_beyond_the_ledger, "it was cut"),
    "without a proof": (no_proof_from_the_stamped_checkpoint, "no proof that the ledger extends"),
    "something else beside": (something_else_beside, "does not belong here"),
    "named after another time": (an_older_name, "names another time than its stamp"),
    "named after another authority": (
        another_authoritys_name,
        "another authority than it is said to be: of builtin",
    ),
    "twice": (twice_by_other_names, "it is there twice"),
}
# what is wrong with an answer of the authority that the lawyer trusts
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "back-dated": ({"hours": -2}, "it is back-dated"),
    "outside the certificate's life": ({"days": 301}, "not valid at the token's time"),
    "for other bytes": ({"digest": hashlib.sha256(b"other").digest()}, "for other bytes"),
    "without ESSCertID": ({"names": ""}, "ESSCertID"),
    "with a weak digest": ({"hash": "sha1"}, "weak digest SHA-1"),
    "with a weak imprint": ({"imprint": "sha1"}, "weak digest SHA-1"),
}


@pytest.mark.parametrize("attack", STAMPED)
def test_a_wrong_stamp_of_a_checkpoint_is_refused(
    attack: str, stamped: Opened, held: Held, tmp_path: Path
) -> None:
    change, says = STAMPED[attack]
    change(stamped)
    stamped.re_sign()
    report = verifier.verify(str(stamped.zip(tmp_path / "bundle.zip")), roots=str(held.roots))
    assert report.first_broken
    assert report.first_broken.name == "anchors", report.first_broken
    assert says in report.first_broken.says


@pytest.mark.parametrize("flaw", WRONG)
def test_a_wrong_answer_over_a_checkpoint_is_refused(
    flaw: str, stamped: Opened, held: Held, tmp_path: Path
) -> None:
    wrong, says = WRONG[flaw]
    authority = genuine(stamped)
    shift: dict[str, float] = {unit: wrong[unit] for unit in ("hours", "days") if unit in wrong}
    rest = {name: value for name, value in wrong.items() if name not in (*shift, "digest")}
    restamped(stamped, authority, gen_time=when_filed(stamped, **shift or {"minutes": 1}), **rest)
    if "digest" in wrong:
        stem = anchors_of(stamped)[0]
        nonce = tsp.TimeStampReq.load(stamped.files[f"{stem}.tsq"])["nonce"].native
        stamped.files[f"{stem}.tsr"] = authority.answer(wrong["digest"], nonce=nonce, gen_time=when_filed(stamped))
    (held.roots / "test.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    stamped.re_sign()
    report = verifier.verify(str(stamped.zip(tmp_path / "bundle.zip")), roots=str(held.roots))
    assert report.first_broken
    assert (report.first_broken.name, says in report.first_broken.says) == ("anchors", True), report.first_broken


def test_a_stamp_from_between_the_first_and_the_last_entry_under_it_is_back_dated(
    case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    """The newest entry says that it was written two hours after the stamp that is to cover it."""
    thread = case.case.thread
    noted = ledger.Event(kind="case.noted", thread=thread, subject=thread, by=ledger.SYSTEM, data={})
    with transaction.atomic():
        ledger.append(replace(noted, at=noted.at + timedelta(hours=2)))
    anchoring._stamp(authorities.configured()[0], checkpoints.current())  # anchor() would wait two hours
    bag = opened(exported(case.case))
    bag.made_at(ledger.rfc3339(noted.at + timedelta(hours=3)))
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, "anchors", "it is back-dated")


def test_a_stamp_under_a_root_of_the_operators_own_dates_nothing(
    stamped: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    authority = genuine(stamped)
    restamped(stamped, authority, gen_time=when_filed(stamped, minutes=1))
    stamped.files[ROOT_PEM] += (pem := authority.root.public_bytes(Encoding.PEM))
    root = {"name": "builtin", "root_sha256": verifier.certificates_in(pem, "it")[0].digest}
    stamped.re_sign(authorities=[*stamped.json(EXPORT)["authorities"], root])
    bundle = stamped.zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, bundle)[0] == 2
    for outside in (("--roots", held.roots), ("--against", held.receipt)):
        code, answer = holdfast(lawyer, bundle, *outside)
        assert (code, answer["first_broken"]) == (1, "anchors")
        assert "trusted root" in says(answer)


def test_a_ledger_made_anew_cannot_bring_the_old_stamps(
    stamped: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    """A whole bundle made after the fact: the checkpoints that were stamped are of the ledger that was."""
    entries = stamped.entries()
    others = [{**entries[0], "id": f"00000000-0000-4000-8000-{at:012d}", "kind": "case.noted"} for at in range(9)]
    remake(stamped, chained([*entries, *others]), tuple(range(1, len(entries) + 9)))
    code, answer = holdfast(lawyer, stamped.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "anchors"), answer
    assert "record was changed after you got" in says(answer)


def test_a_later_receipt_brings_the_stamped_checkpoints(
    stamped: Opened, case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(case.case))
    code, answer = holdfast(lawyer, later, "--roots", held.roots)
    assert code == 0, answer
    (told,) = [check["says"] for check in answer["checks"] if check["name"] == "anchors"]
    assert told.count("existed at") == 2
    assert holdfast(lawyer, later, "--against", held.receipt)[0] == 0
    (held.roots / "root.pem").unlink()
    assert holdfast(lawyer, later, "--roots", held.roots)[0] == 2  # nothing says who the authority is


def in_a_receipt(case: cast.Filed, **changes: str) -> bytes:
    """A later receipt whose first stamp was changed by the operator, who can sign it again."""
    receipt = json.loads(receipts.extended(case.case))
    del receipt["signature"]
    receipt["anchors"][0].update(changes)
    return signing.sign(receipt)


WRONG_IN_A_RECEIPT = [
    ({"response": base64.b64encode(b"0\0").decode()}, "not built as it should be"),
    ({"response": "?"}, "is not base64"),
    ({"note": "a\n1\nAAAA\n\n— a AAAAAAAA\n"}, "is not a SHA-256"),
    ({"gen_time": "2019-11-23T04:00:00.000000Z"}, "another time of a stamp than the stamp does"),
    ({"authority": "Supreme Court"}, "another authority than it is said to be: of builtin"),
]


@pytest.mark.parametrize(("changes", "message"), WRONG_IN_A_RECEIPT)
def test_a_wrong_stamp_in_a_receipt_is_refused(
    changes: dict[str, str], message: str, stamped: Opened, case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    (tmp_path / "later.json").write_bytes(in_a_receipt(case, **changes))
    report = verifier.verify(str(tmp_path / "later.json"), roots=str(held.roots))
    assert report.first_broken
    assert report.first_broken.name == "anchors"
    assert message in report.first_broken.says


def test_a_foreign_root_in_a_receipt_dates_nothing(
    stamped: Opened, case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    authority = genuine(stamped)
    kept = json.loads(receipts.extended(case.case))["anchors"][0]
    query = tsp.TimeStampReq.load(base64.b64decode(kept["query"]))
    response = authority.answer(
        hashlib.sha256(kept["note"].encode()).digest(),
        nonce=query["nonce"].native,
        gen_time=when_filed(stamped, minutes=1),
    )
    foreign = {
        "gen_time": ledger.rfc3339(when_filed(stamped, minutes=1)),
        "response": base64.b64encode(response).decode(),
        "root": authority.root.public_bytes(Encoding.PEM).decode(),
    }
    (tmp_path / "later.json").write_bytes(in_a_receipt(case, **foreign))
    assert verifier.verify(str(tmp_path / "later.json")).exit == 2
    report = verifier.verify(str(tmp_path / "later.json"), [str(held.receipt)])
    assert report.first_broken
    assert "trusted root" in report.first_broken.says
