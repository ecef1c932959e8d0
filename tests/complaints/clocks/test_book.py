"""How long things may take: the file of clocks, and the reckoning of due dates across every calendar."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from complaints import checks
from complaints.cases import lifecycle
from complaints.clocks import book as clock_book
from complaints.clocks import limits as limits_
from complaints.clocks.book import Unusable
from complaints.clocks.limits import TimeLimit
from complaints.models import messages
from complaints.reference import workdays
from complaints.reference.conduct import Severity
from complaints.reference.workdays import Calendar
from evidence import ledger
from evidence.models import LedgerEntry

CHINA = Calendar(country="CN", zone="Asia/Shanghai")
LONDON = Calendar(country="GB", zone="Europe/London")
NEW_YORK = Calendar(country="US", zone="America/New_York")
calendars = some.sampled_from([CHINA, LONDON, NEW_YORK, Calendar(country="IN", zone="Asia/Kolkata")])
moments = some.floats(1_672_531_200, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
limits = some.builds(TimeLimit, some.sampled_from(clock_book.UNITS), some.integers(1, 40))


def local(moment: datetime, calendar: Calendar) -> datetime:
    return moment.astimezone(ZoneInfo(calendar.zone))


def at(text: str, calendar: Calendar) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(calendar.zone))


# When a clock is due


@given(start=moments, calendar=calendars, limit=limits)
def test_a_clock_is_due_after_its_start_and_days_end_with_their_last_second(
    start: datetime, calendar: Calendar, limit: TimeLimit
) -> None:
    due = limit.due(start, calendar)
    assert due > start
    assert due.tzinfo is UTC
    if limit.unit != "hours":
        assert local(due, calendar).time() == limits_.END_OF_DAY
        assert local(due + timedelta(seconds=1), calendar).date() > local(due, calendar).date()


@given(start=moments, later=some.timedeltas(timedelta(), timedelta(days=90)), calendar=calendars, limit=limits)
def test_what_starts_later_is_never_due_earlier(
    start: datetime, later: timedelta, calendar: Calendar, limit: TimeLimit
) -> None:
    assert limit.due(start, calendar) <= limit.due(start + later, calendar)


@given(start=moments, calendar=calendars, count=some.integers(1, 200))
def test_calendar_days_are_counted_on_the_wall_whatever_the_clocks_do(
    start: datetime, calendar: Calendar, count: int
) -> None:
    due = TimeLimit("days", count).due(start, calendar)
    assert local(due, calendar).date() - local(start, calendar).date() == timedelta(days=count)


@given(start=moments, calendar=calendars, count=some.integers(1, 500))
def test_hours_are_counted_through_whatever_the_clocks_do(start: datetime, calendar: Calendar, count: int) -> None:
    assert TimeLimit("hours", count).due(local(start, calendar), calendar) - start == timedelta(hours=count)


@given(start=moments, calendar=calendars, count=some.integers(1, 30))
def test_a_clock_of_working_days_ends_on_one_and_has_as_many(
    start: datetime, calendar: Calendar, count: int
) -> None:
    first, last = (
        local(moment, calendar).date() for moment in (start, TimeLimit("working_days", count).due(start, calendar))
    )
    assert workdays.is_working_day(calendar, last)
    assert sum(1 for _day in workdays.working_days(calendar, first, last)) == count


@given(
    start=moments,
    calendar=calendars,
    limit=limits,
    waited=some.timedeltas(timedelta(), timedelta(days=60)),
    long=some.timedeltas(timedelta(), timedelta(days=60)),
)
def test_a_pause_never_makes_a_clock_due_earlier_nor_gives_more_than_it_took(
    start: datetime, calendar: Calendar, limit: TimeLimit, waited: timedelta, long: timedelta
) -> None:
    due = limit.due(start, calendar)
    since = min(start + waited, due)
    later = limit.put_off(due, since, since + long, calendar)
    assert later >= due
    if limit.unit == "working_days":
        first, last = (local(moment, calendar).date() for moment in (due, later))
        worked = (local(moment, calendar).date() for moment in (since, since + long))
        given = sum(1 for _day in workdays.working_days(calendar, first, last))
        assert given == sum(1 for _day in workdays.working_days(calendar, *worked))
    else:
        assert later - due <= long + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("calendar", "start", "due"),
    [
        (LONDON, "2026-03-28T09:00", "2026-04-12T23:59:59+01:00"),  # the clocks go forward on the 29th
        (LONDON, "2026-10-24T23:59:59", "2026-11-08T23:59:59+00:00"),  # and back on the 25th
        (NEW_YORK, "2026-03-07T12:00", "2026-03-22T23:59:59-04:00"),
        (NEW_YORK, "2026-10-31T00:00", "2026-11-15T23:59:59-05:00"),
        (CHINA, "2028-02-20T10:00", "2028-03-06T23:59:59+08:00"),  # a leap day is a day
        (CHINA, "2026-11-24T23:59", "2026-12-09T23:59:59+08:00"),
        (CHINA, "2026-11-25T00:00", "2026-12-10T23:59:59+08:00"),
    ],
)
def test_fifteen_days_across_a_change_of_the_clocks_or_a_leap_day(
    calendar: Calendar, start: str, due: str
) -> None:
    assert TimeLimit("days", 15).due(at(start, calendar), calendar) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("calendar", "start", "count", "last"),
    [
        (CHINA, "2026-09-30T17:00", 1, date(2026, 10, 8)),  # the golden week
        (CHINA, "2026-10-09T17:00", 1, date(2026, 10, 10)),  # a Saturday that is worked for it
        (CHINA, "2026-02-13T10:00", 1, date(2026, 2, 14)),  # a Saturday, before the Spring Festival
        (CHINA, "2026-02-14T10:00", 1, date(2026, 2, 24)),
        (LONDON, "2026-12-24T10:00", 3, date(2026, 12, 31)),  # Boxing Day is given on the 28th
        (NEW_YORK, "2026-11-25T10:00", 1, date(2026, 11, 27)),  # Thanksgiving
        (NEW_YORK, "2026-11-27T22:00", 1, date(2026, 11, 30)),
    ],
)
def test_working_days_know_holidays_and_days_worked_in_exchange(
    calendar: Calendar, start: str, count: int, last: date
) -> None:
    assert local(TimeLimit("working_days", count).due(at(start, calendar), calendar), calendar).date() == last


def test_four_hours_are_four_hours_in_the_night_the_clocks_go_forward() -> None:
    start = at("2026-03-28T23:30", LONDON)
    assert local(TimeLimit("hours", 4).due(start, LONDON), LONDON).hour == 4


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    assert limits_.months_after(date(2027, 8, 31), 6) == date(2028, 2, 29)
    assert limits_.months_after(date(2026, 12, 15), 1) == date(2027, 1, 15)


@given(start=moments, hours=some.lists(some.integers(1, 300), max_size=4))
def test_somebody_is_told_at_each_warning_and_at_last_when_it_is_due(start: datetime, hours: list[int]) -> None:
    rule = clock_book.in_force().first("decide")
    rule = rule.__class__(**{**vars(rule), "warn_hours": tuple(hours)})
    due, told, now = rule.limit().due(start, CHINA), [], start
    while (wake := rule.wakes(due, now)) is not None:
        told.append(wake)
        now = wake
    assert told == sorted(set(told))
    assert told[-1] == due
    assert set(told[:-1]) == {due - timedelta(hours=one) for one in hours if due - timedelta(hours=one) > start}


# The file


def test_the_country_decides_which_clock_counts(settings: Any) -> None:
    found = {}
    for country in ("CN", "US", "GB", "IN", "SG"):
        settings.COUNTRY = country
        rule = clock_book.in_force().first("decide")
        found[country] = (rule.id, str(rule.limit()), [extension.limit.count for extension in rule.extensions])
    assert found == {
        "CN": ("CN.decide", "15 days", [30, 60]),
        "US": ("US.decide", "15 days", [60]),
        "GB": ("GB.decide", "56 days", []),
        "IN": ("IN.decide", "30 days", []),
        "SG": ("portal.decide", "15 days", []),
    }


def test_a_review_keeps_its_own_clock_beside_a_countrys_first_one() -> None:
    (rule,) = [rule for rule in clock_book.in_force().rules if "case.reopened:review.asked" in rule.starts]
    assert (rule.id, rule.name, rule.limit().count) == ("portal.review", "decide", 30)


def test_triage_goes_by_severity_and_words_by_the_reader() -> None:
    rule = clock_book.in_force().first("triage")
    assert [str(rule.limit(one)) for one in (Severity.URGENT, Severity.HIGH, Severity.NORMAL)] == [
        "4 hours",
        "1 working day",
        "3 working days",
    ]
    with translation.override("zh-hans"):
        assert str(rule.label) == "人工初核"


def test_every_event_of_the_file_is_one_that_happens() -> None:
    happens = (
        {step.kind for step in lifecycle.STEPS.values()} | {"complaint.filed"} | set(messages.ENTRIES.values())
    )
    assert {event.partition(":")[0] for event in clock_book.in_force().events} <= happens


def test_every_clock_that_is_not_our_own_says_where_it_is_written_and_how_sure_we_are(settings: Any) -> None:
    for country in ("CN", "US", "GB", "IN"):
        settings.COUNTRY = country
        book = clock_book.in_force()
        assert all(rule.citation and rule.source for rule in book.rules if rule.force != "own")
        assert all(one.citation and one.confidence != "own" for one in book.information)
        assert not [rule for rule in book.rules if rule.force != "own" and rule.pauses]


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Any:
    """Writes a changed copy of the shipped file and names it in the settings."""

    def write(*changes: tuple[str, str]) -> Path:
        text = clock_book.SHIPPED.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(text, encoding="utf-8")
        settings.CLOCKS = str(path)
        return path

    return write


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "portal.first_reply"', 'id = "portal.triage"', "more than one clock is called portal.triage"),
        ("hours = 72", "hours = 0", "no length of time"),
        ("hours = 72", "weeks = 3", "no length of time"),
        ("hours = 72", "hours = 1, days = 2", "too many values"),
        ('force = "dept_rule"', 'force = "rumour"', "'rumour' is none of law"),
        ('confidence = "secondary"', 'confidence = "sure"', "'sure' is none of"),
        ('approver = "supervisor"', 'approver = "anybody"', "'anybody' is none of supervisor"),
        ('name = "review_window"', 'name = "window"', "there is no clock review_window"),
        ("limit = { days = 60 }\napprover", "limit = { days = 20 }\napprover", "reaches further"),
        ("version = 1", "version = ", "TOMLDecodeError"),
        ('citation = "FCA Handbook, DISP 1.6.2R"\nsource', "source", "names where it is written"),
        (
            "warn_hours = [168, 72, 24]",
            'pauses = ["question.asked"]\nresumes = ["question.answered"]',
            "pauses only where its citation says so",
        ),
        (
            'limit = { days = 15 }\nwarn_hours = [72, 24]\nforce = "own"',
            'limit = { days = 15 }\npauses = ["question.asked"]\nresumes = ["question.answered"]\nforce = "own"',
            "the date that a borrower was told never stands still",
        ),
        ('pauses = ["question.asked"]\n', "", "what pauses also goes on again"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(own: Any, old: str, new: str, says: str) -> None:
    own((old, new))
    with pytest.raises(Unusable, match=says):
        clock_book.in_force()
    (found,) = checks.the_clocks_can_be_used()
    assert says in str(found.msg)
    assert checks.a_lawyer_has_confirmed_the_clocks() == []


def test_a_missing_file_is_refused(settings: Any, tmp_path: Path) -> None:
    settings.CLOCKS = str(tmp_path / "none.toml")
    with pytest.raises(Unusable, match="cannot be read"):
        clock_book.in_force()


def test_a_deployment_is_warned_until_a_lawyer_has_confirmed(own: Any) -> None:
    assert checks.the_clocks_can_be_used() == []
    (found,) = checks.a_lawyer_has_confirmed_the_clocks()
    assert "No lawyer has confirmed" in str(found.msg)
    own(('confirmed_by = ""', 'confirmed_by = "Zhao Min"'), ('confirmed_on = ""', 'confirmed_on = "2026-11-01"'))
    assert checks.a_lawyer_has_confirmed_the_clocks() == []


def test_a_change_of_the_file_is_on_the_ledger_once(db: None, own: Any) -> None:
    clock_book.record()
    clock_book.record()
    own(("version = 1", "version = 2"), ("days = 56", "days = 55"))
    clock_book.record()
    clock_book.record()
    recorded = [ledger.content_of(entry)["data"] for entry in LedgerEntry.objects.filter(kind=clock_book.KIND)]
    assert [one["version"] for one in recorded] == [1, 2]
    assert recorded[0]["sha256"] != recorded[1]["sha256"] == clock_book.in_force().sha256
