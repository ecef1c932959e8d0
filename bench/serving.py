"""Serving an original of 500 MB through the real server, against the same server sending a plain file."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from complaints.drafts import drafts, files
from complaints.filing import filing
from complaints.models import Case

from .table import Row, at_most, speed_at_least

SIZE = 500 * 1000 * 1000  # bytes
WAV = b"RIFF\xff\xff\xff\xffWAVE"
ANSWERS: dict[str, dict[str, Any]] = {
    "parties": {"lender": "Example"},
    "conduct": {"conduct": ["C05"]},
    "story": {"story": "They called at night."},
    "wishes": {"wishes": ["stop"]},
}


def rows() -> Iterator[Row]:
    with tempfile.NamedTemporaryFile() as plain:
        for block in content():
            plain.write(block)
        plain.flush()
        case = a_case()
        ours = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session_of(case)}"}
        floor: list[float] = []
        took: list[float] = []
        bare_one, real_one = (
            server("bench.plain:application", PLAIN_FILE=plain.name),
            server("portal.wsgi:application"),
        )
        with bare_one as (bare, _), real_one as (portal, process):
            grown = -resident(process)
            for _round in range(4):
                floor.append(seconds(bare, "/", {}))
                took.append(seconds(portal, "/follow/exhibits/1/original/", ours))
            grown += resident(process)
    best = statistics.median(took[1:]), statistics.median(floor[1:])
    yield speed_at_least("serve: an original of 500 MB", *best, "s", "the server's plain file", 0.6)
    yield at_most("serve: growth of the server's memory", grown / 2**20, "MiB", 32)


def content() -> Iterator[bytes]:
    yield WAV
    block = os.urandom(1 << 20)
    for _ in range(SIZE >> 20):
        yield block


def a_case() -> Case:
    draft, code = drafts.begin("en")
    for step, answers in ANSWERS.items():
        drafts.save(draft, step, answers)
    files.add_exhibit(draft, "big.wav", content())
    return filing.file(draft, code)


def session_of(case: Case) -> str:
    """The session key of a browser that has opened the case by its code."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session["case"], session["code"] = case.pk, case.code_digest
    session.create()
    return str(session.session_key)


@contextmanager
def server(application: str, **more: str) -> Iterator[tuple[int, int]]:
    """Runs Granian with this application and the options of `portal.up`. Yields its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "granian", application, "--interface", "wsgi", "--port", str(port)]
    command += ["--blocking-threads", "64", "--log-level", "warning"]
    process = subprocess.Popen(command, env={**os.environ, **more})
    try:
        wait_for(lambda: takes_connections(port))
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def wait_for(answers: Callable[[], bool]) -> None:
    for _ in range(600):
        if answers():
            return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def seconds(port: int, path: str, headers: dict[str, str]) -> float:
    """Seconds until the last byte of the answer."""
    began, room = time.perf_counter(), memoryview(bytearray(1 << 20))
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        received = 0
        while length := response.readinto(room):
            received += length
    if response.status != 200 or received < SIZE - (1 << 20):
        raise RuntimeError(f"{path}: {response.status} with {received} bytes")
    return time.perf_counter() - began


def resident(parent: int) -> int:
    """Bytes of resident memory of a process and its children (Linux)."""
    pids = [parent, *children(parent)]
    return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") for pid in pids)


def children(parent: int) -> list[int]:
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return [int(pid) for pid in listed.split()]
