"""Log lines about another server that is away, and about strangers' host names: one line each, no traceback."""

import logging
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import ConnectionError, TimeoutError

NEED_NO_TRACEBACK = (OperationalError, InterfaceError, BrokerError, ConnectionError, TimeoutError, DisallowedHost)


class OneLine(logging.Filter):
    """Replaces the traceback of such an exception by its first line. Keeps every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        problem = record.exc_info[1] if record.exc_info else None
        if isinstance(problem, NEED_NO_TRACEBACK):
            first, *_ = str(problem).splitlines() or [""]
            record.msg, record.args = f"{record.getMessage()} ({type(problem).__name__}: {first})", ()
            record.exc_info = record.exc_text = None
        return True


def in_celery(logger: logging.Logger, **_kwargs: Any) -> None:
    """Receiver of after_setup_logger: Celery makes handlers of its own."""
    for handler in logger.handlers:
        handler.addFilter(OneLine())
