"""What the logs say of a server that is away, of strangers' host names, and of real faults."""

import io
import logging

import pytest
from django.core.exceptions import DisallowedHost
from django.db import OperationalError
from redis.exceptions import ConnectionError

from portal.outages.log_lines import OneLine


def logged(problem: Exception) -> str:
    """What a handler writes of a request that failed so."""
    handler = logging.StreamHandler(out := io.StringIO())
    handler.addFilter(OneLine())
    logger = logging.Logger("a logger")
    logger.addHandler(handler)
    try:
        raise problem
    except type(problem):
        logger.exception("Internal Server Error: %s", "/")
    return out.getvalue()


@pytest.mark.parametrize("problem", [OperationalError, ConnectionError, DisallowedHost])
def test_a_server_that_is_away_is_one_line(problem: type[Exception]) -> None:
    said = logged(problem("cannot connect\nIs it running?"))
    assert said == f"Internal Server Error: / ({problem.__name__}: cannot connect)\n"


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    assert "Traceback" in logged(ZeroDivisionError("division by zero"))
