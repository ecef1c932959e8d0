"""The working days of an office. These functions read neither the database nor the clock.

Public holidays come from the library `holidays`. It knows exchanged days (调休): a Saturday or Sunday on which
China works in exchange for a longer holiday is a working day. Exchanged days are announced year by year;
`is_provisional()` says whether a day is later than those that the library has.
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
    """The calendar of an office. `country` is an ISO 3166 code; if it is empty, there are no public holidays.
    `subdivision` is a code of the library, such as "CA"; `weekdays` are ISO numbers, Monday is 1."""

    country: str = ""
    subdivision: str = ""
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    zone: str = "UTC"

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether the office works on that day: one of its weekdays that is no holiday, or an exchanged day."""
    off, exchanged = _special(calendar.country, calendar.subdivision, day.year)
    return day in exchanged or (day.isoweekday() in calendar.weekdays and day not in off)


def working_day(calendar: Calendar, day: date) -> date:
    """The day itself if it is a working day, else the next working day."""
    return day if is_working_day(calendar, day) else add_working_days(calendar, day, 1)


def add_working_days(calendar: Calendar, day: date, count: int) -> date:
    """The `count`th working day after `day`, or before it if `count` is negative; `day` itself is not counted.

    A count of 0 gives `day`, even if it is no working day. Raises ValueError if the calendar has no weekdays.
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
    """The working days after `after`, up to and including `until`."""
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return (day for day in days if is_working_day(calendar, day))


def is_provisional(calendar: Calendar, day: date) -> bool:
    """Whether the exchanged days of that year are not announced yet, so that working days may still change."""
    return calendar.country in ANNOUNCE_YEARLY and day.year > _last_announced(calendar.country)


def is_known(country: str, subdivision: str = "") -> bool:
    """Whether the library knows the country, and the subdivision if one is given."""
    known = holidays.list_supported_countries(include_aliases=False)
    return country in known and (not subdivision or subdivision in known[country])


@lru_cache(maxsize=512)
def _special(country: str, subdivision: str, year: int) -> tuple[frozenset[date], frozenset[date]]:
    """The public holidays and the exchanged days of a year. The next year is read too: a day in December can be
    exchanged for one in January."""
    if not country:
        return frozenset(), frozenset()
    known = holidays.country_holidays(country, subdiv=subdivision or None, years=(year, year + 1), expand=False)
    return frozenset(known), frozenset(known.weekend_workdays)


@lru_cache(maxsize=64)
def _last_announced(country: str) -> int:
    return int(max(holidays.country_holidays(country).special_public_holidays))
