"""`python -m bench [ROOM …]`: run the benchmarks of all rooms, or of those named, on a fresh data folder.

Prints a table and writes `bench.json` into `DATA_DIR`. Ends with 1 when a budget is not met.
"""

import importlib
import os
import pkgutil
import sys
import tempfile
from pathlib import Path

import bench
from bench.table import Row, keep, show


def main(rooms: list[str]) -> int:
    """Run the rooms; each has a function `rows()` that yields its measurements."""
    kept = Path(os.environ.get("DATA_DIR", "var"))
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        os.environ.update(HOLDFAST_DEMO="1", DATA_DIR=folder, DJANGO_SETTINGS_MODULE="portal.settings")
        rows = [row for room in rooms or everything() for row in run(room)]
    kept.mkdir(parents=True, exist_ok=True)
    keep(rows, kept / "bench.json")
    print(f"{sum(row.ok for row in rows)} of {len(rows)} within budget; written to {kept / 'bench.json'}")
    return 0 if all(row.ok for row in rows) else 1


def everything() -> list[str]:
    names = (found.name for found in pkgutil.iter_modules(bench.__path__))
    return [name for name in names if name not in ("__main__", "plain", "table")]


def run(room: str) -> list[Row]:
    prepare()
    rows = []
    for row in importlib.import_module(f"bench.{room}").rows():
        show([row])
        rows.append(row)
    return rows


def prepare() -> None:
    """Django with an empty database in the folder."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
