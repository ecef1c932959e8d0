"""`python -m portal.up`: the whole portal on this machine, from an empty folder to a page that answers.

Prepares the data folder, starts Redis (unless `REDIS_URL` names one), the web server, the Celery worker and beat,
and stays. Ctrl-C, SIGTERM or the end of any one of them ends all. Exit code 0 when asked to end, 1 otherwise.
"""

import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from .run import broker, children, prepare
from .run.children import Child
from .run.prepare import say

STOP_SECONDS = 10  # how long children may take to finish what they do
START_SECONDS = 60  # how long a child may take until it answers
WEB_THREADS = 64  # a slow upload holds one


class Ended(Exception):
    """Why the portal ends."""

    def __init__(self, reason: str, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


class StopRequest:
    """What Ctrl-C or a signal asked for. It is looked at between two steps: an exception out of a signal handler
    could strike anywhere, also where Python swallows it or where a lock would stay locked."""

    def __init__(self) -> None:
        self.reason_to_end = ""
        self.may_interrupt = False  # while it prepares: that takes long, and no child is being started or watched

    def receive(self, number: int, frame: FrameType | None) -> None:
        self.reason_to_end = self.reason_to_end or (
            "Ctrl-C." if number == signal.SIGINT else f"{signal.Signals(number).name}."
        )
        if self.may_interrupt:
            self.may_interrupt = False
            self.raise_if_asked()

    def raise_if_asked(self) -> None:
        if self.reason_to_end:
            raise Ended(self.reason_to_end, code=0)


stop_request = StopRequest()


def main() -> int:
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_request.receive)
    if "MAKELEVEL" in os.environ:
        children.end_with_parent()  # make: when it is killed, nobody is left to press Ctrl-C
    running: list[Child] = []
    try:
        data, port = _data_folder(), _port()
        with _lock_folder(data):
            _check_port_free(port)
            try:
                run(running, data, port, began)
            finally:
                _stop(running)
    except Ended as end:
        say(f"Holdfast {'has stopped' if running else 'did not start'}: {end}")
        return end.code


def _stop(running: list[Child]) -> None:
    """Whoever uses Redis first, then Redis."""
    children.stop([child for child in running if child.name != "redis"], STOP_SECONDS)
    children.stop([child for child in running if child.name == "redis"], STOP_SECONDS)


def run(running: list[Child], data: Path, port: int, began: float) -> NoReturn:
    """Start everything into `running` and watch it; raises `Ended`."""
    logs = data / "logs"
    logs.mkdir(exist_ok=True)
    say(f"Holdfast, with its data in {data}")
    if not os.environ.get("REDIS_URL"):
        running.append(_redis(data, logs))
    _prepare()
    running.append(Child("web", web_command(port), logs / "web.log"))
    _wait_until_ready(running, port)
    running.extend(_celery(data, logs))
    prepare.introduce(f"http://127.0.0.1:{port}")
    say(f"Ready after {time.monotonic() - began:.1f} s. Ctrl-C ends it; the data stays for the next start.")
    _watch(running)


def _prepare() -> None:
    # Django costs a second that the sentences about port and lock need not wait for.
    from django.core.management import CommandError
    from django.db import OperationalError  # the same

    stop_request.raise_if_asked()
    stop_request.may_interrupt = True
    try:
        prepare.prepare_all()
    except OperationalError as problem:
        raise Ended(f"the database does not answer: {_in_one_line(problem)}") from None
    except CommandError as problem:
        raise Ended(_in_one_line(problem)) from None
    finally:
        stop_request.may_interrupt = False


def _in_one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def _port() -> int:
    given = os.environ.get("PORT") or "8000"
    if not (given.isdecimal() and 0 < int(given) < 65536):
        raise Ended(f"PORT={given} is not a port; it is a number from 1 to 65535.")
    return int(given)


def _data_folder() -> Path:
    """The data folder, which reading the settings makes."""
    from django.core.exceptions import ImproperlyConfigured  # Django is slow to load

    try:
        from . import settings  # reading them can fail, and makes the folder
    except ImproperlyConfigured as problem:
        raise Ended(str(problem)) from None
    except OSError as problem:
        raise Ended(f"the data folder cannot be used: {problem}") from None
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    return settings.DATA_DIR


def _lock_folder(data: Path) -> IO[str]:
    """The data folder's lock, held until it is closed or this process ends in any way."""
    lock = (data / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Ended(f"another Holdfast is running on {data}. Choose another folder with DATA_DIR=.") from None
    return lock


def _check_port_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise Ended(f"port {port} cannot be used ({problem.strerror}). Choose another with PORT=.") from None


def _redis(data: Path, logs: Path) -> Child:
    from . import settings  # they were read before, and hold the socket's place

    folder = data / "redis"
    folder.mkdir(exist_ok=True)
    try:
        return Child("redis", broker.command(folder, settings.REDIS_SOCKET), logs / "redis.log")
    except broker.NoRedis as problem:
        raise Ended(str(problem)) from None


def web_command(port: int) -> list[str]:
    """Granian by WSGI: an upload that is cut short keeps what arrived, and memory stays flat."""
    return [
        *(sys.executable, "-m", "granian", "portal.wsgi:application", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
        *("--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", str(STOP_SECONDS - 2)),
    ]


def _celery(data: Path, logs: Path) -> Iterator[Child]:
    """The worker, one for slow media work, and beat apart: inside a worker that is killed it would live on."""
    celery = [sys.executable, "-m", "celery", "-A", "portal"]
    worker = ["worker", "--queues", "evidence,cases", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    media = ["worker", "--queues", "media", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    beat = ["beat", "--schedule", str(data / "beat-schedule"), "--pidfile", ""]
    yield Child("worker", [*celery, *worker, "--loglevel", "WARNING"], logs / "worker.log")
    yield Child("media", [*celery, *media, "--hostname", "media@%h", "--loglevel", "WARNING"], logs / "media.log")
    yield Child("beat", [*celery, *beat, "--loglevel", "WARNING"], logs / "beat.log")


def _wait_until_ready(running: list[Child], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while (answer := _readyz(port)) != "ready":
        _check_running(running)
        if time.monotonic() > deadline:
            raise Ended(f"it did not become ready within {START_SECONDS} s ({answer}).")
        time.sleep(0.05)


def _readyz(port: int) -> str:
    """What the web server says of itself, or `ready`. Asked without urllib, which would ask a configured proxy."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return "ready" if response.status == 200 else response.read(500).decode(errors="replace")
    except (OSError, http.client.HTTPException) as problem:
        return str(problem)
    finally:
        connection.close()


def _watch(running: list[Child]) -> NoReturn:
    while True:
        _check_running(running)
        time.sleep(0.1)


def _check_running(running: list[Child]) -> None:
    """Raise `Ended` when that was asked for, or when a child ended by itself."""
    stop_request.raise_if_asked()
    for child in running:
        if not child.is_alive():
            if words := child.log_end():
                say(f"\n{words}\n")
            raise Ended(f"{child.name} {child.ending()}; its log is {child.log}.")


if __name__ == "__main__":
    sys.exit(main())
