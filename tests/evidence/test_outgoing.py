"""A server of others gets so many seconds, whatever it sends and however slowly."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException

import pytest

from evidence import outgoing

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
# what comes first, and what then comes again and again, so that no read waits for long
SLOW = {
    "an answer to come": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a head": (OK + b"X: ", b"a"),
    "the length of a part": (CHUNKED, b"0"),
    "lines after the end": (CHUNKED + b"0\r\n", b"X: y\r\n"),
    "a body": (OK + b"\r\n", b"a"),
}


@contextmanager
def answering(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that answers one request."""

    def run() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            answer(connection)

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def post(url: str, seconds: float = 0.3) -> outgoing.Answer:
    return outgoing.post(url, b"x", "text/plain", seconds=seconds, most=1 << 16)


@pytest.mark.parametrize("what", SLOW)
def test_what_drips_without_end_is_cut_off(what: str) -> None:
    first, then = SLOW[what]
    was_cut, over = threading.Event(), threading.Event()

    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(first)
            while not over.wait(0.02):
                connection.sendall(then)
        except OSError:
            was_cut.set()

    watchdog = threading.Timer(3, over.set)  # so that a limit that is missing fails the test, and does not hang it
    watchdog.start()
    with answering(drip) as url, pytest.raises(OSError, match="too slow"):
        post(url, 1)  # a drop that a busy machine sends late still comes before that
    watchdog.cancel()
    assert was_cut.is_set()
    for thread in threading.enumerate():
        if thread.name == "post":
            thread.join()


def test_silence_is_said_in_the_same_words() -> None:
    silent = threading.Event()

    def say_nothing(_connection: socket.socket) -> None:
        silent.wait(60)

    with answering(say_nothing) as url:
        with pytest.raises(OSError, match="too slow"):
            post(url)
        silent.set()


def test_an_address_that_an_answer_names_is_not_even_read() -> None:
    elsewhere = b"HTTP/1.1 302 Found\r\nLocation: http://[\r\nContent-Length: 0\r\n\r\n"
    with answering(lambda connection: connection.sendall(elsewhere)) as url:
        assert post(url).status == 302


def test_what_is_no_answer_is_an_error_of_the_network() -> None:
    nonsense = answering(lambda connection: connection.sendall(b"nonsense\r\n\r\n"))
    with nonsense as url, pytest.raises((OSError, HTTPException)):
        post(url)
