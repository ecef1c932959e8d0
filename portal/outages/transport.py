"""Celery's way to Redis, made to live through a Redis that goes away while tasks run."""

from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis, virtual
from redis.exceptions import ConnectionError, TimeoutError

SCHEMES = ("redis", "rediss", "redis+socket")


class QoS(redis.QoS):
    """kombu's own, which for ever counts a message as under way whose acknowledgement Redis did not take.

    A worker takes only so many at a time. After a Redis that hung while its tasks ended, it took no more.
    """

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except (ConnectionError, TimeoutError):
            # Redis still has it and gives it out again: tasks may run twice.
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue)
        except (ConnectionError, TimeoutError):
            virtual.QoS.ack(self, delivery_tag)
            raise


class Channel(redis.Channel):
    """kombu's own, which raises AttributeError when it is used after its connection was closed.

    A worker does that when Redis went: it gives unacknowledged messages back, and acknowledges what has ended.
    Celery takes AttributeError for a fault of the program and ends the worker, but it expects ConnectionError.
    Nothing is lost: Redis gives such messages out again, and the sweeps find the rows before.
    """

    QoS = QoS

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
