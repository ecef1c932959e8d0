"""All processes count together: in Redis while it answers, else in the database; no outage is an error."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evidence import counting, tasks
from evidence.models import Counter

from ..support.at_once import at_once
from ..support.services import ROOT, Redis

ELSEWHERE = "import django; django.setup(); from evidence import counting; print(counting.count('calls', 60))"


@pytest.fixture
def redis_that_stopped(redis: Redis) -> Iterator[Redis]:
    counting.count("calls", 60)  # leaves an open connection
    redis.stop()
    yield redis
    redis.start()


def test_another_process_goes_on_counting(redis: Redis) -> None:
    assert [counting.count("calls", 60) for _ in range(3)] == [1, 2, 3]
    other = subprocess.run([sys.executable, "-c", ELSEWHERE], cwd=ROOT, capture_output=True, text=True, check=True)
    assert other.stdout.strip() == "4"
    assert counting.count("calls", 60) == 5


def test_redis_forgets_a_counter_after_its_time(redis: Redis) -> None:
    counting.count("calls", 60)
    with redis.client() as client:
        assert 0 < client.ttl("holdfast:count:calls") <= 60


def test_a_counter_without_an_end_gets_one(redis: Redis) -> None:
    with redis.client() as client:
        client.set("holdfast:count:calls", 41)
        assert counting.count("calls", 60) == 42
        assert client.ttl("holdfast:count:calls") > 0


@pytest.mark.django_db
def test_the_database_counts_while_redis_is_away(redis_that_stopped: Redis) -> None:
    assert [counting.count("calls", 60) for _ in range(2)] == [1, 2]


@pytest.mark.django_db
def test_a_redis_that_hangs_is_asked_once_and_not_again_at_once(redis: Redis) -> None:
    with redis.frozen():
        assert [counting.count("calls", 60) for _ in range(3)] == [1, 2, 3]
    assert Counter.objects.get().count == 3


@pytest.mark.django_db
def test_a_redis_that_refuses_to_write_is_no_error(redis: Redis) -> None:
    with redis.client() as client:
        client.lpush("holdfast:count:calls", "no number")
    assert counting.count("calls", 60) == 1


@pytest.mark.django_db
def test_an_address_that_redis_py_cannot_read_is_no_error(redis: Redis, settings: Any) -> None:
    settings.REDIS_CLIENT_URL = "sentinel://127.0.0.1:26379"
    assert counting.count("calls", 60) == 1


def test_many_at_once_are_all_counted(transactional_db: None) -> None:
    counted = at_once(*[lambda: counting.count("calls", 60)] * 8)
    assert sorted(counted) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.django_db
def test_what_is_over_is_counted_anew_and_cleared_away() -> None:
    counting.count("calls", 60)
    Counter.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert counting.count("calls", 60) == 1
    Counter.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    tasks.clear_away()
    assert not Counter.objects.exists()
