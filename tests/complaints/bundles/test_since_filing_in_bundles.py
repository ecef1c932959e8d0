"""What the borrower did after filing is in their bundle, proved, and nothing that is for supervisors alone."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from complaints.cases import consents
from complaints.filing import receipts
from complaints.models import Case, Role
from complaints.rights import contact_details, retaliations, reviews, withdrawals
from evidence import holdfast_verify as verifier
from tests.support import cast, office
from tests.support.bundles import Opened, exported, opened
from tests.support.kept import kept

from .report.test_report import printed

SECRET, REASON = "他就站在我旁边。", "She told us on the phone."


@pytest.fixture
def case(db: None) -> Case:
    """Answered, reviewed by somebody else, retaliated against, twice withdrawn; contact and consents changed."""
    return kept("since filing", _since_filing)


def _since_filing() -> Case:
    filed, south = cast.file_a_complaint(), cast.a_team("South")
    names = ("investigator", "colleague")
    investigator, colleague = (cast.staff(name, Role.INVESTIGATOR, south) for name in names)
    consents.begin(filed.case, ["lender", "legal_aid"])
    case = office.answered_by(investigator, office.routed(filed.case, south, investigator))
    reviews.ask(case, reasons="没有人听过录音。")
    case = office.closed_by(colleague, office.now(case))
    retaliations.report(case, text="他们又来了。")
    contact_details.change(case, phone="199 0000 0042")
    contact_details.change(case, name="李梅")
    consents.withdraw(case, "lender")
    withdrawals.ask(office.now(case), pressed="yes", pressure_words=SECRET)
    withdrawals.take_back(case)
    withdrawals.ask(office.now(case), pressed="yes", pressure_words=SECRET)
    supervisor = cast.staff("supervisor", Role.SUPERVISOR)
    withdrawals.decide(office.three_days_pass(case), by=supervisor, keep=True, reasons=REASON)
    return office.now(case)


@pytest.fixture
def bag(case: Case) -> Opened:
    return opened(kept("bag since filing", lambda: exported(case)))


def verdict(bag: Opened, folder: Path) -> list[str]:
    """What the verifier finds broken."""
    report = verifier.verify(str(bag.zip(folder / "bundle.zip")))
    return [check.says for check in report.checks if not check.ok]


def test_each_document_is_there_under_its_name(bag: Opened) -> None:
    names = {name.removeprefix("data/documents/") for name in bag.files if name.startswith("data/documents/")}
    assert names == {
        *("statement.json", "reporter.json", "reporter-2.json", "reporter-3.json"),
        *(f"finding-{number}.json" for number in range(1, 5)),
        *("message-1.json", "message-2.json"),
        *("review-1.json", "retaliation-1.json", "withdrawal-1.json", "withdrawal-2.json"),
    }
    assert bag.json("data/documents/reporter-3.json")["name"] == "李梅"


def test_case_json_tells_it_too(bag: Opened) -> None:
    told = bag.json("data/case.json")
    assert told["state"] == "routed"
    assert [one["round"] for one in told["findings"]] == [1, 1, 2, 2]
    assert [one["reasons"] for one in told["reviews"]] == ["没有人听过录音。"]
    assert [one["text"] for one in told["retaliations"]] == ["他们又来了。"]
    assert len(told["withdrawals"]) == 2
    assert [one["phone"] for one in told["reporter_changes"]] == ["199 0000 0042"] * 2
    lender, legal_aid = told["consents"]
    assert (lender["recipient"], legal_aid["recipient"]) == ("lender", "legal_aid")
    assert lender["withdrawn_at"] > lender["given_at"]
    assert legal_aid["withdrawn_at"] == ""


def test_the_verifier_accepts_it(bag: Opened, tmp_path: Path) -> None:
    assert verdict(bag, tmp_path) == []


@pytest.mark.parametrize("audience", ["borrower", "legal_aid", "office", "regulator"])
def test_nothing_that_is_for_supervisors_alone_is_in_any_bundle(case: Case, audience: str) -> None:
    files = opened(exported(case, audience)).files
    for secret in (SECRET, REASON, '"pressed"'):
        assert not [name for name, content in files.items() if secret.encode() in content]
    assert SECRET not in printed(case, audience)


def test_the_report_tells_it_to_people(case: Case) -> None:
    text = printed(case)
    for wanted in (
        "没有人听过录音。",
        "他们又来了。",
        "19900000042",
        "李梅",
        "主管决定不撤回",
        "投诉人收回撤回申请",
    ):
        assert wanted.replace(" ", "") in text
    assert "李小梅" not in text


# What is withheld


def test_a_regulator_gets_no_version_of_who_filed(case: Case, tmp_path: Path) -> None:
    bag = opened(exported(case, "regulator"))
    assert bag.json("proofs/export.json")["withheld"] == ["reporter", "reporter-2", "reporter-3"]
    assert not [name for name in bag.files if "reporter" in name]
    assert verdict(bag, tmp_path) == []


def test_legal_aid_learns_who_it_is_only_while_the_borrower_agrees(case: Case, tmp_path: Path) -> None:
    assert "data/documents/reporter.json" in opened(exported(case, "legal_aid")).files
    consents.withdraw(case, "legal_aid")
    bag = opened(exported(case, "legal_aid"))
    assert not [name for name in bag.files if "reporter" in name]
    assert verdict(bag, tmp_path) == []


def test_only_who_filed_and_the_offices_own_papers_may_be_withheld() -> None:
    for name in ("reporter", "reporter-2", "reporter-17", "proposal-1", "measure-3"):
        assert verifier.may_be_withheld(name)
    for name in ("statement", "review-1", "reporters", "withdrawal-1", "finding-1", "redress-1", "referral-1", ""):
        assert not verifier.may_be_withheld(name)


# Attacks: the operator has every key


def altered(bag: Opened, name: str, **fields: Any) -> None:
    document = {**bag.json(name), **fields}
    bag.files[name] = json.dumps(document).encode()
    bag.re_sign()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("review-1", {"reasons": "No reason."}),
        ("retaliation-1", {"text": "They sent flowers."}),
        ("withdrawal-1", {"takes_effect": "2026-01-01T00:00:00.000000Z"}),
        ("reporter-2", {"phone": "1"}),
    ],
)
def test_an_altered_document_is_found(bag: Opened, tmp_path: Path, name: str, fields: dict[str, Any]) -> None:
    altered(bag, f"data/documents/{name}.json", **fields)
    assert f"data/documents/{name}.json is not the document in the ledger" in verdict(bag, tmp_path)[0]


@pytest.mark.parametrize("name", ["review-1", "retaliation-1", "withdrawal-2"])
def test_a_document_left_out_is_found(bag: Opened, tmp_path: Path, name: str) -> None:
    del bag.files[f"data/documents/{name}.json"]
    bag.re_sign()
    assert "is missing, but the ledger knows it" in verdict(bag, tmp_path)[0]


def test_a_document_withheld_that_may_not_be_is_found(bag: Opened, tmp_path: Path) -> None:
    del bag.files["data/documents/review-1.json"]
    bag.re_sign(withheld=["review-1"])
    assert "withholds a document that it may not" in verdict(bag, tmp_path)[0]


@pytest.mark.parametrize("field", ["reviews", "retaliations", "withdrawals", "reporter_changes", "consents"])
def test_a_case_json_that_forgets_it_is_found(bag: Opened, tmp_path: Path, field: str) -> None:
    altered(bag, "data/case.json", **{field: []})
    bag.files["data/case.json"] = verifier.canonical(bag.json("data/case.json"))
    bag.re_sign()
    assert "data/case.json" in verdict(bag, tmp_path)[0]


def test_a_case_json_from_before_reviews_were_possible_is_accepted(borrower: cast.Filed, tmp_path: Path) -> None:
    bag = opened(exported(borrower.case))
    told = bag.json("data/case.json")
    for field in ("reviews", "retaliations", "withdrawals", "reporter_changes", "consents"):
        del told[field]
    bag.files["data/case.json"] = verifier.canonical(told)
    bag.re_sign()
    assert verdict(bag, tmp_path) == []


def test_the_digests_of_private_answers_are_on_the_ledger(case: Case) -> None:
    asked = office.last_of(case, "withdrawal.asked")["data"]
    kept = case.withdrawals.last()
    assert kept
    assert asked["pressure"] == hashlib.sha256(bytes(kept.pressure)).hexdigest()
    declined = office.last_of(case, "withdrawal.declined")["data"]
    assert declined["decision"] == hashlib.sha256(bytes(kept.decision or b"")).hexdigest()


def test_the_later_receipt_of_such_a_case_holds_and_names_nobody(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(receipts.extended(case))
    assert [check.says for check in verifier.verify(str(path)).checks if not check.ok] == []
    for secret in (SECRET, REASON, "199 0000 0042", "李梅"):
        assert secret not in path.read_text()


def test_the_report_says_whether_the_lender_may_see_the_name_as_it_stands(borrower: cast.Filed) -> None:
    row, no, yes = "出借方可否看到姓名Thelendermayseethename", "不可以no", "可以yes"
    consents.withdraw(borrower.case, "lender")
    assert row + no in printed(borrower.case)
    consents.give(borrower.case, "lender")
    assert row + yes in printed(borrower.case)
