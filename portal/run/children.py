"""Starts and stops the child processes of `portal.up`. Each has its own process group, so none survives."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

AGAIN_AT_MOST, AGAIN_SECONDS = 5, 60
PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """On Linux, have the kernel send this process SIGTERM when its parent dies (prctl(2))."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _bound_to(parent: int) -> Callable[[], None]:
    def bind() -> None:
        end_with_parent()
        if os.getppid() != parent:  # the parent died before the call
            os._exit(1)

    return bind


class Child:
    """One program that `portal.up` runs. Its output is appended to its log. `starts` are the times, by
    time.monotonic(), at which it was started before."""

    def __init__(self, name: str, command: list[str], log: Path, starts: tuple[float, ...] = ()) -> None:
        self.name, self.command, self.log = name, command, log
        self.starts = (*starts, time.monotonic())
        self._gone = False
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C reaches portal.up alone, and `kill` the whole group
                preexec_fn=_bound_to(os.getpid()),  # noqa: PLW1509 (there are no threads here)
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ending(self) -> str:
        """How it ended, for a message."""
        code = self.process.poll()
        if code is None:
            return "is running"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def log_end(self, lines: int = 12) -> str:
        """The last lines that it printed in this run."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def may_start_again(self) -> bool:
        """False if it was started AGAIN_AT_MOST times again within the last AGAIN_SECONDS."""
        recent = [start for start in self.starts[1:] if time.monotonic() - start < AGAIN_SECONDS]
        return len(recent) < AGAIN_AT_MOST

    def again(self) -> "Child":
        """The same program, started anew, after what is left of this one's group was killed."""
        self.kill()
        return Child(self.name, self.command, self.log, self.starts)

    def terminate(self) -> None:
        if self.is_alive():
            self.process.terminate()

    def kill(self) -> None:
        """Kill the whole group, even if only children of the program are left. Only once, because the system may
        reuse the group's number."""
        if self._gone:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of zombies
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._gone = True


def stop(children: list[Child], seconds: float) -> None:
    """Send SIGTERM to all, wait at most `seconds`, then kill those that are left."""
    deadline = time.monotonic() + seconds
    for child in children:
        child.terminate()
    while any(child.is_alive() for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.kill()
