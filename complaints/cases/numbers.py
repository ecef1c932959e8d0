"""The numbers of cases after an older backup was put back."""

from datetime import datetime

from django.db import connection

from complaints.models import Case
from evidence.ledger import kinds
from evidence.models import LedgerEntry


def leave_out(*, lost: int, **_kwargs: object) -> None:
    """Give none of the next `lost` numbers to a case: people may hold receipts with them.

    Receiver of `checkpoints.accepted`. Each lost case had entries of its own, so no more cases than entries were
    lost.
    """
    table = Case._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s)", [lost])
            return
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
            [table, table],
        )
        cursor.execute("UPDATE sqlite_sequence SET seq = seq + %s WHERE name = %s", [lost, table])


def put_back_on() -> datetime | None:
    """When an older copy of the records was last accepted; None if never."""
    entry = LedgerEntry.objects.filter(kind=kinds.LEDGER_RESTORED).order_by("-index").first()
    return entry.at if entry else None
