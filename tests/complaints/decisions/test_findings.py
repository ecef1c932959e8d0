"""A decision: a finding on each allegation, frozen, on the ledger by its digest; and the second pair of eyes."""

import hashlib
import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from complaints.cases import decision_rules, lifecycle
from complaints.decisions import findings, norms
from complaints.decisions.findings import Written
from complaints.models import Case, Finding, Proposal, StaffMember, Team
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from tests.support import cast, office
from tests.support.office import written

State = Case.State


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Under investigation; C04 and C05 are complained of."""
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


@pytest.fixture
def urgent(case: Case) -> Case:
    Case.objects.update(severity=3)
    return office.now(case)


def decide(case: Case, by: StaffMember, *more: Written, **fields: Any) -> Case:
    """C04 as the fields say, C05 without a fault, and more."""
    return findings.decide(case, by=by, written=[written(**fields), written("C05"), *more])


def test_a_finding_on_each_allegation_decides_the_case(case: Case, investigator: StaffMember) -> None:
    exhibit = case.exhibits.get()
    after = decide(case, investigator, reasons=" The recording has it. ", relied_on=[exhibit])
    assert after.state == State.DECIDED
    assert office.now(case).state == State.DECIDED
    first, second = case.findings.order_by("pk")
    assert (first.reasons, first.found_by, list(first.relied_on.all())) == (
        "The recording has it.",
        investigator,
        [exhibit],
    )
    assert (second.allegation, second.confirmed_by) == ("C05", None)


def test_its_document_is_frozen_and_only_its_digest_is_on_the_ledger(
    case: Case, investigator: StaffMember
) -> None:
    decide(
        case,
        investigator,
        outcome="partly",
        reasons="The recording has it.",
        set_aside=case.exhibits.all(),
        why_set_aside="It shows another number.",
        norms=["cn-debtor-alone"],
    )
    finding = Finding.objects.get(allegation="C04")
    entry = next(entry for entry in ledger.history(case.thread) if entry.kind == "finding.made")
    assert hashlib.sha256(bytes(finding.document)).hexdigest() == finding.sha256
    assert office.in_short(ledger.content_of(entry)["data"]) == {
        "finding": finding.sha256,
        "allegation": "C04",
        "outcome": "partly",
    }
    assert b"recording" not in bytes(entry.body)
    told = finding.content
    assert (told["reasons"], told["reference"]) == ("The recording has it.", case.reference)
    assert told["set_aside"] == [{"exhibit": "E-1", "sha256": case.exhibits.get().item.sha256}]
    assert told["why_set_aside"] == "It shows another number."
    assert told["norms"] == [norms.all_by_id()["cn-debtor-alone"].frozen]
    assert office.in_short(office.last_of(case, "case.decided")["data"]) == {
        "findings": list(case.findings.order_by("pk").values_list("sha256", flat=True))
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reasons": "  \n"}, "Write the reasons"),
        ({"other_rule": " "}, "which rule was departed from"),
        ({"outcome": "insufficient", "missing": "The log of calls."}, "who did not supply it"),
        ({"outcome": "insufficient", "missing_from": "agency"}, "names what is missing"),
    ],
)
def test_a_finding_that_lacks_something_is_refused_and_leaves_nothing_behind(
    fields: dict[str, Any], said: str, case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match=said):
        decide(case, investigator, **fields)
    assert (office.now(case).state, Finding.objects.count()) == (State.INVESTIGATING, 0)


def test_what_is_set_aside_needs_a_reason_and_is_not_relied_on_too(case: Case, investigator: StaffMember) -> None:
    shown = list(case.exhibits.all())
    with pytest.raises(Refused, match="why exhibits were set aside"):
        decide(case, investigator, set_aside=shown)
    with pytest.raises(Refused, match="either relied on or set aside"):
        decide(case, investigator, set_aside=shown, relied_on=shown, why_set_aside="It is cut.")


def test_what_is_missing_is_kept_only_where_the_evidence_is_insufficient(
    case: Case, investigator: StaffMember
) -> None:
    decide(
        case,
        investigator,
        written("C06", added_because="E-1 lists them.", missing="Left over.", missing_from="agency"),
        outcome="insufficient",
        missing="The log of calls.",
        missing_from="agency",
    )
    found = {one.allegation: (one.missing, one.missing_from) for one in Finding.objects.all()}
    assert found == {"C04": ("The log of calls.", "agency"), "C05": ("", ""), "C06": ("", "")}


def test_a_finding_relies_on_exhibits_of_its_own_case(
    case: Case, second_borrower: cast.Filed, investigator: StaffMember
) -> None:
    for which in ("relied_on", "set_aside"):
        with pytest.raises(Refused, match="exhibits of its own case"):
            decide(case, investigator, **{which: list(second_borrower.case.exhibits.all())})


def test_an_allegation_without_a_finding_keeps_the_case_open(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="no finding yet on: Called or wrote between 10 at night"):
        findings.decide(case, by=investigator, written=[written()])
    assert not Finding.objects.exists()


def test_an_investigator_may_add_what_the_evidence_shows_with_a_reason(
    case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match="Say where you found it"):
        decide(case, investigator, written("C12"))
    decide(case, investigator, written("C12", added_because="E-1, third message."))
    assert Finding.objects.get(allegation="C12").content["added_because"] == "E-1, third message."


def test_two_findings_on_one_allegation_are_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="two findings on one allegation"):
        decide(case, investigator, written("C05", outcome="not"))


def test_an_unknown_outcome_or_rule_is_an_error_and_leaves_nothing_behind(
    case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(ValueError, match="guilty"):
        decide(case, investigator, outcome="guilty")
    with pytest.raises(KeyError, match="cn-nothing"):
        decide(case, investigator, norms=["cn-nothing"])
    assert not Finding.objects.exists()


def test_where_the_borrower_named_no_kind_a_finding_can_be_about_any(
    south: Team, investigator: StaffMember
) -> None:
    filed = cast.file_a_complaint(files=[], conduct={"conduct": []}, story={"story": "They keep calling."})
    case = office.step(office.routed(filed.case, south), "begin", investigator)
    with pytest.raises(Refused, match="A decision needs a finding"):
        findings.decide(case, by=investigator, written=[])
    assert findings.decide(case, by=investigator, written=[written("C07")]).state == State.DECIDED


def test_the_second_to_decide_is_told_and_overwrites_nothing(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = office.now(case)
    decide(case, investigator)
    with pytest.raises(Refused, match="acted before you"):
        decide(seen_by_second, supervisor, outcome="not")
    assert Finding.objects.get(allegation="C04").outcome == "substantiated"


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_in_the_same_instant_make_one_decision(case: Case, investigator: StaffMember) -> None:
    start, answers = Barrier(2), []

    def run(outcome: str) -> None:
        seen = office.now(case)
        start.wait(timeout=30)
        try:
            decide(seen, investigator, outcome=outcome)
            answers.append(outcome)
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(outcome,)) for outcome in ("partly", "not")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == sorted(["refused", Finding.objects.get(allegation="C04").outcome])
    assert office.told(case).count("case.decided") == 1


def test_nobody_outside_the_team_decides_confirms_or_sends_back(
    urgent: Case,
    investigator: StaffMember,
    investigator_north: StaffMember,
    auditor: StaffMember,
    administrator: StaffMember,
) -> None:
    outsiders = (investigator_north, auditor, administrator)
    for outsider in outsiders:
        with pytest.raises(Refused, match="Only investigators"):
            decide(urgent, outsider)
    case = decide(urgent, investigator)
    seen = Proposal.objects.get().sha256
    for outsider in outsiders:
        with pytest.raises(Refused, match="Only investigators"):
            findings.confirm(case, by=outsider, proposal=seen)
        with pytest.raises(Refused, match="Only investigators"):
            findings.send_back(case, by=outsider, proposal=seen, reasons="No.")
    assert not Finding.objects.exists()


def test_the_database_keeps_one_finding_an_allegation(case: Case, investigator: StaffMember) -> None:
    decide(case, investigator)
    finding = Finding.objects.first()
    assert finding
    finding.pk = None
    with pytest.raises(IntegrityError):
        finding.save(force_insert=True)


# The second pair of eyes


@pytest.mark.parametrize(
    ("severity", "allegation", "outcome", "two"),
    [
        (2, "C04", "substantiated", False),
        (2, "C04", "insufficient", False),
        (3, "C04", "substantiated", True),
        (2, "C01", "substantiated", False),
        (2, "C01", "not", True),
        (2, "C01", "insufficient", True),
        (2, "C01", "out_of_scope", False),
    ],
)
def test_it_is_needed_where_the_case_is_urgent_or_something_urgent_stays_unproven(
    severity: int, allegation: str, outcome: str, two: bool, case: Case
) -> None:
    case.severity = severity
    assert decision_rules.needs_two(case, [{"allegation": allegation, "outcome": outcome}]) == two


def test_what_is_only_proposed_is_no_finding(urgent: Case, investigator: StaffMember) -> None:
    case = decide(urgent, investigator)
    assert (case.state, Finding.objects.count()) == (State.PROPOSED, 0)
    proposal = Proposal.objects.get()
    assert office.in_short(office.last_of(case, "case.proposed")["data"]) == {"proposal": proposal.sha256}
    assert [one["allegation"] for one in proposal.findings] == ["C04", "C05"]
    with pytest.raises(Refused, match="Proposed, a second person looks"):
        office.step(case, "reply", investigator)


def test_somebody_else_confirms_and_then_it_counts(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = decide(urgent, investigator, relied_on=urgent.exhibits.all())
    proposal = Proposal.objects.get()
    with pytest.raises(Refused, match="You proposed this decision"):
        findings.confirm(case, by=investigator, proposal=proposal.sha256)
    case = findings.confirm(case, by=supervisor, proposal=proposal.sha256)
    assert case.state == State.DECIDED
    found = Finding.objects.get(allegation="C04")
    assert (found.found_by, found.confirmed_by) == (investigator, supervisor)
    assert (found.content["found_by"], found.content["confirmed_by"]) == (
        str(investigator.uid),
        str(supervisor.uid),
    )
    assert [exhibit.label for exhibit in found.relied_on.all()] == ["E-1"]
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.settled_by) == ("confirmed", supervisor)
    assert office.last_of(case, "case.decided")["by"] == access.actor(supervisor)


def test_it_is_sent_back_with_reasons_and_proposed_anew(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = decide(urgent, investigator)
    first = Proposal.objects.get()
    with pytest.raises(Refused, match="why you send it back"):
        findings.send_back(case, by=supervisor, proposal=first.sha256, reasons=" ")
    with pytest.raises(Refused, match="You proposed this decision"):
        findings.send_back(case, by=investigator, proposal=first.sha256, reasons="No.")
    case = findings.send_back(case, by=supervisor, proposal=first.sha256, reasons="Nobody heard E-1.")
    assert (case.state, Finding.objects.count()) == (State.INVESTIGATING, 0)
    first.refresh_from_db()
    frozen = bytes(first.objection_document or b"")
    told = office.last_of(case, "case.sent_back")["data"]
    assert office.in_short(told) == {"proposal": hashlib.sha256(frozen).hexdigest(), "of": first.sha256}
    assert json.loads(frozen)["reasons"] == first.objection == "Nobody heard E-1."
    case = decide(case, investigator, outcome="partly")
    assert (case.state, Proposal.objects.count()) == (State.PROPOSED, 2)


def test_who_confirms_confirms_what_they_saw(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = decide(urgent, investigator)
    seen = Proposal.objects.get().sha256
    case = findings.send_back(case, by=supervisor, proposal=seen, reasons="Refresh.")
    case = decide(case, investigator, outcome="partly")
    with pytest.raises(Refused, match="no longer what is proposed"):
        findings.confirm(case, by=supervisor, proposal=seen)
    assert not Finding.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_in_the_same_instant_make_one_decision(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = decide(urgent, investigator)
    seen = Proposal.objects.get().sha256
    start, answers = Barrier(2), []

    def run() -> None:
        now = office.now(case)
        start.wait(timeout=30)
        try:
            answers.append(findings.confirm(now, by=supervisor, proposal=seen).state)
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == ["decided", "refused"]
    assert Finding.objects.count() == 2


def test_the_database_keeps_two_people_apart(urgent: Case, investigator: StaffMember) -> None:
    decide(urgent, investigator)
    with pytest.raises(IntegrityError):
        Proposal.objects.update(settled_by=investigator)


def test_a_withdrawn_case_leaves_what_was_proposed_undecided(
    urgent: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    """The step is refused by the state: nothing is confirmed behind the borrower's back."""
    case = decide(urgent, investigator)
    Case.objects.update(state=State.CLOSED, closed_at=case.filed_at, withdrawn=True)
    with pytest.raises(Refused, match="not possible now"):
        lifecycle.lock_for(office.now(case), "confirm", staff=supervisor)
