"""Child processes of `portal.up`: each in a process group of its own, none left behind."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with_parent() -> None:
    """On Linux the kernel sends this process SIGTERM when its parent dies, however it dies (prctl(2))."""
    if _libc:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _bound_to(parent: int) -> Callable[[], None]:
    def bind() -> None:
        end_with_parent()
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return bind


class Child:
    """One program that runs as long as `portal.up` does; what it prints goes to its log."""

    def __init__(self, name: str, command: list[str], log: Path) -> None:
        self.name, self.log = name, log
        self._gone = False
        self._from = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                process_group=0,  # the terminal's Ctrl-C comes to us alone; and the group can be killed whole
                preexec_fn=_bound_to(os.getpid()),  # noqa: PLW1509 (there are no threads here)
            )

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ending(self) -> str:
        """How it ended, in words."""
        code = self.process.poll()
        if code is None:
            return "is running"
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def log_end(self, lines: int = 12) -> str:
        """The end of what it printed in this run."""
        with self.log.open("rb") as log:
            log.seek(self._from)
            return "\n".join(log.read().decode(errors="replace").splitlines()[-lines:])

    def terminate(self) -> None:
        if self.is_alive():
            self.process.terminate()

    def kill(self) -> None:
        """End the whole group; also when its leader is gone and left children. Once: its number may be reused."""
        if self._gone:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS refuses a group of zombies
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._gone = True


def stop(children: list[Child], seconds: float) -> None:
    """Ask all to end and wait so long; then make sure of it."""
    deadline = time.monotonic() + seconds
    for child in children:
        child.terminate()
    while any(child.is_alive() for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    for child in children:
        child.kill()
