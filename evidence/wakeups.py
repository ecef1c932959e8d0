"""Wake a task after commit. The row is the truth: a message that cannot be sent is found by a sweep."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def after_commit(task: "Task[Any, Any]", *args: str | int) -> None:
    """Send the task once the transaction is committed; a dead broker neither delays nor fails the caller."""

    def send() -> None:
        try:
            task.delay(*args)
        except OperationalError:
            log.warning("no message broker: %s waits for the sweep", task.name)

    transaction.on_commit(send, robust=True)
