"""Runs two functions in the same instant, each on a database connection of its own."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(*doing: Callable[[], Result]) -> list[Result]:
    """The results of the functions; raises the first one's exception. Needs `django_db(transaction=True)`."""
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
    """The function with a pause before it, in which another thread gets as far unless a lock holds it back."""

    def wait_and_do(*arguments: Any, **named: Any) -> Any:
        time.sleep(0.3)
        return function(*arguments, **named)

    return wait_and_do


def fails(*_arguments: Any, **_named: Any) -> Any:
    """Replaces a second step, to test that the first one is undone."""
    raise OSError("it fails")
