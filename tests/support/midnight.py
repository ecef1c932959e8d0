"""Keeps tests from failing because the day ends while they run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

LONGEST = timedelta(minutes=3)  # a test takes less; stamps may be five minutes ahead
Clock = Callable[[], datetime]


@contextmanager
def one_day() -> Iterator[None]:
    """Shortly before the office's midnight, put the portal's clock back."""
    with pytest.MonkeyPatch.context() as patch:
        if slow := put_back(timezone.now):
            patch.setattr(timezone, "now", slow)
        yield


def put_back(now: Clock) -> Clock | None:
    """The clock, put back so far that its day does not end; None unless midnight is near."""
    midnight = datetime.combine(timezone.localdate(now()), time.max, timezone.get_current_timezone())
    return (lambda: now() - LONGEST) if midnight - now() < LONGEST else None


def from_today(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with dates in place of numbers of days from today.

    Tables of cases are read before a test begins.
    """
    today = timezone.localdate()
    return {name: today + one if isinstance(one, timedelta) else one for name, one in fields.items()}
