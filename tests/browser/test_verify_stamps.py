"""Stamps of exhibits and of checkpoints: both verifiers say the same of each that is wrong, and of honest ones."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from tests.evidence.verifier import test_attacks_on_anchors as anchors
from tests.evidence.verifier import test_attacks_on_the_ledger as seals
from tests.support import cast
from tests.support.attacks import Held
from tests.support.both import Both, Verdict
from tests.support.bundles import Opened

stamped = anchors.stamped
pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


def the_same(verdicts: tuple[Verdict, Verdict]) -> Verdict:
    assert verdicts[0] == verdicts[1]
    return verdicts[0]


def test_honest_stamps_hold_for_both(
    both: Both, stamped: Opened, case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(case.case))
    for paper in (stamped.zip(tmp_path / "bundle.zip"), later):
        assert the_same(both.verdicts(paper, roots=held.roots)).result == "verified"
        assert the_same(both.verdicts(paper, held.receipt)).result == "verified"
        assert the_same(both.verdicts(paper)).result == "self-consistent only"


@pytest.mark.parametrize("attack", anchors.STAMPED)
def test_a_wrong_stamp_of_a_checkpoint_is_refused_by_both(
    attack: str, both: Both, stamped: Opened, held: Held, tmp_path: Path
) -> None:
    change, says = anchors.STAMPED[attack]
    change(stamped)
    stamped.re_sign()
    verdict = the_same(both.verdicts(stamped.zip(tmp_path / "bundle.zip"), roots=held.roots))
    assert verdict.link == "anchors"
    assert says in verdict.says


@pytest.mark.parametrize(
    ("changes", "says"), anchors.WRONG_IN_A_RECEIPT, ids=[says for _, says in anchors.WRONG_IN_A_RECEIPT]
)
def test_a_wrong_stamp_in_a_receipt_is_refused_by_both(
    changes: dict[str, str], says: str, both: Both, stamped: Opened, case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(anchors.in_a_receipt(case, **changes))
    verdict = the_same(both.verdicts(later, roots=held.roots))
    assert verdict.link == "anchors"
    assert says in verdict.says


def an_answer(bag: Opened, held: Held, **wrong: Any) -> Opened:
    """The bundle with another token for the first exhibit, whose authority the lawyer trusts."""
    digest, nonce = seals.asked(bag)
    recorded = wrong.pop("recorded", None)
    now = verifier.moment(bag.entries()[0]["at"], "it").replace(microsecond=0) + wrong.pop("later", timedelta())
    authority = anchors.genuine(bag)
    told = {"digest": digest, "nonce": nonce, "gen_time": now, **wrong}
    (held.roots / "outside.pem").write_bytes(authority.root.public_bytes(Encoding.PEM))
    response = authority.answer(told.pop("digest"), **told)
    return seals.with_token(bag, response, recorded or f"{now:%Y-%m-%dT%H:%M:%S}.000000Z")


SEALS, DATES = "timestamps", "thread"
ANSWERS: dict[str, tuple[dict[str, Any], str, str]] = {
    "honest": ({}, "", ""),
    "back-dated": ({"later": timedelta(hours=-2)}, SEALS, "before the item was received: it is back-dated"),
    "later than the seal": ({"later": timedelta(hours=2)}, DATES, "it is back-dated"),
    "another time on the ledger": (
        {"recorded": "2026-11-23T04:00:00.000000Z"},
        SEALS,
        "not the one in the ledger",
    ),
    "a malformed time on the ledger": ({"recorded": "2026-11-23"}, DATES, "malformed time"),
    "another nonce": ({"nonce": 5}, SEALS, "does not answer this query"),
    "other bytes": ({"digest": bytes(32)}, SEALS, "for other bytes"),
    "no ESSCertID": ({"names": ""}, SEALS, "does not name the certificate"),
    "a weak digest": ({"hash": "sha1"}, SEALS, "weak digest SHA-1"),
    "outside the certificate's life": ({"later": timedelta(days=-310)}, SEALS, "not valid at the token's time"),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_token_of_an_exhibit_is_judged_by_both_alike(
    answer: str, both: Both, bag: Opened, held: Held, tmp_path: Path
) -> None:
    wrong, link, says = ANSWERS[answer]
    path = an_answer(bag, held, **wrong).zip(tmp_path / "bundle.zip")
    verdict = the_same(both.verdicts(path, roots=held.roots))
    assert verdict.link == link
    assert says in verdict.says
