"""The child process that opens uploaded files and makes copies for viewing. A hostile file may take it over.

`confinement.py` starts it with an empty environment. After loading its libraries it can open no file and no socket
(RLIMIT_NOFILE 0), write to no file, and make only the system calls that `calls` allows. Memory and CPU time are
limited, and it dies with its parent.
"""

import codecs
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import Any, Protocol

from . import calls, ends
from .wire import NoPreview, Original, Wire

OFFICE = "application/vnd.openxmlformats-officedocument"
# Python opens a file the first time that it uses an encoding, so these are loaded before files are forbidden.
ENCODINGS = (
    "ascii",
    "latin-1",
    "cp1252",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "gb18030",
    "big5",
)
VIEWERS = {"audio": "sound", "video": "film", "image": "picture", "document": "pages", "text": "written"}
VIEWERS |= {"table": "table", "message/rfc822": "mail"}
VIEWERS |= dict.fromkeys((f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"), "office")
VIEWERS["application/ofd"] = "office"
MAY_BE_CUT = (
    "",
    "damaged",
    "empty",
    "short",
)  # what is said of a file, which may be so because its end is missing
LIMITS = ("memory", "too large", "security limit", "exceeds")  # words of the libraries' errors
THREADED = {"image"}  # kinds of file; libde265, which decodes HEIC, needs a thread


class Viewer(Protocol):
    """A module that makes the copies of one kind of file."""

    def warm_up(self) -> None:
        """Load everything that opens a file, by using it once."""

    def look(self, file: Original, wire: Wire, media_type: str) -> None: ...


def viewer_for(kind: str, media_type: str = "") -> Viewer:
    """The module for a kind of file. Only its libraries are loaded."""
    viewer: Any = import_module(f".{VIEWERS.get(media_type) or VIEWERS[kind]}", __package__)
    return viewer  # type: ignore[no-any-return]


def limit(name: str, value: int) -> None:
    """Set a resource limit that cannot be raised again. Limits that the system does not have are skipped."""
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, name), (value, value))


def confine(memory: int, cpu_seconds: int) -> None:
    os.nice(10)  # the web server has precedence
    limit("RLIMIT_AS", memory)
    limit("RLIMIT_CPU", cpu_seconds)
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    if sys.platform == "linux":
        call = ctypes.CDLL(None).prctl
        call(1, signal.SIGKILL)  # PR_SET_PDEATHSIG (linux/prctl.h)
        call(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        call(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: other processes cannot read its memory


def forbid_opening(*, threads: bool = False) -> None:
    """Forbid opening files and sockets, starting programs, and reaching other processes.

    With `threads`, threads are still allowed where the kernel can tell them from processes (see `calls.missing`).
    """
    for name in ENCODINGS:
        codecs.lookup(name)
    limit("RLIMIT_NOFILE", 0)
    if os.getuid() and (calls.missing() or not threads):
        limit("RLIMIT_NPROC", 0)
    calls.allow_only_these(threads=threads)


def main() -> None:
    asked = json.loads(sys.argv[2])
    confine(asked["memory"], asked["cpu_seconds"])
    viewer = viewer_for(asked["kind"], asked["media_type"])
    viewer.warm_up()
    forbid_opening(threads=asked["kind"] in THREADED)
    wire = Wire(asked["size"], cpu_seconds=asked["cpu_seconds"])
    reason = outcome(lambda: viewer.look(Original(wire), wire, asked["media_type"]))
    if reason.partition(":")[0] in MAY_BE_CUT and cut(wire, asked["media_type"]):
        reason = "cut"
    if reason:
        wire.send(b"F", reason.encode())


def outcome(look: Callable[[], None]) -> str:
    """Look. Returns "", or a key of `previews.REASONS`: with the error's name where the file is damaged."""
    try:
        look()
    except NoPreview as reason:
        return str(reason)
    except EOFError:
        os._exit(1)
    except (Exception, MemoryError) as error:
        return "limits" if is_a_limit(error) else f"damaged:{type(error).__name__}"
    return ""


def is_a_limit(error: BaseException) -> bool:
    """Whether memory ended it, or a library's own limit, and not the file's damage."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(word in said for word in LIMITS)


def cut(wire: Wire, media_type: str) -> bool:
    """Whether the file ends before its own structure does."""
    try:
        return ends.breaks_off(Original(wire), wire.size, media_type)
    except (ValueError, IndexError, MemoryError):
        return False
