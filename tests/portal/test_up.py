"""The whole portal is really started, and really ended: nothing of it may stay."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from portal import up
from portal.run import children
from tests.support import prepared
from tests.support.services import ROOT, wait_until

pytestmark = pytest.mark.sqlite_only


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Portal:
    """`python -m portal.up` on a data folder and a port of its own."""

    def __init__(self, data: Path, port: int, **settings: str) -> None:
        self.data, self.port = data, port
        environment = {**os.environ, "DATA_DIR": str(data), "PORT": str(port), **settings}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "portal.up"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    def wait_until_it_says(self, words: str) -> None:
        """Read on to a line with these words."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line
            if words in line:
                return
        raise AssertionError(self.said)

    def wait_until_ready(self) -> None:
        self.wait_until_it_says("Ready after")

    def ends(self, within: float = 60) -> str:
        """Wait for its end; gives its last line."""
        rest, _ = self.process.communicate(timeout=within)
        self.said += rest
        return self.said.strip().rpartition("\n")[2]

    def processes(self) -> dict[int, str]:
        """Everything that runs with this data folder in its environment or title: number and command line."""
        lines = {int(entry.name): _text(entry / "cmdline") for entry in Path("/proc").glob("[0-9]*")}
        return {
            number: line
            for number, line in lines.items()
            if f"{self.data}/" in line or f"DATA_DIR={self.data} " in _text(Path(f"/proc/{number}/environ"))
        }

    def leader(self, part: str) -> int:
        """Number of the child that `portal.up` started for this part of its work; 0 for none."""
        numbers = [number for number, line in self.processes().items() if part in line]
        return min((number for number in numbers if _parent(number) == self.process.pid), default=0)

    def status(self, path: str) -> int:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def is_served(self, path: str) -> bool:
        with suppress(OSError):
            return self.status(path) == 200
        return False


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace").replace("\0", " ")
    except OSError:  # it ended meanwhile, or is somebody else's
        return ""


def _parent(number: int) -> int:
    with suppress(OSError):
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of a portal that was started before."""
    return prepared.demo(tmp_path / "data")


def end(portal: Portal) -> None:
    """Whatever a test does, nothing of the portal stays."""
    for number in portal.processes():
        with suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    portal.process.communicate()


@contextmanager
def started(data: Path) -> Iterator[Portal]:
    """A portal that says it is ready."""
    portal = Portal(data, a_free_port())
    try:
        portal.wait_until_ready()
        yield portal
    finally:
        end(portal)


@pytest.fixture
def portal(data: Path) -> Iterator[Portal]:
    with started(data) as portal:
        yield portal


def test_from_an_empty_folder_to_pages_that_answer_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    with started(tmp_path) as portal:
        assert "Making the tables" in portal.said
        assert "supervisor" in portal.said
        assert f"http://127.0.0.1:{portal.port}/admin/" in portal.said
        assert portal.status("/healthz") == portal.status("/readyz") == 200
        assert portal.status("/admin/login/") == 200
        portal.process.send_signal(signal.SIGINT)
        assert portal.ends() == "Holdfast has stopped: Ctrl-C."
        assert portal.process.returncode == 0
        assert portal.processes() == {}


def test_the_next_start_goes_on_with_the_same_data(portal: Portal) -> None:
    assert "Making" not in portal.said
    portal.process.send_signal(signal.SIGTERM)
    assert portal.ends() == "Holdfast has stopped: SIGTERM."


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("redis", "unixsocket"),
        ("web", "granian"),
        ("worker", " worker "),
        ("previews", "--queues previews,scans"),
        ("bundles", "--queues bundles"),
        ("beat", " beat "),
    ],
)
def test_a_child_that_dies_is_started_again(portal: Portal, name: str, command: str) -> None:
    died = portal.leader(command)
    os.kill(died, signal.SIGKILL)
    log = portal.data / "logs" / f"{name}.log"
    portal.wait_until_it_says(f"{name} was killed by SIGKILL; it was started again. Its log is {log}.")
    wait_until(lambda: portal.leader(command) not in (0, died), "there is a new one")
    wait_until(lambda: portal.is_served("/healthz"), "pages are served")
    portal.process.send_signal(signal.SIGTERM)
    assert portal.ends() == "Holdfast has stopped: SIGTERM."
    assert portal.processes() == {}


def kill_beat(portal: Portal) -> None:
    wait_until(lambda: portal.leader(" beat "), "beat runs")
    os.kill(portal.leader(" beat "), signal.SIGKILL)


@pytest.mark.long
def test_when_one_child_dies_again_and_again_all_end_and_the_last_line_says_which(portal: Portal) -> None:
    for _ in range(children.AGAIN_AT_MOST):
        kill_beat(portal)
        portal.wait_until_it_says("beat was killed by SIGKILL; it was started again.")
    kill_beat(portal)
    log = portal.data / "logs" / "beat.log"
    assert portal.ends() == (
        f"Holdfast has stopped: beat was killed by SIGKILL, after 5 new starts within 60 s; its log is {log}."
    )
    assert portal.process.returncode == 1
    assert portal.processes() == {}


def test_what_ctrl_c_interrupts_cannot_take_it_for_an_error_of_its_own() -> None:
    asked = up.StopRequest()
    asked.may_interrupt = True

    def set_up_logging() -> None:
        try:
            asked.receive(signal.SIGINT, None)
        except Exception as error:  # as logging.config does
            raise ValueError("Unable to configure handler") from error

    with pytest.raises(up.Ended):
        set_up_logging()


@pytest.mark.long
def test_ctrl_c_while_it_sets_up_ends_it_and_the_next_start_goes_on(tmp_path: Path) -> None:
    for words in ("with its data", "Making the tables", "Making the demo"):
        portal = Portal(tmp_path, a_free_port())
        try:
            portal.wait_until_it_says(words)
            portal.process.send_signal(signal.SIGINT)
            assert portal.ends() == "Holdfast has stopped: Ctrl-C."
            assert portal.processes() == {}
        finally:
            end(portal)
    with started(tmp_path) as again:
        assert again.status("/readyz") == 200


def test_kill_9_leaves_nothing_either(portal: Portal) -> None:
    portal.process.kill()
    wait_until(lambda: portal.processes() == {}, "all children are gone")


def test_a_second_portal_on_the_same_data_is_refused(portal: Portal) -> None:
    second = Portal(portal.data, a_free_port())
    refusal = f"another Holdfast is running on {portal.data}. Choose another folder with DATA_DIR=."
    assert second.ends() == f"Holdfast did not start: {refusal}"
    assert second.process.returncode == 1
    assert portal.status("/readyz") == 200


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        portal = Portal(tmp_path, port := other.getsockname()[1])
        said = portal.ends()
    assert re.fullmatch(
        rf"Holdfast did not start: port {port} cannot be used \(.+\)\. Choose another with PORT=\.", said
    )
    assert not (tmp_path / "holdfast.sqlite3").exists()


@pytest.mark.parametrize("port", ["0", "65536", "eighty", "-1"])
def test_a_port_that_is_no_number_from_1_to_65535_is_named(tmp_path: Path, port: str) -> None:
    portal = Portal(tmp_path, 0, PORT=port)
    assert portal.ends() == f"Holdfast did not start: PORT={port} is not a port; it is a number from 1 to 65535."


def test_a_data_folder_that_cannot_be_one_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    portal = Portal(tmp_path / "file", a_free_port())
    why = f"DATA_DIR is '{tmp_path / 'file'}', a folder that cannot be used: Not a directory."
    assert portal.ends().startswith(f"Holdfast did not start: {why}")
    assert portal.said.count("\n") == 1


def test_a_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    portal = Portal(tmp_path, a_free_port(), DATABASE_URL=f"postgres://h@/{tmp_path}/none")
    assert "the database does not answer" in portal.ends()
    assert portal.processes() == {}
