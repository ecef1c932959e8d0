"""Makes people who guess passwords wait, longer after each wrong one. django-axes counts the failures.

They are counted for a name and a network together. So an attacker elsewhere cannot lock out a name's owner, nor a
whole office. A name is stored as a keyed digest, because people sometimes type their password into its field.
"""

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
        """Whether this name must still wait at this network. AXES_COOLOFF_TIME is how long failures count."""
        (missed,) = self.get_user_attempts(request, credentials)
        totals = missed.aggregate(misses=Sum("failures_since_start"), last=Max("attempt_time"))
        return bool(totals["misses"]) and timezone.now() < totals["last"] + throttle.wait_after(totals["misses"])


def name_digest(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The keyed digest (HMAC-SHA-256, hex) of the name that was typed."""
    name = (credentials or {}).get("username") or request.POST.get("username", "")
    return salted_hmac("portal.guesses", name, algorithm="sha256").hexdigest()


def answer(request: HttpRequest, response: HttpResponse | None, credentials: Any = None) -> HttpResponse:
    """The sign-in page with status 429. Its form says that one has to wait."""
    log.warning("a sign-in has to wait after too many misses")
    response = response or HttpResponse()
    response.status_code = 429
    return response
