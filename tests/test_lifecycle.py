"""The table of steps: what it allows works, and all else is refused and leaves no trace."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction

from complaints import access, lifecycle
from complaints.committed import document
from complaints.lifecycle import STEPS, Refused
from complaints.models import Case, Finding, Message, StaffMember, Team, Withdrawal
from evidence import ledger
from tests import cast

State = Case.State
OPEN = ("filed", "routed", "investigating", "decided", "replied")
ALLOWED = {
    ("filed", "route"): "routed",
    ("routed", "begin"): "investigating",
    ("investigating", "decide"): "decided",
    ("decided", "reply"): "replied",
    ("replied", "close"): "closed",
    **{(state, step): state for state in OPEN for step in ("ask_withdrawal", "take_back", "keep")},
    **{(state, "assign"): state for state in OPEN[1:]},
    **{(state, "withdraw"): "closed" for state in OPEN[1:]},
    **{(state, "ask_review"): state for state in ("replied", "closed")},
    **{(state, "report_retaliation"): state for state in (*OPEN, "closed")},
    **{(state, "reopen"): "routed" for state in ("replied", "closed")},
}
THE_BORROWERS = [name for name, row in STEPS.items() if row.by == {"borrower"}]
A_SUPERVISORS = ["keep", "withdraw"]
THE_OFFICES = [name for name in STEPS if name not in THE_BORROWERS + A_SUPERVISORS]
REFUSED = [pair for pair in product(State.values, STEPS) if pair not in ALLOWED]


def a_finding(case: Case, by: StaffMember, allegation: str = "C04") -> Finding:
    body, sha256 = document("finding", reference=case.reference)
    return Finding.objects.create(
        case=case,
        allegation=allegation,
        outcome="substantiated",
        reasons="The recording has it.",
        found_by=by,
        found_at=case.filed_at,
        document=body,
        sha256=sha256,
    )


def a_message(case: Case, by: StaffMember) -> Message:
    body, sha256 = document("message", reference=case.reference)
    message: Message = Message.objects.create(
        case=case,
        kind=Message.Kind.REPLY,
        text="We wrote.",
        written_by=by,
        written_at=case.filed_at,
        document=body,
        sha256=sha256,
    )
    return message


def in_state(state: str, team: Team, case: Case) -> Case:
    """The case as if it had come that far, without the road there."""
    closed_at = case.filed_at if state == State.CLOSED else None
    Case.objects.filter(pk=case.pk).update(state=state, team=team, closed_at=closed_at)
    case.refresh_from_db()
    return case


@pytest.fixture
def case(borrower: cast.Filed, south: Team) -> Case:
    return in_state(State.ROUTED, south, borrower.case)


def step(case: Case, action: str, staff: StaffMember, **more: Any) -> Case:
    return lifecycle.advance(case, action, by=access.actor(staff), staff=staff, **more)


def by_its_own(case: Case, action: str, supervisor: StaffMember, **more: Any) -> Case:
    """The step by whose it is: the borrower, or a supervisor, who may take all of the office's."""
    if action in THE_BORROWERS:
        return lifecycle.advance(case, action, by=ledger.BORROWER, **more)
    return step(case, action, supervisor, **more)


def papers(case: Case, by: StaffMember) -> dict[str, Any]:
    """Everything any guard could ask for, so that only the table can refuse."""
    past = case.filed_at - timedelta(days=4)
    words = {"pressed": "no", "pressure": b"", "document": b"", "sha256": "0" * 64}
    Withdrawal.objects.create(case=case, asked_at=past, due_at=past, **words)
    return {"finding": a_finding(case, by).sha256, "message": a_message(case, by).sha256}


@pytest.mark.parametrize(("state", "action"), ALLOWED)
def test_what_the_table_allows_works_and_is_on_the_ledger(
    state: str, action: str, borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    case = in_state(state, south, borrower.case)
    data = papers(case, supervisor)
    after = by_its_own(case, action, supervisor, data=data)
    case.refresh_from_db()
    assert after.state == case.state == ALLOWED[state, action]
    assert (case.closed_at is not None) == (case.state == State.CLOSED)
    entry = ledger.opened(ledger.history(case.thread)[-1])
    assert (entry["kind"], entry["subject"]) == (STEPS[action].kind, case.thread)
    the_supervisor = {"role": "supervisor", "id": str(supervisor.uid)}
    assert entry["by"] == (ledger.BORROWER if action in THE_BORROWERS else the_supervisor)
    assert entry["data"] == data


@pytest.mark.parametrize(("state", "action"), REFUSED)
def test_what_the_table_does_not_allow_is_refused_without_a_trace(
    state: str, action: str, borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    case = in_state(state, south, borrower.case)
    data, entries = papers(case, supervisor), len(ledger.history(case.thread))
    with pytest.raises(Refused, match="not possible now"):
        by_its_own(case, action, supervisor, data=data)
    case.refresh_from_db()
    assert case.state == state
    assert len(ledger.history(case.thread)) == entries


def test_the_table_and_this_test_know_the_same_steps() -> None:
    assert {(state, action) for action, row in STEPS.items() for state in row.sources} == set(ALLOWED)


@pytest.mark.parametrize("who", ["investigator_north", "auditor", "administrator"])
@pytest.mark.parametrize("action", STEPS)
def test_nobody_outside_the_team_takes_a_step(
    who: str, action: str, borrower: cast.Filed, south: Team, request: pytest.FixtureRequest
) -> None:
    member: StaffMember = request.getfixturevalue(who)
    case = in_state(min(STEPS[action].sources), south, borrower.case)
    with pytest.raises(Refused, match=r"^Only (investigators|a supervisor|the borrower)"):
        step(case, action, member, data=papers(case, member))


@pytest.mark.parametrize("action", A_SUPERVISORS)
def test_what_is_a_supervisors_no_investigator_does(
    action: str, borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = in_state(State.ROUTED, south, borrower.case)
    with pytest.raises(Refused, match="Only a supervisor"):
        step(case, action, investigator, data=papers(case, investigator))


@pytest.mark.parametrize("action", THE_BORROWERS)
def test_nobody_of_the_office_does_what_is_the_borrowers(
    action: str, borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    case = in_state(State.REPLIED, south, borrower.case)
    with pytest.raises(Refused, match="Only the borrower"):
        step(case, action, supervisor)


@pytest.mark.parametrize("action", [action for action in STEPS if action not in ("route", "assign", "withdraw")])
def test_the_system_takes_no_step_that_is_somebodys(action: str, borrower: cast.Filed, south: Team) -> None:
    case = in_state(min(STEPS[action].sources), south, borrower.case)
    with pytest.raises(Refused, match="Only "):
        lifecycle.advance(case, action, by=ledger.SYSTEM)


@pytest.mark.parametrize("action", [*THE_OFFICES, *A_SUPERVISORS])
def test_the_borrower_takes_no_step_of_the_office(action: str, borrower: cast.Filed, south: Team) -> None:
    case = in_state(min(STEPS[action].sources), south, borrower.case)
    with pytest.raises(Refused, match="Only "):
        lifecycle.advance(case, action, by=ledger.BORROWER)


def test_a_case_is_not_routed_to_nowhere(borrower: cast.Filed) -> None:
    with pytest.raises(Refused, match="none was named"):
        lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM)


def test_a_decision_needs_a_finding_of_this_very_case(
    case: Case, second_borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    in_state(State.INVESTIGATING, south, case)
    elsewhere = a_finding(second_borrower.case, investigator)
    for data in ({}, {"finding": elsewhere.sha256}):
        with pytest.raises(Refused, match="A decision needs a finding"):
            step(case, "decide", investigator, data=data)


def test_a_finding_is_about_what_the_borrower_complained_of(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    in_state(State.INVESTIGATING, south, case)
    with pytest.raises(Refused, match="A decision needs a finding"):
        step(case, "decide", investigator, data={"finding": a_finding(case, investigator, "C12").sha256})


def test_a_reply_needs_its_message(case: Case, south: Team, investigator: StaffMember) -> None:
    in_state(State.DECIDED, south, case)
    with pytest.raises(Refused, match="Write the reply"):
        step(case, "reply", investigator)


def test_a_case_closes_only_with_a_finding_and_a_reply(case: Case, south: Team, investigator: StaffMember) -> None:
    in_state(State.REPLIED, south, case)
    for write in (a_finding, a_message):
        with pytest.raises(Refused, match="closes only with a finding and a reply"):
            step(case, "close", investigator)
        write(case, investigator)
    assert step(case, "close", investigator).state == State.CLOSED


def test_of_two_who_act_at_once_the_second_is_told(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    step(case, "begin", investigator)
    with pytest.raises(Refused, match=r"the case is “Being investigated”\. Somebody may have acted before you"):
        step(seen_by_second, "begin", supervisor)


def test_a_case_that_changed_hands_meanwhile_is_not_overwritten(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    step(case, "assign", supervisor, changes={"assignee": investigator})
    with pytest.raises(Refused, match="while you were looking"):
        step(seen_by_second, "assign", supervisor, changes={"assignee": supervisor})
    case.refresh_from_db()
    assert case.assignee == investigator


def test_when_the_ledger_fails_the_state_stays(
    case: Case, investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*events: ledger.Event) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(ledger, "append", full_disk)
    with pytest.raises(OSError, match="no space"), transaction.atomic():
        step(case, "begin", investigator)
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_possible_steps_are_those_of_the_state_and_the_person(
    case: Case, investigator: StaffMember, auditor: StaffMember, south: Team
) -> None:
    assert lifecycle.possible(case, investigator) == ["begin"]
    assert lifecycle.possible(case, auditor) == []
    assert lifecycle.possible(in_state(State.CLOSED, south, case), investigator) == []


def test_a_step_takes_few_statements(
    case: Case, supervisor: StaffMember, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16, connection=connection):
        step(case, "begin", supervisor)
