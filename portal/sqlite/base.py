"""Django's SQLite backend, with a queue for the write transactions of one process.

SQLite allows one writer at a time. Others try again after longer and longer pauses, so that an unlucky one is
overtaken again and again. Here the threads of a process are served in their order. Only between processes does
SQLite's own waiting remain.
"""

import threading
from collections import deque
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError


class Turns:
    """A lock whose waiters get it in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Wait for the turn, at most `seconds`. Returns whether it came."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            gate = threading.Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=seconds):
            return True
        with self._guard:
            if gate not in self._waiting:
                return True  # it came after the timeout and before the guard was acquired
            self._waiting.remove(gate)
            return False

    def give(self) -> None:
        """Pass the turn to the next waiter."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class DatabaseWrapper(base.DatabaseWrapper):
    turns: dict[str, Turns] = {}  # database file -> its queue

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._turn: Turns | None = None

    def _start_transaction_under_autocommit(self) -> None:
        turn = self.turns.setdefault(str(self.settings_dict["NAME"]), Turns())
        seconds = self.settings_dict["OPTIONS"].get("timeout", 5)
        if self._turn is None:
            if not turn.take(seconds):
                raise OperationalError("database is locked: no turn to write came in time")
            self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._done()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._done()

    def _done(self) -> None:
        turn, self._turn = self._turn, None
        if turn:
            turn.give()
