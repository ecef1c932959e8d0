"""`python -m tests.on_postgres [pytest's arguments]`: the same tests on a real PostgreSQL.

Left out: what drives a browser, and what is about SQLite itself.
"""

import os
import subprocess
import sys

from .support.services import postgres


def main() -> int:
    with postgres() as url:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-m",
                "not (browser or sqlite_only or thorough or faults or walk)",
                *sys.argv[1:],
            ],
            env={**os.environ, "TEST_DATABASE_URL": url},
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
