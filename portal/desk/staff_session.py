"""Ends a staff member's session after STAFF_IDLE_MINUTES without a request, and after STAFF_SESSION_HOURS."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

KEY = "sitting"  # in the session: Unix times of the sign-in by both factors, and of the last request
NOTED_EVERY = 60  # seconds between two updates of the second, because each writes to the database


def begin(session: SessionBase) -> None:
    now = int(time.time())
    session[KEY] = [now, now]


def is_valid(session: SessionBase) -> bool:
    """Whether the session is valid. One that was not begun by both factors never is."""
    now = int(time.time())
    began, seen = session.get(KEY, (0, 0))
    if now - began > settings.STAFF_SESSION_HOURS * 3600 or now - seen > settings.STAFF_IDLE_MINUTES * 60:
        return False
    if now - seen >= NOTED_EVERY:
        session[KEY] = [began, now]
    return True
