"""The pool of PostgreSQL connections that all threads of one web process share."""

from typing import Any

from django.conf import settings
from django.db import connections

WAIT = 5  # seconds for which a request waits for a free connection
# Short: a pool that went on trying would wait longer and longer, also after PostgreSQL is back.
TRY_TO_CONNECT = 2  # seconds
UNUSED = 60  # seconds after which an unused connection is closed
OTHERS = 12  # connections that workers, commands and backups need at the same time


def share() -> None:
    """Have this process share at most DATABASE_POOL connections. Called before the first query.

    Only in web processes: workers and commands use one connection each.
    """
    database = connections.settings["default"]
    if is_postgres(database):
        database["CONN_MAX_AGE"] = 0  # given back when a request ends
        database["OPTIONS"]["pool"] = {
            "min_size": 1,
            "max_size": settings.DATABASE_POOL,
            "timeout": WAIT,
            "reconnect_timeout": TRY_TO_CONNECT,
            "max_idle": UNUSED,
        }


def is_postgres(database: dict[str, Any]) -> bool:
    return str(database["ENGINE"]).endswith("postgresql")


def needed() -> int:
    """How many connections all web processes, workers, commands and backups may hold at the same time."""
    return settings.WEB_PROCESSES * settings.DATABASE_POOL + OTHERS


def available() -> int:
    """How many connections PostgreSQL gives to this role. Raises DatabaseError."""
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT least("
            " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
            " - coalesce(current_setting('reserved_connections', true), '0')::int,"
            " CASE rolconnlimit WHEN -1 THEN 1000000 ELSE rolconnlimit END)"
            " FROM pg_roles WHERE rolname = current_user"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
