"""Says in one sentence when this machine has no semaphores: workers and the preview child need them."""

import multiprocessing
from typing import Any

SENTENCE = (
    "This machine gives processes no semaphores ({why}): workers cannot start. On Linux /dev/shm must be there and"
    " writable; in a container, mount a tmpfs on it."
)


def missing() -> str:
    """What is wrong, as a sentence; empty if nothing is."""
    try:
        multiprocessing.Lock()
    except (OSError, ImportError) as problem:
        return SENTENCE.format(why=problem)
    return ""


def or_leave(**_kwargs: Any) -> None:
    """Receiver of Celery's `worker_init`: end the worker with that sentence, not with a traceback."""
    if problem := missing():
        raise SystemExit(problem)
