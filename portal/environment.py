"""Reads settings from the environment.

A setting that is missing or wrong is noted, and its default is used until all have been read: then `end` raises
Unusable, with a sentence for each. Whatever starts says these sentences, without a traceback.
"""

import base64
import difflib
import hashlib
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

from . import values

Value = TypeVar("Value")
ANY_KEY = base64.b64encode(bytes(32)).decode()  # while other settings are read; the portal does not start with it

names: set[str] = {"HOLDFAST_DEMO", "PORT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}  # all that are settings
problems: dict[str, str] = {}  # by setting


class Unusable(ImproperlyConfigured):
    """Settings are missing or wrong. The message has a line for each."""


def _read(name: str, default: str, convert: Callable[[str], Value]) -> Value:
    names.add(name)
    try:
        return convert(os.environ.get(name, default))
    except values.Wrong as problem:
        problems[name] = f"{name} {problem}"
        return convert(default)


def text(name: str, default: str = "", convert: Callable[[str], str] = str) -> str:
    return _read(name, default, convert)


def value(name: str, default: str, convert: Callable[[str], Value]) -> Value:
    """A setting with a form of its own. `convert` raises values.Wrong."""
    return _read(name, default, convert)


def flag(name: str) -> bool:
    return _read(name, "0", values.flag)


def number(name: str, default: int, least: int = 0) -> int:
    """A whole number from `least` on. An empty one is the default."""
    return _read(name, str(default), lambda given: values.number(least)(given or str(default)))


def several(name: str, default: str = "") -> list[str]:
    """A list, comma separated."""
    return _read(name, default, values.several)


DEMO: bool = flag("HOLDFAST_DEMO")


def required(name: str, demo: str, convert: Callable[[str], Value]) -> Value:
    """A setting without which nothing starts. The demo uses `demo` if it is not set."""
    names.add(name)
    if os.environ.get(name, "").strip():
        return _read(name, demo, convert)
    if not DEMO:
        problems[name] = f"{name} is not set. Set it in the environment (README, Settings)."
    return convert(demo)


def kept_secret(name: str, data: Path, convert: Callable[[str], Value]) -> Value:
    """A secret. If it is not set, the demo makes one (32 bytes in base64) and keeps it in `data`, with mode
    0600."""
    if not DEMO or os.environ.get(name):
        return required(name, ANY_KEY, convert)
    names.add(name)
    try:
        return convert(_made_once(data / "keys" / name.lower()))
    except OSError as problem:
        problems["DATA_DIR"] = f"DATA_DIR is {str(data)!r}, a folder that cannot be used: {problem.strerror}."
        return convert(ANY_KEY)


def _made_once(path: Path) -> str:
    """The secret in the file, which is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
    try:
        os.link(fresh, path)  # fails if another process was first: then its secret is read
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text().strip()


def misspelt(environment: Mapping[str, str]) -> list[str]:
    """A sentence for each variable that nobody reads and that looks like a setting."""
    found = []
    for name in sorted(set(environment) - names):
        if name.startswith("HOLDFAST_TESTS_"):
            continue
        bare = name.removeprefix("HOLDFAST_")
        meant = [bare] if bare in names else difflib.get_close_matches(name, names, n=1, cutoff=0.86)
        if meant:
            found.append(f"{name} is not a setting. Perhaps {meant[0]} is meant.")
        elif bare != name:
            found.append(f"{name} is not a setting (README, Settings).")
    return found


def end(data: Path, storage_url: str, authorities: list[dict[str, str]]) -> None:
    """All settings have been read. Raises Unusable if any is missing or wrong."""
    problems.update(values.bucket_problems(storage_url, os.environ))
    if not DEMO and not _can_be_written(data):
        problems.setdefault("DATA_DIR", f"DATA_DIR is {str(data)!r}, a folder in which this user cannot write.")
    storage = Path(storage_url.removeprefix("file://"))
    if not DEMO and storage_url.startswith("file://") and not _can_be_written(storage):
        problems.setdefault("STORAGE_URL", f"STORAGE_URL is {str(storage)!r}, where this user cannot write.")
    if not DEMO and any(authority["url"] == values.BUILTIN for authority in authorities):
        problems.setdefault("TIMESTAMP_AUTHORITIES", f"TIMESTAMP_AUTHORITIES {values.PROVES_NOTHING}")
    if problems:
        sys.excepthook = _say_without_traceback
        raise Unusable("\n".join([*problems.values(), *misspelt(os.environ)]))


def _can_be_written(folder: Path) -> bool:
    """Whether this user can write in the folder, or make it."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)


def in_words(problem: Unusable) -> str:
    return f"Holdfast cannot start with these settings:\n{problem}"


def _say_without_traceback(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
    if isinstance(problem, Unusable):
        print(in_words(problem), file=sys.stderr)
    else:
        sys.__excepthook__(kind, problem, trace)


def socket_in(folder: Path) -> str:
    """The path of the demo's Redis socket. If it is long, one in /tmp, because the system cuts it at 107 bytes."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= 100:
        return str(path)
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return f"/tmp/holdfast-{os.getuid()}-{digest}.sock"  # noqa: S108 (Redis itself sets mode 700)


def redis_client_url(url: str) -> str:
    """The URL in redis-py's form: `unix://PATH?db=0` for Celery's `redis+socket://PATH?virtual_host=0`."""
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
