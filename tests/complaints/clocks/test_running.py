"""A case's clocks: moved by what goes on the ledger, each with its date, and told of once when it runs out."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone
from django.utils.timezone import localdate

from complaints import tasks
from complaints.clocks import book, deadlines
from complaints.clocks import running as running_clocks
from complaints.models import Case, Clock, StaffMember, Team
from complaints.oversight import alarms
from complaints.refusal import Refused
from complaints.rights import retaliations, reviews, withdrawals
from evidence import ledger
from evidence.ledger import rfc3339
from evidence.models import LedgerEntry
from tests.support import cast, conversation, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """With its investigator, not begun."""
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def begun(case: Case, investigator: StaffMember) -> Case:
    return office.step(case, "begin", investigator)


def clock(case: Case, name: str) -> Clock:
    """The newest of that name."""
    found: Clock = case.clocks.filter(name=name).latest("pk")
    return found


def running(case: Case) -> set[str]:
    return {one.name for one in case.clocks.running()}


def moved(case: Case, kind: str) -> dict[str, Any]:
    """What the newest entry of a kind says of clocks."""
    told: dict[str, Any] = office.last_of(case, kind)["data"]["clocks"]
    return told


def woken(case: Case, name: str, *, due: timedelta) -> Clock:
    """The clock, with so long until it is due, after the sweep that it waits for."""
    now = timezone.now()
    Clock.objects.filter(pk=clock(case, name).pk).update(due_at=now + due, wake_at=now)
    tasks.watch_clocks()
    return clock(case, name)


# What moves them


def test_filing_starts_the_clocks_and_its_entry_says_until_when(borrower: cast.Filed) -> None:
    case = borrower.case
    assert running(case) == {"triage", "first_reply", "decide"}
    assert clock(case, "acknowledge").met_at == case.filed_at
    told = moved(case, "complaint.filed")
    assert told["due"]["decide"] == rfc3339(case.decide_by)
    assert told["due"] == {one.name: rfc3339(one.due_at) for one in case.clocks.all()}
    assert told["rules"] == book.in_force().sha256 == clock(case, "decide").book
    assert (clock(case, "decide").rule, clock(case, "decide").version) == ("CN.decide", 1)


@pytest.mark.parametrize(("conduct", "hours"), [("C01", 4), ("C05", None)])
def test_an_urgent_case_is_looked_at_within_hours(db: None, conduct: str, hours: int | None) -> None:
    case = cast.file_a_complaint(conduct={"conduct": [conduct]}).case
    took = clock(case, "triage").due_at - case.filed_at
    assert took == timedelta(hours=4) if hours else took > timedelta(days=2)


def test_beginning_is_triage_and_starts_the_investigation(begun: Case) -> None:
    assert clock(begun, "triage").met_at
    assert running(begun) == {"first_reply", "decide", "investigate"}
    assert moved(begun, "case.begun")["met"] == ["triage"]


def test_the_first_message_to_the_borrower_ends_the_clock_for_it(case: Case, investigator: StaffMember) -> None:
    conversation.from_the_office(case, investigator, "We have begun.")
    assert clock(case, "first_reply").met_at
    assert moved(case, "message.written")["met"] == ["triage", "first_reply"]
    conversation.from_the_office(case, investigator, "And we go on.")
    assert "clocks" not in office.last_of(case, "message.written")["data"]


def test_the_reply_ends_the_decision_and_opens_the_window_for_a_review(
    case: Case, investigator: StaffMember
) -> None:
    case = office.answered_by(investigator, case)
    assert running(case) == {"review_window"}
    window = clock(case, "review_window")
    assert localdate(window.due_at) - localdate(case.replied_at) == timedelta(days=30)
    assert window.wake_at is None, "the borrower's own time warns nobody"
    assert deadlines.review_until(case) == window.due_at


def test_a_review_has_its_own_time_and_the_queues_follow(case: Case, investigator: StaffMember) -> None:
    case = office.answered_by(investigator, case)
    reviews.ask(case, reasons="Nobody listened.")
    case = office.now(case)
    decide = clock(case, "decide")
    assert (decide.rule, decide.round, decide.due_at) == ("portal.review", 2, case.decide_by)
    assert case.clocks.filter(name="decide").count() == 2
    assert running(case) == {"decide"}


def test_retaliation_wants_a_person_within_hours_and_opens_an_answered_case_again(
    case: Case, investigator: StaffMember
) -> None:
    case = office.answered_by(investigator, case)
    retaliations.report(case, text="They came again.")
    case = office.now(case)
    assert running(case) == {"triage", "decide"}
    assert clock(case, "review_window").stopped_at
    assert clock(case, "triage").due_at - timezone.now() < timedelta(hours=4)
    assert clock(case, "decide").rule == "CN.decide"


def test_retaliation_in_an_open_case_leaves_the_promised_date(begun: Case) -> None:
    promised = begun.decide_by
    retaliations.report(begun, text="They came again.")
    assert office.now(begun).decide_by == promised
    assert clock(begun, "triage").is_running


def test_a_withdrawal_that_takes_effect_stops_every_clock(begun: Case) -> None:
    before = timezone.now()
    withdrawals.ask(begun, pressed="no")
    for due_at in (clock(begun, "withdrawal").due_at, begun.withdrawals.get().due_at):
        assert before <= due_at - timedelta(days=3) <= timezone.now()
    office.three_days_pass(begun)
    withdrawals.end_due()
    assert running(begun) == set()
    assert clock(begun, "withdrawal").met_at
    assert set(moved(begun, "case.withdrawn")["stopped"]) == {"first_reply", "decide", "investigate"}


def test_a_rolled_back_step_moves_no_clock(begun: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused):
        office.step(begun, "begin", investigator)
    assert running(begun) == {"first_reply", "decide", "investigate"}


def test_a_changed_file_leaves_the_dates_that_were_given(
    borrower: cast.Filed, settings: Any, tmp_path: Any, investigator: StaffMember, south: Team
) -> None:
    promised = clock(borrower.case, "decide").due_at
    text = book.SHIPPED.read_text(encoding="utf-8").replace('"CN.decide"', '"CN.2027"').replace("= 15 }", "= 9 }")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    settings.CLOCKS = str(tmp_path / "own.toml")
    assert office.now(borrower.case).decide_by == clock(borrower.case, "decide").due_at == promised
    case = office.answered_by(investigator, office.routed(borrower.case, south, investigator))
    assert clock(case, "decide").met_at, "the rule that took its place ends it"


# Pauses


def test_our_own_target_waits_for_the_borrower_and_the_laws_does_not(
    begun: Case, investigator: StaffMember
) -> None:
    question = conversation.a_question(begun, investigator, "When did they call?")
    assert moved(begun, "question.asked")["paused"] == ["investigate"]
    paused = clock(begun, "investigate")
    assert (paused.paused_since, paused.wake_at) == (question.written_at, None)
    assert not clock(begun, "decide").paused_since
    assert deadlines.waits_for_the_borrower_since(office.now(begun)) == question.written_at


def test_the_answer_makes_it_go_on_with_the_working_days_that_passed(
    begun: Case, investigator: StaffMember
) -> None:
    question = conversation.a_question(begun, investigator, "When?")
    office.time_passes(begun, timedelta(days=14))
    before, decide = clock(begun, "investigate").due_at, office.now(begun).decide_by
    conversation.sent(begun, f"answer-{question.pk}", "On Monday.")
    after = clock(begun, "investigate")
    assert after.paused_since is None
    assert after.paused_seconds == pytest.approx(14 * 86400, abs=60)
    assert timedelta(days=7) < after.due_at - before < timedelta(days=28)
    assert moved(begun, "question.answered")["due"] == {"investigate": rfc3339(after.due_at)}
    assert after.wake_at
    assert office.now(begun).decide_by == decide


def test_with_two_questions_it_goes_on_when_both_are_answered(begun: Case, investigator: StaffMember) -> None:
    first, second = (conversation.a_question(begun, investigator, words) for words in ("When?", "Who?"))
    conversation.sent(begun, f"answer-{first.pk}", "On Monday.")
    assert clock(begun, "investigate").paused_since == first.written_at
    conversation.sent(begun, f"answer-{second.pk}", "A man.")
    assert clock(begun, "investigate").paused_since is None


def test_what_is_late_already_cannot_be_paused(begun: Case, investigator: StaffMember) -> None:
    office.time_passes(begun, timedelta(days=40))
    conversation.a_question(begun, investigator, "When?")
    assert clock(begun, "investigate").paused_since is None
    assert clock(begun, "investigate").is_late


def test_a_case_can_be_decided_while_a_question_is_open(begun: Case, investigator: StaffMember) -> None:
    conversation.a_question(begun, investigator, "When?")
    case = office.decided_by(investigator, _routed_again(begun))
    assert clock(case, "investigate").met_at
    assert deadlines.waits_for_the_borrower_since(case) is None


def _routed_again(case: Case) -> Case:
    """Back to where `office.decided_by` starts."""
    Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED)
    return office.now(case)


# Warnings and escalation


def test_the_assignee_is_warned_ahead_and_nothing_is_escalated_yet(begun: Case, investigator: StaffMember) -> None:
    assert running_clocks.pressing(investigator) == ""
    warned = woken(begun, "decide", due=timedelta(hours=48))
    assert warned.warned_at
    assert not warned.overdue_at
    assert warned.wake_at == warned.due_at - timedelta(hours=24), "the next warning"
    assert running_clocks.pressing(investigator) == "1 of your cases has a deadline soon."
    assert "clock.overdue" not in office.told(begun)


def test_what_is_late_is_escalated_once_on_the_ledger_and_sounds_an_alarm(
    begun: Case, investigator: StaffMember
) -> None:
    cache.clear()
    late = woken(begun, "decide", due=-timedelta(minutes=1))
    for _again in range(3):
        tasks.watch_clocks()
    assert office.told(begun).count("clock.overdue") == 1
    assert office.last_of(begun, "clock.overdue")["data"] == {"clock": "decide", "due": rfc3339(late.due_at)}
    assert alarms.sounding() == ["1 deadline is over."]
    assert running_clocks.pressing(investigator) == "1 of your cases has a late deadline."
    cache.clear()
    office.answered_by(investigator, _routed_again(begun))
    assert alarms.sounding() == []
    assert clock(begun, "decide").is_late, "what was late stays late in the record"


def test_an_outage_longer_than_the_warnings_still_ends_in_one_escalation(begun: Case) -> None:
    office.time_passes(begun, timedelta(days=60))
    tasks.watch_clocks()
    tasks.watch_clocks()
    late = {one.name for one in Clock.objects.late()}
    assert late == {"first_reply", "decide", "investigate"}
    assert office.told(begun).count("clock.overdue") == 3


def test_a_paused_clock_and_one_that_ended_wake_nobody(begun: Case, investigator: StaffMember) -> None:
    conversation.a_question(begun, investigator, "When?")
    office.time_passes(begun, timedelta(days=60))
    tasks.watch_clocks()
    assert {one.name for one in Clock.objects.late()} == {"decide"}


def test_one_clock_that_fails_holds_up_no_other(begun: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    office.time_passes(begun, timedelta(days=60))
    wake: Callable[[int], None] = running_clocks._wake
    broken = clock(begun, "decide").pk

    def fail_at_one(pk: int) -> None:
        if pk == broken:
            raise ValueError("broken")
        wake(pk)

    monkeypatch.setattr(running_clocks, "_wake", fail_at_one)
    tasks.watch_clocks()
    assert {one.name for one in Clock.objects.late()} == {"first_reply", "investigate"}


def test_the_sweep_records_the_clocks_in_force(db: None) -> None:
    tasks.sweep()
    assert LedgerEntry.objects.filter(kind=book.KIND).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_sweeps_at_once_escalate_once(begun: Case) -> None:
    office.time_passes(begun, timedelta(days=60))
    barrier = Barrier(2)

    def sweep() -> None:
        barrier.wait(timeout=30)
        try:
            running_clocks.watch()
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert office.told(begun).count("clock.overdue") == 3


# Rows


def test_cases_that_are_late_are_found_by_their_column(
    borrower: cast.Filed, second_borrower: cast.Filed, investigator: StaffMember, south: Team
) -> None:
    office.answered_by(investigator, office.routed(second_borrower.case, south, investigator))
    now = timezone.now()
    Case.objects.update(decide_by=now + timedelta(days=2))
    assert list(Case.objects.overdue()) == []
    Case.objects.update(decide_by=now - timedelta(days=2))
    assert list(Case.objects.overdue()) == [borrower.case]


def test_the_whole_history_of_dates_is_on_the_ledger(begun: Case, investigator: StaffMember) -> None:
    """Whoever holds the ledger against the table sees a date that was moved past the desk."""
    question = conversation.a_question(begun, investigator, "When?")
    office.time_passes(begun, timedelta())
    conversation.sent(begun, f"answer-{question.pk}", "On Monday.")
    dates: dict[str, str] = {}
    for entry in ledger.history(begun.thread):
        dates |= ledger.content_of(entry)["data"].get("clocks", {}).get("due", {})
    assert dates == {one.name: rfc3339(one.due_at) for one in begun.clocks.all()}
