"""Places of senders in this process. Each sender holds one of its threads, so the number of senders is limited."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

PER_OWNER = 8  # pieces that one draft sends at the same time; the portal's page sends few


class Places:
    """At most `most` at once, of which one network has at most half and one draft PER_OWNER."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def take(self, owner: str, network: str) -> Iterator[bool]:
        """Whether one more sender of this owner and this network has a place, until the block ends."""
        limits = {"": self.most, f"owner {owner}": PER_OWNER, f"network {network}": max(PER_OWNER, self.most // 2)}
        with self._lock:
            free = all(self._held[name] < most for name, most in limits.items())
            if free:
                self._held.update(limits.keys())
        try:
            yield free
        finally:
            if free:
                with self._lock:
                    self._held.subtract(limits.keys())
                    self._held += Counter()  # forgets those at 0


uploads = Places(settings.UPLOADS_AT_ONCE)
