"""What came of a case in its bundle: who gets which papers, what the report says; both verifiers agree."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from complaints.conversation import messaging
from complaints.decisions import findings, referrals, undertakings
from complaints.decisions.undertakings import PlannedUndertaking as Planned
from complaints.filing import receipt_pdf, receipts
from complaints.models import Case, StaffMember, Team
from evidence import holdfast_verify as verifier
from tests.support import cast, office
from tests.support.browser import a_browser
from tests.support.bundles import Opened, exported, opened, seal_all
from tests.support.verify_pages import a_folder_with_the_page, opened_verifier, orm_beside_playwright, written

from .report.test_report import printed

STAFF, OBJECTION = "催收员陈某停岗培训。", "没有人听过录音。"


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember, supervisor: StaffMember) -> Case:
    """Proposed, sent back, proposed anew, confirmed and answered; with redress, a measure and a referral."""
    seal_all(borrower.case)
    due = timezone.localdate() + timedelta(days=10)
    case = office.proposed_by(investigator, office.routed(borrower.case, south, investigator))
    waits = case.proposals.get().sha256
    case = findings.send_back(case, by=supervisor, proposal=waits, reasons=OBJECTION)
    promised = Planned(sort="redress", kind="apology", what="一封道歉信。", owner="客户权益部", due_on=due)
    undertakings.order(case, by=investigator, wanted=promised)
    undertakings.order(case, by=investigator, wanted=Planned("measure", "training", STAFF, "催收管理部", due))
    found = [
        office.written(
            outcome="partly",
            norms=["cn-debtor-alone"],
            set_aside=list(case.exhibits.all()),
            why_set_aside="看不清号码。",
        ),
        office.written("C05", outcome="insufficient", missing="外呼系统日志。", missing_from="agency"),
    ]
    case = office.confirmed(findings.decide(case, by=investigator, written=found), by=supervisor)
    messaging.reply(case, by=investigator, text="已经查完。")
    case = office.now(case)
    made = case.undertakings.get(sort="redress")
    undertakings.end(made, by=investigator, outcome="done", ended_on=timezone.localdate(), proof="挂号信 4711。")
    handed = referrals.Handed("regulator", "金融监管局", timezone.localdate(), "情节严重。", "JG-7")
    referrals.refer(office.now(case), by=investigator, handed=handed)
    return office.now(case)


def documents(bag: Opened) -> set[str]:
    names = {name.removeprefix("data/documents/") for name in bag.files if name.startswith("data/documents/")}
    return {name.removesuffix(".json") for name in names}


def verdict(bag: Opened, folder: Path) -> list[str]:
    report = verifier.verify(str(bag.zip(folder / "bundle.zip")))
    return [check.says for check in report.checks if not check.ok]


def test_the_report_names_people_as_the_custody_table_does(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    text = printed(case)
    assert f"认定人Madeby办案人investigator{str(investigator.uid)[:8]}" in text
    assert f"确认人Confirmedby主管supervisor{str(supervisor.uid)[:8]}" in text
    assert str(investigator.uid) not in text
    assert "结果Whatbecameofit已完成done·" in text


OURS = {"proposal-1", "proposal-2", "proposal-3", "measure-1"}
THEIRS = {"statement", "finding-1", "finding-2", "message-1", "redress-1", "redress-2", "referral-1"}


@pytest.mark.parametrize(
    ("audience", "withheld"),
    [
        ("borrower", OURS),
        ("legal_aid", OURS | {"reporter"}),
        ("office", set()),
        ("court", OURS | {"reporter"}),
        ("police", OURS | {"reporter"}),
        ("regulator", OURS - {"measure-1"} | {"reporter"}),
    ],
)
def test_each_reader_gets_what_is_theirs_and_the_verifier_accepts_it(
    audience: str, withheld: set[str], case: Case, tmp_path: Path
) -> None:
    bag = opened(exported(case, audience))
    assert documents(bag) == (THEIRS | OURS | {"reporter"}) - withheld
    assert set(bag.json("proofs/export.json")["withheld"]) == withheld
    assert verdict(bag, tmp_path) == []


@pytest.mark.parametrize("audience", ["borrower", "legal_aid"])
def test_no_named_staff_and_no_draft_leaves_the_office(audience: str, case: Case) -> None:
    files = opened(exported(case, audience)).files
    for secret in (STAFF, OBJECTION):
        assert not [name for name, content in files.items() if secret.encode() in content]
        assert secret not in printed(case, audience)


def test_case_json_tells_what_came_of_it(case: Case) -> None:
    told = opened(exported(case, "office")).json("data/case.json")
    assert told["state"] == "replied"
    assert [one["outcome"] for one in told["findings"]] == ["partly", "insufficient"]
    assert (told["redress"][0]["what"], told["redress"][1]["proof"]) == ("一封道歉信。", "挂号信 4711。")
    assert told["measures"][0]["what"] == STAFF
    assert told["referrals"][0]["number"] == "JG-7"
    assert len(told["proposals"]) == 3


def test_the_report_tells_it_to_people(case: Case) -> None:
    text = printed(case, "office")
    for wanted in (
        *("看不清号码。", "外呼系统日志。", "催收机构", "应只向债务人催收", "GB/T45251"),
        *("一封道歉信。", "挂号信4711。"),
        *(STAFF, OBJECTION, "金融监管局", "JG-7", "情节严重。"),
    ):
        assert wanted in text, wanted


def test_the_receipt_of_today_lists_each_paper_and_prints(case: Case) -> None:
    receipt = receipts.extended(case)
    assert verifier.open_receipt(receipt).case == case.thread
    assert receipt_pdf.printed(receipt).startswith(b"%PDF")


def test_a_changed_measure_is_found(case: Case, tmp_path: Path) -> None:
    bag = opened(exported(case, "office"))
    name = "data/documents/measure-1.json"
    bag.files[name] = bag.files[name].replace("停岗".encode(), "升职".encode())
    bag.re_sign()
    assert verdict(bag, tmp_path)[0].startswith("data/documents/measure-1.json")


def test_a_finding_may_not_be_withheld(case: Case, tmp_path: Path) -> None:
    bag = opened(exported(case))
    del bag.files["data/documents/finding-2.json"]
    bag.re_sign(withheld=[*bag.json("proofs/export.json")["withheld"], "finding-2"])
    assert "withholds a document that it may not" in verdict(bag, tmp_path)[0]


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.sqlite_only
@pytest.mark.parametrize("audience", ["borrower", "office"])
def test_the_browsers_verifier_says_the_same(audience: str, case: Case, tmp_path: Path) -> None:
    bundle = written(tmp_path / "bundle.zip", exported(case, audience))
    receipt = written(tmp_path / "receipt.json", bytes(case.receipt))
    report = verifier.verify(str(bundle), [str(receipt)])
    assert report.exit == 0
    with orm_beside_playwright(), a_browser() as browser:
        page = opened_verifier(browser, a_folder_with_the_page(tmp_path), locale="en-GB")
        assert page.checks(bundle, held=(receipt,)) == "verified"
        told = [row for row in page.rows if row[0] != "package"]
    assert told == [check[:3] for check in report.checks if check.name != "package"]
