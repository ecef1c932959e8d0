"""`manage.py demo`: add invented staff and complaints to an empty demo portal. Can be repeated."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from evidence.management.plain import Plain
from portal.demo import office


class Command(Plain):
    help = "Makes demo staff and six demo cases where there are none (needs HOLDFAST_DEMO=1)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo's staff have known passwords. Set HOLDFAST_DEMO=1 if you want them here.")
        office.open_office()
        with without_the_broker():
            for case, code in office.file_complaints():
                self.stdout.write(f"{case.reference}  access code {code}")


@contextmanager
def without_the_broker() -> Iterator[None]:
    """Do not log that messages cannot be sent: the demo seals and routes its cases itself, often without Redis."""
    log = logging.getLogger("evidence.wake")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(level)
