"""A witness is killed again and again while it answers: it never signs two ledgers, and never forgets one."""

import random
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from evidence import holdfast_witness as witness
from tests.support.logs import ORIGIN, Log, Portal, served
from tests.support.services import ROOT

pytestmark = pytest.mark.faults
LOG, OTHER = Log(), Log(seed=1)
KILLS = 12


def asked(url: str, log: Log, old: int, size: int) -> tuple[int, str]:
    """The status and the text of the answer; 0 if there was none."""
    request = urllib.request.Request(f"{url}/add-checkpoint", log.request(old, size).encode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def test_killed_at_any_time_it_signs_one_history(tmp_path: Path) -> None:
    witness.make_key(tmp_path / "w", "anne.example/w")
    home = witness.Home(tmp_path / "w")
    with served(Portal(LOG)) as portal:
        home.follow(LOG.vkey, portal.url)
        signs_one_history(home)


def signs_one_history(home: witness.Home) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url, size, given = f"http://127.0.0.1:{port}", 0, 0
    command = [sys.executable, str(ROOT / "evidence/holdfast_witness.py"), "--folder", str(home.folder), "serve"]
    for _ in range(KILLS):
        with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL) as running:
            killer = threading.Timer(0.6 + random.random(), running.kill)
            killer.start()
            while running.poll() is None:
                status, text = asked(url, LOG, size, size + 1)
                if status == 200:
                    size = given = size + 1
                    note = verifier.parse_note(LOG.note(size) + text)
                    assert verifier.cosigned_at(note, verifier.witness_keys([home.vkey]))
                elif status == 409:
                    size = int(text)
                    assert given <= size <= given + 1  # it had written down what it could not answer any more
                else:
                    assert status == 0
                    time.sleep(0.01)
        last = home.last(ORIGIN)[1]
        assert last
        assert given <= last.size <= given + 1
        size = last.size
        with pytest.raises(witness.Refused):
            home.cosign(OTHER.note(size), size, [])
    assert size > KILLS
