"""The tests' own servers: what they stand on is real."""

import socket

import pytest
from django.db import DatabaseError, connection

from complaints.models import Team
from evidence.models import EvidenceItem, LedgerEntry

from .conftest import test_database_url as address_of_the_test_database
from .support import cast, services


def test_redis_is_real_and_can_be_stopped_and_started(redis: services.Redis) -> None:
    assert redis.answers()
    redis.stop()
    assert not redis.answers()
    redis.start()
    assert redis.answers()


def test_no_test_reaches_another_machine() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))


@pytest.mark.django_db
def test_a_second_process_is_told_the_test_database() -> None:
    assert str(connection.settings_dict["NAME"]) in address_of_the_test_database()
    assert Team.objects.count() == 0


def test_a_real_worker_seals_what_was_filed(worker: services.Worker, borrower: cast.Filed) -> None:
    item = borrower.case.exhibits.get().item
    services.wait_until(lambda: EvidenceItem.objects.get(pk=item.pk).state == "sealed", "the item is sealed")
    assert LedgerEntry.objects.filter(kind="evidence.sealed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_ledger_is_empty_again_after_a_transactional_test_and_still_append_only() -> None:
    assert LedgerEntry.objects.count() == 0
    cast.file_a_complaint()
    with pytest.raises(DatabaseError, match="append-only"):
        LedgerEntry.objects.all().delete()
