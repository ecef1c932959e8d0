"""Ends the body of a request that comes too slowly: each sender holds one of the web server's threads.

The server reads until it has as many bytes as it was asked for, and has no time limit. So `PacedBody` asks it
for few bytes at a time, and for single bytes while they come slowly. The proxy ends a sender who sends nothing at
all.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

LEAST = 512  # bytes a second, over the time that the body was waited for
GRACE = 30  # seconds of waiting before it is measured
STEP = 1024  # bytes asked for at a time, once they come fast; so many can hang. More at a time is hardly faster
SLOW = 1.0  # seconds for one step, after which single bytes are asked for


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class PacedBody:
    """`wsgi.input` of one request. A body that is too slow ends, as if the connection had broken."""

    def __init__(self, body: Readable, clock: Callable[[], float] = time.monotonic) -> None:
        self._body, self._clock = body, clock
        self._waited = 0.0  # seconds, for the sender alone
        self._arrived, self._step, self._ended = 0, 1, False

    def read(self, size: int = -1) -> bytes:
        found = bytearray()
        while (size < 0 or len(found) < size) and (more := self._next(size - len(found) if size >= 0 else STEP)):
            found += more
        return bytes(found)

    def readline(self, size: int = -1) -> bytes:
        found = bytearray()
        while (size < 0 or len(found) < size) and not found.endswith(b"\n") and (more := self._next(1)):
            found += more
        return bytes(found)

    def readlines(self, _hint: int = -1) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def _next(self, most: int) -> bytes:
        """A few bytes; none at the end, or once the sender is too slow."""
        if self._ended or (self._waited > GRACE and self._arrived < LEAST * self._waited):
            self._ended = True
            return b""
        asked_at = self._clock()
        more = self._body.read(min(most, self._step))
        took = self._clock() - asked_at
        self._step = 1 if took > SLOW else min(STEP, self._step * 2)
        self._waited, self._arrived = self._waited + took, self._arrived + len(more)
        self._ended = not more
        return more


Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def paced(application: Application) -> Application:
    """The same WSGI application, for which every body has a least speed."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["wsgi.input"] = PacedBody(environ["wsgi.input"])
        return application(environ, start_response)

    return answer
