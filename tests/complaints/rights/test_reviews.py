"""A review: somebody else looks again, and what was found first stays readable."""

import json
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.models import Case, Finding, Review, Role, StaffMember, Team
from complaints.refusal import Refused
from complaints.rights import reviews, withdrawals
from evidence import ledger
from tests.support import cast, office

State = Case.State
REASONS = "没有人听过 E-1 的录音。"


@pytest.fixture
def colleague(south: Team) -> StaffMember:
    """Of the same team, without the first decision."""
    return cast.staff("colleague", Role.INVESTIGATOR, south)


@pytest.fixture
def answered(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.answered_by(investigator, office.routed(borrower.case, south, investigator))


def test_the_case_goes_back_to_work_in_other_hands(answered: Case, colleague: StaffMember) -> None:
    reviews.ask(answered, reasons=REASONS)
    case = office.now(answered)
    assert (case.state, case.round, case.assignee, case.replied_at) == (State.ROUTED, 2, colleague, None)
    assert (case.decide_by - timezone.now()).days == 30
    assert office.told(case)[-2:] == ["review.asked", "case.reopened"]


def test_its_reasons_are_frozen_and_only_their_digest_is_on_the_ledger(
    answered: Case, investigator: StaffMember
) -> None:
    review = reviews.ask(answered, reasons=f" {REASONS}\n")
    told = office.last_of(answered, "review.asked")
    assert told["data"].pop("clocks") == {"met": ["review_window"]}
    assert office.in_short(told["data"]) == {"review": review.sha256, "barred": [str(investigator.uid)]}
    assert json.loads(bytes(review.document))["reasons"] == review.reasons == REASONS
    again = office.last_of(answered, "case.reopened")["data"]
    assert again.pop("clocks")["due"].keys() == {"decide"}
    assert again == {"why": "review.asked", "round": 2, "investigator": None}


def test_a_double_click_is_one_review(answered: Case) -> None:
    first = reviews.ask(answered, reasons=REASONS)
    assert reviews.ask(answered, reasons=REASONS) == first
    assert office.told(answered).count("review.asked") == 1
    assert office.now(answered).round == 2


def test_where_nobody_else_is_free_the_case_waits_in_the_queue(answered: Case) -> None:
    reviews.ask(answered, reasons=REASONS)
    assert office.now(answered).assignee is None


def test_whoever_decided_or_answered_takes_no_step_of_it(answered: Case, investigator: StaffMember) -> None:
    reviews.ask(answered, reasons=REASONS)
    case = office.now(answered)
    assert lifecycle.possible(case, investigator) == []
    with pytest.raises(Refused, match="somebody else look"):
        office.step(case, "begin", investigator)
    for state, action in (("investigating", "decide"), ("decided", "reply")):
        Case.objects.update(state=state)
        with pytest.raises(Refused, match="somebody else look"):
            lifecycle.lock_for(office.now(case), action, staff=investigator)


def test_who_only_answered_is_barred_too(
    borrower: cast.Filed, south: Team, investigator: StaffMember, colleague: StaffMember
) -> None:
    case = office.decided_by(investigator, office.routed(borrower.case, south, investigator))
    messaging.reply(case, by=colleague, text="We looked.")
    review = reviews.ask(office.now(case), reasons=REASONS)
    assert set(review.barred.all()) == {investigator, colleague}


def test_the_case_is_not_assigned_to_whoever_decided(
    answered: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    reviews.ask(answered, reasons=REASONS)
    case = office.now(answered)
    with pytest.raises(Refused, match="Choose somebody else"):
        lifecycle.advance(
            case,
            "assign",
            by={"role": "supervisor"},
            staff=supervisor,
            changes={"assignee": investigator},
        )


def test_a_second_finding_on_the_same_allegation_leaves_the_first_as_it_is(
    answered: Case, investigator: StaffMember, colleague: StaffMember
) -> None:
    first = Finding.objects.get(allegation="C04")
    reviews.ask(answered, reasons=REASONS)
    case = office.closed_by(colleague, office.now(answered))
    found = list(case.findings.filter(allegation="C04").order_by("round"))
    assert [(one.round, one.found_by) for one in found] == [(1, investigator), (2, colleague)]
    assert found[0].sha256 == first.sha256
    assert json.loads(bytes(found[1].document))["round"] == 2
    assert case.state == State.CLOSED


def test_the_second_round_needs_its_own_finding(answered: Case, colleague: StaffMember) -> None:
    first = [finding.sha256 for finding in answered.findings.order_by("pk")]
    reviews.ask(answered, reasons=REASONS)
    case = office.step(answered, "begin", colleague)
    with pytest.raises(Refused, match="A decision needs a finding"):
        lifecycle.advance(case, "decide", by={"role": "investigator"}, staff=colleague, data={"findings": first})
    Case.objects.update(state=State.REPLIED)
    with pytest.raises(Refused, match="There is no finding yet on: Contacted family"):
        office.step(case, "close", colleague)


def test_what_came_of_it_is_recorded(answered: Case, colleague: StaffMember, supervisor: StaffMember) -> None:
    review = reviews.ask(answered, reasons=REASONS)
    case = office.answered_by(colleague, office.now(answered))
    review.refresh_from_db()
    assert (review.result, review.decided_at is not None) == ("kept", True)
    told = office.last_of(case, "case.decided")["data"]
    assert (told["review"], told["result"]) == (review.sha256, "kept")
    second = reviews.ask(case, reasons="Still no.")
    office.decided_by(supervisor, office.now(case), outcome="partly")
    second.refresh_from_db()
    assert second.result == "changed"


def test_who_proposed_and_who_confirmed_are_barred(
    borrower: cast.Filed, south: Team, investigator: StaffMember, colleague: StaffMember, supervisor: StaffMember
) -> None:
    case = office.proposed_by(investigator, office.routed(borrower.case, south, investigator))
    messaging.reply(office.confirmed(case, by=colleague), by=supervisor, text="We looked.")
    review = reviews.ask(office.now(case), reasons=REASONS)
    assert set(review.barred.all()) == {investigator, colleague, supervisor}


def test_who_confirmed_does_not_end_the_review_as_withdrawn(answered: Case, supervisor: StaffMember) -> None:
    reviews.ask(answered, reasons=REASONS).barred.add(supervisor)
    withdrawals.ask(office.now(answered), pressed="yes")
    case = office.three_days_pass(answered)
    with pytest.raises(Refused, match="somebody else look"):
        withdrawals.decide(case, by=supervisor, keep=False, reasons="They wish it.")
    withdrawals.decide(case, by=supervisor, keep=True, reasons="They were pressed.")
    assert office.now(case).withdraw_at is None


def test_a_closed_case_can_be_reviewed_too(answered: Case, investigator: StaffMember) -> None:
    reviews.ask(office.step(answered, "close", investigator), reasons=REASONS)
    assert (office.now(answered).state, office.now(answered).closed_at) == (State.ROUTED, None)


def test_a_second_review_bars_everybody_before_it(
    answered: Case, investigator: StaffMember, colleague: StaffMember, supervisor: StaffMember
) -> None:
    reviews.ask(answered, reasons=REASONS)
    reviews.ask(office.answered_by(colleague, office.now(answered)), reasons="Still nobody listened.")
    case = office.now(answered)
    assert case.round == 3
    assert case.assignee is None
    assert set(case.reviews.get(round=3).barred.all()) == {investigator, colleague}
    assert office.decided_by(supervisor, case, outcome="not").state == State.DECIDED


# When it is not possible


def test_thirty_days_after_the_reply_the_time_is_over(answered: Case) -> None:
    office.time_passes(answered, timedelta(days=31))
    with pytest.raises(Refused, match="file again and give this reference"):
        reviews.ask(answered, reasons=REASONS)
    assert not Review.objects.exists()


def test_a_review_can_still_be_asked_for_on_the_thirtieth_day(answered: Case) -> None:
    office.time_passes(answered, timedelta(days=30))
    assert reviews.ask(answered, reasons=REASONS)


def test_before_a_reply_there_is_nothing_to_look_at_again(borrower: cast.Filed) -> None:
    with pytest.raises(Refused, match="no reply to review yet"):
        reviews.ask(borrower.case, reasons=REASONS)


def test_while_a_withdrawal_waits_that_is_taken_back_first(answered: Case) -> None:
    withdrawals.ask(answered, pressed="no")
    with pytest.raises(Refused, match="Cancel that first"):
        reviews.ask(answered, reasons=REASONS)


def test_a_withdrawn_case_is_not_reviewed(borrower: cast.Filed, south: Team) -> None:
    case = office.routed(borrower.case, south)
    withdrawals.ask(case, pressed="no")
    office.three_days_pass(case)
    withdrawals.end_due()
    with pytest.raises(Refused, match="no reply to review yet"):
        reviews.ask(case, reasons=REASONS)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_in_the_same_instant_make_one_review(answered: Case) -> None:
    start, made = Barrier(2), []

    def run() -> None:
        start.wait(timeout=30)
        try:
            made.append(reviews.ask(answered, reasons=REASONS).pk)
        finally:
            connection.close()

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert made == [Review.objects.get().pk] * 2
    assert [entry.kind for entry in ledger.history(answered.thread)].count("case.reopened") == 1
