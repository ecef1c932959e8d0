"""Database connections are few and threads are many: none is kept while its thread waits for a slow network."""

from django.db import connection


def give_back() -> None:
    """Return this thread's connection to the pool. The next query takes one again.

    Called before a thread waits for a sender's next bytes, or for a reader to take some. Does nothing without a
    pool, and inside a transaction.
    """
    if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
        connection.close()
