"""What filing and /readyz cost while the message broker is down, and while it hangs."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.test import RequestFactory
from redis import Redis, RedisError

from complaints.drafts import drafts
from complaints.filing import filing
from evidence.wake import Broker
from portal import views
from portal.run import broker

from .serving import ANSWERS, wait_for
from .table import Row, at_most, timed


def rows() -> Iterator[Row]:
    yield filing_takes("while it is down", 2)
    yield at_most("broker: /readyz while it is down", timed(readyz), "s", 2)
    with frozen():
        yield filing_takes("while it hangs", 4)
        yield at_most("broker: /readyz while it hangs", timed(readyz), "s", 2)


def filing_takes(when: str, most: float) -> Row:
    Broker.quiet_until = 0.0  # it has not failed yet
    draft, code = drafts.begin("en")
    for step, answers in ANSWERS.items():
        drafts.save(draft, step, answers)
    return at_most(f"broker: filing {when}", timed(lambda: filing.file(draft, code)), "s", most)


def readyz() -> None:
    if json.loads(views.readyz(RequestFactory().get("/readyz")).content)["broker"] != "down":
        raise RuntimeError("the broker was not found to be down")


@contextmanager
def frozen() -> Iterator[None]:
    """A Redis, at the address in the settings, that accepts connections and never answers."""
    command = broker.command(settings.DATA_DIR, settings.REDIS_SOCKET)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_for(answers)
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.kill()


def answers() -> bool:
    try:
        return bool(Redis(unix_socket_path=settings.REDIS_SOCKET).ping())
    except RedisError:
        return False
