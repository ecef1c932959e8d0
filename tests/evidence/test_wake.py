"""After commit: a message when there is a broker, no failure and no delay when there is none."""

import signal
import time

import pytest
from django.db import transaction

from complaints.filing import filing
from evidence import wake
from evidence.models import EvidenceItem
from evidence.tasks import sweep
from tests.support import cast, services


@pytest.fixture(autouse=True)
def a_broker_not_known_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake.Broker, "quiet_until", 0.0)


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


def test_a_broker_that_hangs_costs_the_borrower_a_second_or_two(
    redis: services.Redis, transactional_db: None
) -> None:
    draft, code = cast.a_draft(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(5)])
    assert redis.process
    redis.process.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        filing.file(draft, code)
        took = time.monotonic() - began
    finally:
        redis.process.send_signal(signal.SIGCONT)
    assert took < 4


def test_a_rolled_back_transaction_wakes_nobody(redis: services.Redis, transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wake.after_commit("evidence.tasks.seal_thread", "case:nobody")
        _ = 1 / 0
    with redis.client() as client:
        assert client.llen("evidence") == 0


def test_a_committed_one_leaves_a_message(redis: services.Redis, transactional_db: None) -> None:
    with transaction.atomic():
        wake.after_commit("evidence.tasks.seal_thread", "case:nobody")
    with redis.client() as client:
        assert client.llen("evidence") == 1
