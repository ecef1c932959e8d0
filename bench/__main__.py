"""`python -m bench [ROOM …]`: run the benchmarks of all rooms, or of those named, each on a fresh data folder.

Prints a table and writes `bench.json` into `DATA_DIR`. Ends with 1 when a budget is not met, or a room broke.
"""

import importlib
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path

import bench

from .table import Row, load, save, show, unfinished

ROWS = "rows.json"


def main(rooms: list[str]) -> int:
    """Run the rooms; each has a function `rows()` that yields its measurements."""
    kept = Path(os.environ.get("DATA_DIR", "var"))
    rows = [row for room in rooms or all_rooms() for row in in_own_process(room)]
    kept.mkdir(parents=True, exist_ok=True)
    save(rows, kept / "bench.json")
    print(f"{sum(row.ok for row in rows)} of {len(rows)} within budget; written to {kept / 'bench.json'}")
    return 0 if all(row.ok for row in rows) else 1


def all_rooms() -> list[str]:
    names = (found.name for found in pkgutil.iter_modules(bench.__path__))
    return [name for name in names if name not in ("__main__", "plain", "table")]


def in_own_process(room: str) -> list[Row]:
    """Run a room in its own process with its own data folder, because a ledger and its checkpoint belong
    together."""
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        demo = {"HOLDFAST_DEMO": "1", "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "portal.settings"}
        line = [sys.executable, "-c", f"from bench.__main__ import run; run({room!r})"]
        broke = subprocess.run(line, env={**os.environ, **demo}, check=False).returncode
        return [*load(Path(folder) / ROWS), *([unfinished(room)] if broke else [])]


def run(room: str) -> None:
    """Measure a room. The rows are printed and saved one by one, so that none is lost if the room fails."""
    prepare()
    rows: list[Row] = []
    for row in importlib.import_module(f"bench.{room}").rows():
        show([row])
        rows.append(row)
        save(rows, Path(os.environ["DATA_DIR"]) / ROWS)


def prepare() -> None:
    """Set up Django with an empty database in DATA_DIR."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
