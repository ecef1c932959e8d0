"""`python -m tests`: all tests on SQLite and, beside it, again on PostgreSQL; what that one says comes last."""

import shutil
import subprocess
import sys
import tempfile


def main() -> int:
    with tempfile.TemporaryFile("w+") as said:
        beside = subprocess.Popen([sys.executable, "-m", "tests.on_postgres"], stdout=said, stderr=said)
        here = subprocess.run([sys.executable, "-m", "pytest", *sys.argv[1:]], check=False).returncode
        there = beside.wait()
        said.seek(0)
        print("On PostgreSQL:", flush=True)
        shutil.copyfileobj(said, sys.stdout)
    return here or there


if __name__ == "__main__":
    sys.exit(main())
