"""A day, perhaps with the time behind or before it, as people type it in Chinese and English. Pure: text and the
office's clock in, date and time out.

What can be read in two ways is asked again rather than guessed: 11/12/2026 means two different days to two
readers, 晚上12点 two different nights. `spelling` makes one spelling of many, `days` and `hours` read it.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from . import days, hours
from .spelling import is_rough, plain, simple, without_rough
from .unreadable import Reading, Unreadable

FARTHEST = timedelta(days=3660)  # a court date lies within ten years
APART = " ,、"


def read(text: str, now: datetime, *, ahead: bool = False, timed: bool = True) -> Reading:
    """What is meant, at `now` of the office's clock (without a zone). `ahead` allows what is still to come;
    without `timed` only a day is read. Raises Unreadable: `readings` where there are several, else as `days.read`
    and `hours.read`, with `no_day`, `rough`, `far` or `future`."""
    if days.OTHER_CALENDAR.search(plain(text)):
        raise Unreadable("calendar")
    rough = is_rough(text)
    clock = days.Now(now, ahead)
    spelling = simple(without_rough(text) if rough else text)
    readings = _possible(_read(spelling, clock, timed), clock)
    if len(readings) > 1:
        raise Unreadable("readings", readings=readings)
    if rough and readings[0][1] is None:
        raise Unreadable("rough")
    return readings[0]


def spelled(found: date, at: time | None) -> str:
    """As answers keep it: 2026-11-20, or 2026-11-20 23:41, with seconds where they were given."""
    if at is None:
        return found.isoformat()
    return f"{found.isoformat()} {at.isoformat('seconds' if at.second else 'minutes')}"


def _possible(readings: list[Reading], now: days.Now) -> list[Reading]:
    """Those that do not lie too far ahead."""
    at = now.at + (FARTHEST if now.ahead else days.AHEAD_OF_US)
    possible = [reading for reading in readings if _begins(reading) <= at]
    if not possible:
        raise Unreadable("far" if now.ahead else "future")
    return possible


def _begins(reading: Reading) -> datetime:
    day, at = reading
    return datetime.combine(day, at or datetime.min.time())


def _read(text: str, now: days.Now, timed: bool) -> list[Reading]:
    """Everything that the text can mean, in order."""
    try:
        return [(day, None) for day in days.read(text, now).days]
    except Unreadable as unreadable:
        if unreadable.code != "day" or not timed:
            raise
    wrong = Unreadable("day")
    for first, second, day_first in _halves(text):
        try:
            return _combined(first, second, now)
        except Unreadable as unreadable:
            cut_short = unreadable.code == "year_first" and second in hours.BEHIND  # 24 Nov 11 | am
            if day_first and wrong.code == "day" and not cut_short:
                wrong = unreadable
    raise _without_day(text) or wrong


def _halves(text: str) -> Iterator[tuple[str, str, bool]]:
    """The text as day and time, cut at each place between two words, the day first, then the time first."""
    cuts = [place for place in range(len(text) - 1, 0, -1) if not text[place - 1 : place + 1].isdigit()]
    for place in cuts:
        yield text[:place].strip(APART), text[place:].strip(APART), True
    for place in cuts:
        yield text[place:].strip(APART), text[:place].strip(APART), False


def _combined(day: str, clock: str, now: days.Now) -> list[Reading]:
    found = days.read(day, now)
    offsets = hours.read(clock, dated=found.dated)
    moments = sorted(
        {datetime.combine(one, datetime.min.time()) + offset for one in found.days for offset in offsets}
    )
    return [(one.date(), one.time()) for one in moments]


def _without_day(text: str) -> Unreadable | None:
    """What is to be said of an hour, or a part of the day, alone."""
    try:
        hours.read(text, dated=True)
    except Unreadable as unreadable:
        return Unreadable("no_day") if unreadable.code in ("part", "no_such_hour") else None
    return Unreadable("no_day")
