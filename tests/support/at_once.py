"""Two who do something in the same instant, each on a connection of their own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(*doing: Callable[[], Result]) -> list[Result]:
    """What each of them gives, or the first one's exception. For tests with `django_db(transaction=True)`."""
    start = Barrier(len(doing))

    def run(do: Callable[[], Result]) -> Result:
        start.wait(timeout=30)
        try:
            return do()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doing)) as pool:
        return [future.result() for future in [pool.submit(run, do) for do in doing]]


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after a moment in which the other one comes as far, unless something holds it back."""

    def wait_and_do(*arguments: Any, **named: Any) -> Any:
        time.sleep(0.3)
        return function(*arguments, **named)

    return wait_and_do


def fails(*_arguments: Any, **_named: Any) -> Any:
    """Put in the place of a second step, so that the first must not stay."""
    raise OSError("it fails")
