"""Requests to servers of others: bounded in time and in bytes."""

import time
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener


class Answer(NamedTuple):
    status: int
    media_type: str
    body: bytes


class _NoWayOn(HTTPRedirectHandler):
    """Follows no redirection: a post would become a request to an address that nobody configured."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def post(url: str, body: bytes, media_type: str, *, seconds: float, most: int, follow: bool = True) -> Answer:
    """The answer to a POST, whatever its status. `url` is http or https.

    Raises OSError or http.client.HTTPException if no whole answer of at most `most` bytes comes within `seconds`,
    even if bytes still arrive slowly.
    """
    opener = build_opener() if follow else build_opener(_NoWayOn)
    return _read(opener, Request(url, data=body, headers={"Content-Type": media_type}), seconds, most)  # noqa: S310


def _read(opener: OpenerDirector, asked: Request, seconds: float, most: int) -> Answer:
    deadline = time.monotonic() + seconds
    received = bytearray()
    try:
        answer = opener.open(asked, timeout=seconds / 3)
    except HTTPError as refusal:  # it is an answer too
        answer = refusal
    with answer:
        while block := answer.read1(65536):
            received += block
            if len(received) > most or time.monotonic() > deadline:
                raise OSError("the answer is too long or too slow")
    return Answer(answer.status, answer.headers.get_content_type(), bytes(received))
