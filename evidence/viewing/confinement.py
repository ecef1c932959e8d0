"""Starts the child process that opens uploaded files, and reads its messages without trusting them.

A hostile file may take over the child, so each message is checked and counted against limits.
"""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from .confined.wire import BLOCK, CHUNK, HEAD, LENGTH, PIECE

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
BOOT = "import sys; sys.path.insert(0, sys.argv[1]); from evidence.viewing.confined.child import main; main()"
ENVIRONMENT = {"LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": "1"}
MEGABYTE = 1 << 20

Read = Callable[[int, int], bytes]  # offset, length -> at most that many bytes


@dataclass(frozen=True)
class Limits:
    """The limits of one child process."""

    memory: int  # bytes of address space
    cpu_seconds: int
    seconds: int  # by the clock
    copy: int  # bytes of one copy


# CPU seconds by kind of file: for any, and for each megabyte. An hour of AMR (6 MB) needs about 30.
CPU_SECONDS = {"audio": (30, 8), "video": (60, 8), "image": (20, 4), "document": (45, 4), "table": (10, 1)}
CPU_SECONDS["text"] = (10, 0)
COPIES = {"table": 8 * MEGABYTE, "text": MEGABYTE}  # bytes of all copies; of others, half a gigabyte


def limits_for(size: int, kind: str = "video") -> Limits:
    """The limits for a file of `size` bytes, so that a small hostile file costs little. At most half an hour.

    The child lowers them once it knows how long the recording is, how large the picture, how many the pages.
    """
    least, each = CPU_SECONDS.get(kind, CPU_SECONDS["video"])
    cpu = min(1800, least + each * (size // MEGABYTE))
    copy = COPIES.get(kind, 512 * MEGABYTE)
    return Limits(memory=1024 * MEGABYTE, cpu_seconds=cpu, seconds=by_the_clock(cpu), copy=copy)


def by_the_clock(cpu_seconds: int) -> int:
    """Three times as long as the CPU, and at least a minute, because the site's own work comes first."""
    return min(3600, max(60, 3 * cpu_seconds))


@dataclass(frozen=True)
class Metadata:
    """`facts` are what the child measured, `claims` what the file says about itself."""

    facts: dict[str, Any]
    claims: dict[str, Any]


@dataclass(frozen=True)
class MadeCopy:
    """A copy that the child is sending. Read `blocks` to the end before the next result.

    Reading raises ChildFailed if the copy breaks off or exceeds the limit.
    """

    kind: str
    number: int
    blocks: Iterator[bytes]


@dataclass(frozen=True)
class NotMade:
    """Why there is no preview, or not a complete one."""

    reason: str


ChildResult = Metadata | MadeCopy | NotMade


class ChildFailed(Exception):
    """The child ended too early, or sent a message that is not allowed."""


class Child:
    """A child process for one file. Use it in a `with` block, which kills the process at its end."""

    def __init__(self, *, kind: str, media_type: str, size: int, read: Read, limits: Limits) -> None:
        self._read, self.limits, self._size = read, limits, size
        asked = {
            "kind": kind,
            "media_type": media_type,
            "size": size,
            "memory": limits.memory,
            "cpu_seconds": limits.cpu_seconds,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-c", BOOT, str(ROOT), json.dumps(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            bufsize=0,
        )
        self._late = threading.Event()
        self._began = time.monotonic()
        self._timer = threading.Timer(limits.seconds, self._end_late)

    def __enter__(self) -> "Child":
        self._timer.start()
        return self

    def _have_less_time(self, cpu: int) -> None:
        """Give the child fewer seconds of processor time, as it asked for. It cannot ask for more."""
        if cpu >= self.limits.cpu_seconds:
            return
        seconds = min(by_the_clock(cpu), self.limits.seconds)
        self.limits = replace(self.limits, cpu_seconds=cpu, seconds=seconds)
        if hasattr(resource, "prlimit"):  # on Linux
            with suppress(OSError, ValueError):  # it has ended
                resource.prlimit(self.process.pid, resource.RLIMIT_CPU, (cpu, cpu))
        self._timer.cancel()
        left = self._began + seconds - time.monotonic()
        self._timer = threading.Timer(max(0, left), self._end_late)
        self._timer.start()

    def __exit__(self, *_exception: object) -> None:
        self._timer.cancel()
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        self.process.wait()

    def _end_late(self) -> None:
        self._late.set()
        self.process.kill()

    def results(self) -> Iterator[ChildResult]:
        """The child's results until it ends. The last one is a NotMade if the child failed."""
        try:
            while message := self._next_message():
                yield self._parse(*message)
        except ChildFailed as error:
            log.warning("a preview child broke off: %s", error)
            yield NotMade(self._end_reason())
            return
        if self.process.wait(10) != 0:
            yield NotMade(self._end_reason())

    def _end_reason(self) -> str:
        """The reason code: "limits" if the child was killed for time or memory, "stopped" if for a forbidden
        system call, "failed" otherwise: that a program crashed does not show that the file is damaged."""
        try:
            code = self.process.wait(1)
        except subprocess.TimeoutExpired:
            return "failed"  # it still runs, but its messages are wrong
        if code == -signal.SIGSYS:
            log.warning("a preview child was killed for a system call; the kernel log names it (audit type 1326)")
            return "stopped"
        return "limits" if self._late.is_set() or code in (-signal.SIGXCPU, -signal.SIGKILL) else "failed"

    def _parse(self, letter: bytes, content: bytes) -> ChildResult:
        if letter == b"F":
            reason, _, error = content.decode("ascii", "replace").partition(":")
            if error:
                log.info("a preview child could not read a file: %s", error[:60])
            return NotMade(reason[:20])
        message = _json_object(content)
        if letter == b"J" and isinstance(message.get("facts"), dict) and isinstance(message.get("claims"), dict):
            return Metadata(message["facts"], message["claims"])
        if letter == b"O" and isinstance(message.get("kind"), str) and isinstance(message.get("number"), int):
            return MadeCopy(message["kind"], message["number"], self._copy())
        raise ChildFailed(f"message {letter!r}")

    def _copy(self) -> Iterator[bytes]:
        left = self.limits.copy
        while message := self._next_message():
            letter, content = message
            if letter == b"E":
                return
            left -= len(content)
            if letter != b"D" or left < 0:
                break
            yield content
        raise ChildFailed("a copy was cut short")

    def _next_message(self) -> tuple[bytes, bytes] | None:
        """The next message's letter and content; None at the end. Requests to read, and to have less time, are
        answered on the way."""
        while head := self._read_exactly(HEAD.size, end_is_fine=True):
            letter, length = HEAD.unpack(head)
            if length > CHUNK:
                raise ChildFailed("a message is too long")
            content = self._read_exactly(length)
            if letter == b"B" and length == LENGTH.size:
                self._have_less_time(LENGTH.unpack(content)[0])
            elif letter == b"R":
                self._send_piece(content)
            else:
                return letter, content
        return None

    def _send_piece(self, wish: bytes) -> None:
        if len(wish) != PIECE.size:
            raise ChildFailed("a wish to read that is none")
        offset, length = PIECE.unpack(wish)
        piece = self._read(offset, min(length, BLOCK)) if offset < self._size else b""
        view = memoryview(LENGTH.pack(len(piece)) + piece)
        try:
            while view:
                view = view[os.write(_pipe(self.process.stdin).fileno(), view) :]
        except BrokenPipeError:
            raise ChildFailed("it ended while reading") from None

    def _read_exactly(self, length: int, *, end_is_fine: bool = False) -> bytes:
        found = bytearray()
        while len(found) < length:
            more = os.read(_pipe(self.process.stdout).fileno(), length - len(found))
            if not more:
                if end_is_fine and not found:
                    return b""
                raise ChildFailed("it ended in mid-sentence")
            found += more
        return bytes(found)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 (Popen was called with both pipes)
    return pipe


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        raise ChildFailed("not JSON") from None
    if not isinstance(value, dict):
        raise ChildFailed("not an object")
    return value
