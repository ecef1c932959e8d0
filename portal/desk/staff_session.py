"""How long somebody of the office stays signed in: until they idled, and at most so many hours."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

KEY = "sitting"  # in the session: when both factors had been shown, and when its owner was last seen; seconds
NOTED_EVERY = 60  # seconds; each note is a write to the database


def begin(session: SessionBase) -> None:
    now = int(time.time())
    session[KEY] = [now, now]


def is_valid(session: SessionBase) -> bool:
    """Whether the session counts. One that never saw a second factor does not, however it came about."""
    now = int(time.time())
    began, seen = session.get(KEY, (0, 0))
    if now - began > settings.STAFF_SESSION_HOURS * 3600 or now - seen > settings.STAFF_IDLE_MINUTES * 60:
        return False
    if now - seen >= NOTED_EVERY:
        session[KEY] = [began, now]
    return True
