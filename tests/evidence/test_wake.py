"""After commit: a message when there is a broker, no failure and no delay when there is none."""

from typing import Any

import pytest
from celery import current_app
from django.db import transaction

from complaints.filing import filing
from evidence import wake
from evidence.models import EvidenceItem
from evidence.tasks import sweep
from tests.support import cast, services


@pytest.fixture(autouse=True)
def a_broker_not_known_to_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake.Broker, "quiet_until", 0.0)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tasks for which the broker was asked."""
    asked: list[str] = []
    send = current_app.send_task

    def send_and_note(task: str, **more: Any) -> Any:
        asked.append(task)
        return send(task, **more)

    monkeypatch.setattr(current_app, "send_task", send_and_note)
    return asked


def test_with_the_broker_stopped_filing_succeeds_and_the_sweep_catches_up(
    redis: services.Redis, transactional_db: None, tried: list[str]
) -> None:
    draft, code = cast.a_draft()
    tried.clear()
    redis.stop()
    case = filing.file(draft, code)
    redis.start()
    assert len(tried) == 1
    assert EvidenceItem.objects.awaiting_seal().count() == 1
    sweep()
    assert case.exhibits.get().item.state == "sealed"


def test_a_broker_that_hangs_is_tried_once_for_all_that_was_filed(
    redis: services.Redis, transactional_db: None, tried: list[str]
) -> None:
    draft, code = cast.a_draft(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(5)])
    tried.clear()
    with redis.frozen():
        filing.file(draft, code)
    assert len(tried) == 1


def test_a_rolled_back_transaction_wakes_nobody(redis: services.Redis, transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        wake.after_commit("evidence.tasks.seal_thread", "case:nobody")
        _ = 1 / 0
    with redis.client() as client:
        assert client.llen("evidence") == 0


def test_a_committed_transaction_leaves_a_message(redis: services.Redis, transactional_db: None) -> None:
    with transaction.atomic():
        wake.after_commit("evidence.tasks.seal_thread", "case:nobody")
    with redis.client() as client:
        assert client.llen("evidence") == 1
