"""Enquiries and answers are in receipts, reports and bundles, and nothing of them can be changed."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from complaints.cases import consents
from complaints.enquiries import asking
from complaints.filing import receipt_pdf, receipts
from complaints.models import Enquiry, StaffMember, Team
from evidence import holdfast_verify as verifier
from tests.complaints.filing.test_receipt_pdf import text_of
from tests.support import cast, office, other_side
from tests.support.attacks import CASE, Change, Held, holdfast, is_refused
from tests.support.bundles import Opened, exported, opened, seal_all

from .report.test_report import printed

LOG = ("calls.csv", b"time,number\n2026-11-20 23:41,057188880001\n")
RESPONSE = "data/documents/response-1.json"


@pytest.fixture
def asked(case: cast.Filed, south: Team, investigator: StaffMember) -> cast.Filed:
    """The agency was asked for two things: it sent a part of one, and nothing of the other in time; all sealed."""
    routed = office.routed(case.case, south, investigator)
    enquiry = other_side.sent(routed, investigator)
    says = {"1": {"state": "partly", "reason": "只找到一段。"}}
    other_side.answered(enquiry, "随函附上通话记录。", [LOG], says=says)
    asking.mark_overdue()
    other_side.in_time(enquiry, due_at=timezone.now() - timedelta(minutes=1))
    asking.mark_overdue()
    seal_all(routed)
    return case


@pytest.fixture
def bag(asked: cast.Filed) -> Opened:
    return opened(exported(asked.case))


def test_the_bundle_has_what_was_asked_and_what_came(bag: Opened) -> None:
    told = bag.json(CASE)
    assert [one["organisation"] for one in told["enquiries"]] == ["Example Collection Ltd"]
    assert told["responses"][0]["answers"] == verifier.sha256(bag.files["data/documents/enquiry-1.json"]).hex()
    assert [(one["exhibit"], one["source"]) for one in told["exhibits"]] == [
        ("E-1", "borrower"),
        ("E-2", "borrower"),
        ("E-3", "respondent"),
    ]
    assert told["exhibits"][2]["description"] == "What calls.csv shows"
    assert bag.files[f"data/{told['exhibits'][2]['file']}"] == LOG[1]


def test_custody_has_a_row_for_each_step(bag: Opened) -> None:
    rows = [(row["event"], row["by"]) for row in csv.DictReader(io.StringIO(bag.text("data/custody.csv")))]
    assert ("enquiry.answered", "respondent") in rows
    assert ("enquiry.overdue", "system") in rows


def test_the_report_says_what_was_asked_and_what_is_missing(asked: cast.Filed) -> None:
    text = printed(asked.case)
    for part in ("向对方的问询", "部分提供", "未提供", "只找到一段。", "随函附上通话记录。", "对方theotherside"):
        assert part in text


def test_a_lawyer_verifies_it_against_receipts(
    asked: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    (tmp_path / "later.json").write_bytes(receipts.extended(asked.case))
    path = tmp_path / "bundle.zip"
    path.write_bytes(exported(asked.case))
    for receipt in (held.receipt, tmp_path / "later.json"):
        code, answer = holdfast(lawyer, path, "--roots", held.roots, "--against", receipt)
        assert code == 0, answer


def test_the_receipt_lists_them_by_digest(asked: cast.Filed) -> None:
    receipt = receipts.extended(asked.case)
    kinds = [paper["kind"] for paper in json.loads(receipt)["papers"]]
    assert kinds == ["enquiry.sent", "enquiry.answered"]
    assert "对方的答复" in "".join(text_of(receipt_pdf.printed(receipt)).split())


def another_source(bag: Opened) -> None:
    told = bag.json(CASE)
    told["exhibits"][2]["source"] = "borrower"
    bag.files[CASE] = verifier.canonical(told)


def other_words(bag: Opened) -> None:
    told = bag.json(RESPONSE)
    bag.files[RESPONSE] = verifier.canonical({**told, "text": "我们没有任何记录。"})


def no_answer(bag: Opened) -> None:
    del bag.files[RESPONSE]


def no_reasons(bag: Opened) -> None:
    told = bag.json(CASE)
    told["responses"][0]["says"] = []
    bag.files[CASE] = verifier.canonical(told)


CHANGES: dict[str, tuple[Change, str, str]] = {
    "another source": (another_source, "case", "tells E-3 otherwise"),
    "other words": (other_words, "documents", "response-1.json is not the document"),
    "an answer left out": (no_answer, "documents", "response-1.json is missing"),
    "a refusal left out": (no_reasons, "case", "does not repeat the responses"),
}


@pytest.mark.parametrize("attack", CHANGES)
def test_nothing_of_it_can_be_changed(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, link, sentence = CHANGES[attack]
    change(bag)
    bag.re_sign()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, link, sentence)


def test_no_enquiry_in_a_bundle_names_a_borrower_whom_the_bundle_leaves_out(
    case: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    consents.give(case.case, "agency")
    other_side.sent(office.routed(case.case, south, investigator), investigator)
    assert Enquiry.objects.get().content["reporter"]
    bag = opened(exported(case.case, audience="regulator"))
    for name, content in bag.files.items():
        assert "李小梅".encode() not in content, name


def test_a_bundle_made_before_anybody_was_asked_still_verifies(
    case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    bag = opened(exported(case.case))
    told = bag.json(CASE)
    del told["enquiries"], told["responses"]
    for exhibit in told["exhibits"]:
        del exhibit["source"]
    bag.files[CASE] = verifier.canonical(told)
    bag.re_sign()
    code, answer = holdfast(
        lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots, "--against", held.receipt
    )
    assert code == 0, answer


def test_each_finding_states_what_was_asked_and_not_supplied(asked: cast.Filed, investigator: StaffMember) -> None:
    case = office.decided_by(investigator, office.now(asked.case))
    told = opened(exported(case)).json(CASE)["findings"][0]
    assert [(one["kind"], one["state"]) for one in told["not_supplied"]] == [
        ("recordings", "partly"),
        ("collector", "missing"),
    ]
    assert told["not_supplied"][0]["reason"] == "只找到一段。"
    text = printed(case)
    assert "Askedforandnotsupplied" in text
    assert "只找到一段。" in text
