"""Reads times of day in Chinese and English, in the spelling of `spelling.simple`. Pure.

What an hour from 1 to 12 means depends on the word beside it: 晚上11点 is 23:00, 晚上1点 is 1:00 in the night. So
each word has a row with the possible meanings of its hours 0 to 12.
"""

import re
from datetime import timedelta

from .unreadable import Unreadable

Hours = tuple[int, ...]  # hours since midnight; 24 and more are on the next day
MORNING = "0 1 2 3 4 5 6 7 8 9 10 11 0/12"
AFTERNOON = "- 13 14 15 16 17 18 19 20 21 22 23 12"
DUSK = "- - - - 16 17 18 19 20 - - - -"
# With 晚上 or "at night", an hour after midnight is in the night that begins on that evening, or in the one that
# ends on that morning.
NIGHT = "0/24 1/25 2/26 3/27 4/28 17/29 18 19 20 21 22 23 0/24"
# With a date, 11月20日夜里2点 is on that date; 昨天夜里2点 has two readings.
DEEP_NIGHT = "0/24 1/25 2/26 3/27 4/28 5/29 6/30 19 20 21 22 23 0/24"
DEEP_NIGHT_DATED = "0/24 1 2 3 4 5 6 19 20 21 22 23 0/24"
ROWS = {  # word -> the meanings of its hours 0 to 12
    "凌晨": "0 1 2 3 4 5 6 - - - - - 0",
    **dict.fromkeys(("清晨", "早晨", "早上", "早", "上午", "morning"), MORNING),
    **dict.fromkeys(("黎明", "拂晓", "天亮"), "- - - - 4 5 6 7 - - - - -"),
    **dict.fromkeys(("中午", "正午", "晌午"), "- 13 14 15 - - - - - - 10 11 12"),
    **dict.fromkeys(("下午", "午后", "pm"), AFTERNOON),
    "afternoon": "- 13 14 15 16 17 18 19 - - - - 12",
    **dict.fromkeys(("傍晚", "黄昏"), DUSK),
    **dict.fromkeys(("晚上", "晚间", "夜晚", "晚", "night"), NIGHT),
    "evening": "0/24 - - - 16 17 18 19 20 21 22 23 0/24",
    **dict.fromkeys(("夜里", "夜间", "深夜", "半夜", "午夜", "夜"), DEEP_NIGHT),
    **dict.fromkeys(("前半夜", "上半夜"), "0/24 - - - - - - 19 20 21 22 23 0/24"),
    **dict.fromkeys(("后半夜", "下半夜"), "0/24 1/25 2/26 3/27 4/28 5/29 - - - - - - 0/24"),
    "am": "0 1 2 3 4 5 6 7 8 9 10 11 0",
}
UNSAID = "0 1/13 2/14 3/15 4/16 5/17 6/18 7/19 8/20 9/21 10/22 11/23 12/24"  # 3点, 3 o'clock: without a word
NAMED: dict[str, Hours] = {
    **dict.fromkeys(("noon", "midday", "12 noon", "正午"), (12,)),
    **dict.fromkeys(("midnight", "12 midnight", "午夜", "子夜"), (0, 24)),
}
BEHIND = frozenset(filter(str.isascii, ROWS))  # English words, which follow the hour
WORD = "|".join(sorted(ROWS, key=len, reverse=True))
BEFORE = rf"(?:(?P<before>{WORD})[\s,]*)?"
AFTER = rf"(?:[\s,]*(?P<after>{WORD}))?"
HOUR = r"(?P<hour>\d{1,2})"
CLOCK = re.compile(rf"{BEFORE}{HOUR}\s*[:.h]\s*(?P<minute>\d{{1,2}})(?:\s*[:.]\s*(?P<second>\d{{1,2}}))?{AFTER}")
O_CLOCK = re.compile(
    rf"{BEFORE}{HOUR}\s*(?P<sign>[点时])\s*(?:钟|整|(?P<half>半)|过?\s*(?P<quarters>[123])\s*刻"
    rf"|过?\s*(?P<minute>\d{{1,2}})\s*分?钟?\s*(?:(?P<second>\d{{1,2}})\s*秒?)?)?{AFTER}"
)
BARE = re.compile(rf"{BEFORE}{HOUR}{AFTER}")
PAST = re.compile(
    rf"{BEFORE}(?:(?P<half>half)|(?P<quarters>quarter|1刻)|(?P<minute>\d{{1,2}})(?:\s*分钟?|(?=\s+[pa])))\s+"
    rf"(?P<way>past|after|to)\s+(?:{HOUR}\s*点?{AFTER}|(?P<named>noon|midday|midnight))"
)


def read(text: str, *, dated: bool) -> list[timedelta]:
    """The times that the text can mean, counted from midnight. `dated` if the day was given by its number. Raises
    Unreadable with the code `part` (a part of the day without an hour), `no_such_hour` (下午0点) or `time`."""
    if text in NAMED:
        return [timedelta(hours=hour) for hour in NAMED[text]]
    if text in ROWS:
        raise Unreadable("part")
    for pattern in (CLOCK, O_CLOCK, PAST, BARE):
        if match := pattern.fullmatch(text):
            given = {name: value for name, value in match.groupdict().items() if value}
            return [timedelta(hours=hour) + _beyond(given) for hour in _hours(given, dated, pattern)]
    raise Unreadable("time")


def _beyond(given: dict[str, str]) -> timedelta:
    """The time to add to the hour; negative in “ten to nine”."""
    quarters = 1 if given.get("quarters", "").startswith("q") else int(given.get("quarters", "0").rstrip("刻"))
    minutes = 30 if "half" in given else 15 * quarters or int(given.get("minute", 0))
    seconds = int(given.get("second", 0))
    late = given.get("hour") == "24" and (minutes or seconds)
    if minutes > 59 or seconds > 59 or late:
        raise Unreadable("time")
    return timedelta(minutes=-minutes if given.get("way") == "to" else minutes, seconds=seconds)


def _hours(given: dict[str, str], dated: bool, pattern: re.Pattern[str]) -> Hours:
    if "named" in given:
        return NAMED[given["named"]]
    words = [given[side] for side in ("before", "after") if side in given]
    if words:
        return _agreed(*(_meant(_row(word, dated), int(given["hour"])) for word in words))
    if pattern is BARE:
        raise Unreadable("time")
    exact = pattern is CLOCK or given.get("sign") == "时" or given["hour"].startswith("0")
    return _of_day(int(given["hour"])) if exact else _meant(UNSAID, int(given["hour"]))


def _row(word: str, dated: bool) -> str:
    return DEEP_NIGHT_DATED if dated and ROWS[word] == DEEP_NIGHT else ROWS[word]


def _meant(row: str, hour: int) -> Hours:
    """The hours that an hour with this row can mean. An hour after 12 must not contradict the word."""
    meanings = [tuple(map(int, filter(str.isdigit, cell.split("/")))) for cell in row.split()]
    found = meanings[hour] if hour <= 12 else _of_day(hour)
    known = row == UNSAID or hour <= 12 or any(hour in cell for cell in meanings)
    if not found or not known:
        raise Unreadable("no_such_hour")
    return found


def _of_day(hour: int) -> Hours:
    """An hour of the 24-hour clock; 24:00 is the beginning of the next day."""
    if hour > 24:
        raise Unreadable("time")
    return (hour,)


def _agreed(first: Hours, second: Hours | None = None) -> Hours:
    """The hours that agree with both words, as in “at night, 1 a.m.”. Raises Unreadable if there are none."""
    agreed = (
        first if second is None else tuple(hour for hour in first if hour % 24 in {one % 24 for one in second})
    )
    if not agreed:
        raise Unreadable("no_such_hour")
    return agreed
