"""A web process with 64 threads shares a few connections to a real PostgreSQL, and keeps none while it waits."""

import http.client
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core import checks
from django.db import connection, connections
from django.http import HttpRequest, StreamingHttpResponse

from evidence.connections import give_back
from evidence.receiving import pieces, resumable
from portal import connections as pool
from portal import up
from portal.middleware import no_connection_while_sending
from tests.conftest import test_database_url as database_url
from tests.support import prepared
from tests.support.services import ROOT, Redis, wait_until

AT_MOST = 3
# Without the parallel workers that PostgreSQL itself starts for a query, which take none of max_connections, and
# without the web server of a test that runs beside this one.
OF_THE_WEB = (
    "FROM pg_stat_activity WHERE application_name = 'web' AND backend_type = 'client backend'"
    " AND datname = current_database()"
)


@pytest.fixture
def on_postgres(transactional_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's connections: python -m tests.on_postgres")


class Web:
    """The web server of the portal, on the test database."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        environment = {
            **os.environ,
            "DATA_DIR": str(prepared.tables(data)),
            "DATABASE_URL": f"{database_url()}?application_name=web",
            "DATABASE_POOL": str(AT_MOST),
        }
        self.process = subprocess.Popen(up.web_command(self.port), cwd=ROOT, env=environment)
        wait_until(lambda: self.status("/healthz") == 200, "the web server answers")

    def status(self, path: str = "/ledger/") -> int:
        with suppress(OSError), closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as to:
            to.request("GET", path)
            return to.getresponse().status
        return 0


@pytest.fixture
def web(on_postgres: None, tmp_path: Path) -> Iterator[Web]:
    web = Web(tmp_path)
    yield web
    web.process.terminate()
    web.process.wait(20)


def ask(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])


def test_many_visitors_at_once_are_all_served_over_few_connections(web: Web) -> None:
    most = 0
    with ThreadPoolExecutor(40) as visitors:
        asked = [visitors.submit(web.status) for _ in range(120)]
        while not all(one.done() for one in asked):
            most = max(most, ask(f"SELECT count(*) {OF_THE_WEB}"))
            time.sleep(0.02)
    assert {one.result() for one in asked} == {200}
    assert 0 < most <= AT_MOST


def test_after_postgresql_cut_all_connections_the_next_visitor_is_served(web: Web) -> None:
    assert web.status() == 200
    assert ask(f"SELECT count(pg_terminate_backend(pid)) {OF_THE_WEB}")
    assert web.status() == 200


@pytest.fixture
def pooled(on_postgres: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a thread of a web process has. This thread's connection is put back afterwards."""
    kept = dict(connections.settings["default"])
    connections.settings["default"] = {**kept, "OPTIONS": dict(kept["OPTIONS"])}
    pool.share()
    with ThreadPoolExecutor(1):
        yield
    connections.settings["default"] = kept


def in_a_thread_of_the_web_process(step: Callable[[], object]) -> object:
    def run() -> object:
        try:
            return step()
        finally:
            connection.close()
            connection.close_pool()  # type: ignore[attr-defined]

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(run).result()


def test_no_connection_is_kept_while_a_thread_waits_for_bytes(pooled: None) -> None:
    def step() -> tuple[bool, bool]:
        ask("SELECT 1")
        held = connection.connection is not None
        give_back()
        return held, connection.connection is not None

    assert in_a_thread_of_the_web_process(step) == (True, False)


def test_no_connection_is_kept_while_a_sender_sends_slowly(pooled: None) -> None:
    upload = resumable.begin("draft:somebody", "letter.pdf", 9)
    kept: list[bool] = []

    def slowly(size: int) -> bytes:
        kept.append(connection.connection is not None)
        return b"%PDF-"[:size]

    in_a_thread_of_the_web_process(lambda: pieces.append(upload.pk, pieces.Piece(0, 9, slowly)))
    assert kept == [False, False]


def test_no_connection_is_kept_while_a_file_is_sent(pooled: None) -> None:
    def blocks() -> Iterator[bytes]:
        for _ in range(3):
            ask("SELECT 1")
            yield b"block"

    def step() -> list[bool]:
        answer = no_connection_while_sending(lambda _request: StreamingHttpResponse(blocks()))(HttpRequest())
        return [connection.connection is not None for _block in answer]

    assert in_a_thread_of_the_web_process(step) == [False, False, False]


@pytest.mark.parametrize(("processes", "faults"), [(2, set()), (20, {"portal.E002"})])
def test_check_deploy_says_when_postgresql_has_too_few(
    on_postgres: None, redis: Redis, monkeypatch: pytest.MonkeyPatch, processes: int, faults: set[str]
) -> None:
    monkeypatch.setattr(settings, "WEB_PROCESSES", processes)
    found = {message.id for message in checks.run_checks(include_deployment_checks=True)}
    assert {fault for fault in found if str(fault).startswith("portal.E00")} == faults
