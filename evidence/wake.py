"""Send a Celery task, by its name, after the transaction commits.

A message may be lost: the rows say what is to be done, and a periodic sweep finds rows that no task has handled.
"""

import logging
import time
from uuid import UUID

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

LAST = 9  # of the priorities of Redis in Celery, where 0 comes first
QUIET = 10  # seconds for which this process does not try a broker that failed


class Broker:
    """This process's memory of a message broker that failed."""

    quiet_until = 0.0  # by time.monotonic()


def after_commit(task: str, *args: str | int, priority: int = 0) -> None:
    """Send the task once the transaction commits. A broker that is down neither delays nor fails the caller.
    `priority` is between 0, first, and LAST."""

    def send() -> None:
        if time.monotonic() < Broker.quiet_until:
            return
        try:
            current_app.send_task(task, args=args, priority=priority)
        except OperationalError:
            Broker.quiet_until = time.monotonic() + QUIET
            log.warning("no message broker: %s waits for the sweep", task)

    transaction.on_commit(send, robust=True)


def seal_and_examine(thread: str) -> None:
    """Have the items that were just admitted to a thread sealed, scanned and copied for viewing."""
    after_commit("evidence.tasks.seal_thread", thread)
    if settings.CLAMD_URL:
        after_commit("evidence.tasks.scan_thread", thread)
    after_commit("evidence.tasks.examine_thread", thread)


def examine_early(item_id: UUID) -> None:
    """Have a file that is not filed yet copied for viewing. It takes its turn with all others."""
    after_commit("evidence.tasks.examine_early", str(item_id))


def examine(item_id: UUID) -> None:
    """Have one item scanned and copied for viewing."""
    after_commit("evidence.tasks.examine_item", str(item_id))


def ask_witnesses() -> None:
    """Have witnesses asked to cosign the checkpoint that was just signed."""
    after_commit("evidence.tasks.ask_witnesses")


def examine_rest() -> None:
    """Have the copies made of what waits for them."""
    after_commit("evidence.tasks.examine_rest")


def scan_rest() -> None:
    """Have scanned what waits for the scanner."""
    after_commit("evidence.tasks.scan_rest")
