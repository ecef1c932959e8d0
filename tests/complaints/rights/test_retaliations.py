"""“They retaliated”: the case is urgent at once, wherever it stood."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.models import Case, Retaliation, StaffMember, Team
from complaints.reference.conduct import Severity
from complaints.rights import retaliations, withdrawals
from evidence import ledger
from tests.support import cast, office

State = Case.State
WORDS = "他们知道我投诉了，今天又来我家门口。"


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.mark.parametrize("state", ["filed", "routed", "investigating", "decided"])
def test_an_open_case_becomes_urgent_and_stays_where_it_is(case: Case, state: str) -> None:
    Case.objects.update(state=state)
    retaliations.report(case, text=WORDS)
    case = office.now(case)
    assert (case.state, case.severity, case.round) == (state, Severity.URGENT, 1)
    assert office.told(case)[-1] == "retaliation.reported"


def test_an_answered_case_is_open_again(case: Case, investigator: StaffMember) -> None:
    case = office.answered_by(investigator, case)
    retaliations.report(case, text=WORDS)
    case = office.now(case)
    assert (case.state, case.severity, case.round, case.assignee) == (
        State.ROUTED,
        Severity.URGENT,
        2,
        investigator,
    )
    assert (case.decide_by - timezone.now()).days == 15
    assert office.told(case)[-2:] == ["retaliation.reported", "case.reopened"]


def test_a_closed_case_is_open_again_in_the_same_hands(case: Case, investigator: StaffMember) -> None:
    retaliations.report(office.closed_by(investigator, case), text=WORDS)
    case = office.now(case)
    assert (case.state, case.closed_at) == (State.ROUTED, None)
    assert office.closed_by(investigator, case).state == State.CLOSED


def test_a_withdrawn_case_is_open_again(case: Case) -> None:
    withdrawals.ask(case, pressed="no")
    office.three_days_pass(case)
    withdrawals.end_due()
    retaliations.report(case, text=WORDS)
    assert (office.now(case).state, office.now(case).withdrawn) == (State.ROUTED, False)


def test_the_words_are_frozen_and_only_their_digest_is_on_the_ledger(case: Case) -> None:
    told = retaliations.report(case, text=f"\n{WORDS} ")
    entry = ledger.history(case.thread)[-1]
    data = ledger.content_of(entry)["data"]
    assert data.pop("clocks")["due"].keys() == {"triage"}
    assert office.in_short(data) == {"retaliation": told.sha256}
    assert json.loads(bytes(told.document))["text"] == told.text == WORDS


def test_a_double_click_is_told_once_and_another_day_again(case: Case) -> None:
    first = retaliations.report(case, text=WORDS)
    assert retaliations.report(case, text=WORDS) == first
    assert retaliations.report(case, text="And today they called my school.") != first
    Retaliation.objects.update(reported_at=timezone.now() - timedelta(days=1))
    retaliations.report(case, text="And today they called my school.")
    assert office.told(case).count("retaliation.reported") == 3
