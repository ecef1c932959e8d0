"""`python -m tests [--all] [ROOM] [pytest's arguments]`: the tests, shared out so that every core is busy.

Every process has a data folder, a database, a Redis and ports of its own, so any test may run beside any other.
One that has nothing left takes over half of what another still has to do.

Without `--all`: what takes minutes alone. With it: also the walks through every page and the long tables, and
then on PostgreSQL what another database could fail. ROOM is a folder below `tests/`, such as `filing`, or what
stands between `test_` and `.py`.
"""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent
PROCESSES = (os.cpu_count() or 1) + 2  # while two wait for a browser or a server, the others work
SHARED_OUT = ["-n", str(PROCESSES), "--dist", "worksteal"]
SHORT, ALL = "not (thorough or faults or walk or long)", "not (thorough or faults)"


def room(name: str) -> list[str]:
    """The folders of this name, or else the files. Exits with a sentence when there are none."""
    found = [path for path in TESTS.rglob(name) if path.is_dir()] or [*TESTS.rglob(f"test_{name}.py")]
    if not found:
        sys.exit(f"There is no room {name} below tests/, and no test_{name}.py.")
    return [str(path.relative_to(TESTS.parent)) for path in sorted(found)]


def ran(*command: str) -> int:
    return subprocess.run([sys.executable, "-m", *command], cwd=TESTS.parent, check=False).returncode


def main() -> int:
    more = [argument for argument in sys.argv[1:] if argument != "--all"]
    everything = "--all" in sys.argv
    if more and not more[0].startswith("-"):
        more[:1] = room(more[0])
    failed = [ran("pytest", *SHARED_OUT, "-m", ALL if everything else SHORT, *more)]
    if everything:
        print("On PostgreSQL:", flush=True)
        failed.append(ran("tests.on_postgres", *SHARED_OUT))
    return int(any(failed))


if __name__ == "__main__":
    sys.exit(main())
