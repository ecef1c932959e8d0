"""Celery tasks of the whole portal."""

from celery import shared_task

from evidence import pulses

from . import watch


@shared_task
def pulse(queue: str) -> None:
    """Note that a worker serves this queue."""
    pulses.note(queue)


@shared_task
def look_after_the_portal() -> None:
    watch.look()
