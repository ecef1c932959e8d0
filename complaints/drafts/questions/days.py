"""Reads days in Chinese and English, in the spelling of `spelling.simple`. Pure: the current time is a parameter.

Libraries were tried first. dateparser 1.5 cannot read 上周三 or 晚上8点, and reads 11/12 as 12 November without
asking. jionlp 1.5 reads no English, reads 12月5日 in November as a future day, and 民国115 as the year 115.
Neither reports that a text has two readings, but here the answer is evidence. So each spelling has a pattern
below.
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple

from .spelling import WEEKDAYS
from .unreadable import Unreadable

DAY = timedelta(days=1)
AHEAD_OF_US = timedelta(hours=14)  # the most by which a clock elsewhere is ahead
JUST_PAST = 7  # days for which an incomplete court date may mean the one that has just passed
A_YEAR = 366
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OTHER_CALENDAR = re.compile(
    r"民国|民國|中华民国|中華民國|令和|平成|昭和|农历|農曆|阴历|陰曆|佛历|佛曆|回历|回曆|正月|腊月|初[一二三四五六七八九十]"
    r"|พ\.?\s?ศ|هـ|هجر|\b(?:b\.?\s?e|a\.?\s?h|roc|hijri)\b\.?",
    re.IGNORECASE,
)
YEARS = range(1990, 2101)
MONTH = rf"(?P<word>{'|'.join(MONTHS)})[a-z]{{0,6}}\.?"
WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})"
RELATIVE = {
    **{"大前天": -3, "前天": -2, "day before yesterday": -2, "昨天": -1, "yesterday": -1, "今天": 0, "today": 0},
    **{"明天": 1, "tomorrow": 1, "后天": 2, "day after tomorrow": 2, "大后天": 3},
}
WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2, "last": -1, "this": 0, "next": 1}
YEAR_WORDS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1, "": 0}
MONTH_WORDS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1}


class Now(NamedTuple):
    """The current time at the office, without a zone, and whether future days are allowed (`ahead`)."""

    at: datetime
    ahead: bool

    @property
    def day(self) -> date:
        return self.at.date()


class Days(NamedTuple):
    """The days that a text can mean. `dated` if it gives the day's number, unlike 昨天 or Friday."""

    days: list[date]
    dated: bool = True


SO_MANY = r"(?P<number>\d{1,3})\s*(?P<unit>[天日]|个?(?:周|星期|礼拜)|days?|weeks?)"
Reader = Callable[[re.Match[str], Now], list[date]]


def read(text: str, now: Now) -> Days:
    """The days that the text can mean, mostly one. Raises Unreadable with the code `calendar`, `year_first`,
    `no_year`, `no_such_day`, `far`, `future` or `weekday`, or with `day` if the text is no day at all."""
    for pattern, reader, dated in READERS:
        if match := pattern.fullmatch(text):
            return Days(reader(match, now), dated)
    for pattern in WITH_WEEKDAY:
        if match := pattern.fullmatch(text):
            return _on(match["weekday"], read(match["rest"], now))
    raise Unreadable("day")


def _on(weekday: str, found: Days) -> Days:
    """Those of the days that are on this weekday. Raises Unreadable if there are none."""
    on = [day for day in found.days if day.weekday() == WEEKDAYS.index(weekday)]
    if not on:
        raise Unreadable("weekday", found.days[0])
    return Days(on, found.dated)


def made(year: int, month: int, number: int) -> date:
    if year < 100:
        raise Unreadable("year_first")
    # 民国115, 1405 of Iran and 1447 of the Hijra, 2569 of the Buddha are all 2026
    if year < 200 or 1300 <= year < 1500 or 2533 <= year < 2600:
        raise Unreadable("calendar")
    if year not in YEARS:
        raise Unreadable("far")
    try:
        return date(year, month, number)
    except ValueError:
        raise Unreadable("no_such_day") from None


def _year_first(match: re.Match[str], now: Now) -> list[date]:
    return [made(int(match["year"]), int(match["month"]), int(match["day"]))]


def _month_in_words(match: re.Match[str], now: Now) -> list[date]:
    month, number = MONTHS.index(match["word"]) + 1, int(match["day"])
    return [made(int(match["year"]), month, number)] if match["year"] else _nearest(month, number, now)


def _year_last(match: re.Match[str], now: Now) -> list[date]:
    """11/12/2026 is a day in November or December; 20/11/2026 has one reading."""
    if len(match["year"]) < 4:
        raise Unreadable("year_first")
    return [made(int(match["year"]), month, number) for month, number in _either(match)]


def _no_year(match: re.Match[str], now: Now) -> list[date]:
    return [day for month, number in _either(match) for day in _nearest(month, number, now)]


def _either(match: re.Match[str]) -> list[tuple[int, int]]:
    """The possible pairs of month and day."""
    one, other = int(match["one"]), int(match["other"])
    orders = [(month, number) for month, number in {(one, other): 0, (other, one): 0} if 1 <= month <= 12]
    if not orders:
        raise Unreadable("no_such_day")
    return orders if max(one, other) <= 12 else orders[:1]


def _named_year(match: re.Match[str], now: Now) -> list[date]:
    """11月20日, or 去年11月20日."""
    month, number = int(match["month"]), int(match["day"])
    if match["year"]:
        return [made(now.day.year + YEAR_WORDS[match["year"]], month, number)]
    return _nearest(month, number, now)


def _nearest(month: int, number: int, now: Now) -> list[date]:
    """The day in the missing year: the last one, or the next one if future days are allowed. Two days if both are
    near."""
    if not 1 <= month <= 12 or not 1 <= number <= calendar.monthrange(2024, month)[1]:
        raise Unreadable("no_such_day")

    def fits(day: date) -> bool:
        return (day.month, day.day) == (month, number)

    if now.ahead:
        found = _to_come(now, fits)
    else:
        starts = (now.day, (now.at + AHEAD_OF_US).date())
        found = [day for start in starts for day in _first(start, -1, fits, A_YEAR)]
    if not found:  # 29 February
        raise Unreadable("no_year")
    return sorted(set(found))


def _to_come(now: Now, fits: Callable[[date], bool]) -> list[date]:
    """The next day that fits, and the last one if it has just passed."""
    return [*_first(now.day, 1, fits, A_YEAR), *_first(now.day - DAY, -1, fits, JUST_PAST)]


def _first(start: date, step: int, fits: Callable[[date], bool], most: int) -> Iterator[date]:
    """The first day that fits, from `start` on in this direction, within `most` days; else nothing."""
    return islice((day for place in range(most) if fits(day := start + place * step * DAY)), 1)


def _number_alone(match: re.Match[str], now: Now) -> list[date]:
    """20号 or the 20th: the last one, or the next one if future days are allowed."""
    number = int(match["day"])
    if not 1 <= number <= 31:
        raise Unreadable("no_such_day")

    def fits(day: date) -> bool:
        return day.day == number

    return sorted(_to_come(now, fits)) if now.ahead else [*_first(now.day, -1, fits, A_YEAR)]


def _named_month(match: re.Match[str], now: Now) -> list[date]:
    """上个月20号."""
    months = now.day.year * 12 + now.day.month - 1 + MONTH_WORDS[match["which"]]
    return [made(months // 12, months % 12 + 1, int(match["day"]))]


def _relative(match: re.Match[str], now: Now) -> list[date]:
    return [_counted(RELATIVE[match[0]], now)]


def _ago(match: re.Match[str], now: Now) -> list[date]:
    return [_counted(-_days(match), now)]


def _from_now(match: re.Match[str], now: Now) -> list[date]:
    return [_counted(_days(match), now)]


def _days(match: re.Match[str]) -> int:
    return int(match["number"]) * (1 if match["unit"][0] in "天日d" else 7)


def _rough(match: re.Match[str], now: Now) -> list[date]:
    raise Unreadable("rough")


def _counted(days: int, now: Now) -> date:
    if days > 0 and not now.ahead:
        raise Unreadable("future")
    return now.day + days * DAY


def _weekday_alone(match: re.Match[str], now: Now) -> list[date]:
    """周三: the nearest one. If that is today, also the one a week away."""
    number = WEEKDAYS.index(match["weekday"])
    step = 1 if now.ahead else -1
    nearest = [*_first(now.day, step, lambda day: day.weekday() == number, 7)]
    return sorted([now.day, now.day + 7 * step * DAY]) if nearest == [now.day] else nearest


def _chinese_week(match: re.Match[str], now: Now) -> list[date]:
    """上周三: in the calendar week, which begins on Monday."""
    return [_in_week(match["weekday"], WEEKS[match["which"]], now)]


def _english_week(match: re.Match[str], now: Now) -> list[date]:
    """Last Wednesday: the one in last week, or the most recent one."""
    weeks = WEEKS[match["which"]]
    of_week = _in_week(match["weekday"], weeks, now)
    if not weeks:
        return [of_week]
    nearest = _first(now.day + weeks * DAY, weeks, lambda day: day.weekday() == of_week.weekday(), 7)
    return sorted({of_week, *nearest})


def _in_week(weekday: str, weeks: int, now: Now) -> date:
    if weeks > 0 and not now.ahead:
        raise Unreadable("future")
    return now.day + (weeks * 7 + WEEKDAYS.index(weekday) - now.day.weekday()) * DAY


READERS: list[tuple[re.Pattern[str], Reader, bool]] = [
    (re.compile(pattern), reader, dated)
    for pattern, reader, dated in (
        (
            r"(?P<year>\d{1,4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?",
            _year_first,
            True,
        ),
        (r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", _year_first, True),
        (
            rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s/-]*{MONTH}(?:[\s,/-]+(?P<year>\d{{1,4}}))?",
            _month_in_words,
            True,
        ),
        (rf"(?P<year>\d{{4}})[\s/-]+{MONTH}[\s/-]*(?P<day>\d{{1,2}})", _month_in_words, True),
        (rf"{MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:[\s,]+(?P<year>\d{{1,4}}))?", _month_in_words, True),
        (r"(?P<one>\d{1,2})\s*[-/.]\s*(?P<other>\d{1,2})\s*[-/.]\s*(?P<year>\d{2,4})", _year_last, True),
        (r"(?P<one>\d{1,2})\s*[-/.]\s*(?P<other>\d{1,2})", _no_year, True),
        (
            rf"(?P<year>{'|'.join(YEAR_WORDS)})\s*(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*[日号]?",
            _named_year,
            True,
        ),
        (r"(?P<which>上上|[上这本下])个?月\s*(?P<day>\d{1,2})\s*[日号]?", _named_month, True),
        (r"(?P<day>\d{1,2})\s*(?:[日号]|st|nd|rd|th)", _number_alone, True),
        ("|".join(RELATIVE), _relative, False),
        (rf"{SO_MANY}\s*(?:(?:以|之)?前|ago)", _ago, False),
        (rf"{SO_MANY}\s*(?:(?:以|之)?后|later|from (?:now|today))", _from_now, False),
        (r"(?P<number>\d{1,3})\s*(?P<unit>days?|weeks?)", _from_now, False),  # in 2 weeks
        (r"(?:\d{1,2}|半)?\s*(?:个?半?个?月|年半?|months?|years?)\s*(?:(?:以|之)?前|ago)", _rough, False),
        (WEEKDAY, _weekday_alone, False),
        (rf"(?P<which>上上|上|这|本|下|下下)(?:1?个)?\s*{WEEKDAY}", _chinese_week, False),
        (rf"(?P<which>last|this|next)\s+{WEEKDAY}", _english_week, False),
        (rf"{WEEKDAY}\s+(?P<which>last|this|next)\s+week", _chinese_week, False),
    )
]
WITH_WEEKDAY = [
    re.compile(rf"{WEEKDAY}[\s,]*(?P<rest>.+)"),
    re.compile(rf"(?P<rest>.+?)[\s,(]*{WEEKDAY}\s*\)?"),
]
