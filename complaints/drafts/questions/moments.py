"""Days and times as people type them, in Chinese and English. Pure: text in, date or time out.

The year comes first, or the month is a word: 11/12/2026 means two different days to two readers, so it is asked
again rather than guessed. Years of other calendars are recognised, so that the sentence can say what is wrong.
"""

import re
import unicodedata
from datetime import date, time

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
OTHER_CALENDAR = re.compile(
    r"民国|民國|中华民国|中華民國|令和|平成|昭和|农历|農曆|阴历|陰曆|佛历|佛曆|回历|回曆|正月|腊月|初[一二三四五六七八九十]"
    r"|พ\.?\s?ศ|هـ|هجر|\b(?:b\.?\s?e|a\.?\s?h|roc|hijri)\b\.?",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(r"(\d{1,4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
IN_A_ROW = re.compile(r"(\d{4})(\d{2})(\d{2})")
DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3,9})\.?,?\s+(\d{1,4})", re.IGNORECASE)
MONTH_FIRST = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{1,4})", re.IGNORECASE)
YEAR_LAST = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2,4}")
NO_YEAR = re.compile(r"\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?")
CLOCK = re.compile(
    r"(凌晨|半夜|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|深夜|am|pm)?\s*"
    r"(\d{1,2})(?:\s*[:.点點时時h]\s*(\d{1,2}|半|整)?\s*分?(?:[:.]\s*(\d{1,2}))?\s*秒?)?\s*(am|pm|a\.m\.|p\.m\.)?",
    re.IGNORECASE,
)
AFTER_NOON = ("中午", "下午", "傍晚", "晚上", "夜里", "深夜", "pm", "p.m.")
BEFORE_NOON = ("凌晨", "半夜", "早上", "早晨", "上午", "am", "a.m.")
YEARS = range(1990, 2101)


class Unreadable(ValueError):
    """The text is no day or time that can be kept. `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """Full-width signs as ordinary ones, no space around."""
    return unicodedata.normalize("NFKC", text).strip()


def day(text: str) -> date:
    """The day that is meant; raises Unreadable with `calendar`, `year_first`, `no_year`, `no_such_day`, `far` or
    `day`."""
    text = plain(text)
    if OTHER_CALENDAR.search(text):
        raise Unreadable("calendar")
    if match := YEAR_FIRST.fullmatch(text) or IN_A_ROW.fullmatch(text):
        return _made(*match.groups())
    if match := DAY_FIRST.fullmatch(text):
        return _made(match[3], _month(match[2]), match[1])
    if match := MONTH_FIRST.fullmatch(text):
        return _made(match[3], _month(match[1]), match[2])
    if YEAR_LAST.fullmatch(text):
        raise Unreadable("year_first")
    raise Unreadable("no_year" if NO_YEAR.fullmatch(text) else "day")


def _month(word: str) -> str:
    if word[:3].lower() not in MONTHS:
        raise Unreadable("day")
    return str(MONTHS.index(word[:3].lower()) + 1)


def _made(year: str, month: str, number: str) -> date:
    y = int(year)
    if y < 100:
        raise Unreadable("year_first")
    # 民国115, 1405 of Iran and 1447 of the Hijra, 2569 of the Buddha are all 2026
    if y < 200 or 1300 <= y < 1500 or 2533 <= y < 2600:
        raise Unreadable("calendar")
    if y not in YEARS:
        raise Unreadable("far")
    try:
        return date(y, int(month), int(number))
    except ValueError:
        raise Unreadable("no_such_day") from None


def clock(text: str) -> time:
    """The time of day; raises Unreadable with `time`."""
    match = CLOCK.fullmatch(plain(text))
    if not match or not (match[1] or match[3] or match[5] or re.search(r"\D", match[0])):
        raise Unreadable("time")
    half = (match[1] or match[5] or "").lower()
    hour, minute = int(match[2]), {None: 0, "半": 30, "整": 0}.get(match[3])
    try:
        return time(_of_day(hour, half), int(match[3]) if minute is None else minute, int(match[4] or 0))
    except ValueError:
        raise Unreadable("time") from None


def _of_day(hour: int, half: str) -> int:
    """下午3 is 15, 中午12 is 12, 晚上12 is midnight and so the hour 0."""
    if half in AFTER_NOON and hour < 12:
        return hour + 12 if half != "中午" or hour < 3 else hour
    if hour == 12 and half in (*BEFORE_NOON, "晚上", "夜里", "深夜"):
        return 0
    return hour


def moment(text: str) -> tuple[date, time | None]:
    """A day, perhaps with a time behind it; raises Unreadable as `day` and `clock` do."""
    text = plain(text)
    try:
        return day(text), None
    except Unreadable as unreadable:
        if unreadable.code != "day":
            raise
    for place in range(len(text) - 1, 0, -1):
        if text[place] in " T凌半早上中下傍晚夜深" or text[place - 1] in "日号":
            try:
                found = clock(text[place:].lstrip("T ,"))
            except Unreadable:
                continue
            return day(text[:place].rstrip(" ,")), found
    raise Unreadable("time" if YEAR_FIRST.match(text) else "day")


def spelled(found: date, at: time | None) -> str:
    """As answers keep it: 2026-11-20, or 2026-11-20 23:41, with seconds where they were given."""
    if at is None:
        return found.isoformat()
    return f"{found.isoformat()} {at.isoformat('seconds' if at.second else 'minutes')}"
