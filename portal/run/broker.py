"""Finds and starts the Redis that the portal uses when `REDIS_URL` is not set."""

from pathlib import Path

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from . import redis_server


def command(folder: Path, socket: str) -> list[str]:
    """The command for a Redis that listens only on `socket` and saves each message in `folder` (append-only).

    The saved file is plain commands, so that any other version of Redis or Valkey can go on with it.
    """
    return [
        *(redis_server.path(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--aof-use-rdb-preamble", "no", "--save", ""),
        *("--daemonize", "no", "--loglevel", "warning"),
    ]


def ping() -> None:
    """Send one PING to the broker of the settings, with a timeout of a second. Raises redis.RedisError."""
    no_second_try = Retry(NoBackoff(), 0)
    with Redis.from_url(settings.REDIS_CLIENT_URL, socket_timeout=1, retry=no_second_try) as client:
        client.ping()
