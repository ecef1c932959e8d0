"""Which queues a worker serves: beat sends a message to each queue every minute, and its worker notes the time."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from .models import Pulse

SILENT_AFTER = timedelta(minutes=10)  # a long recording keeps the worker of the queue `previews` busy for minutes


def note(queue: str) -> None:
    Pulse.objects.update_or_create(queue=queue, defaults={"at": timezone.now()})


def states() -> dict[str, str]:
    """`ok`, `silent`, or `never seen`, for each queue."""
    seen = dict(Pulse.objects.values_list("queue", "at"))
    return {queue: _state(seen.get(queue)) for queue in settings.QUEUES}


def _state(at: datetime | None) -> str:
    if at is None:
        return "never seen"
    return "silent" if abs(timezone.now() - at) > SILENT_AFTER else "ok"  # a clock may have been set back


def silent() -> list[str]:
    """The queues that a worker served before, and none serves now."""
    return [queue for queue, state in states().items() if state == "silent"]
