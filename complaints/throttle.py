"""Wrong codes in a while, by address and overall. A right code always opens: nobody can lock somebody else out."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

WINDOW = 600  # seconds
BY_ADDRESS = 30
OVERALL = 600


def _counters(request: HttpRequest) -> tuple[tuple[str, int], ...]:
    return (f"wrong-codes:{request.META.get('REMOTE_ADDR', '')}", BY_ADDRESS), ("wrong-codes", OVERALL)


def missed(request: HttpRequest) -> str:
    """Count one more wrong code; a sentence that asks to wait, once there were too many."""
    tired = any(cache.get(name, 0) >= most for name, most in _counters(request))
    for name, _most in _counters(request):
        if not cache.add(name, 1, WINDOW):
            cache.incr(name)
    return _("Too many codes were tried just now. Please wait ten minutes and try again.") if tired else ""
