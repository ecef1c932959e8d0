"""The scheduler of Celery beat. While Redis is away it says so in one line a minute."""

import logging
import time
from typing import Any

from celery.beat import PersistentScheduler, SchedulingError

log = logging.getLogger(__name__)
SAID_EVERY = 60  # seconds


class Scheduler(PersistentScheduler):
    said_at = 0.0  # by time.monotonic(); 0: the last message was sent
    not_sent = 0

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send one message. One that cannot be sent is dropped: the next comes when it is due again."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError as problem:
            self._count(problem)
        else:
            self._say_it_is_back()

    def _count(self, problem: SchedulingError) -> None:
        self.not_sent += 1
        if not self.said_at or time.monotonic() - self.said_at >= SAID_EVERY:
            self.said_at = time.monotonic()
            log.error("%s messages not sent since Redis went away: %s", self.not_sent, problem)

    def _say_it_is_back(self) -> None:
        if self.not_sent:
            log.warning("Redis is back; %s messages were not sent", self.not_sent)
        self.not_sent, self.said_at = 0, 0.0
