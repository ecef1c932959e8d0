"""Limits on what is tried too often: wrong codes, lost codes and call-backs, by network and overall. Also how long
people who guess passwords or second factors have to wait.

All processes of the portal count together. A right code always opens: nobody can lock somebody else out.
"""

import ipaddress
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from evidence import counting


def network(request: HttpRequest) -> str | None:
    """The sender's IPv4 address, or its IPv6 /64 network, because one sender usually has a whole /64."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return None
    if address.version == 6 and address.ipv4_mapped:  # ::ffff:192.0.2.1: all of IPv4 would be one network
        address = address.ipv4_mapped
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def sender(request: HttpRequest) -> str:
    """A keyed digest (HMAC-SHA-256, 32 hex digits) of the sender's network, so that no address is stored."""
    return salted_hmac("complaints.throttle", str(network(request)), algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True)
class RateLimit:
    """How many attempts count in `window` seconds: from one network, and from all together (None: any number)."""

    name: str
    window: int
    by_network: int
    overall: int | None

    def passed(self, request: HttpRequest) -> bool:
        """Count one more; whether there were too many before it.

        A network that has used up its own attempts no longer counts for all: it cannot refuse them to others.
        """
        if counting.count(f"{self.name}:{sender(request)}", self.window) > self.by_network:
            return True
        return self.overall is not None and counting.count(self.name, self.window) > self.overall


WRONG_CODES = RateLimit("wrong-codes", 600, 30, 600)
LOST_CODES = RateLimit("lost-codes", 600, 10, 200)
WRONG_PHRASES = RateLimit("wrong-phrases", 600, 10, 200)
CALL_BACKS = RateLimit("call-backs", 3600, 20, None)  # nobody in danger is refused for what others do


def wrong_code(request: HttpRequest) -> str:
    """Count one more wrong code; a sentence that asks to wait, once there were too many."""
    return too_many(request, WRONG_CODES)


def too_many(request: HttpRequest, limit: RateLimit) -> str:
    """Count one more attempt; a sentence that asks to wait, once there were too many before it."""
    exceeded = limit.passed(request)
    return _("Too many codes were tried just now. Please wait ten minutes and try again.") if exceeded else ""


FREE_MISSES = 5  # that cost nothing


def wait_after(misses: int) -> timedelta:
    """How long after the last of so many misses the next try counts: a minute, then twice as long each time, at
    most an hour."""
    return timedelta(minutes=min(60, 2 ** min(misses - FREE_MISSES, 6))) if misses >= FREE_MISSES else timedelta()
