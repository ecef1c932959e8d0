"""Redis is stopped, frozen, emptied and started again under real workers and a real beat: they go on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from evidence.models import EvidenceItem, LedgerHead
from tests.conftest import test_database_url as database_url
from tests.support import cast, services


@pytest.fixture
def worker(redis: services.Redis, transactional_db: None) -> Iterator[services.Worker]:
    """One that waits for a second task while it does the first: then Celery's own did not live through this."""
    worker = services.Worker(database_url())
    worker.start(at_once=2)
    yield worker
    worker.kill()


def messages_at_work(redis: services.Redis) -> int:
    with redis.client() as client:
        return int(client.hlen("unacked"))


def all_is_sealed() -> bool:
    return not EvidenceItem.objects.awaiting_seal().exists()


def it_seals_what_is_filed(worker: services.Worker) -> bool:
    cast.file_a_complaint()
    services.wait_until(lambda: all_is_sealed() or not worker.is_alive(), "what was just filed is sealed")
    return worker.is_alive() and all_is_sealed()


def test_a_worker_goes_on_when_redis_is_stopped_while_it_works(
    redis: services.Redis, worker: services.Worker
) -> None:
    assert it_seals_what_is_filed(worker)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # sealing waits for it
        current_app.send_task("evidence.tasks.sign_checkpoint")
        cast.file_a_complaint()
        current_app.send_task("evidence.tasks.sweep")
        services.wait_until(lambda: messages_at_work(redis), "a task runs")
        redis.stop()
        time.sleep(1)  # the worker meets it
        redis.start()
    services.wait_until(lambda: all_is_sealed() or not worker.is_alive(), "the sealing that was under way is done")
    assert it_seals_what_is_filed(worker)


def test_a_worker_goes_on_when_redis_hangs_while_a_task_ends(
    redis: services.Redis, transactional_db: None
) -> None:
    worker = services.Worker(database_url())
    worker.start(at_once=1)
    try:
        assert it_seals_what_is_filed(worker)
        with ExitStack() as hanging:
            with transaction.atomic():
                LedgerHead.objects.select_for_update().get(pk=1)  # signing waits for it
                current_app.send_task("evidence.tasks.sign_checkpoint")
                services.wait_until(lambda: messages_at_work(redis), "the task runs")
                hanging.enter_context(redis.frozen())
            time.sleep(4)  # the task ends, and Redis does not hear of it
        assert it_seals_what_is_filed(worker)
    finally:
        worker.kill()


@pytest.mark.faults
def test_a_worker_goes_on_after_a_redis_that_hangs_for_long_and_then_has_lost_everything(
    redis: services.Redis, worker: services.Worker
) -> None:
    assert it_seals_what_is_filed(worker)
    with redis.frozen():
        time.sleep(40)  # longer than kombu waits for an answer
        cast.file_a_complaint()
    with redis.client() as client:
        client.flushall()
    for _ in range(3):
        redis.stop()
        time.sleep(2)
        redis.start()
    current_app.send_task("evidence.tasks.sweep")
    services.wait_until(all_is_sealed, "what was filed meanwhile is sealed")
    assert it_seals_what_is_filed(worker)


def test_a_worker_never_gives_up_waiting_for_redis(redis: services.Redis) -> None:
    tries = 0

    def started_again_after_150_tries(problem: Exception, seconds: float) -> None:
        nonlocal tries
        tries += 1
        if tries == 150:
            redis.start()

    redis.stop()
    with current_app.connection_for_read() as connection:
        at_most = current_app.conf.broker_connection_max_retries
        connection.ensure_connection(
            started_again_after_150_tries, at_most, interval_start=0, interval_step=0, interval_max=0
        )
        assert connection.connected


@pytest.fixture
def beat(redis: services.Redis, tmp_path: Path) -> Iterator[Path]:
    """A real beat that sends something each second. Gives its log."""
    log = tmp_path / "beat.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-m",
                    "celery",
                    "-A",
                    "portal",
                    "beat",
                    "--pidfile",
                    "",
                    "--loglevel",
                    "WARNING",
                ),
                *("--schedule", str(tmp_path / "schedule")),
            ],
            cwd=services.ROOT,
            env={**os.environ, "SWEEP_SECONDS": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    yield log
    process.send_signal(signal.SIGKILL)
    process.wait()


def waiting(redis: services.Redis) -> int:
    with redis.client() as client:
        return int(client.llen("evidence"))


def test_beat_goes_on_when_redis_is_back_and_says_in_two_lines_that_it_was_away(
    redis: services.Redis, beat: Path
) -> None:
    services.wait_until(lambda: waiting(redis), "beat sends")
    redis.stop()
    services.wait_until(lambda: "not sent since Redis went away" in beat.read_text(), "beat says so")
    time.sleep(3)  # more and more cannot be sent
    redis.start()
    services.wait_until(lambda: "Redis is back" in beat.read_text(), "beat says so")
    with redis.client() as client:
        client.flushall()
    services.wait_until(lambda: waiting(redis), "beat sends again")
    assert "Traceback" not in beat.read_text()
    assert beat.read_text().count("messages not sent") == 1


def test_a_worker_without_queues_named_serves_all_there_are() -> None:
    routes = current_app.conf.task_routes.values()
    assert set(current_app.amqp.queues.consume_from) == {route["queue"] for route in routes}


def test_a_worker_for_a_queue_that_nothing_uses_does_not_start() -> None:
    started = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "portal", "worker", "--queues", "evidnce"],
        cwd=services.ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert started.returncode != 0
    assert "evidnce" in started.stderr


def test_no_message_can_go_to_a_queue_that_nobody_serves(redis: services.Redis) -> None:
    with pytest.raises((OperationalError, KeyError)):
        current_app.send_task("evidence.tasks.sweep", queue="celery")
