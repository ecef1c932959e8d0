"""Days and times by the office's clock, and in words."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from complaints.reference import local_time


def test_a_time_is_one_of_the_offices_zone() -> None:
    assert local_time.moment("2026-11-20 23:41") == datetime(2026, 11, 20, 15, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kept", "about", "told"),
    [
        ("2026-11-20", False, "Friday 20 November 2026"),
        ("2026-11-20 23:41", False, "Friday 20 November 2026, 23:41"),
        ("2026-11-20 23:41:05", False, "Friday 20 November 2026, 23:41:05"),
        ("2026-11-20 23:41", True, "Friday 20 November 2026, about 23:41"),
        ("2026-11-21 00:00", False, "Saturday 21 November 2026, 00:00, in the night from Friday to Saturday"),
        ("2026-11-21 04:59", True, "Saturday 21 November 2026, about 04:59, in the night from Friday to Saturday"),
        ("2026-11-21 05:00", False, "Saturday 21 November 2026, 05:00"),
    ],
)
def test_words_name_the_weekday_and_the_night(kept: str, about: bool, told: str) -> None:
    assert local_time.in_words(kept, about=about) == told


@pytest.mark.parametrize(
    ("kept", "about", "told"),
    [
        ("2026-11-20", False, "2026年11月20日 星期五"),
        ("2026-11-20 23:41", True, "2026年11月20日 星期五 23:41左右"),
        ("2026-11-21 01:00", False, "2026年11月21日 星期六 01:00（星期五夜里到星期六凌晨）"),
    ],
)
def test_a_day_is_put_into_chinese_words_as_well(kept: str, about: bool, told: str) -> None:
    with translation.override("zh-hans"):
        assert local_time.in_words(kept, about=about) == told


@pytest.mark.parametrize(
    ("kept", "skipped"),
    [
        ("2024-03-10 01:59", False),
        ("2024-03-10 02:00", True),
        ("2024-03-10 02:59:59", True),
        ("2024-03-10 03:00", False),
        ("2024-11-03 01:30", False),  # the clocks have it twice
    ],
)
def test_an_hour_that_the_clocks_leave_out_is_known(kept: str, skipped: bool, settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    assert local_time.left_out(kept) is skipped


def test_where_the_clocks_are_never_changed_no_hour_is_left_out() -> None:
    assert not any(local_time.left_out(f"2024-03-10 {hour:02}:30") for hour in range(24))


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("", "Beijing time (UTC+8)", "北京时间（UTC+8）"),
        ("Asia/Hong_Kong", "Hong Kong time (UTC+8)", "Hong Kong 当地时间（UTC+8）"),
        ("Asia/Kolkata", "Kolkata time (UTC+5.5)", "Kolkata 当地时间（UTC+5.5）"),
        ("Europe/London", "London time", "London 当地时间"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_named_in_words(zone: str, english: str, chinese: str) -> None:
    assert local_time.zone_in_words(zone) == english
    with translation.override("zh-hans"):
        assert local_time.zone_in_words(zone) == chinese
