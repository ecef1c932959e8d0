"""Days and times as people type them."""

from datetime import date, time

import pytest

from complaints.drafts.questions import moments


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-24",
        " 2026/11/24 ",
        "2026.11.24",
        "2026年11月24日",
        "2026 年 11 月 24 号",
        "２０２６－１１－２４",
        "20261124",
        "24 November 2026",
        "24th Nov. 2026",
        "Nov 24, 2026",
        "٢٠٢٦-١١-٢٤",
    ],
)
def test_a_day_may_be_written_in_many_ways(typed: str) -> None:
    assert moments.day(typed) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("民国115年11月24日", "calendar"),
        ("中華民國115年11月24日", "calendar"),
        ("115-11-24", "calendar"),
        ("2569-11-24", "calendar"),
        ("24 Nov 2569", "calendar"),
        ("2569 BE", "calendar"),
        ("พ.ศ. 2569", "calendar"),
        ("1447 AH", "calendar"),
        ("1448-06-14", "calendar"),
        ("1405/09/03", "calendar"),
        ("令和8年11月24日", "calendar"),
        ("农历十月十六", "calendar"),
        ("腊月初八", "calendar"),
        ("2400-01-01", "far"),
        ("9999-12-31", "far"),
        ("0001-01-01", "year_first"),
        ("1889-01-01", "far"),
        ("2026-02-30", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("2025-02-29", "no_such_day"),
        ("0000-00-00", "year_first"),
        ("11/12/2026", "year_first"),
        ("11-12-26", "year_first"),
        ("26-11-24", "year_first"),
        ("11月24日", "no_year"),
        ("24 Foo 2026", "day"),
        ("yesterday", "day"),
        ("昨天", "day"),
        ("😀", "day"),
        ("'; DROP TABLE x; --", "day"),
        ("<script>", "day"),
        ("\u202e2026-11-24", "day"),
        ("-1", "day"),
        ("1e9", "day"),
        ("9" * 50, "day"),
    ],
)
def test_what_is_no_day_of_ours_says_why(typed: str, why: str) -> None:
    with pytest.raises(moments.Unreadable) as unreadable:
        moments.moment(typed)
    assert unreadable.value.code == why


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("23:41", time(23, 41)),
        ("23：41", time(23, 41)),
        ("23:41:05", time(23, 41, 5)),
        ("23点41分", time(23, 41)),
        ("9点", time(9)),
        ("9点半", time(9, 30)),
        ("下午3点", time(15)),
        ("下午 3:20", time(15, 20)),
        ("晚上11点半", time(23, 30)),
        ("凌晨2点", time(2)),
        ("晚上12点", time(0)),
        ("中午12点", time(12)),
        ("中午1点", time(13)),
        ("中午11点", time(11)),
        ("上午10:05", time(10, 5)),
        ("11:41 pm", time(23, 41)),
        ("11 p.m.", time(23)),
        ("12am", time(0)),
        ("12 pm", time(12)),
        ("0:00", time(0)),
    ],
)
def test_a_time_may_be_said_or_counted(typed: str, meant: time) -> None:
    assert moments.clock(typed) == meant


@pytest.mark.parametrize(
    "typed", ["25:00", "23:60", "12:00:61", "晚上", "23", "noon", "", ":", "1:2:3:4", "13 pm 5"]
)
def test_what_is_no_time_is_said(typed: str) -> None:
    with pytest.raises(moments.Unreadable):
        moments.clock(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20 23:41", "2026-11-20 23:41"),
        ("2026-11-20T23:41:05", "2026-11-20 23:41:05"),
        ("2026.11.20, 23:41", "2026-11-20 23:41"),
        ("2026年11月20日晚上11点41分", "2026-11-20 23:41"),
        ("2026-11-20 下午3点半", "2026-11-20 15:30"),
        ("2026-11-20晚上11点", "2026-11-20 23:00"),
        ("20 Nov 2026 11:41 pm", "2026-11-20 23:41"),
        ("20 Nov 2026 11 pm", "2026-11-20 23:00"),
    ],
)
def test_a_time_may_stand_behind_the_day(typed: str, kept: str) -> None:
    assert moments.spelled(*moments.moment(typed)) == kept


@pytest.mark.parametrize("typed", ["2026-11-20 25:00", "2026-11-20 at night", "2026-11-20 晚上", "2026-11-20 23"])
def test_a_day_with_something_unreadable_behind_it_asks_for_the_time(typed: str) -> None:
    with pytest.raises(moments.Unreadable) as unreadable:
        moments.moment(typed)
    assert unreadable.value.code == "time"


@pytest.mark.parametrize("typed", ["2569-11-20 23:41", "民国115年11月20日 23:41", "2026-02-30 10:00"])
def test_a_wrong_day_is_named_before_its_time(typed: str) -> None:
    with pytest.raises(moments.Unreadable) as unreadable:
        moments.moment(typed)
    assert unreadable.value.code != "time"


def test_what_is_kept_is_read_again_as_the_same() -> None:
    for kept in ("2026-11-20", "2026-11-20 23:41", "2026-11-20 23:41:05"):
        assert moments.spelled(*moments.moment(kept)) == kept
