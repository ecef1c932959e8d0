"""After commit: a message when there is a broker, no failure and no delay when there is none."""

import time

import pytest
from django.db import transaction

from complaints import filing
from evidence import wakeups
from evidence.models import EvidenceItem
from evidence.tasks import seal_item, sweep
from tests import cast, services


def test_with_the_broker_stopped_filing_succeeds_at_once_and_the_sweep_catches_up(
    redis: services.Redis, transactional_db: None
) -> None:
    draft, code = cast.a_draft()
    redis.stop()
    began = time.monotonic()
    case = filing.file(draft, code)
    took = time.monotonic() - began
    redis.start()
    assert took < 2
    assert EvidenceItem.objects.awaiting_seal().count() == 1
    sweep()
    assert case.exhibits.get().item.state == "sealed"


def test_a_rolled_back_transaction_wakes_nobody(redis: services.Redis, transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wakeups.after_commit(seal_item, "00000000-0000-0000-0000-000000000000")
        _ = 1 / 0
    with redis.client() as client:
        assert client.llen("evidence") == 0


def test_a_committed_one_leaves_a_message(redis: services.Redis, transactional_db: None) -> None:
    with transaction.atomic():
        wakeups.after_commit(seal_item, "00000000-0000-0000-0000-000000000000")
    with redis.client() as client:
        assert client.llen("evidence") == 1
