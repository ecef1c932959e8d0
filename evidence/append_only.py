"""Triggers by which the database itself refuses to change or remove what the ledger keeps."""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("evidence_ledgerentry", "evidence_ledgernode", "evidence_checkpoint")


def create_triggers(connection: BaseDatabaseWrapper) -> None:
    """Refuse UPDATE and DELETE (and TRUNCATE on PostgreSQL) on the append-only tables."""
    make = {"sqlite": _create_on_sqlite, "postgresql": _create_on_postgresql}[connection.vendor]
    with connection.cursor() as cursor:
        for statement in make():
            cursor.execute(statement)


def drop_triggers(connection: BaseDatabaseWrapper) -> None:
    """Lift the triggers: for tests, which empty the tables, and for reversing the migration."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for operation in ("update", "delete", "truncate"):
                on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{operation}{on_table}")


def _create_on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{operation} BEFORE {operation} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for table in TABLES
        for operation in ("update", "delete")
    ]


def _create_on_postgresql() -> list[str]:
    refuse = (
        "CREATE OR REPLACE FUNCTION evidence_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$"
    )
    return [refuse] + [
        f"CREATE OR REPLACE TRIGGER {table}_no_{operation} BEFORE {operation} ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION evidence_refuse()"
        for table in TABLES
        for operation in ("update", "delete", "truncate")
    ]
