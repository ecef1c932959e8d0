"""The tests pass at midnight, too."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from .support.midnight import put_back

MIDNIGHT = datetime(2026, 12, 1, tzinfo=timezone.get_default_timezone())


def test_a_test_that_runs_across_midnight_sees_one_day() -> None:
    seconds = iter([-2, -2, 0, 1, 2])
    clock = put_back(lambda: MIDNIGHT + timedelta(seconds=next(seconds)))
    assert clock
    times = [clock() for _ in range(3)]
    assert {timezone.localdate(moment) for moment in times} == {date(2026, 11, 30)}
    assert times == sorted(set(times))


def test_far_from_midnight_the_clock_is_left_alone() -> None:
    assert put_back(lambda: MIDNIGHT + timedelta(hours=12)) is None
