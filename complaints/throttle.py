"""What is tried too often in a while, by address and overall: wrong codes, lost ones, and call-backs. And how long
whoever guesses passwords or second factors has to wait.

A right code always opens: nobody can lock somebody else out.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Limit:
    name: str
    window: int  # seconds
    by_address: int
    overall: int

    def passed(self, request: HttpRequest) -> bool:
        """Count one more; whether there were too many before it."""
        counters = (
            (f"{self.name}:{request.META.get('REMOTE_ADDR', '')}", self.by_address),
            (self.name, self.overall),
        )
        tired = any(cache.get(name, 0) >= most for name, most in counters)
        for name, _most in counters:
            if not cache.add(name, 1, self.window):
                cache.incr(name)
        return tired


WRONG_CODES = Limit("wrong-codes", 600, 30, 600)
LOST_CODES = Limit("lost-codes", 600, 10, 200)
WRONG_PHRASES = Limit("wrong-phrases", 600, 10, 200)
CALL_BACKS = Limit("call-backs", 3600, 20, 300)


def missed(request: HttpRequest) -> str:
    """Count one more wrong code; a sentence that asks to wait, once there were too many."""
    return tired(request, WRONG_CODES)


def tired(request: HttpRequest, limit: Limit) -> str:
    """Count one more attempt; a sentence that asks to wait, once there were too many before it."""
    too_many = limit.passed(request)
    return _("Too many codes were tried just now. Please wait ten minutes and try again.") if too_many else ""


MISSES = 5  # that cost nothing


def wait_after(misses: int) -> timedelta:
    """How long after the last of so many misses the next try counts: a minute, then twice as long each time, at
    most an hour."""
    return timedelta(minutes=min(60, 2 ** min(misses - MISSES, 6))) if misses >= MISSES else timedelta()
