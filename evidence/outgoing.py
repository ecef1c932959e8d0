"""Requests to servers of others: bounded in time and in bytes."""

import contextlib
import socket
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import (
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
    build_opener,
)

TOO_SLOW = "the answer is too slow"


class Answer(NamedTuple):
    status: int
    media_type: str
    body: bytes


class _NoRedirects(HTTPRedirectHandler):
    """Follows no redirection: a POST would become a GET, of an address that nobody configured."""

    def http_error_302(self, *_args: object, **_kwargs: object) -> None:
        """Returns None, so that urllib follows no redirection."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _Limit:
    """The time of one request, and its sockets: a server that sends byte by byte keeps each read short."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end = seconds, time.monotonic() + seconds
        self.sockets: list[socket.socket] = []

    def check(self) -> None:
        if time.monotonic() > self.end:
            raise OSError(TOO_SLOW)

    def cut(self) -> None:
        """End every read that still waits. An SSLSocket's own `shutdown` would disturb the thread that reads."""
        for one in self.sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(one, socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    limit: _Limit

    def connect(self) -> None:
        super().connect()
        self.limit.sockets.append(self.sock)
        self.limit.check()


class _Secure(_Plain, HTTPSConnection):
    pass


def _within(limit: _Limit, kind: type[_Plain]) -> Any:
    """The class of connections that keep the limit."""
    return type(kind.__name__, (kind,), {"limit": limit})


class _Connecting(HTTPHandler, HTTPSHandler):
    def __init__(self, limit: _Limit) -> None:
        super().__init__()
        self.limit = limit

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_within(self.limit, _Plain), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(_within(self.limit, _Secure), req)


def post(url: str, body: bytes, media_type: str, *, seconds: float, most: int) -> Answer:
    """The answer to a POST, whatever its status: no redirection is followed. `url` is http or https.

    Raises OSError or http.client.HTTPException if no whole answer of at most `most` bytes comes within `seconds`,
    even if bytes still arrive slowly, or if the answer cannot be read.
    """
    limit = _Limit(seconds)
    asked = Request(url, data=body, headers={"Content-Type": media_type})  # noqa: S310
    found: list[Answer | Exception] = []

    def run() -> None:
        try:
            found.append(_read(build_opener(_Connecting(limit), _NoRedirects), asked, limit, most))
        except Exception as problem:
            found.append(problem)

    thread = threading.Thread(target=run, name="post", daemon=True)
    thread.start()
    thread.join(seconds)  # a name with many addresses can take longer even before there is a socket
    answer = found[0] if found else OSError(TOO_SLOW)
    limit.cut()
    if isinstance(getattr(answer, "reason", answer), TimeoutError):  # one read, or the connection, waited too long
        answer = OSError(TOO_SLOW)
    if isinstance(answer, Answer):
        return answer
    if isinstance(answer, OSError | HTTPException):
        raise answer
    raise OSError(f"the answer cannot be read: {answer}") from answer


def _read(opener: OpenerDirector, asked: Request, limit: _Limit, most: int) -> Answer:
    received = bytearray()
    answer: Any
    try:
        answer = opener.open(asked, timeout=limit.seconds / 3)
    except HTTPError as refusal:  # it is an answer too
        answer = refusal
    with answer:
        while block := answer.read1(65536):
            received += block
            limit.check()
            if len(received) > most:
                raise OSError("the answer is too long")
    return Answer(answer.status, answer.headers.get_content_type(), bytes(received))
