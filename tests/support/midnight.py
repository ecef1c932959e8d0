"""No test may fail because the day ends while it runs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

LONGEST = timedelta(minutes=3)  # what a test may take; stamps may be five minutes ahead
Clock = Callable[[], datetime]


@contextmanager
def one_day() -> Iterator[None]:
    """Shortly before midnight of the office the portal's clock is put back."""
    with pytest.MonkeyPatch.context() as patch:
        if slow := put_back(timezone.now):
            patch.setattr(timezone, "now", slow)
        yield


def put_back(now: Clock) -> Clock | None:
    """The same clock, so far behind that its day does not end; None while midnight is far."""
    midnight = datetime.combine(timezone.localdate(now()), time.max, timezone.get_current_timezone())
    return (lambda: now() - LONGEST) if midnight - now() < LONGEST else None


def from_today(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with a day in the place of how many days it is from today: tables are written before midnight."""
    today = timezone.localdate()
    return {name: today + one if isinstance(one, timedelta) else one for name, one in fields.items()}
