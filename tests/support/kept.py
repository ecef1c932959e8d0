"""What many tests begin with is filed once a session and then put back as rows, in a thirtieth of the time.

`kept(name, make)` gives what `make()` gives. The first time it notes which rows `make` added. When it is asked
again where the database is as it was then, it adds those rows again. Anywhere else it calls `make` anew: after
something else was filed, with other settings, and in a test that commits.
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
State = tuple[str, bytes]  # what was made, and the peaks of the ledger before
FRESH = 60  # seconds: what was filed "just now" stays so
STAFF = {"complaints_staffmember", "complaints_team", "complaints_staffmember_teams"}  # filing asks for none
NOW = timezone.now  # a test may have stopped the clock


@dataclass(frozen=True)
class Table:
    """What was added to a table, or changed in it."""

    name: str
    columns: tuple[str, ...]
    added: list[Row]
    changed: list[Row]  # the first column is the key

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
    at: float  # monotonic()
    day: Any
    before: dict[str, int]  # how many rows each table had
    tables: list[Table]
    files: dict[Path, bytes]
    after: bytes  # the ledger's peaks

    def fits(self) -> bool:
        """Whether it is still fresh, and the database as it was before."""
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
    """Whatever an earlier test did to the stored file."""
    if path.is_file() and path.read_bytes() == content:
        return
    if path.is_dir():
        path.rmdir()
    path.unlink(missing_ok=True)
    path.write_bytes(content)


KEPT: dict[State, Kept] = {}


def kept(name: str, make: Callable[[], Made]) -> Made:
    """What `make` gives, on the rows it makes. Only a call whose outcome hangs on nothing but the kept rows
    before it may be kept."""
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
    """The rows of all tables by their keys, as the database has them."""
    found = {}
    with connection.cursor() as cursor:
        for name, columns in _tables().items():
            cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {name}")
            found[name] = {row[0]: tuple(map(_as_stored, row)) for row in cursor.fetchall()}
    return found


def _as_stored(value: Any) -> Any:
    """SQLite keeps times as text, which Django opens and would not take back."""
    return str(value) if connection.vendor == "sqlite" and isinstance(value, date | time) else value


def _counts() -> dict[str, int]:
    """How many rows there are in each table."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(f'(SELECT COUNT(*) FROM {name})' for name in _tables())}")
        return dict(zip(_tables(), cursor.fetchone() or (), strict=True))


def _files(tables: list[Table]) -> dict[Path, bytes]:
    """What was stored with the rows of keys."""
    place = vault.place()
    assert isinstance(place, Folder)
    rows = [row for table in tables if table.name == ItemKey._meta.db_table for row in table.added]
    keys = [ItemKey._meta.pk.to_python(row[0]) for row in rows]
    paths = [place.root / vault._name(key) for key in keys]
    return {path: path.read_bytes() for path in paths}
