"""The web server alone, started as `portal.up` starts it. Tests can kill and restart it."""

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from portal.up import web_command
from tests.portal.test_up import a_free_port

from . import prepared
from .services import ROOT, wait_until


class Web:
    """Granian on a port of its own, with the data of the environment unless `settings` name others."""

    def __init__(self, **settings: str) -> None:
        self.port = a_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, **settings}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            web_command(self.port), cwd=ROOT, env=self.environment, start_new_session=True
        )
        wait_until(self.answers, "the web server answers")

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/healthz", timeout=2)[0] == 200
        except OSError:
            return False

    def ask(
        self, method: str, path: str, body: bytes | None = None, timeout: float = 60, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a request. Returns status, headers (names in lower case) and body."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)) as connection:
            connection.request(
                method, path, body, {name.replace("_", "-"): each for name, each in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def kill(self) -> None:
        """kill -9 of the server and its workers, whatever they are doing."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def memory(self) -> int:
        """Bytes of memory of the largest process, which is the one that serves."""
        assert self.process
        group = [_status(entry) for entry in Path("/proc").glob("[0-9]*") if _group(entry) == self.process.pid]
        return max(group, default=0)


def _group(entry: Path) -> int:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
    except OSError:
        return 0


def _status(entry: Path) -> int:
    try:
        lines = (entry / "status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))


@contextmanager
def serving(*, fresh: Path | None = None, **settings: str) -> Iterator[Web]:
    """The web server while the block runs, with a new data folder if `fresh` is given."""
    if fresh:
        settings["DATA_DIR"] = str(prepared.tables(fresh))
    web = Web(**settings)
    try:
        web.start()
        yield web
    finally:
        web.kill()


@contextmanager
def serving_the_demo(fresh: Path) -> Iterator[Web]:
    """The same with the demo's people and cases."""
    with serving(DATA_DIR=str(prepared.demo(fresh))) as web:
        yield web
