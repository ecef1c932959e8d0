"""Ends a staff member's session after STAFF_IDLE_MINUTES without a request, and after STAFF_SESSION_HOURS."""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

KEY = "sitting"  # in the session: Unix times of the sign-in by both factors, and of the last request
NOTED_EVERY = 60  # seconds between two updates of the second, because each writes to the database


def begin(session: SessionBase) -> None:
    now = int(time.time())
    session[KEY] = [now, now]


def seconds_left(session: SessionBase) -> tuple[int, int]:
    """Until the session ends without another request, and until it ends in any case."""
    now = int(time.time())
    began, seen = session.get(KEY, (0, 0))
    until_end = settings.STAFF_SESSION_HOURS * 3600 - (now - began)
    return min(settings.STAFF_IDLE_MINUTES * 60 - (now - seen), until_end), until_end


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """Count this request as the last one. The session's end stays where it is.

    The answer says in how many seconds it ends without another request, and in any case.
    """
    request.session[KEY] = [request.session[KEY][0], int(time.time())]
    idle, end = seconds_left(request.session)
    return JsonResponse({"idle": idle, "end": end})


def is_valid(session: SessionBase) -> bool:
    """Whether the session is valid. One that was not begun by both factors never is."""
    now = int(time.time())
    began, seen = session.get(KEY, (0, 0))
    if now - began > settings.STAFF_SESSION_HOURS * 3600 or now - seen > settings.STAFF_IDLE_MINUTES * 60:
        return False
    if now - seen >= NOTED_EVERY:
        session[KEY] = [began, now]
    return True
