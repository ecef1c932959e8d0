"""Limits for repeated attempts: wrong codes, lost codes and call-backs, per network and overall; and the time to
wait after wrong passwords and second factors.

All processes of the portal count together. A right code is always accepted, so nobody can lock out another person.
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
    """The most attempts in `window` seconds: from one network, and from all together (None: no limit)."""

    name: str
    window: int
    by_network: int
    overall: int | None

    def passed(self, request: HttpRequest) -> bool:
        """Count one attempt, and return whether it exceeds the limit.

        Attempts beyond a network's own limit do not count overall, so that they use up nothing of the others'.
        """
        if counting.count(f"{self.name}:{sender(request)}", self.window) > self.by_network:
            return True
        return self.overall is not None and counting.count(self.name, self.window) > self.overall


WRONG_CODES = RateLimit("wrong-codes", 600, 30, 600)
LOST_CODES = RateLimit("lost-codes", 600, 10, 200)
WRONG_PHRASES = RateLimit("wrong-phrases", 600, 10, 200)
CALL_BACKS = RateLimit("call-backs", 3600, 20, None)  # no overall limit: others must not block somebody in danger


def wrong_code(request: HttpRequest) -> str:
    """Count a wrong code. Returns a sentence that asks to wait if there were too many, else an empty string."""
    return too_many(request, WRONG_CODES)


def too_many(request: HttpRequest, limit: RateLimit) -> str:
    """Count an attempt. Returns a sentence that asks to wait if there were too many, else an empty string."""
    exceeded = limit.passed(request)
    return _("Too many codes were tried. Please wait ten minutes and try again.") if exceeded else ""


FREE_MISSES = 5  # misses in a row before one has to wait


def wait_after(misses: int) -> timedelta:
    """How long to wait after this many misses in a row: nothing below FREE_MISSES, then a minute, twice that
    after each further miss, at most an hour."""
    return timedelta(minutes=min(60, 2 ** min(misses - FREE_MISSES, 6))) if misses >= FREE_MISSES else timedelta()
