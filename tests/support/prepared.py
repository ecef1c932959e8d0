"""Data folders as the first start of a portal leaves them. They are made once a run and copied for each test."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .services import ROOT

SHARED = Path(os.environ["HOLDFAST_TESTS_SHARED"])  # a folder for all processes of this run (tests.environment)
TABLES = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
"""
DEMO = "from portal.run import prepare; prepare.prepare_all()"


def tables(into: Path) -> Path:
    """A folder with empty tables and the static files."""
    return _copied(_made("tables", TABLES), into)


def demo(into: Path) -> Path:
    """A folder as `make run` prepares it, with the demo's people and cases."""
    return _copied(_made("demo", DEMO), into)


def _copied(prepared: Path, into: Path) -> Path:
    return shutil.copytree(prepared, into, dirs_exist_ok=True)


def _made(name: str, code: str) -> Path:
    """The folder with this name. The first process that asks for it makes it."""
    folder = SHARED / name
    with _one_at_a_time():
        if not folder.exists():
            data = SHARED / f"{name}-unfinished"
            data.mkdir()
            environment = {**os.environ, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "portal.settings"}
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, env=environment, check=True, capture_output=True
            )
            data.rename(folder)
    return folder


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    with (SHARED / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
