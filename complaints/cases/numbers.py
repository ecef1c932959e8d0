"""The numbers of cases after an older backup was put back."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

from complaints.models import Case
from evidence.ledger import kinds
from evidence.models import LedgerEntry


def leave_out(*, lost: int, **_kwargs: object) -> None:
    """Give none of the next `lost` numbers to a case: people may hold receipts with them.

    Receiver of `checkpoints.accepted`. Each lost case had entries of its own, so no more cases than entries were
    lost. Where numbers were left out before, the data folder has the last of them: the same backup may be put back
    twice.
    """
    last = _leave_out(lost, after=_left_out_before())
    _path().write_text(f"{last}\n")


def _path() -> Path:
    path: Path = settings.DATA_DIR / "numbers-left-out"
    return path


def _left_out_before() -> int:
    with suppress(FileNotFoundError, ValueError):
        return int(_path().read_text())
    return 0


def _leave_out(lost: int, after: int) -> int:
    """Leave out `lost` numbers behind all that were given, and behind `after`. Returns the last of them."""
    table = Case._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            cursor.execute(f"SELECT setval({sequence}, greatest(nextval({sequence}), %s) + %s)", [after, lost])
            return int(cursor.fetchone()[0])
        cursor.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT %s, 0 WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
            [table, table],
        )
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = max(seq, %s) + %s WHERE name = %s RETURNING seq",
            [after, lost, table],
        )
        return int(cursor.fetchone()[0])


def put_back_on() -> datetime | None:
    """When an older copy of the records was last accepted; None if never."""
    entry = LedgerEntry.objects.filter(kind=kinds.LEDGER_RESTORED).order_by("-index").first()
    return entry.at if entry else None
