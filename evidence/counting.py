"""Counts how often something happened within a time, for all processes of the portal together.

Redis counts while it answers, else the database. When one takes over from the other, counting begins again at 1:
at the worst, somebody has twice as many attempts.
"""

import logging
import time
from datetime import timedelta
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.retry import Retry

from .models import Counter

log = logging.getLogger(__name__)

QUIET = 10  # seconds for which this process does not ask a Redis that failed
TIMEOUT = 1  # seconds
# One script, so that the counter cannot end between two commands; one that has no end (-1) gets one.
COUNT = """
local count = redis.call('INCR', KEYS[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class Memory:
    """This process's memory of a Redis that failed."""

    quiet_until = 0.0  # by time.monotonic()


def count(name: str, seconds: int) -> int:
    """Count one more under this name. Returns how many were counted since the first of them, which is forgotten
    with the others after `seconds`."""
    if time.monotonic() >= Memory.quiet_until:
        try:
            return int(_redis(settings.REDIS_CLIENT_URL).eval(COUNT, 1, f"holdfast:count:{name}", seconds))
        except (RedisError, OSError, ValueError) as problem:  # ValueError: an address that redis-py cannot read
            Memory.quiet_until = time.monotonic() + QUIET
            log.warning("Redis does not count, so the database does: %s", type(problem).__name__)
    return _count_in_database(name, seconds)


@lru_cache
def _redis(url: str) -> Redis:
    """A pool of connections. One that Redis closed meanwhile is opened again at once; one that hangs is not."""
    retry = Retry(NoBackoff(), 1, supported_errors=(Disconnected,))
    return Redis.from_url(url, socket_timeout=TIMEOUT, socket_connect_timeout=TIMEOUT, retry=retry)


@transaction.atomic
def _count_in_database(name: str, seconds: int) -> int:
    now = timezone.now()
    until = now + timedelta(seconds=seconds)
    counter, _made = Counter.objects.select_for_update().get_or_create(name=name, defaults={"ends_at": until})
    if counter.ends_at <= now:
        counter.count, counter.ends_at = 0, until
    counter.count += 1
    counter.save()
    return counter.count


def forget_ended() -> None:
    """Delete the database's counters whose time is over."""
    Counter.objects.filter(ends_at__lte=timezone.now()).delete()
