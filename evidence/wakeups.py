"""Wake a task after commit. The row is the truth: a message that cannot be sent is found by a sweep."""

import logging
import time
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


QUIET = 10  # seconds in which a broker that failed is not tried again


class Broker:
    """What this process knows of it."""

    quiet_until = 0.0  # time.monotonic()


def after_commit(task: "Task[Any, Any]", *args: str | int) -> None:
    """Send the task once the transaction is committed; a dead broker neither delays nor fails the caller."""

    def send() -> None:
        if time.monotonic() < Broker.quiet_until:
            return
        try:
            task.delay(*args)
        except OperationalError:
            Broker.quiet_until = time.monotonic() + QUIET
            log.warning("no message broker: %s waits for the sweep", task.name)

    transaction.on_commit(send, robust=True)
