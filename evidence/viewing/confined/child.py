"""The child process that opens what strangers sent: it can make copies of it and nothing else.

Started by `confinement.py` with an empty environment. Once its libraries are loaded it can open no file and
no socket (RLIMIT_NOFILE 0) and write none; memory and CPU seconds are limited; it dies with its parent.
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

from .wire import NoPreview, Original, Wire

# Ways in which text is decoded: Python opens a file for each the first time.
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


class Viewer(Protocol):
    """One way of looking at a kind of file."""

    def warm_up(self) -> None:
        """Load and use once whatever opens a file the first time."""

    def look(self, file: Original, wire: Wire, media_type: str) -> None: ...


def viewer_for(kind: str) -> Viewer:
    """Only the libraries of this kind are loaded."""
    names = {"audio": "sound", "video": "film", "image": "picture", "document": "pages"}
    room: Any = import_module(f".{names[kind]}", __package__)
    return room  # type: ignore[no-any-return]


def limit(name: str, value: int) -> None:
    """A limit for good. Some systems know fewer of them, and some less of a limit than they say."""
    with suppress(AttributeError, ValueError, OSError):
        resource.setrlimit(getattr(resource, name), (value, value))


def confine(memory: int, cpu_seconds: int) -> None:
    os.nice(10)  # the site comes first
    limit("RLIMIT_AS", memory)
    limit("RLIMIT_CPU", cpu_seconds)
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    if sys.platform == "linux":
        call = ctypes.CDLL(None).prctl
        call(1, signal.SIGKILL)  # PR_SET_PDEATHSIG (linux/prctl.h)
        call(38, 1, 0, 0, 0)  # PR_SET_NO_NEW_PRIVS
        call(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: nobody reads its memory


def forbid_opening() -> None:
    """From here on nothing can be opened, and no program started where the system counts them."""
    for name in ENCODINGS:
        codecs.lookup(name)
    limit("RLIMIT_NOFILE", 0)
    if os.getuid():
        limit("RLIMIT_NPROC", 0)


def main() -> None:
    asked = json.loads(sys.argv[2])
    confine(asked["memory"], asked["cpu_seconds"])
    room = viewer_for(asked["kind"])
    room.warm_up()
    forbid_opening()
    wire = Wire(asked["size"])
    report(wire, lambda: room.look(Original(wire), wire, asked["media_type"]))


def report(wire: Wire, look: Callable[[], None]) -> None:
    """Look, and say why not in one word."""
    try:
        look()
    except NoPreview as reason:
        wire.send(b"F", str(reason).encode())
    except MemoryError:
        wire.send(b"F", b"limits")
    except EOFError:
        os._exit(1)
    except Exception as error:
        wire.send(b"F", b"damaged:" + type(error).__name__.encode())
