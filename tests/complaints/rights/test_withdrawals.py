"""A withdrawal waits, can be taken back, and never ends by pressure."""

import json
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.cases import lifecycle
from complaints.models import Case, StaffMember, Team, Withdrawal
from complaints.reference.conduct import Severity
from complaints.refusal import Refused
from complaints.rights import retaliations, withdrawals
from evidence import ledger
from tests.support import cast, office
from tests.support.at_once import fails

State, Outcome = Case.State, Withdrawal.Outcome
SECRET = "他就站在我旁边，让我撤。"


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """With a team, not urgent."""
    return office.routed(borrower.case, south, investigator)


def asked(case: Case, pressed: str = "no", words: str = "") -> Case:
    withdrawals.ask(case, pressed=pressed, pressure_words=words)
    return office.now(case)


def test_asking_ends_nothing_yet(case: Case) -> None:
    case = asked(case)
    assert (case.state, case.withdrawn) == (State.ROUTED, False)
    withdrawal = case.withdrawals.get()
    assert case.withdraw_at == withdrawal.due_at
    assert (withdrawal.due_at - withdrawal.asked_at).total_seconds() == 72 * 3600


def test_the_sweep_leaves_it_alone_before_its_time(case: Case) -> None:
    asked(case)
    withdrawals.end_due()
    assert office.now(case).state == State.ROUTED


def test_after_its_time_the_sweep_closes_the_case(case: Case) -> None:
    office.three_days_pass(asked(case))
    withdrawals.end_due()
    case = office.now(case)
    assert (case.state, case.withdrawn, case.withdraw_at) == (State.CLOSED, True, None)
    assert case.withdrawals.get().outcome == Outcome.WITHDRAWN
    assert office.told(case)[-2:] == ["withdrawal.asked", "case.withdrawn"]
    assert office.last_of(case, "case.withdrawn")["by"] == ledger.SYSTEM
    withdrawals.end_due()
    assert office.told(case).count("case.withdrawn") == 1


def test_a_withdrawal_that_cannot_be_ended_leaves_the_case_open(
    case: Case, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office.three_days_pass(asked(case))
    monkeypatch.setattr(withdrawals, "_end", fails)
    withdrawals.end_due()
    assert "cannot take effect" in caplog.text
    case = office.now(case)
    assert (case.state, case.withdrawn) == (State.ROUTED, False)
    assert office.told(case)[-1] == "withdrawal.asked"


def test_it_can_be_taken_back_and_then_nothing_ends(case: Case) -> None:
    case = asked(case)
    withdrawals.take_back(case)
    office.three_days_pass(case)
    withdrawals.end_due()
    case = office.now(case)
    assert (case.state, case.withdraw_at) == (State.ROUTED, None)
    assert case.withdrawals.get().outcome == Outcome.TAKEN_BACK
    assert office.told(case)[-1] == "withdrawal.taken_back"


def test_a_double_click_asks_and_takes_back_once(case: Case) -> None:
    first = withdrawals.ask(case, pressed="no")
    assert withdrawals.ask(case, pressed="no") == first
    for _click in range(2):
        withdrawals.take_back(case)
    assert office.told(case).count("withdrawal.asked") == office.told(case).count("withdrawal.taken_back") == 1


def test_asked_again_after_taking_back_it_waits_anew(case: Case) -> None:
    first = withdrawals.ask(case, pressed="no")
    withdrawals.take_back(case)
    second = withdrawals.ask(case, pressed="no")
    assert second.due_at > first.due_at
    assert office.now(case).withdraw_at == second.due_at


def test_what_is_said_of_pressure_is_on_the_ledger_by_digest_alone(case: Case) -> None:
    case = asked(case, "yes", SECRET)
    withdrawal = case.withdrawals.get()
    entry = ledger.history(case.thread)[-1]
    told = ledger.content_of(entry)["data"]
    assert told.pop("clocks")["due"].keys() == {"withdrawal"}
    assert office.in_short(told) == {"withdrawal": withdrawal.sha256, "pressure": told["pressure"]}
    said = json.loads(bytes(withdrawal.pressure))
    assert (said["pressed"], said["words"]) == ("yes", SECRET)
    for public in (bytes(entry.body).decode(), bytes(withdrawal.document).decode()):
        assert SECRET not in public
        assert '"yes"' not in public


@pytest.mark.parametrize("pressed", ["yes", "unsaid"])
def test_where_the_wish_may_not_be_free_a_supervisor_decides(case: Case, pressed: str) -> None:
    office.three_days_pass(asked(case, pressed))
    withdrawals.end_due()
    assert office.now(case).state == State.ROUTED


def test_an_urgent_case_waits_for_a_supervisor(case: Case) -> None:
    asked(case)
    Case.objects.update(severity=Severity.URGENT)
    office.three_days_pass(case)
    withdrawals.end_due()
    assert office.now(case).state == State.ROUTED


def test_a_case_that_became_urgent_while_waiting_waits_for_a_supervisor(case: Case) -> None:
    retaliations.report(asked(case), text="They came to my door.")
    office.three_days_pass(case)
    withdrawals.end_due()
    assert office.now(case).state == State.ROUTED


@pytest.mark.parametrize(
    ("keep", "state", "kind"), [(True, "routed", "withdrawal.declined"), (False, "closed", "case.withdrawn")]
)
def test_a_supervisor_decides_with_reasons_that_only_supervisors_read(
    case: Case, supervisor: StaffMember, keep: bool, state: str, kind: str
) -> None:
    case = office.three_days_pass(asked(case, "yes", SECRET))
    withdrawals.decide(case, by=supervisor, keep=keep, reasons=" She told us why. ")
    case, withdrawal = office.now(case), Withdrawal.objects.get()
    assert (case.state, case.withdraw_at, case.withdrawn) == (state, None, not keep)
    assert (withdrawal.decided_by, withdrawal.decision_reasons) == (supervisor, "She told us why.")
    entry = ledger.history(case.thread)[-1]
    assert (entry.kind, ledger.content_of(entry)["by"]["role"]) == (kind, "supervisor")
    assert b"told us why" not in bytes(entry.body)
    assert json.loads(bytes(withdrawal.decision or b""))["reasons"] == "She told us why."


def test_nobody_else_decides_it(
    case: Case, investigator: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    case = office.three_days_pass(asked(case, "yes"))
    for member in (investigator, auditor, administrator):
        for keep in (True, False):
            with pytest.raises(Refused, match="Only a supervisor"):
                withdrawals.decide(case, by=member, keep=keep, reasons="No.")


def test_a_supervisor_decides_neither_early_nor_without_a_reason(case: Case, supervisor: StaffMember) -> None:
    case = asked(case, "yes")
    with pytest.raises(Refused, match="no withdrawal to decide now"):
        withdrawals.decide(case, by=supervisor, keep=False, reasons="Soon.")
    with pytest.raises(Refused, match="Write why"):
        withdrawals.decide(office.three_days_pass(case), by=supervisor, keep=False, reasons=" ")
    assert office.now(case).state == State.ROUTED


@pytest.mark.parametrize("action", ["withdraw", "keep"])
def test_no_step_closes_a_case_before_the_three_days_are_over(
    case: Case, supervisor: StaffMember, action: str
) -> None:
    with pytest.raises(Refused, match="has not asked to withdraw"):
        office.step(case, action, supervisor)
    asked(case)
    with pytest.raises(Refused, match="can still take the withdrawal back"):
        office.step(case, action, supervisor)


def test_the_borrower_takes_it_back_even_while_a_supervisor_thinks(case: Case, supervisor: StaffMember) -> None:
    case = office.three_days_pass(asked(case, "yes"))
    withdrawals.take_back(case)
    with pytest.raises(Refused, match="no withdrawal to decide now"):
        withdrawals.decide(office.now(case), by=supervisor, keep=False, reasons="Too late.")


def test_a_case_with_no_team_yet_waits_until_it_has_one(borrower: cast.Filed, south: Team) -> None:
    case = office.three_days_pass(asked(borrower.case))
    withdrawals.end_due()
    assert office.now(case).state == State.FILED
    office.routed(office.now(case), south)
    withdrawals.end_due()
    assert office.now(case).withdrawn


def test_a_closed_case_is_neither_withdrawn_nor_taken_back(case: Case, investigator: StaffMember) -> None:
    closed = office.closed_by(investigator, case)
    with pytest.raises(Refused, match="not possible now"):
        withdrawals.ask(closed, pressed="no")
    withdrawals.take_back(closed)
    assert "withdrawal.taken_back" not in office.told(closed)


def test_what_was_withdrawn_cannot_be_taken_back_and_the_reader_is_told_what_helps(case: Case) -> None:
    case = office.three_days_pass(asked(case))
    withdrawals.end_due()
    with pytest.raises(Refused, match="tell us below"):
        withdrawals.take_back(case)


def test_an_answered_case_is_not_closed_over_the_borrowers_wish(case: Case, investigator: StaffMember) -> None:
    case = asked(office.answered_by(investigator, case))
    with pytest.raises(Refused, match="asked to withdraw"):
        office.step(case, "close", investigator)


def test_a_withdrawal_that_fails_holds_up_no_other(
    case: Case, second_borrower: cast.Filed, south: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = office.routed(second_borrower.case, south)
    for one in (case, other):
        office.three_days_pass(asked(one))
    advance = lifecycle.advance

    def fails_for_the_first(row: Case, *args: object, **more: object) -> Case:
        if row.pk == case.pk:
            raise OSError("no space left")
        return advance(row, *args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(lifecycle, "advance", fails_for_the_first)
    withdrawals.end_due()
    assert (office.now(case).state, office.now(other).state) == (State.ROUTED, State.CLOSED)


def test_the_database_keeps_one_open_withdrawal_a_case(case: Case) -> None:
    withdrawal = withdrawals.ask(case, pressed="no")
    withdrawal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        withdrawal.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_ask_and_take_back_in_the_same_instant_leave_one_history(case: Case) -> None:
    asked(case)
    start = Barrier(4)

    def run(do: Callable[[Case], object]) -> None:
        seen = office.now(case)
        start.wait(timeout=30)
        try:
            do(seen)
        finally:
            connection.close()

    again = [lambda seen: withdrawals.ask(seen, pressed="no"), withdrawals.take_back] * 2
    threads = [Thread(target=run, args=(do,)) for do in again]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    kinds = [kind for kind in office.told(case) if kind.startswith("withdrawal.")]
    assert kinds == ["withdrawal.asked", "withdrawal.taken_back"] * (len(kinds) // 2) + ["withdrawal.asked"] * (
        len(kinds) % 2
    )
    assert bool(office.now(case).withdraw_at) == bool(len(kinds) % 2)
    assert case.withdrawals.open().count() == len(kinds) % 2
