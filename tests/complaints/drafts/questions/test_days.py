"""Days as people name them. It is Wednesday, 25 November 2026, ten in the morning."""

from datetime import datetime

import pytest

from tests.support.typed import NOW, pairs, read

DAYS = """
2026-11-20                        2026-11-20
 2026/11/20                       2026-11-20
2026.11.20                        2026-11-20
20261120                          2026-11-20
2026年11月20日                    2026-11-20
2026 年 11 月 20 号               2026-11-20
２０２６－１１－２０              2026-11-20
٢٠٢٦-١١-٢٠                        2026-11-20
二〇二六年十一月二十日            2026-11-20
二零二六年十一月廿日              2026-11-20
20 November 2026                  2026-11-20
20th of Nov. 2026                 2026-11-20
Nov 20, 2026                      2026-11-20
November 20th 2026                2026-11-20
20/11/2026                        2026-11-20
20.11.2026                        2026-11-20
11/20/2026                        2026-11-20
03/04/2026                        2026-03-04 or 2026-04-03
05/05/2026                        2026-05-05
11月20号                          2026-11-20
11月20                            2026-11-20
十一月二十日                      2026-11-20
20 Nov                            2026-11-20
Nov 20th                          2026-11-20
the 20th of November              2026-11-20
11-20                             2026-11-20
11/20                             2026-11-20
20.11                             2026-11-20
03/04                             2026-03-04 or 2026-04-03
1月5号                            2026-01-05
12月5号                           2025-12-05
5 December                        2025-12-05
11月25号                          2026-11-25
11月26号                          2025-11-26 or 2026-11-26
11月27号                          2025-11-27
今年11月20号                      2026-11-20
去年12月5号                       2025-12-05
上个月20号                        2026-10-20
上月二十号                        2026-10-20
这个月3号                         2026-11-03
20号                              2026-11-20
20日                              2026-11-20
二十号                            2026-11-20
the 20th                          2026-11-20
25号                              2026-11-25
26号                              2026-10-26
31号                              2026-10-31
今天                              2026-11-25
昨天                              2026-11-24
昨日                              2026-11-24
昨儿                              2026-11-24
前天                              2026-11-23
大前天                            2026-11-22
today                             2026-11-25
Yesterday                         2026-11-24
the day before yesterday          2026-11-23
3天前                             2026-11-22
两天以前                          2026-11-23
一周前                            2026-11-18
2个礼拜之前                       2026-11-11
a week ago                        2026-11-18
一个月前                          rough
半个月前                          rough
半年前                            rough
a month ago                       rough
two days ago                      2026-11-23
周一                              2026-11-23
周五                              2026-11-20
周日                              2026-11-22
星期天                            2026-11-22
礼拜天                            2026-11-22
禮拜五                            2026-11-20
周三                              2026-11-18 or 2026-11-25
上周三                            2026-11-18
上个星期三                        2026-11-18
上一个星期三                      2026-11-18
上週三                            2026-11-18
上周日                            2026-11-22
上上周五                          2026-11-13
这周一                            2026-11-23
本周二                            2026-11-24
Monday                            2026-11-23
on Friday                         2026-11-20
last Wednesday                    2026-11-18
last Sunday                       2026-11-22
last Friday                       2026-11-20
last Monday                       2026-11-16 or 2026-11-23
Wednesday last week               2026-11-18
Monday of last week               2026-11-16
this Monday                       2026-11-23
11月20号周五                      2026-11-20
2026-11-20（星期五）              2026-11-20
Fri, 20 Nov 2026                  2026-11-20
Friday 20 November                2026-11-20
周五，11月20日                    2026-11-20
11月20号周四                      weekday
Thursday, 20 Nov                  weekday
Monday 24 November                weekday
这周五                            future
本周日                            future
下周三                            future
next Monday                       future
明天                              future
tomorrow                          future
2026-11-28                        future
2月29日                           no_year
29 February                       no_year
2024年2月29日                     2024-02-29
2月30日                           no_such_day
11月31号                          no_such_day
2026-02-30                        no_such_day
2026-13-01                        no_such_day
2025-02-29                        no_such_day
13/13                             no_such_day
32号                              no_such_day
0号                               no_such_day
0000-00-00                        year_first
0001-01-01                        year_first
11-12-26                          year_first
26-11-20                          year_first
20 Nov 26                         year_first
2400-01-01                        far
9999-12-31                        far
1889-01-01                        far
民国115年11月20日                 calendar
中華民國115年11月20日             calendar
115-11-20                         calendar
2569-11-20                        calendar
20 Nov 2569                       calendar
2569 BE                           calendar
พ.ศ. 2569                         calendar
1447 AH                           calendar
1448-06-14                        calendar
1405/09/03                        calendar
令和8年11月20日                   calendar
农历十月十六                      calendar
腊月初八                          calendar
24 Foo 2026                       day
上周                              day
last week                         day
next to nothing                   day
😀                                day
'; DROP TABLE x; --               day
<script>                          day
%s %(x)s {{ y }}                  day
\u202e2026-11-20                  day
-1                                day
1e9                               day
99999999999999999999              day
晚上8点                           no_day
23:41                             no_day
8pm                               no_day
半夜                              no_day
"""


@pytest.mark.parametrize(("typed", "meant"), pairs(DAYS))
def test_a_day_is_read_or_it_is_said_why_not(typed: str, meant: str) -> None:
    assert read(typed) == meant


TO_COME = """
2026-12-24                        2026-12-24
12月24号                          2026-12-24
24 December                       2026-12-24
1月5号                            2027-01-05
11月25号                          2026-11-25
11月20号                          2026-11-20 or 2027-11-20
10月20号                          2027-10-20
5号                               2026-12-05
24号                              2026-11-24 or 2026-12-24
31号                              2026-12-31
明天                              2026-11-26
tomorrow                          2026-11-26
后天                              2026-11-27
大后天                            2026-11-28
3天后                             2026-11-28
in 2 weeks                        2026-12-09
两周以后                          2026-12-09
周五                              2026-11-27
周三                              2026-11-25 or 2026-12-02
下周三                            2026-12-02
下个星期一                        2026-11-30
next Wednesday                    2026-12-02
next Friday                       2026-11-27 or 2026-12-04
昨天                              2026-11-24
2月29号                           no_year
11/12/2026                        2026-11-12 or 2026-12-11
2099-01-01                        far
11月20号 9:30                     day
"""


@pytest.mark.parametrize(("typed", "meant"), pairs(TO_COME))
def test_a_courts_day_is_the_nearest_to_come(typed: str, meant: str) -> None:
    assert read(typed, ahead=True, timed=False) == meant


@pytest.mark.parametrize(
    ("typed", "now", "meant"),
    [
        ("12月31号", datetime.fromisoformat("2027-01-01 00:00"), "2026-12-31"),
        ("昨天晚上11点", datetime.fromisoformat("2027-01-01 00:00"), "2026-12-31 23:00"),
        ("1月1号", datetime.fromisoformat("2026-12-31 23:59"), "2026-01-01 or 2027-01-01"),
        ("1月1号", datetime.fromisoformat("2026-12-31 09:59"), "2026-01-01"),
        ("30号", datetime.fromisoformat("2027-03-05 12:00"), "2027-01-30"),
        ("上周日", datetime.fromisoformat("2026-11-29 12:00"), "2026-11-22"),
        ("上周日", datetime.fromisoformat("2026-11-30 12:00"), "2026-11-29"),
        ("上月31号", datetime.fromisoformat("2027-01-05 12:00"), "2026-12-31"),
        ("2月29号", datetime.fromisoformat("2028-03-05 12:00"), "2028-02-29"),
        ("下午3点", NOW, "no_day"),
        ("今天晚上8点", datetime.fromisoformat("2026-11-25 00:00"), "future"),
        ("今天晚上8点", datetime.fromisoformat("2026-11-25 07:00"), "2026-11-25 20:00"),
    ],
)
def test_what_is_said_from_today_on_follows_the_calendar(typed: str, now: datetime, meant: str) -> None:
    assert read(typed, now) == meant
