"""How severe a case is, changed by hand: with a reason on the ledger, and without taking a protection away."""

import json
from pathlib import Path

import pytest
from django.test import Client

from complaints.assignment import reassignment
from complaints.cases import decision_rules, frozen, severity
from complaints.models import Case, SeverityChange, StaffMember, Team
from complaints.reference.conduct import Severity
from complaints.refusal import Refused
from tests.support import cast, office
from tests.support.bundles import exported, opened, seal_all
from tests.support.pages import text

WHY = "They stand at her door tonight."


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def page_of(case: Case) -> str:
    return f"/admin/complaints/case/{case.pk}/severity/"


def test_an_investigator_raises_the_severity_with_a_reason_on_the_ledger(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    sent = desk.post(page_of(case), {"severity": Severity.URGENT, "reason": WHY}, follow=True)
    page = sent.content.decode()
    assert "The severity is now “Urgent”." in page
    assert WHY in page
    made = SeverityChange.objects.get()
    entry = office.last_of(case, "severity.changed")
    assert entry["data"] == {"severity_change": made.sha256, "severity": 3, "before": 2}
    assert entry["by"] == {"role": "investigator", "id": str(investigator.uid)}
    assert json.loads(bytes(made.document))["reason"] == WHY
    assert office.now(case).severity == Severity.URGENT
    history = text(desk.get(f"/admin/complaints/case/{case.pk}/"))
    assert "You changed the severity" in history
    assert "From “High” to “Urgent”" in history


def test_only_a_supervisor_lowers_the_severity(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    lower = {"severity": Severity.NORMAL, "reason": "Nothing is urgent here."}
    assert cast.signed_in(investigator).post(page_of(case), lower).status_code == 422
    with pytest.raises(Refused, match="Only a supervisor"):
        severity.change(case, Severity.NORMAL, by=investigator, reason="x")
    assert cast.signed_in(supervisor).post(page_of(case), lower).status_code == 302
    assert office.now(case).severity == Severity.NORMAL


def test_a_person_of_another_team_neither_sees_nor_changes_it(
    case: Case, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    raised = {"severity": Severity.URGENT, "reason": WHY}
    assert cast.signed_in(investigator_north).get(page_of(case)).status_code == 404
    assert cast.signed_in(investigator_north).post(page_of(case), raised).status_code == 404
    reads = cast.signed_in(auditor)
    assert "Change the severity" not in reads.get(page_of(case)).content.decode()
    assert reads.post(page_of(case), raised).status_code == 403
    assert not SeverityChange.objects.exists()


@pytest.mark.parametrize(("to", "why", "said"), [(3, "  ", "Write why"), (2, WHY, "already")])
def test_a_change_that_says_nothing_is_refused(
    to: int, why: str, said: str, case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match=said):
        severity.change(case, to, by=investigator, reason=why)


def test_a_case_that_was_urgent_is_decided_by_two_also_after_its_severity_is_lowered(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    assert not decision_rules.needs_two(case, [])
    severity.change(case, Severity.URGENT, by=investigator, reason=WHY)
    severity.change(office.now(case), Severity.NORMAL, by=supervisor, reason="They have left.")
    assert decision_rules.needs_two(office.now(case), [])


def test_a_change_leaves_the_dates_that_run_already(case: Case, investigator: StaffMember) -> None:
    before = office.now(case).decide_by
    severity.change(case, Severity.URGENT, by=investigator, reason=WHY)
    assert office.now(case).decide_by == before


def test_two_changes_at_once_do_not_overwrite_each_other(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    desk, form = cast.signed_in(investigator), {"severity": Severity.URGENT, "reason": WHY}
    severity.change(office.now(case), Severity.URGENT, by=supervisor, reason="Mine.")
    assert desk.post(page_of(case), form).status_code == 422  # urgent is no longer offered
    assert SeverityChange.objects.count() == 1


def test_an_altered_reason_is_noticed(case: Case, investigator: StaffMember) -> None:
    severity.change(case, Severity.URGENT, by=investigator, reason=WHY)
    assert frozen.faulty(office.now(case)) == {}
    SeverityChange.objects.update(document=b"{}")
    assert [*frozen.faulty(office.now(case))] == ["severity-change-1"]


def test_neither_the_borrower_nor_a_bundle_gets_the_words(
    case: Case, borrower: cast.Filed, investigator: StaffMember
) -> None:
    severity.change(case, Severity.URGENT, by=investigator, reason=WHY)
    bag = opened(exported(office.now(case)))
    assert not any(WHY.encode() in content for content in bag.files.values())
    assert "severity of the case changed" in bag.files["data/custody.csv"].decode()
    client = Client()
    client.post("/follow/", {"code": borrower.code})
    assert WHY not in client.get("/follow/case/").content.decode()


@pytest.mark.parametrize("audience", ["borrower", "office"])
def test_a_bundle_of_a_case_given_by_hand_and_made_more_severe_verifies(
    audience: str,
    borrower: cast.Filed,
    south: Team,
    investigator: StaffMember,
    supervisor: StaffMember,
    tmp_path: Path,
) -> None:
    reassignment.reassign(borrower.case, by=supervisor, to=investigator, team=south, reason="No rule takes it.")
    severity.change(office.now(borrower.case), Severity.URGENT, by=investigator, reason=WHY)
    seal_all(borrower.case)
    (tmp_path / "bundle.zip").write_bytes(exported(office.now(borrower.case), audience))
    verdict = cast.Lawyer(tmp_path).verifies("bundle.zip")
    assert "BROKEN" not in verdict.stdout
    assert "severity.changed" not in verdict.stdout  # no kind that the verifier does not know
    assert verdict.returncode in (0, 2), verdict.stdout  # 2: no outside key is given
