"""On which days and hours an office works. Pure: a calendar, a day, an answer; no database and no clock.

Public holidays come from the library `holidays`. It knows days that were exchanged (调休): a Saturday or Sunday
that China works for a longer holiday is a working day here. Those are announced year by year; `is_provisional()`
says where a day lies beyond what was announced when the library was made.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

ONE_DAY = timedelta(days=1)
ANNOUNCE_YEARLY = frozenset({"CN"})  # countries whose exchanged days the government announces each autumn


@dataclass(frozen=True)
class Calendar:
    """`country` is an ISO 3166 code, empty for an office that no public holiday concerns; `subdivision` as the
    library names it ("CA"); `weekdays` are ISO numbers, Monday is 1."""

    country: str = ""
    subdivision: str = ""
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    zone: str = "UTC"

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether the office works on that day: its own weekday that is no holiday, or a day worked in exchange."""
    off, exchanged = _special(calendar.country, calendar.subdivision, day.year)
    return day in exchanged or (day.isoweekday() in calendar.weekdays and day not in off)


def working_day(calendar: Calendar, day: date) -> date:
    """The day itself where it is worked, else the next one that is."""
    return day if is_working_day(calendar, day) else add_working_days(calendar, day, 1)


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """The `count`th working day after `day`, which itself never counts; before it where `count` is negative.

    Nought is the day itself, worked or not. Raises ValueError where the calendar has no working day at all.
    """
    if not calendar.weekdays:
        raise ValueError("a calendar without weekdays has no working day")
    step = ONE_DAY if count > 0 else -ONE_DAY
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(calendar, day)
    return day


def working_days(calendar: Calendar, after: date, until: date) -> Iterator[date]:
    """The working days after `after`, up to `until` and with it."""
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return (day for day in days if is_working_day(calendar, day))


def is_provisional(calendar: Calendar, day: date) -> bool:
    """Whether exchanged days of that year were not announced yet: then the answer for a day may still change."""
    return calendar.country in ANNOUNCE_YEARLY and day.year > _last_announced(calendar.country)


def is_known(country: str, subdivision: str = "") -> bool:
    """Whether the library knows the country, and the subdivision where one is named."""
    known = holidays.list_supported_countries(include_aliases=False)
    return country in known and (not subdivision or subdivision in known[country])


@lru_cache(maxsize=512)
def _special(country: str, subdivision: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Public holidays of a year, and days worked in exchange. The year after is read with it: a day in December
    may be worked for one in January."""
    if not country:
        return frozenset(), frozenset()
    known = holidays.country_holidays(country, subdiv=subdivision or None, years=(year, year + 1), expand=False)
    return frozenset(known), frozenset(known.weekend_workdays)


@lru_cache(maxsize=64)
def _last_announced(country: str) -> int:
    return int(max(holidays.country_holidays(country).special_public_holidays))
