"""Makes what many tests begin with once, and puts it back as database rows afterwards, thirty times as fast.

`kept(name, make)` returns what `make()` returns. The first time, it notes which rows `make` added. Later, if the
database is in the same state as before that call, it inserts those rows. In any other state it calls `make` again:
after something else was filed, with other settings, and in a test that commits.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar, cast

from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.db import connection
from django.utils import timezone

from evidence.models import ItemKey, LedgerHead
from evidence.storage import vault
from evidence.storage.places import Folder

Made = TypeVar("Made")
Row = tuple[Any, ...]
State = tuple[str, bytes]  # the name, and the peaks of the ledger before
FRESH = 60  # seconds, since rows have times that should be recent
STAFF = {
    "complaints_staffmember",
    "complaints_team",
    "complaints_staffmember_teams",
}  # filing reads none
NOW = timezone.now  # to notice a test that has replaced the clock


@dataclass(frozen=True)
class Table:
    """The rows added to a table or changed in it."""

    name: str
    columns: tuple[str, ...]
    added: list[Row]
    changed: list[Row]  # whose first column is the key

    def put_back(self) -> None:
        quoted = ", ".join(map(connection.ops.quote_name, self.columns))
        places = ", ".join(["%s"] * len(self.columns))
        changes = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in self.columns)
        with connection.cursor() as cursor:
            if self.added:
                cursor.executemany(f"INSERT INTO {self.name} ({quoted}) VALUES ({places})", self.added)
            for row in self.changed:
                key = connection.ops.quote_name(self.columns[0])
                cursor.execute(f"UPDATE {self.name} SET {changes} WHERE {key} = %s", [*row, row[0]])


@dataclass(frozen=True)
class Kept:
    made: Any
    at: float  # when it was made, by monotonic()
    day: Any
    before: dict[str, int]  # table -> number of rows before
    tables: list[Table]
    files: dict[Path, bytes]
    after: bytes  # the peaks of the ledger after

    def fits(self) -> bool:
        """Whether it is recent and the database is as it was before."""
        if monotonic() - self.at > FRESH or self.day != timezone.localdate():
            return False
        may_differ = STAFF - {table.name for table in self.tables}
        return all(count == self.before[name] or name in may_differ for name, count in _counts().items())

    def put_back(self) -> Any:
        for table in self.tables:
            table.put_back()
        for path, content in self.files.items():
            _store_again(path, content)
        return copy.deepcopy(self.made)


def _store_again(path: Path, content: bytes) -> None:
    """Write a stored file again, because an earlier test may have changed it."""
    if path.is_file() and path.read_bytes() == content:
        return
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_bytes(content)


KEPT: dict[State, Kept] = {}


def kept(name: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, with its rows in the database.

    The result of `make` must depend on nothing but the name and rows made by `kept` before.
    """
    if not _may_be_kept():
        return make()
    state = (name, _peaks())
    there = KEPT.get(state)
    if there and there.fits():
        return cast(Made, there.put_back())
    if state[1] and state[1] not in {one.after for one in KEPT.values()}:
        return make()
    KEPT[state] = _noted(make)
    return cast(Made, copy.deepcopy(KEPT[state].made))


def _may_be_kept() -> bool:
    as_usual = not isinstance(vars(settings)["_wrapped"], UserSettingsHolder) and timezone.now is NOW
    return as_usual and connection.in_atomic_block


def _noted(make: Callable[[], Any]) -> Kept:
    counts, before = _counts(), _everything()
    made = make()
    tables = [table for name, rows in _everything().items() if (table := _change(name, before[name], rows))]
    return Kept(
        made=copy.deepcopy(made),
        at=monotonic(),
        day=timezone.localdate(),
        before=counts,
        tables=tables,
        files=_files(tables),
        after=_peaks(),
    )


def _change(name: str, before: dict[Any, Row], after: dict[Any, Row]) -> Table | None:
    assert before.keys() <= after.keys(), f"rows of {name} were deleted: that cannot be put back"
    added = [row for key, row in after.items() if key not in before]
    changed = [row for key, row in after.items() if key in before and row != before[key]]
    return Table(name, _tables()[name], added, changed) if added or changed else None


def _peaks() -> bytes:
    return b"".join(bytes(peaks) for peaks in LedgerHead.objects.values_list("peaks", flat=True))


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    """Every table of a model with its columns, the key first."""
    return {
        model._meta.db_table: tuple(
            str(field.column) for field in sorted(model._meta.concrete_fields, key=lambda one: not one.primary_key)
        )
        for model in apps.get_models(include_auto_created=True)
    }


def _everything() -> dict[str, dict[Any, Row]]:
    """Table -> key -> row, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for name, columns in _tables().items():
            cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {name}")
            found[name] = {row[0]: tuple(map(_as_stored, row)) for row in cursor.fetchall()}
    return found


def _as_stored(value: Any) -> Any:
    """The value as the database takes it. SQLite stores times as text, and returns datetimes."""
    return str(value) if connection.vendor == "sqlite" and isinstance(value, date | time) else value


def _counts() -> dict[str, int]:
    """Table -> number of rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'(SELECT COUNT(*) FROM {name})' for name in _tables())}")
        return dict(zip(_tables(), cursor.fetchone() or (), strict=True))


def _files(tables: list[Table]) -> dict[Path, bytes]:
    """The stored files that belong to the rows."""
    place = vault.place()
    assert isinstance(place, Folder)
    rows = [row for table in tables if table.name == ItemKey._meta.db_table for row in table.added]
    keys = [ItemKey._meta.pk.to_python(row[0]) for row in rows]
    paths = [place.root / vault._name(key) for key in keys]
    return {path: path.read_bytes() for path in paths}
