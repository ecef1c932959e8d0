"""Health checks for load balancers: `healthz` (the process runs) and `readyz` (it can work)."""

import logging
from collections.abc import Callable

import redis
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .run import broker

log = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 always. Database and broker are not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if the database and the broker answer, else 503; the JSON says which one is down.

    Without the broker complaints can still be filed, but sealing and routing wait.
    """
    parts = {"database": _answers(_ask_the_database), "broker": _answers(broker.ping)}
    return JsonResponse(parts, status=200 if set(parts.values()) == {"ok"} else 503)


def _ask_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations")


def _answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError) as problem:
        log.warning("not ready: %s", problem)
        return "down"
    return "ok"
