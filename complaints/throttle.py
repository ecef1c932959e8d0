"""Wrong codes in a while, by address and overall. A code of 100 bits needs no help; the machine might."""

from django.core.cache import cache
from django.http import HttpRequest

WINDOW = 600  # seconds
BY_ADDRESS = 30
OVERALL = 600


def _counters(request: HttpRequest) -> tuple[tuple[str, int], ...]:
    return (f"wrong-codes:{request.META.get('REMOTE_ADDR', '')}", BY_ADDRESS), ("wrong-codes", OVERALL)


def is_tired(request: HttpRequest) -> bool:
    """Whether there were too many wrong codes lately: then none is looked up, right or wrong."""
    return any(cache.get(name, 0) >= most for name, most in _counters(request))


def missed(request: HttpRequest) -> None:
    """One more wrong code."""
    for name, _most in _counters(request):
        if not cache.add(name, 1, WINDOW):
            cache.incr(name)
