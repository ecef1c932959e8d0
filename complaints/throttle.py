"""Wrong codes and lost ones in a while, by address and overall. A right code always opens: nobody can lock
somebody else out."""

from dataclasses import dataclass

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

WINDOW = 600  # seconds
BY_ADDRESS = 30
OVERALL = 600


@dataclass(frozen=True)
class Limit:
    """How often something may be tried in a window of time."""

    name: str
    by_address: int
    overall: int


WRONG_CODES = Limit("wrong-codes", BY_ADDRESS, OVERALL)
LOST = Limit("lost-codes", 10, 200)


def missed(request: HttpRequest) -> str:
    """Count one more wrong code; a sentence that asks to wait, once there were too many."""
    return tired(request, WRONG_CODES)


def tired(request: HttpRequest, limit: Limit) -> str:
    """Count one more attempt; a sentence that asks to wait, once there were too many before it."""
    address = request.META.get("REMOTE_ADDR", "")
    counters = ((f"{limit.name}:{address}", limit.by_address), (limit.name, limit.overall))
    too_many = any(cache.get(name, 0) >= most for name, most in counters)
    for name, _most in counters:
        if not cache.add(name, 1, WINDOW):
            cache.incr(name)
    return _("Too many codes were tried just now. Please wait ten minutes and try again.") if too_many else ""
