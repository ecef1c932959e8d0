"""Days and times typed together. It is Wednesday, 25 November 2026, ten in the morning."""

from itertools import permutations

import pytest

from tests.support.typed import pairs, read

MOMENTS = """
2026-11-20 23:41                  2026-11-20 23:41
2026-11-20T23:41:05               2026-11-20 23:41:05
2026.11.20, 23:41                 2026-11-20 23:41
20261120 23:41                    2026-11-20 23:41
2026年11月20日晚上11点41分        2026-11-20 23:41
2026-11-20 下午3点半              2026-11-20 15:30
2026/11/20 02:26:26 下午          2026-11-20 14:26:26
2026-11-20(周五)晚上8点           2026-11-20 20:00
20 Nov 2026 11:41 pm              2026-11-20 23:41
20 Nov 11 pm                      2026-11-20 23:00
Nov 20 at 8 p.m.                  2026-11-20 20:00
Nov. 20th, half past 8 pm         2026-11-20 20:30
11月20号晚8点                     2026-11-20 20:00
十一月二十日 晚上八点半           2026-11-20 20:30
１１月２０日　２３：４１          2026-11-20 23:41
11-20 23:41                       2026-11-20 23:41
11-12 23:41                       2025-12-11 23:41 or 2026-11-12 23:41
20号晚上10点                      2026-11-20 22:00
20日零时                          2026-11-20 00:00
2025年12月31日24点                2026-01-01 00:00
昨天 23:41                        2026-11-24 23:41
昨晚11点半                        2026-11-24 23:30
昨夜11点                          2026-11-24 23:00
昨晚12点                          2026-11-24 00:00 or 2026-11-25 00:00
前晚11點半                        2026-11-23 23:30
今早8点                           2026-11-25 08:00
今晨六点                          2026-11-25 06:00
今天凌晨1点                       2026-11-25 01:00
今天晚上1点                       2026-11-25 01:00
今天夜里2点                       2026-11-25 02:00
昨儿晚上七点                      2026-11-24 19:00
昨天的晚上8点                     2026-11-24 20:00
昨天晚上8点。                     2026-11-24 20:00
上周三下午三点一刻                2026-11-18 15:15
上周一早上10点                    2026-11-16 10:00
上周一一早8点                     2026-11-16 08:00
星期一十点半                      2026-11-23 10:30 or 2026-11-23 22:30
上周三 20:00                      2026-11-18 20:00
周五晚上9点                       2026-11-20 21:00
两天前晚上10点                    2026-11-23 22:00
两周前晚上8点                     2026-11-11 20:00
三天前的晚上8点                   2026-11-22 20:00
两个星期前的晚上8点               2026-11-11 20:00
two weeks ago at 8 pm             2026-11-11 20:00
two days ago at 10 pm             2026-11-23 22:00
last night at 11                  2026-11-24 23:00
last night at 1 am                2026-11-24 01:00 or 2026-11-25 01:00
this morning at 9                 2026-11-25 09:00
yesterday evening at 8            2026-11-24 20:00
8pm yesterday                     2026-11-24 20:00
at half past 8 in the evening on 20 November  2026-11-20 20:30
noon on Friday                    2026-11-20 12:00
last Wednesday at 8 in the evening  2026-11-18 20:00
Monday 9am                        2026-11-23 09:00
昨天晚上大概8点                   2026-11-24 20:00
昨天晚上8点左右                   2026-11-24 20:00
昨天晚上8点多                     2026-11-24 20:00
昨天晚上8点来钟                   2026-11-24 20:00
around 8 pm yesterday             2026-11-24 20:00
yesterday at about 8 pm           2026-11-24 20:00
the night of 20 November at 11    2026-11-20 23:00
the night of 8 November at 11     2026-11-08 23:00
on the evening of the 20th at 8   2026-11-20 20:00
at 10 in the night of 8 November  2026-11-08 22:00
20 November, 11 at night          2026-11-20 23:00
evening 8 November 10             day
two nights ago at 11 pm           2026-11-23 23:00
early this morning at 6           2026-11-25 06:00
late last night, 11 pm            2026-11-24 23:00
yesterday 8 PM.                   2026-11-24 20:00
yesterday 8 p m                   2026-11-24 20:00
yesterday 8:30p                   2026-11-24 20:30
yesterday 2030 hrs                2026-11-24 20:30
yesterday 20:30 hrs               2026-11-24 20:30
yesterday 8pm sharp               2026-11-24 20:00
yesterday ~8pm                    2026-11-24 20:00
yesterday 8ish pm                 2026-11-24 20:00
20-Nov-2026 20:30                 2026-11-20 20:30
2026-Nov-20 20:30                 2026-11-20 20:30
昨天20∶00                         2026-11-24 20:00
昨天;晚上8点                      2026-11-24 20:00
昨天后半夜2点                     2026-11-24 02:00 or 2026-11-25 02:00
昨天前半夜11点                    2026-11-24 23:00
昨天黎明5点                       2026-11-24 05:00
昨天晌午12点                      2026-11-24 12:00
昨天晚上快8点                     2026-11-24 20:00
昨天晚上8点不到                   2026-11-24 20:00
11月20日20时许                    2026-11-20 20:00
昨天晚上捌点叁刻                  2026-11-24 20:45
上个月的20号晚上8点               2026-10-20 20:00
上上个月20号晚上8点               2026-09-20 20:00
昨天晚上8、9点                    rough
昨天晚上八九点                    rough
昨天晚上十一二点                  rough
昨天下午三四点钟                  rough
11月20日晚上8点到9点              span
11月20号到22号                    span
from 8 to 9 pm yesterday          span
until 9 pm yesterday              span
昨天十八点                        2026-11-24 18:00
昨天晚上二十三点                  2026-11-24 23:00
昨天晚上8点以后                   time
2026-11-20T16:05:33+08:00         time
yesterday half eight              time
11月20号左右                      rough
about 20 Nov                      rough
2026-11-20 25:00                  time
2026-11-20 late                   time
2026-11-20 23                     time
2026-11-20 晚上                   part
last night                        part
Monday 24 November at 11am        weekday
2569-11-20 23:41                  calendar
民国115年11月20日 23:41           calendar
2026-02-30 10:00                  no_such_day
11-12-26 晚上8点                  year_first
明天晚上8点                       future
2026-11-26 00:01                  future
"""


@pytest.mark.parametrize(("typed", "meant"), pairs(MOMENTS))
def test_a_day_and_a_time_are_read_together(typed: str, meant: str) -> None:
    assert read(typed) == meant


def test_what_is_kept_is_read_again_as_the_same() -> None:
    for kept in ("2026-11-20", "2026-11-20 23:41", "2026-11-20 23:41:05", "2026-11-20 00:00"):
        assert read(kept) == kept


@pytest.mark.parametrize("sign", ["1", "一", "周一", "点", "a", " ", ".", "mon ", "1月", "晚上", "to 9 ", "("])
def test_a_hundred_of_one_sign_break_nothing(sign: str) -> None:
    assert read((sign * 100)[:100])


@pytest.mark.parametrize("day", ["8 November", "November 8th", "the 8th of November", "8 Nov 2026"])
@pytest.mark.parametrize("part", ["evening", "in the evening", "the evening of", "on the evening of", "pm"])
@pytest.mark.parametrize("hour", ["10", "at 10"])
def test_the_days_number_is_never_read_as_the_hour(day: str, part: str, hour: str) -> None:
    for phrase in map(" ".join, permutations((day, part, hour))):
        found = read(phrase)
        assert found == "2026-11-08 22:00" or not found[0].isdigit(), phrase
