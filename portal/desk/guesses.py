"""Whoever guesses passwords waits, longer with each miss; counted by django-axes.

Counted together are one name and one network: nobody who sits elsewhere can keep the name's owner out, and nobody
can keep a whole office out. What is stored of a name is its keyed digest: people also type passwords there.
"""

import ipaddress
import logging
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from complaints import throttle

log = logging.getLogger(__name__)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether the name is still to wait here, after its misses of the last day."""
        (missed,) = self.get_user_attempts(request, credentials)
        totals = missed.aggregate(misses=Sum("failures_since_start"), last=Max("attempt_time"))
        return bool(totals["misses"]) and timezone.now() < totals["last"] + throttle.wait_after(totals["misses"])


def name_digest(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What stands for the name that was typed."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return salted_hmac("portal.guesses", name, algorithm="sha256").hexdigest()


def network(request: HttpRequest) -> str | None:
    """The sender's address; of IPv6 the network of 64 bits, in which one sender has all addresses."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def answer(request: HttpRequest, response: HttpResponse | None, credentials: Any = None) -> HttpResponse:
    """The sign-in page, which says that one has to wait, under its right status."""
    log.warning("a sign-in has to wait after too many misses")
    response = response or HttpResponse()
    response.status_code = 429
    return response
