"""A body that comes too slowly ends; one that comes at an ordinary speed is not changed."""

import io

from portal import pace
from portal.pace import PacedBody


class Sender:
    """Sends one byte each so many seconds. Its own clock goes on by that."""

    def __init__(self, content: bytes, seconds: float, quick: int = 0) -> None:
        self._content, self._seconds, self._quick = io.BytesIO(content), seconds, quick
        self.now = 1000.0
        self.most_at_once = 0

    def read(self, size: int) -> bytes:
        """As the web server's: it comes back only when all of it is there."""
        self.most_at_once = max(self.most_at_once, size)
        found = self._content.read(size)
        slow = max(0, self._content.tell() - self._quick) - max(0, self._content.tell() - len(found) - self._quick)
        self.now += self._seconds * slow
        return found

    def clock(self) -> float:
        return self.now


def test_what_comes_fast_comes_as_it_is() -> None:
    content = bytes(range(256)) * 1000
    assert PacedBody(io.BytesIO(content)).read() == content
    body = PacedBody(io.BytesIO(content))
    assert b"".join(iter(lambda: body.read(70_000), b"")) == content
    assert b"".join(PacedBody(io.BytesIO(content))) == content


def test_a_byte_each_ten_seconds_ends_soon() -> None:
    sender = Sender(bytes(1_000_000), seconds=10)
    body = PacedBody(sender, sender.clock)
    assert len(body.read(262_144)) == 4
    assert body.read(262_144) == b""
    assert sender.now - 1000 <= pace.GRACE + 10


def test_a_fast_beginning_does_not_help_for_long() -> None:
    sender = Sender(bytes(1_000_000), seconds=10, quick=20_000)
    body = PacedBody(sender, sender.clock)
    while body.read(262_144):
        pass
    assert sender.most_at_once <= pace.STEP
    assert sender.now - 1000 <= 10 * pace.STEP + pace.GRACE + 20


def test_a_slow_telephone_is_fast_enough() -> None:
    content = bytes(200_000)
    sender = Sender(content, seconds=1 / 2000)
    assert PacedBody(sender, sender.clock).read(200_000) == content
    assert sender.now - 1000 > pace.GRACE
