"""The triggers that keep the ledger append-only, lifted for a moment: for tests that act as somebody who holds the
database, and for the flush after a transactional test."""

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
