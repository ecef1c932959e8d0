"""After an older backup no number is given twice, and who lost a case is told so."""

import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from complaints.cases import numbers
from complaints.models import Case
from evidence.ledger import checkpoints
from tests.support import cast
from tests.support.pages import text

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def backup(settings: Any, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The database of a new portal with one case, to be put back."""
    settings.DATA_DIR = tmp_path
    cast.file_a_complaint()
    checkpoints.current()
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.connection.backup(copy)
        yield copy


def put_back(backup: sqlite3.Connection) -> None:
    backup.backup(connection.connection)
    call_command("accept_ledger", because="restored-backup", stdout=io.StringIO())


@pytest.mark.sqlite_only
def test_after_an_older_backup_no_reference_is_given_twice(backup: sqlite3.Connection) -> None:
    lost = cast.file_a_complaint().case.reference
    put_back(backup)
    references = {case.reference for case in Case.objects.all()}
    assert lost not in references
    again = cast.file_a_complaint(language="en").case.reference
    assert again not in {lost, *references}


@pytest.mark.sqlite_only
def test_when_the_same_backup_is_put_back_twice_no_reference_is_given_twice_either(
    backup: sqlite3.Connection,
) -> None:
    given = [cast.file_a_complaint().case.reference for _ in range(3)]
    for _ in range(3):
        put_back(backup)
        given += [cast.file_a_complaint(language="en").case.reference for _ in range(6)]
    assert len(given) == len(set(given))


@pytest.mark.sqlite_only
def test_the_borrower_of_a_lost_case_reads_what_happened_and_what_to_do(
    backup: sqlite3.Connection, client: Client
) -> None:
    lost = cast.file_a_complaint()
    put_back(backup)
    page = text(client.post(reverse("follow"), {"code": lost.code}))
    assert "we restored an older copy of our records" in page
    assert "add your receipt" in page


def test_the_numbers_left_out_are_as_many_as_said() -> None:
    first = cast.file_a_complaint().case.pk
    numbers.leave_out(lost=40)
    assert cast.file_a_complaint(language="en").case.pk > first + 40
