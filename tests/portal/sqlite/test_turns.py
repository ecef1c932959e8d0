"""Writers of a process queue for SQLite; each is served in turn, and nobody keeps the turn."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction

from complaints.models import Team
from portal.sqlite.base import DatabaseWrapper, Turns
from tests.support.services import wait_until

pytestmark = pytest.mark.sqlite_only


def waiting(turns: Turns) -> int:
    return len(turns._waiting)


def test_the_turn_goes_round_in_the_order_of_coming() -> None:
    turns, served = Turns(), list[int]()
    assert turns.take(0)
    crowd = [threading.Thread(target=_be_served, args=(turns, served, number)) for number in range(8)]
    for number, somebody in enumerate(crowd):
        somebody.start()
        wait_until(lambda: waiting(turns) == number + 1, "it queues")  # noqa: B023
    turns.give()
    for somebody in crowd:
        somebody.join(10)
    assert served == list(range(8))


@pytest.mark.django_db
def test_what_is_sorted_is_not_written_outside_the_data_folder() -> None:
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA temp_store").fetchone() == (2,)  # in memory


def _be_served(turns: Turns, served: list[int], number: int) -> None:
    assert turns.take(10)
    served.append(number)
    turns.give()


def test_who_waits_too_long_leaves_the_queue_and_holds_up_nobody() -> None:
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    assert waiting(turns) == 0
    turns.give()
    assert turns.take(0)


def test_a_free_turn_costs_no_wait() -> None:
    turns = Turns()
    for _ in range(3):
        assert turns.take(0)
        turns.give()


def is_free() -> bool:
    turns = DatabaseWrapper.turns[str(connection.settings_dict["NAME"])]
    return not turns._taken


def raises() -> None:
    with transaction.atomic():
        Team.objects.create(name="never")
        raise ValueError


def closes() -> None:
    with transaction.atomic():
        Team.objects.create(name="never")
        connection.close()


def rolls_back_inside() -> None:
    with transaction.atomic():
        try:
            raises()
        except ValueError:
            Team.objects.create(name="kept")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("work", [raises, closes, rolls_back_inside])
def test_however_a_transaction_ends_the_turn_is_given_on(work: Callable[[], None]) -> None:
    with suppress(ValueError):
        work()
    assert is_free()
    assert not Team.objects.filter(name="never").exists()
    with transaction.atomic():
        assert not is_free()
    assert is_free()


@pytest.mark.django_db(transaction=True)
def test_many_who_write_at_once_are_all_served() -> None:
    def write(number: int) -> None:
        try:
            for _ in range(5):
                with transaction.atomic():
                    Team.objects.create(name=f"{number} {time.perf_counter_ns()}")
        finally:
            connection.close()

    crowd = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for somebody in crowd:
        somebody.start()
    for somebody in crowd:
        somebody.join(60)
    assert Team.objects.count() == 60


@pytest.mark.django_db(transaction=True)
def test_a_turn_that_never_comes_is_said_as_sqlite_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    connection.ensure_connection()
    turns = DatabaseWrapper.turns.setdefault(str(connection.settings_dict["NAME"]), Turns())
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.05)
    assert turns.take(0)
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass
    turns.give()
    with transaction.atomic():
        Team.objects.create(name="after all")
