"""On which days an office works: weekends, public holidays, and the days that China exchanges."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.reference import workdays
from complaints.reference.workdays import Calendar, add_working_days, is_working_day

CHINA = Calendar("CN", zone="Asia/Shanghai")
CALIFORNIA = Calendar("US", "CA", zone="America/Los_Angeles")
NOWHERE = Calendar()
CALENDARS = st.sampled_from([CHINA, CALIFORNIA, NOWHERE, Calendar("DE", "BY", frozenset({2, 3, 4, 6}))])
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))

# 国务院办公厅关于2025年、2026年部分节假日安排的通知: the days worked in exchange, and days off around them.
WORKED = ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]
WORKED += ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
OFF = ["2025-01-28", "2025-02-03", "2025-02-04", "2025-05-05", "2025-10-07", "2025-10-08"]
OFF += ["2026-01-02", "2026-02-16", "2026-02-20", "2026-02-23", "2026-05-05", "2026-10-06", "2026-10-07"]


@pytest.mark.parametrize("day", WORKED)
def test_china_works_the_weekend_days_that_it_exchanged(day: str) -> None:
    assert date.fromisoformat(day).isoweekday() > 5
    assert is_working_day(CHINA, date.fromisoformat(day))
    assert not is_working_day(NOWHERE, date.fromisoformat(day))


@pytest.mark.parametrize("day", OFF)
def test_china_does_not_work_the_weekdays_it_got_for_them(day: str) -> None:
    assert date.fromisoformat(day).isoweekday() < 6
    assert not is_working_day(CHINA, date.fromisoformat(day))


def test_a_day_in_december_can_be_worked_for_one_in_january() -> None:
    assert is_working_day(CHINA, date(2006, 12, 30))


def test_a_subdivision_has_holidays_of_its_own() -> None:
    chavez = date(2026, 3, 31)
    assert not is_working_day(CALIFORNIA, chavez)
    assert is_working_day(Calendar("US"), chavez)


def test_an_office_works_on_the_weekdays_that_it_names() -> None:
    sundays = Calendar(weekdays=frozenset({7}))
    assert is_working_day(sundays, date(2026, 3, 1))
    assert not is_working_day(sundays, date(2026, 3, 2))


def test_days_are_counted_from_the_day_after_and_over_the_spring_festival() -> None:
    friday = date(2026, 2, 13)
    assert add_working_days(CHINA, friday, 1) == date(2026, 2, 14), "a Saturday worked in exchange"
    assert add_working_days(CHINA, friday, 2) == date(2026, 2, 24)
    assert add_working_days(CHINA, friday, 7) == date(2026, 3, 2), "28 February, a Saturday, counts too"
    assert add_working_days(CHINA, date(2026, 2, 24), -2) == friday
    assert add_working_days(CHINA, date(2026, 2, 16), 0) == date(2026, 2, 16)


def test_the_working_day_of_a_holiday_is_the_next_one() -> None:
    assert workdays.working_day(CHINA, date(2026, 10, 1)) == date(2026, 10, 8)
    assert workdays.working_day(CHINA, date(2026, 10, 10)) == date(2026, 10, 10)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_counting_forward_and_counting_the_days_between_agree(calendar: Calendar, day: date, count: int) -> None:
    end = add_working_days(calendar, day, count)
    assert is_working_day(calendar, end)
    assert len(list(workdays.working_days(calendar, day, end))) == count
    assert add_working_days(calendar, end, -1) < end


@given(CALENDARS, DAYS, st.integers(0, 40), st.integers(1, 40))
def test_more_days_end_later(calendar: Calendar, day: date, count: int, more: int) -> None:
    assert add_working_days(calendar, day, count) < add_working_days(calendar, day, count + more)


def test_a_calendar_without_weekdays_is_refused_and_does_not_count_for_ever() -> None:
    with pytest.raises(ValueError, match="no working day"):
        add_working_days(Calendar(weekdays=frozenset()), date(2026, 1, 1), 1)


def test_what_was_not_announced_yet_is_said_to_be_provisional() -> None:
    assert not workdays.is_provisional(CHINA, date(2026, 12, 31))
    assert workdays.is_provisional(CHINA, date(2034, 1, 4))
    assert not workdays.is_provisional(CALIFORNIA, date(2034, 1, 4))


def test_countries_and_their_subdivisions_are_known() -> None:
    assert workdays.is_known("CN")
    assert workdays.is_known("US", "CA")
    assert not workdays.is_known("XX")
    assert not workdays.is_known("CN", "CA")
