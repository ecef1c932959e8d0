"""`python -m tests [pytest's arguments]`: all on SQLite; beside it again on PostgreSQL, then in the browser.

Two processes, so that two cores are busy until the end. The arguments are for the first; what the other says comes
last. Its browsers drive servers of their own, of which coverage would count nothing.
"""

import subprocess
import sys

PYTEST = [sys.executable, "-m", "pytest"]
ASIDE = {
    "On PostgreSQL": [sys.executable, "-m", "tests.on_postgres"],
    "In the browser": [*PYTEST, "-m", "browser and not (thorough or faults or walk)"],
}


def main() -> int:
    here = subprocess.Popen([*PYTEST, "-m", "not (browser or thorough or faults or walk)", *sys.argv[1:]])
    ends = {
        title: subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        for title, command in ASIDE.items()
    }
    failed = here.wait()
    for title, end in ends.items():
        print(f"{title}:", flush=True)
        sys.stdout.buffer.write(end.stdout)
    sys.stdout.flush()
    return int(any([failed, *(end.returncode for end in ends.values())]))


if __name__ == "__main__":
    sys.exit(main())
