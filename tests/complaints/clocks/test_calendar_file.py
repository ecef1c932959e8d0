"""The calendar file: what a calendar reads, and what somebody who looks at it does not learn."""

import re
from copy import copy
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from complaints.clocks import calendar_file, deadlines
from complaints.clocks.deadlines import Date
from complaints.models import Case, StaffMember, Team
from complaints.rights import withdrawals
from tests.support import cast, office

TELLING = (
    "投诉",
    "催收",
    "债",
    "撤回",
    "复核",
    "complaint",
    "debt",
    "withdraw",
    "review",
    "reply",
    "holdfast",
    "留证",
)


REMINDERS = {
    *("See whether there is news", "Last time to change your mind", "Last day to ask again", "An appointment"),
    *("看看有没有新消息", "可以改主意的最后时间", "可以再问的最后一天", "有约"),
}


def made(case: Case) -> str:
    case = office.now(case)
    return calendar_file.of(case, deadlines.ahead(case)).decode()


def fields(text: str) -> list[tuple[str, str]]:
    """Names and values, unfolded (RFC 5545, 3.1)."""
    lines = re.sub("\r\n[ \t]", "", text).removesuffix("\r\n").split("\r\n")
    return [(line.split(":", 1)[0], line.split(":", 1)[1]) for line in lines]


def a_date(at: datetime, reminder: str = "A day") -> Date:
    return Date("reply", at, reminder, reminder)  # type: ignore[arg-type]


def test_the_calendar_file_has_what_its_standard_requires(borrower: cast.Filed) -> None:
    text = made(borrower.case)
    assert "\n" not in text.replace("\r\n", "")
    told = fields(text)
    assert told[:2] == [("BEGIN", "VCALENDAR"), ("VERSION", "2.0")]
    assert told[-1] == ("END", "VCALENDAR")
    event = dict(told)
    assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
    assert re.fullmatch(r"[0-9a-f-]{36}", event["UID"])
    assert [name for name, _value in told].count("BEGIN") == [name for name, _value in told].count("END")


def test_an_event_takes_the_whole_local_day_and_reminds_in_the_morning_before(borrower: cast.Filed) -> None:
    late = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)  # already the next year in Shanghai
    event = dict(fields(calendar_file.of(borrower.case, [a_date(late)]).decode()))
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20270101", "20270102")
    assert (event["ACTION"], event["TRIGGER"]) == ("DISPLAY", "-PT15H")


def test_each_date_is_an_event_of_its_own(borrower: cast.Filed) -> None:
    withdrawals.ask(borrower.case, pressed="no")
    uids = [value for name, value in fields(made(borrower.case)) if name == "UID"]
    assert len(set(uids)) == 2


def test_a_date_that_moves_keeps_its_identity(borrower: cast.Filed) -> None:
    before = dict(fields(made(borrower.case)))
    Case.objects.update(decide_by=borrower.case.decide_by + timedelta(days=30))
    after = dict(fields(made(borrower.case)))
    assert before["UID"] == after["UID"]
    assert before["DTSTART;VALUE=DATE"] != after["DTSTART;VALUE=DATE"]


def test_two_borrowers_have_no_event_in_common(borrower: cast.Filed, second_borrower: cast.Filed) -> None:
    assert dict(fields(made(borrower.case)))["UID"] != dict(fields(made(second_borrower.case)))["UID"]


@pytest.fixture
def answered(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Its review window runs, and so do its clocks; nothing of its documents may show."""
    case = office.answered_by(investigator, office.routed(borrower.case, south))
    return Case.objects.select_related("complaint").prefetch_related("clocks").get(pk=case.pk)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_tells_nothing_to_whoever_looks_at_the_calendar(
    borrower: cast.Filed, south: Team, investigator: StaffMember, language: str
) -> None:
    case = office.answered_by(investigator, office.routed(borrower.case, south))
    withdrawals.ask(case, pressed="no")
    with translation.override(language):
        text = made(case)
    for word in (*TELLING, case.reference, str(case.uid)):
        assert word.casefold() not in text.casefold()


DAYS = st.integers(-400, 400).map(lambda days: timezone.now() + timedelta(days=days))


@given(
    state=st.sampled_from(Case.State),
    withdrawn=st.booleans(),
    decide_by=DAYS,
    replied_at=st.none() | DAYS,
    withdraw_at=st.none() | DAYS,
    court_on=st.none() | DAYS,
    language=st.sampled_from(["en", "zh-hans"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_state_it_has_one_neutral_event_for_each_date_of_the_page(
    answered: Case,
    state: Case.State,
    withdrawn: bool,
    decide_by: datetime,
    replied_at: datetime | None,
    withdraw_at: datetime | None,
    court_on: datetime | None,
    language: str,
) -> None:
    case = copy(answered)
    case.state, case.withdrawn, case.decide_by = state, withdrawn, decide_by
    case.replied_at, case.withdraw_at = replied_at, withdraw_at
    case.complaint.court_on = timezone.localdate(court_on) if court_on else None
    with translation.override(language):
        dates = deadlines.ahead(case)
        told = fields(calendar_file.of(case, dates).decode())
        days = [f"{timezone.localdate(date.at):%Y%m%d}" for date in dates]
        summaries = [str(date.reminder) for date in dates]
    assert [value for name, value in told if name.startswith("DTSTART")] == days
    assert [value for name, value in told if name == "SUMMARY"] == summaries
    assert {*summaries} <= REMINDERS
    assert len({value for name, value in told if name == "UID"}) == len(dates)


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(borrower: cast.Filed) -> None:
    reminder = "最后一天，" * 40
    raw = calendar_file.of(borrower.case, [a_date(borrower.case.decide_by, reminder)])
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    assert dict(fields(raw.decode()))["SUMMARY"] == reminder


def test_signs_with_a_meaning_are_escaped(borrower: cast.Filed) -> None:
    raw = calendar_file.of(borrower.case, [a_date(borrower.case.decide_by, "a,b;c\\d\ne")])
    assert dict(fields(raw.decode()))["SUMMARY"] == "a\\,b\\;c\\\\d\\ne"


def test_a_case_without_dates_has_an_empty_calendar(borrower: cast.Filed) -> None:
    assert "VEVENT" not in calendar_file.of(borrower.case, []).decode()
