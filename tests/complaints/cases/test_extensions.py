"""More time: asked for by one, given by another, never past what the rule allows, and told to the borrower."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import translation
from django.utils.timezone import localdate

from complaints import tasks
from complaints.cases import extensions
from complaints.clocks import calendar_file, deadlines
from complaints.models import Case, Clock, Extension, Notice, Role, StaffMember, Team
from complaints.oversight import alarms
from complaints.refusal import Refused
from evidence.ledger import rfc3339
from tests.support import cast, office

pytestmark = pytest.mark.django_db
WHY = "The lender has forty recordings."


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


@pytest.fixture
def clock(case: Case) -> Clock:
    found: Clock = case.clocks.get(name="decide")
    return found


def days(clock: Clock) -> int:
    clock.refresh_from_db()
    return (localdate(clock.due_at) - localdate(clock.started_at)).days


def given(clock: Clock, by: StaffMember, supervisor: StaffMember) -> Extension:
    return extensions.decide(
        extensions.ask(clock, by=by, reasons=WHY), by=supervisor, approve=True, reasons="Forty recordings, indeed."
    )


def test_asking_changes_nothing_yet_and_sounds_an_alarm(clock: Clock, investigator: StaffMember) -> None:
    cache.clear()
    extension = extensions.ask(clock, by=investigator, reasons=f" {WHY} ")
    assert (days(clock), extension.category, extension.reasons) == (15, "complex", WHY)
    assert alarms.sounding() == ["1 request for more time waits for a supervisor."]
    assert not Notice.objects.exists()
    told = office.last_of(clock.case, "clock.extension_asked")["data"]
    assert office.in_short(told) == {
        "clock": "decide",
        "extension": extension.sha256,
        "category": "complex",
        "due": rfc3339(extension.due_after),
    }
    assert json.loads(bytes(extension.document))["reasons"] == WHY


def test_a_supervisor_gives_it_and_every_date_follows(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    extension = given(clock, investigator, supervisor)
    case = office.now(clock.case)
    assert days(clock) == 30
    assert case.decide_by == clock.due_at == extension.due_after
    assert clock.wake_at == clock.due_at - timedelta(hours=72)
    told = office.last_of(case, "clock.extended")
    assert told["by"] == {"role": "supervisor", "id": str(supervisor.uid)}
    assert told["data"]["due"] == rfc3339(clock.due_at)
    assert "Forty" not in json.dumps(told)
    assert json.loads(bytes(extension.decision or b""))["approve"] is True


def test_the_borrower_is_told_in_plain_words_and_in_their_calendar(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    given(clock, investigator, supervisor)
    clock.refresh_from_db()
    case = office.now(clock.case)
    (notice,) = Notice.objects.filter(case=case)
    assert notice.about == extensions.EXTENDED
    (date,) = deadlines.ahead(case)
    assert date.at == clock.due_at
    assert str(date.why) == "The facts of your case are complex, and we want to get them right."
    with translation.override("zh-hans"):
        assert str(date.why) == "您这件事情况比较复杂，我们要查清楚。"
    assert f"DTSTART;VALUE=DATE:{localdate(clock.due_at):%Y%m%d}" in calendar_file.of(case, [date]).decode()


def test_no_extension_goes_beyond_sixty_days(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    given(clock, investigator, supervisor)
    clock.refresh_from_db()
    assert given(clock, investigator, supervisor).category == "special"
    assert days(clock) == 60
    with pytest.raises(Refused, match="gives no more time"):
        extensions.ask(clock, by=investigator, reasons=WHY)


def test_nobody_gives_it_to_themselves(clock: Clock, supervisor: StaffMember) -> None:
    extension = extensions.ask(clock, by=supervisor, reasons=WHY)
    with pytest.raises(Refused, match="Another supervisor decides"):
        extensions.decide(extension, by=supervisor, approve=True, reasons="Yes.")
    other = cast.staff("other", Role.SUPERVISOR)
    extensions.decide(extension, by=other, approve=True, reasons="Yes.")
    assert days(clock) == 30


def test_only_a_supervisor_decides(clock: Clock, investigator: StaffMember, south: Team) -> None:
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    for role in (Role.INVESTIGATOR, Role.AUDITOR, Role.ADMINISTRATOR):
        somebody = cast.staff(f"a-{role}", role, south)
        with pytest.raises(Refused, match="Only a supervisor"):
            extensions.decide(extension, by=somebody, approve=True, reasons="Yes.")
    assert days(clock) == 15


def test_only_who_works_on_the_case_asks(
    clock: Clock, investigator_north: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    for somebody in (investigator_north, auditor, administrator):
        with pytest.raises(Refused, match="Only investigators of the case's team"):
            extensions.ask(clock, by=somebody, reasons=WHY)
    assert not Extension.objects.exists()


def test_a_declined_one_leaves_the_date_and_can_be_asked_again(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    extensions.decide(extension, by=supervisor, approve=False, reasons="Ask the lender again.")
    assert (days(clock), office.told(clock.case)[-1]) == (15, "clock.extension_declined")
    assert not Notice.objects.exists()
    assert extensions.ask(clock, by=investigator, reasons="They answered: forty more.")


def test_asked_twice_or_decided_twice_the_second_is_told(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    with pytest.raises(Refused, match="asked for already"):
        extensions.ask(clock, by=investigator, reasons=WHY)
    extensions.decide(extension, by=supervisor, approve=True, reasons="Yes.")
    with pytest.raises(Refused, match="decided this already"):
        extensions.decide(extension, by=supervisor, approve=False, reasons="No.")
    assert days(clock) == 30


@pytest.mark.parametrize("words", ["", "  \n"])
def test_who_asks_for_more_time_and_who_decides_must_both_give_reasons(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember, words: str
) -> None:
    with pytest.raises(Refused, match="Write why more time"):
        extensions.ask(clock, by=investigator, reasons=words)
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    with pytest.raises(Refused, match="Write why you decide"):
        extensions.decide(extension, by=supervisor, approve=True, reasons=words)


def test_no_extension_is_given_after_the_time_is_over(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    office.time_passes(clock.case, timedelta(days=20))
    tasks.watch_clocks()
    with pytest.raises(Refused, match="the time is over"):
        extensions.decide(extension, by=supervisor, approve=True, reasons="Yes.")
    extension.refresh_from_db()
    assert extension.outcome == ""
    with pytest.raises(Refused, match="asked for already"):
        extensions.ask(clock, by=investigator, reasons=WHY)
    extensions.decide(extension, by=supervisor, approve=False, reasons="Too late.")
    clock.refresh_from_db()
    with pytest.raises(Refused, match="the time is over"):
        extensions.ask(clock, by=investigator, reasons=WHY)


def test_an_answered_case_needs_no_more_time(
    clock: Clock, investigator: StaffMember, supervisor: StaffMember
) -> None:
    cache.clear()
    extension = extensions.ask(clock, by=investigator, reasons=WHY)
    Case.objects.update(state=Case.State.ROUTED)
    office.answered_by(investigator, office.now(clock.case))
    with pytest.raises(Refused, match="cannot be put off"):
        extensions.decide(extension, by=supervisor, approve=True, reasons="Yes.")
    assert alarms.sounding() == []


def test_a_target_of_our_own_without_extensions_has_none(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="gives no more time"):
        extensions.ask(case.clocks.get(name="investigate"), by=investigator, reasons=WHY)
