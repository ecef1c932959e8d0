"""Uploads through the real server, against a bare socket that receives, hashes and writes the same bytes."""

import hashlib
import multiprocessing
import os
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

from django.http import HttpResponse

from complaints.drafts import drafts, files
from complaints.views.held import hold

from .serving import resident, server
from .table import Row, at_most, speed_at_least

SIZE = 500 * 1000 * 1000  # bytes
AT_ONCE = 8
AMR = b"#!AMR\n"
ROUNDS = 4


def rows() -> Iterator[Row]:
    block = os.urandom(1 << 20)
    with server("portal.wsgi:application") as (portal, process), bare() as floor_port:
        upload(portal, 1, block)  # the first request loads modules, which is not growth
        floor, one, eight = [], [], []
        with Peak(process) as peak:
            for _round in range(ROUNDS):
                floor.append(send(floor_port, "/", SIZE, block))
                one.append(upload(portal, 1, block))
        for _round in range(ROUNDS):
            eight.append(upload(portal, AT_ONCE, block))
    single = statistics.median(one)
    at_best = statistics.median(floor)
    yield speed_at_least(
        "upload: 500 MB, hashed and encrypted", single, at_best, "s", "a bare socket: receive, write, hash", 0.6
    )
    yield at_most("upload: growth of the server's memory", peak.grown / 2**20, "MiB", 32)
    yield speed_at_least(
        f"upload: the same bytes by {AT_ONCE} at once",
        statistics.median(eight),
        single,
        "s",
        "one upload",
        0.7,
    )


def upload(port: int, count: int, block: bytes) -> float:
    """Seconds until `count` uploads at once, SIZE bytes in all, have become exhibits."""
    draft, code = drafts.begin("en")
    cookie = hold(HttpResponse(), code).cookies["draft"].OutputString().partition(";")[0]
    uploads = [files.begin_upload(draft, f"{n}.amr", SIZE // count) for n in range(count)]
    headers = {"Tus-Resumable": "1.0.0", "Cookie": cookie, "Upload-Offset": "0"}
    headers["Content-Type"] = "application/offset+octet-stream"
    began = time.perf_counter()
    with ThreadPoolExecutor(count) as at_once:
        paths = [f"/uploads/{each.pk}" for each in uploads]
        list(at_once.map(lambda path: send(port, path, SIZE // count, block, headers), paths))
    seconds = time.perf_counter() - began
    if draft.exhibits.count() != count:
        raise RuntimeError(f"{draft.exhibits.count()} of {count} uploads arrived")
    drafts.forget(draft)
    return seconds


def send(port: int, path: str, size: int, block: bytes, headers: dict[str, str] | None = None) -> float:
    """Seconds until the answer to one PATCH of `size` bytes."""
    lines = [f"PATCH {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {size}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    began, rest = time.perf_counter(), size - len(AMR)
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + AMR)
        while rest:
            part = memoryview(block)[: min(rest, len(block))]
            connection.sendall(part)
            rest -= len(part)
        answer = connection.recv(4096)
    if b" 204 " not in answer.partition(b"\r\n")[0]:
        raise RuntimeError(answer.decode(errors="replace"))
    return time.perf_counter() - began


@contextmanager
def bare() -> Iterator[int]:
    """The port of a process that only receives, hashes and writes."""
    listener = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.get_context("fork").Process(target=receive_and_write, args=(listener,), daemon=True)
    process.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        process.terminate()
        process.join()
        listener.close()


def receive_and_write(listener: socket.socket) -> None:
    room = memoryview(bytearray(256 * 1024))
    while True:
        connection, _address = listener.accept()
        with connection, tempfile.NamedTemporaryFile(buffering=0) as file:
            head, _, first = connection.recv(4096).partition(b"\r\n\r\n")
            left = int(head.partition(b"Content-Length: ")[2].split()[0]) - len(first)
            digest = hashlib.sha256(first)
            file.write(first)
            while left:
                count = connection.recv_into(room)
                digest.update(room[:count])
                file.write(room[:count])
                left -= count
            os.fsync(file.fileno())
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")


class Peak:
    """Measures by how many bytes the memory of a process and its children grows at most during the block."""

    def __init__(self, process: int) -> None:
        self._process, self._ended = process, threading.Event()
        self.grown = 0  # bytes

    def __enter__(self) -> Self:
        before = resident(self._process)
        threading.Thread(target=self._watch, args=(before,), daemon=True).start()
        return self

    def _watch(self, before: int) -> None:
        while not self._ended.wait(0.05):
            self.grown = max(self.grown, resident(self._process) - before)

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
