"""A machine without a usable /dev/shm: a sentence, no traceback."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.services import ROOT

WITHOUT = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
READ_ONLY = 'mount -t tmpfs -o ro none /dev/shm && exec "$0" "$@"'


@pytest.mark.parametrize(
    "command", [("-m", "celery", "-A", "portal", "worker"), ("-m", "portal.up")], ids=["worker", "up"]
)
def test_a_machine_without_semaphores_is_said_in_a_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    tried = shutil.which("unshare") and subprocess.run(
        [*WITHOUT, READ_ONLY, "true"], capture_output=True, check=False
    )
    if not tried or tried.returncode:
        pytest.skip("no mount of one's own on this machine")
    done = subprocess.run(
        [*WITHOUT, READ_ONLY, sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    words = done.stdout + done.stderr
    assert done.returncode == 1
    assert "/dev/shm must be there and writable" in words
    assert "Traceback" not in words
