"""Removes the triggers that keep the ledger append-only for a moment.

For tests that act as somebody with access to the database, and for emptying it after a transactional test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.db import connection

MIGRATION = import_module("evidence.migrations.0001_initial")


@contextmanager
def triggers_lifted() -> Iterator[None]:
    with connection.schema_editor(atomic=False) as editor:
        MIGRATION.drop_triggers(None, editor)
    try:
        yield
    finally:
        with connection.schema_editor(atomic=False) as editor:
            MIGRATION.create_triggers(None, editor)
