"""Migrations make the tables from nothing, and stand alone: code that changes must not change what they did."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.support.services import ROOT

APPS = ("evidence", "complaints")
CALLABLE_DEFAULTS = {"complaints.models.staff"}  # which Django itself names in a migration


def steps(app: str) -> list[Path]:
    return sorted((ROOT / app / "migrations").glob("0*.py"))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


@pytest.mark.parametrize("app", APPS)
def test_a_migration_imports_no_code_of_the_house(app: str) -> None:
    for file in steps(app):
        ours = {name for name in imported(file) if name.split(".")[0] in ("complaints", "evidence", "portal", "")}
        assert ours <= CALLABLE_DEFAULTS, file


@pytest.mark.parametrize("app", APPS)
def test_each_app_begins_with_one_migration(app: str) -> None:
    assert steps(app)[0].name == "0001_initial.py"
    assert sum("initial = True" in file.read_text() for file in steps(app)) == 1


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
