"""Seconds from `python -m portal.up` until the portal is ready, with the data of an earlier start."""

import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from .table import Row, at_most


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as data:
        first = seconds_until_ready(data)
        again = [seconds_until_ready(data) for _ in range(3)]
    yield at_most("start: from an empty folder", first, "s", 60)
    yield at_most("start: on existing data", statistics.median(again), "s", 3)


def seconds_until_ready(data: str) -> float:
    """Start the portal, wait until it prints that it is ready, end it."""
    environment = {**os.environ, "DATA_DIR": data, "PORT": str(a_free_port())}
    began = time.perf_counter()
    command = [sys.executable, "-m", "portal.up"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as portal:
        assert portal.stdout  # noqa: S101 (a pipe was asked for)
        ready = any("Ready after" in line for line in portal.stdout)
        took = time.perf_counter() - began
        portal.send_signal(signal.SIGTERM)
        portal.stdout.read()
    if not ready:
        raise RuntimeError("the portal did not become ready")
    return took


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
