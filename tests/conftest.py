"""Fixtures for every test: the cast, the servers, and rules (no network, a ledger that can be emptied)."""

import gc
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from complaints.models import Role, StaffMember, Team
from evidence import counting, ledger
from evidence.ledger import entries, signing
from evidence.timestamps import authorities
from evidence.wake import Broker

from .support import cast, services
from .support.append_only import triggers_lifted
from .support.attacks import Held
from .support.bundles import Opened, a_copy, exported, opened, seal_all
from .support.kept import kept
from .support.midnight import one_day

# A real password hash takes as long as a whole test, and only test_up needs the manifest of static files.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"

# Python looks through everything that lives, thousands of tests included, after every 700 new objects: a fifth of
# the time. Here it looks less often, and the tests themselves are left out.
gc.set_threshold(50_000, 20, 100)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the longest tests first, so that no process is left with one while the others are idle.

    A run on PostgreSQL leaves out tests that do not use the database, as their result would be the same.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if "TEST_DATABASE_URL" not in os.environ:
        return
    touching = [item for item in items if touches_the_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not touches_the_database(item)])
    items[:] = touching


def touches_the_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or fixtures.intersection(getattr(item, "fixturenames", ())))


def is_here(address: Any) -> bool:
    """Whether a socket address is on this machine: a Unix socket or the loopback."""
    return isinstance(address, str | bytes) or address[0] in ("127.0.0.1", "::1", "localhost")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        assert is_here(address), f"a test tried to reach {address}"
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture(scope="session", autouse=True)
def a_ledger_that_tests_may_empty() -> Iterator[None]:
    """Remove the ledger's triggers while a transactional test is cleaned up; they would refuse that."""
    flush: Callable[[TransactionTestCase], None] = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def lift_flush_restore(self: TransactionTestCase) -> None:
        with triggers_lifted():
            flush(self)
        (settings.DATA_DIR / "checkpoint").unlink(missing_ok=True)  # the ledger's memory outside the database

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_flush_restore)
        yield


@pytest.fixture(scope="session", autouse=True)
def entries_commit_with_what_they_record() -> Iterator[None]:
    """Let `ledger.append` fail unless the product has opened a transaction itself.

    The transaction that pytest-django opens around each test does not count.
    """
    append = entries.append

    def in_a_block_of_its_own(*events: entries.Event) -> list[entries.Leaf]:
        blocks = connection.atomic_blocks
        if blocks and all(vars(block)["_from_testcase"] for block in blocks):
            raise RuntimeError("a ledger entry commits with what it records: append inside transaction.atomic()")
        return append(*events)

    with pytest.MonkeyPatch.context() as patch:
        for module in (entries, ledger):
            patch.setattr(module, "append", in_a_block_of_its_own)
        yield


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reset the language, which requests of earlier tests leave active in this thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def the_day_does_not_end() -> Iterator[None]:
    with one_day():
        yield


@pytest.fixture(autouse=True)
def nobody_tried_yet() -> None:
    """Forget wrong codes, call-backs and alarms that earlier tests of this process counted.

    Counting is done in the database, whose rows end with the test, or in Redis for tests that use `redis`.
    """
    cache.clear()
    counting.Memory.quiet_until = float("inf")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[services.Redis]:
    """Redis at the address of the settings. A test that stops it starts it again."""
    server = services.Redis(settings.DATA_DIR, settings.REDIS_SOCKET)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(redis_server: services.Redis) -> services.Redis:
    """A running, empty Redis."""
    if not redis_server.answers():
        redis_server.start()
    with redis_server.client() as client:
        client.flushall()
    Broker.quiet_until = counting.Memory.quiet_until = 0  # forget the outage of an earlier test
    return redis_server


def test_database_url() -> str:
    """The address of the test database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["TEST_DATABASE_URL"].rpartition("/")[0] + f"/{name}"


test_database_url.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def worker(redis: services.Redis, transactional_db: None) -> Iterator[services.Worker]:
    """A Celery worker on the test database. Tests can `kill()` and `start()` it."""
    worker = services.Worker(test_database_url())
    worker.start()
    yield worker
    worker.kill()  # faster than a clean stop by seconds


@pytest.fixture
def south(db: None) -> Team:
    return cast.a_team("South")


@pytest.fixture
def north(db: None) -> Team:
    return cast.a_team("North")


@pytest.fixture
def investigator(south: Team) -> StaffMember:
    """An investigator of team South."""
    return cast.staff("investigator", Role.INVESTIGATOR, south)


@pytest.fixture
def investigator_north(north: Team) -> StaffMember:
    """An investigator of another team, who must never see cases of South."""
    return cast.staff("investigator.north", Role.INVESTIGATOR, north)


@pytest.fixture
def supervisor(db: None) -> StaffMember:
    return cast.staff("supervisor", Role.SUPERVISOR)


@pytest.fixture
def auditor(db: None) -> StaffMember:
    return cast.staff("auditor", Role.AUDITOR)


@pytest.fixture
def administrator(db: None) -> StaffMember:
    """An administrator, who is a superuser and still opens no evidence."""
    return cast.staff("administrator", Role.ADMINISTRATOR, is_superuser=True)


@pytest.fixture
def borrower(db: None) -> cast.Filed:
    """A case with one screenshot, filed in Chinese."""
    return kept("borrower", cast.file_a_complaint)


@pytest.fixture
def second_borrower(db: None) -> cast.Filed:
    """Another case, whose borrower must see nothing of the first."""
    return kept("second borrower", _the_second_one)


def _the_second_one() -> cast.Filed:
    return cast.file_a_complaint(
        language="en",
        files=[("letter.png", cast.a_screenshot("Final notice"))],
        reach={"name": "Wang Wei", "email": "wei@example.org"},
    )


@pytest.fixture
def lawyer(tmp_path: Path) -> cast.Lawyer:
    desk = tmp_path / "lawyer"
    desk.mkdir()
    return cast.Lawyer(desk)


@pytest.fixture
def case(db: None) -> cast.Filed:
    """A case with two sealed pictures, each with a copy for viewing."""
    return kept("case", _sealed)


def _sealed() -> cast.Filed:
    filed = cast.file_a_complaint(files=[(f"{name}.png", cast.a_screenshot(name)) for name in ("one", "two")])
    for exhibit in filed.case.exhibits.select_related("item"):
        a_copy(exhibit.item, "picture", b"RIFF" + exhibit.label.encode())
    seal_all(filed.case)
    return filed


@pytest.fixture
def bag(case: cast.Filed) -> Opened:
    """The bundle of that case, taken apart."""
    return opened(kept("bag", lambda: exported(case.case)))


@pytest.fixture
def roots(db: None, tmp_path: Path) -> Path:
    """The folder of keys and roots that the lawyer has from outside the bundle."""
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "ledger.vkey").write_text(signing.vkey())
    (folder / "root.pem").write_bytes(authorities.configured()[0].root)
    return folder


@pytest.fixture
def held(case: cast.Filed, roots: Path, tmp_path: Path) -> Held:
    """What the lawyer has of that case from outside the bundle."""
    receipt = tmp_path / "kept.json"
    receipt.write_bytes(bytes(case.case.receipt))
    return Held(roots, receipt)
