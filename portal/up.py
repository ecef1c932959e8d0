"""`python -m portal.up`: runs the whole portal on this machine.

It prepares the data folder, then starts Redis (unless `REDIS_URL` is set), the web server, three Celery workers
and Celery beat. One that ends by itself is started again. It ends all of them on Ctrl-C or SIGTERM (exit code 0),
and when one ends again and again (1).
"""

import contextlib
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

from .outages import semaphores
from .run import broker, children, prepare, redis_server
from .run.children import AGAIN_AT_MOST, AGAIN_SECONDS, Child
from .run.prepare import say

STOP_SECONDS = 10  # time for children to finish their work
START_SECONDS = 60  # time for the web server to become ready
WEB_THREADS = 64  # a slow upload keeps one busy


class Ended(BaseException):
    """The portal must end; the message says why.

    It is no Exception, because what it interrupts, such as logging's set-up, may catch those and raise others.
    """

    def __init__(self, reason: str, code: int = 1) -> None:
        super().__init__(reason)
        self.code = code


class StopRequest:
    """Remembers that Ctrl-C or a signal asked the portal to end. `raise_if_asked` is called between two steps.

    An exception raised in the signal handler itself could occur anywhere: where Python ignores it, or where a lock
    would stay locked.
    """

    def __init__(self) -> None:
        self.reason_to_end = ""
        self.may_interrupt = False  # true while it prepares: that takes long, and no child is started meanwhile

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
        children.end_with_parent()  # if make is killed, Ctrl-C no longer reaches this process
    running: list[Child] = []
    try:
        data, port = _data_folder(), _port()
        _check_semaphores()
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
    """Stop the processes that use Redis, then Redis."""
    children.stop([child for child in running if child.name != "redis"], STOP_SECONDS)
    children.stop([child for child in running if child.name == "redis"], STOP_SECONDS)


def run(running: list[Child], data: Path, port: int, began: float) -> NoReturn:
    """Start all children, append them to `running` and watch them. Raises Ended."""
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
    # Loading Django takes a second. Messages about port and lock need not wait for it.
    from django.core.management import CommandError
    from django.db import OperationalError  # for the same reason

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
    """The data folder of the settings; it is created if needed."""
    from django.core.exceptions import ImproperlyConfigured  # Django is slow to load

    try:
        from . import settings  # reading them can fail, and creates files
    except ImproperlyConfigured as problem:
        lines = str(problem)
        raise Ended(f"\n{lines}" if "\n" in lines else lines) from None
    except OSError as problem:
        raise Ended(f"the data folder cannot be used: {problem}") from None
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(PermissionError):  # somebody else's folder
        settings.DATA_DIR.chmod(0o700)
    return settings.DATA_DIR


def _lock_folder(data: Path) -> IO[str]:
    """Lock the data folder, until the returned file is closed or this process ends. Raises Ended."""
    lock = (data / "up.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Ended(f"another Holdfast is running on {data}. Choose another folder with DATA_DIR=.") from None
    return lock


def _check_semaphores() -> None:
    if problem := semaphores.missing():
        raise Ended(problem)


def _check_port_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as problem:
            raise Ended(f"port {port} cannot be used ({problem.strerror}). Choose another with PORT=.") from None


def _redis(data: Path, logs: Path) -> Child:
    from . import settings  # by now they have been read without error

    folder = data / "redis"
    folder.mkdir(exist_ok=True)
    try:
        return Child("redis", broker.command(folder, settings.REDIS_SOCKET), logs / "redis.log")
    except redis_server.NoRedis as problem:
        raise Ended(str(problem)) from None


def web_command(port: int) -> list[str]:
    """Granian with WSGI: the bytes of an upload that breaks off are kept, and memory does not grow."""
    return [
        *(sys.executable, "-m", "granian", "portal.wsgi:application", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"),
        *("--blocking-threads", str(WEB_THREADS), "--workers-kill-timeout", str(STOP_SECONDS - 2)),
    ]


def _celery(data: Path, logs: Path) -> Iterator[Child]:
    """Three workers and beat: bundles wait for no previews, and neither for sealing and routing. Beat is a process
    of its own, because inside a worker it would survive the worker's being killed."""
    celery = [sys.executable, "-m", "celery", "-A", "portal"]
    worker = ["worker", "--queues", "evidence,cases", "--concurrency", "2", "--without-gossip", "--without-mingle"]
    slow = ["worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "WARNING"]
    beat = ["beat", "--schedule", str(data / "beat-schedule"), "--pidfile", ""]
    yield Child("worker", [*celery, *worker, "--loglevel", "WARNING"], logs / "worker.log")
    for name, queues in (("previews", "previews,scans"), ("bundles", "bundles")):
        command = [*celery, *slow, "--queues", queues, "--hostname", f"{name}@%h"]
        yield Child(name, command, logs / f"{name}.log")
    yield Child("beat", [*celery, *beat, "--loglevel", "WARNING"], logs / "beat.log")


def _wait_until_ready(running: list[Child], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while (answer := _readyz(port)) != "ready":
        _check_running(running)
        if time.monotonic() > deadline:
            raise Ended(f"it did not become ready within {START_SECONDS} s ({answer}).")
        time.sleep(0.05)


def _readyz(port: int) -> str:
    """`ready`, or why the web server is not. Without urllib, because that would use a configured proxy."""
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
    """Start again what ends. Raises Ended when a signal asks for it, or when one ends again and again."""
    while True:
        stop_request.raise_if_asked()
        for at, child in enumerate(running):
            if not child.is_alive():
                running[at] = _started_again(child)
        time.sleep(0.1)


def _started_again(child: Child) -> Child:
    if not child.may_start_again():
        say_log_end(child)
        raise Ended(
            f"{child.name} {child.ending()}, after {AGAIN_AT_MOST} new starts within {AGAIN_SECONDS} s; "
            f"its log is {child.log}."
        )
    again = child.again()
    say(f"{child.name} {child.ending()}; it was started again. Its log is {child.log}.")
    return again


def _check_running(running: list[Child]) -> None:
    """While the portal starts: raise Ended if a signal asked for it, or if a child has ended."""
    stop_request.raise_if_asked()
    for child in running:
        if not child.is_alive():
            say_log_end(child)
            raise Ended(f"{child.name} {child.ending()}; its log is {child.log}.")


def say_log_end(child: Child) -> None:
    if words := child.log_end():
        say(f"\n{words}\n")


if __name__ == "__main__":
    sys.exit(main())
