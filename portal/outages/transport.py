"""Celery's way to Redis, made to live through a Redis that goes away while tasks run."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis
from redis.exceptions import ConnectionError

SCHEMES = ("redis", "rediss", "redis+socket")


class Channel(redis.Channel):
    """kombu's own, which raises AttributeError when it is used after its connection was closed.

    A worker does that when Redis went: it gives unacknowledged messages back, and acknowledges what has ended.
    Celery takes AttributeError for a fault of the program and ends the worker, but it expects ConnectionError.
    Nothing is lost: Redis gives such messages out again, and the sweeps find the rows before.
    """

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        if self.connection is None or self.connection.client is None:
            raise ConnectionError("this connection to Redis was closed")
        params: dict[str, Any] = super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]
        return params


class Transport(redis.Transport):
    Channel = Channel


def install() -> None:
    """Have kombu use this transport for every address of a Redis."""
    TRANSPORT_ALIASES.update(dict.fromkeys(SCHEMES, f"{__name__}:Transport"))
