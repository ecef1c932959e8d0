"""Reads a day, with or without a time before or after it, in Chinese and English. Pure: the current time is a
parameter.

A text with two readings is never guessed; the borrower is asked: 11/12/2026 can be two days, 晚上12点 two nights.
`spelling` unifies the spelling; `days` and `hours` read the parts.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from . import days, hours
from .spelling import is_rough, plain, simple, without_rough
from .unreadable import Reading, Unreadable

FARTHEST = timedelta(days=3660)  # about ten years, for court dates
APART = " ,;、"
SPAN = re.compile(  # 8点到9点, 20号至22号, from 8 to 9 pm
    r"[\d点分日号]\s*(?:到|至)\s*[\d今昨前明凌早上中下晚夜]|\bfrom\b.+\bto\b|\bbetween\b.+\band\b|\b(?:un)?till?\b"
)
TWO_HOURS = re.compile(
    r"[一二两三四五六七八九][一二三四五六七八九]\s*[点點]|\d\s*[、,或]\s*\d{1,2}\s*[点點]"
)  # 八九点
BESIDE_THE_MONTH = re.compile(r"[a-z]\s+\d{1,2}\s*$")  # in “evening 20 November 8” 20 can be the day or the hour


def read(text: str, now: datetime, *, ahead: bool = False, timed: bool = True) -> Reading:
    """The day and time that the text means. `now` is the office's local time, without a zone. `ahead` allows
    future times; without `timed` only a day is read.

    Raises Unreadable: with `readings` if there are several, else with a code of `days.read` or `hours.read`, or
    with `no_day`, `span`, `rough`, `far` or `future`.
    """
    if days.OTHER_CALENDAR.search(plain(text)):
        raise Unreadable("calendar")
    rough = is_rough(text)
    clock = days.Now(now, ahead)
    spelling = simple(without_rough(text) if rough else text)
    try:
        readings = _possible(_read(spelling, clock, timed), clock)
    except Unreadable as unreadable:
        raise _wider(text, spelling) or unreadable from None
    if len(readings) > 1:
        raise Unreadable("readings", readings=readings)
    if rough and readings[0][1] is None:
        raise Unreadable("rough")
    return readings[0]


def _wider(text: str, spelling: str) -> Unreadable | None:
    """The error for a text with two times, from when to when or one or the other; None if it has not."""
    if TWO_HOURS.search(plain(text)):
        return Unreadable("rough")
    return Unreadable("span") if SPAN.search(spelling) else None


def spelled(found: date, at: time | None) -> str:
    """The spelling in answers: 2026-11-20 or 2026-11-20 23:41, with seconds if there are any."""
    if at is None:
        return found.isoformat()
    return f"{found.isoformat()} {at.isoformat('seconds' if at.second else 'minutes')}"


def _possible(readings: list[Reading], now: days.Now) -> list[Reading]:
    """The readings that are not too far in the future. Raises Unreadable if there are none."""
    at = now.at + (FARTHEST if now.ahead else days.AHEAD_OF_US)
    possible = [reading for reading in readings if _begins(reading) <= at]
    if not possible:
        raise Unreadable("far" if now.ahead else "future")
    return possible


def _begins(reading: Reading) -> datetime:
    day, at = reading
    return datetime.combine(day, at or datetime.min.time())


def _read(text: str, now: days.Now, timed: bool) -> list[Reading]:
    """All readings of the text, in order of time."""
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
    """Each split of the text into a day and a time; first the splits with the day in front."""
    cuts = [place for place in range(len(text) - 1, 0, -1) if not text[place - 1 : place + 1].isdigit()]
    for place in cuts:
        yield text[:place].strip(APART), text[place:].strip(APART), True
    for place in cuts:
        if not BESIDE_THE_MONTH.search(text[:place]) or text[place:].lstrip()[:3] not in days.MONTHS:
            yield text[place:].strip(APART), text[:place].strip(APART), False


def _combined(day: str, clock: str, now: days.Now) -> list[Reading]:
    found = days.read(day, now)
    offsets = hours.read(clock, dated=found.dated)
    moments = sorted(
        {datetime.combine(one, datetime.min.time()) + offset for one in found.days for offset in offsets}
    )
    return [(one.date(), one.time()) for one in moments]


def _without_day(text: str) -> Unreadable | None:
    """The error for a text that is only a time of day; None if it is not one."""
    try:
        hours.read(text, dated=True)
    except Unreadable as unreadable:
        return Unreadable("no_day") if unreadable.code in ("part", "no_such_hour") else None
    return Unreadable("no_day")
