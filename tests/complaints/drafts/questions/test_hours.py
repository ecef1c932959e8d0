"""The time of day as people say it. Today is Wednesday, 25 November 2026."""

import pytest

from tests.support.typed import pairs, read

# What each hour from 0 to 12 means beside a word. From 24 on, an hour is one of the next day; with a slash it is
# asked which is meant; a dash does not go together.
HOURS = {
    "凌晨": "0 1 2 3 4 5 6 - - - - - 0",
    "清晨": "0 1 2 3 4 5 6 7 8 9 10 11 0/12",
    "早上": "0 1 2 3 4 5 6 7 8 9 10 11 0/12",
    "早": "0 1 2 3 4 5 6 7 8 9 10 11 0/12",
    "上午": "0 1 2 3 4 5 6 7 8 9 10 11 0/12",
    "中午": "- 13 14 15 - - - - - - 10 11 12",
    "下午": "- 13 14 15 16 17 18 19 20 21 22 23 12",
    "傍晚": "- - - - 16 17 18 19 20 - - - -",
    "晚上": "0/24 1/25 2/26 3/27 4/28 17/29 18 19 20 21 22 23 0/24",
    "晚": "0/24 1/25 2/26 3/27 4/28 17/29 18 19 20 21 22 23 0/24",
    "夜里": "0/24 1 2 3 4 5 6 19 20 21 22 23 0/24",
    "深夜": "0/24 1 2 3 4 5 6 19 20 21 22 23 0/24",
    "半夜": "0/24 1 2 3 4 5 6 19 20 21 22 23 0/24",
    "午夜": "0/24 1 2 3 4 5 6 19 20 21 22 23 0/24",
    "": "0 1/13 2/14 3/15 4/16 5/17 6/18 7/19 8/20 9/21 10/22 11/23 12/24",
}
IN_ENGLISH = {
    "am": "0 1 2 3 4 5 6 7 8 9 10 11 0",
    "p.m.": "- 13 14 15 16 17 18 19 20 21 22 23 12",
    "in the morning": "0 1 2 3 4 5 6 7 8 9 10 11 0/12",
    "in the afternoon": "- 13 14 15 16 17 18 19 - - - - 12",
    "in the evening": "0/24 - - - 16 17 18 19 20 21 22 23 0/24",
    "at night": "0/24 1/25 2/26 3/27 4/28 17/29 18 19 20 21 22 23 0/24",
}


def of_20_november(cell: str) -> str:
    if cell == "-":
        return "no_such_hour"
    hours = [int(hour) for hour in cell.split("/")]
    return " or ".join(f"2026-11-{20 + hour // 24} {hour % 24:02}:00" for hour in hours)


@pytest.mark.parametrize("word", HOURS)
def test_each_hour_is_on_its_side_of_noon_and_of_midnight(word: str) -> None:
    for hour, cell in enumerate(HOURS[word].split()):
        assert read(f"11月20日{word}{hour}点") == of_20_november(cell), hour


@pytest.mark.parametrize("word", IN_ENGLISH)
def test_each_hour_in_english_as_well(word: str) -> None:
    for hour, cell in enumerate(IN_ENGLISH[word].split()):
        assert read(f"20 November, {hour} {word}") == of_20_november(cell), hour


@pytest.mark.parametrize("hour", range(25))
def test_a_clock_with_twenty_four_hours_needs_no_word(hour: int) -> None:
    assert read(f"11月20日 {hour}:00") == of_20_november(str(hour))


TIMES = """
凌晨2点                           2026-11-24 02:00
晚上8点                           2026-11-24 20:00
晚8点                             2026-11-24 20:00
早8点                             2026-11-24 08:00
晚上八点半                        2026-11-24 20:30
晚上8点一刻                       2026-11-24 20:15
晚上8点三刻                       2026-11-24 20:45
晚上8点整                         2026-11-24 20:00
晚上八点钟                        2026-11-24 20:00
晚上8点05                         2026-11-24 20:05
晚上八点零五分                    2026-11-24 20:05
晚上八点过五分                    2026-11-24 20:05
晚上8点5分10秒                    2026-11-24 20:05:10
晚上差五分八点                    2026-11-24 19:55
晚上八点差一刻                    2026-11-24 19:45
晚上８：３０                      2026-11-24 20:30
晚上十点半                        2026-11-24 22:30
晚间7点                           2026-11-24 19:00
三更半夜两点                      2026-11-24 02:00 or 2026-11-25 02:00
夜里2点                           2026-11-24 02:00 or 2026-11-25 02:00
半夜11点                          2026-11-24 23:00
晚上24点                          2026-11-25 00:00
晚上20点                          2026-11-24 20:00
晚上23:41                         2026-11-24 23:41
下午11:41                         2026-11-24 23:41
下午 02:26:26                     2026-11-24 14:26:26
午后3点                           2026-11-24 15:00
黄昏六点                          2026-11-24 18:00
大清早6点                         2026-11-24 06:00
一早7点                           2026-11-24 07:00
正午                              2026-11-24 12:00
正午12点                          2026-11-24 12:00
中午12点半                        2026-11-24 12:30
中午1点                           2026-11-24 13:00
午夜                              2026-11-24 00:00 or 2026-11-25 00:00
零点                              2026-11-24 00:00
零时三十分                        2026-11-24 00:30
24:00                             2026-11-25 00:00
24点                              2026-11-25 00:00
23:41                             2026-11-24 23:41
23：41                            2026-11-24 23:41
23:41:05                          2026-11-24 23:41:05
23点41分                          2026-11-24 23:41
二十三点四十一分                  2026-11-24 23:41
9时30分                           2026-11-24 09:30
08点30分                          2026-11-24 08:30
8点半                             2026-11-24 08:30 or 2026-11-24 20:30
差一刻九点                        2026-11-24 08:45 or 2026-11-24 20:45
8:30                              2026-11-24 08:30
8.30                              2026-11-24 08:30
8 pm                              2026-11-24 20:00
8pm                               2026-11-24 20:00
8 p.m.                            2026-11-24 20:00
8:30 PM                           2026-11-24 20:30
8.30pm                            2026-11-24 20:30
pm 8:30                           2026-11-24 20:30
12am                              2026-11-24 00:00
12 pm                             2026-11-24 12:00
8 o'clock                         2026-11-24 08:00 or 2026-11-24 20:00
8 o’clock in the evening          2026-11-24 20:00
at 8 in the evening               2026-11-24 20:00
evening at eight                  2026-11-24 20:00
seven in the evening              2026-11-24 19:00
at half past eight                2026-11-24 08:30 or 2026-11-24 20:30
half past eight in the evening    2026-11-24 20:30
quarter past 8 pm                 2026-11-24 20:15
a quarter to nine at night        2026-11-24 20:45
ten to eleven at night            2026-11-24 22:50
20 past 8 pm                      2026-11-24 20:20
10 minutes to 11 pm               2026-11-24 22:50
twenty-five past 8 pm             2026-11-24 20:25
noon                              2026-11-24 12:00
at 12 noon                        2026-11-24 12:00
half past noon                    2026-11-24 12:30
midday                            2026-11-24 12:00
midnight                          2026-11-24 00:00 or 2026-11-25 00:00
quarter to midnight               2026-11-23 23:45 or 2026-11-24 23:45
at night, 11 pm                   2026-11-24 23:00
at night, 1 am                    2026-11-24 01:00 or 2026-11-25 01:00
25:00                             time
24:30                             time
23:60                             time
12:00:61                          time
8                                 time
late                              time
13 pm 5                           time
8点到9点                          span
夜里6点                           2026-11-24 06:00 or 2026-11-25 06:00
9 to 5                            time
晚上                              part
半夜                              part
at night                          part
中午                              part
上午15点                          no_such_hour
凌晨9点                           no_such_hour
13 am                             no_such_hour
"""


@pytest.mark.parametrize(("typed", "meant"), pairs(TIMES))
def test_a_time_of_yesterday_is_read_in_chinese_and_english(typed: str, meant: str) -> None:
    assert read(f"昨天{typed}") == meant
    assert read(f"yesterday {typed}") == meant
