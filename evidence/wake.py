"""Wake a task after commit, by its name. The row is the truth: a sweep finds what no message reached."""

import logging
import time
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


QUIET = 10  # seconds in which a broker that failed is not tried again


class Broker:
    """What this process knows of it."""

    quiet_until = 0.0  # time.monotonic()


def after_commit(task: str, *args: str | int) -> None:
    """Send the task of this name once the transaction is committed; a dead broker neither delays nor fails the
    caller."""

    def send() -> None:
        if time.monotonic() < Broker.quiet_until:
            return
        try:
            current_app.send_task(task, args=args)
        except OperationalError:
            Broker.quiet_until = time.monotonic() + QUIET
            log.warning("no message broker: %s waits for the sweep", task)

    transaction.on_commit(send, robust=True)


def seal_and_examine(thread: str) -> None:
    """What was just admitted to a thread is sealed, scanned, and copied for viewing."""
    after_commit("evidence.tasks.seal_thread", thread)
    after_commit("evidence.tasks.examine_thread", thread)


def examine(item_id: UUID) -> None:
    """Scan one item and make its copies for viewing."""
    after_commit("evidence.tasks.examine_item", str(item_id))
