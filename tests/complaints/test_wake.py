"""Wake-ups name tasks; a name that no worker knows would be a message that nobody takes."""

import re

import pytest
from celery import current_app

from complaints import tasks as _office_tasks  # noqa: F401 (registers them)
from evidence import tasks as _evidence_tasks  # noqa: F401 (registers them)
from tests.support.services import ROOT

NAMES = re.compile(r'after_commit\(\s*"([a-z_.]+)"')


@pytest.mark.parametrize("house", ["complaints", "evidence"])
def test_every_wake_up_names_a_registered_task(house: str) -> None:
    named = NAMES.findall((ROOT / house / "wake.py").read_text())
    assert named
    assert set(named) <= set(current_app.tasks)


def test_nobody_but_the_wake_files_names_a_task_to_wake() -> None:
    files = [file for house in ("complaints", "evidence", "portal") for file in (ROOT / house).rglob("*.py")]
    assert {file.relative_to(ROOT).as_posix() for file in files if NAMES.search(file.read_text())} == {
        "complaints/wake.py",
        "evidence/wake.py",
    }
