"""Rules of the whole house: which way its arrows go, what it stands on, what it never says."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .support.services import ROOT

FORBIDDEN_IMPORTS = {"evidence": {"complaints", "portal"}, "complaints": {"portal"}}


def imported(file: Path) -> Iterator[str]:
    """The first name of each module a file imports, wherever in it."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


@pytest.mark.parametrize("house", FORBIDDEN_IMPORTS)
def test_arrows_go_one_way(house: str) -> None:
    files = list((ROOT / house).rglob("*.py"))
    assert files
    for file in files:
        assert not FORBIDDEN_IMPORTS[house].intersection(imported(file)), file


def test_the_verifier_stands_alone() -> None:
    named = set(imported(ROOT / "evidence" / "holdfast_verify.py"))
    assert not named & {"django", "evidence", "complaints", "portal", "celery", "rfc8785"}


def requirements() -> list[str]:
    lines = (ROOT / name for name in ("requirements.txt", "requirements-dev.txt"))
    return [
        line
        for file in lines
        for line in file.read_text().splitlines()
        if line and not line.startswith(("#", "-r"))
    ]


def test_every_requirement_is_pinned_and_the_readme_says_what_it_is_for() -> None:
    readme = (ROOT / "README.md").read_text()
    for line in requirements():
        pinned = re.match(r"([A-Za-z0-9_.-]+)(\[[a-z,0-9]+\])?==[0-9][^;\s]*( ?;.*)?$", line)
        assert pinned, line
        assert re.search(rf"^\|.*\b{re.escape(pinned[1])}\b.*\|.+\|$", readme, re.M | re.I), pinned[1]


def test_every_setting_is_in_the_readme() -> None:
    text = (ROOT / "portal" / "settings.py").read_text()
    names = set(re.findall(r"(?:env\.\w+|required|kept_secret)\(\s*\"([A-Z_]+)\"", text))
    assert {"SECRET_KEY", "DATABASE_URL"} <= names
    readme = (ROOT / "README.md").read_text()
    assert {name for name in names if f"`{name}`" not in readme} == set()


def kept_files() -> list[Path]:
    """What a clone has: tracked files, and new ones that are not ignored."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not in a git clone")
    files = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [file for file in files if file.is_file()]


def test_there_is_no_binary_in_the_repository() -> None:
    for file in kept_files():
        assert b"\0" not in file.read_bytes(), file


def test_no_file_names_a_private_key_a_leftover_or_somebody_s_home() -> None:
    words = ["BEGIN" + " PRIVATE KEY", "<<<" + "<<<<", "/home" + "/", "XX" + "X", "breakpoint" + "()"]
    for file in kept_files():
        text = file.read_text()
        assert not [word for word in words if word in text], file


def test_nothing_the_pages_load_comes_from_another_host() -> None:
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.css")]
    for file in files:
        loaded = re.findall(r"(?:src=|url\(|@import|<link[^>]+href=)\s*[\"']?(?:https?:)?//", file.read_text())
        assert not loaded, file


def test_the_readme_names_the_pages_whose_forms_crispy_draws() -> None:
    templates = ROOT / "templates"
    drawn = {
        str(file.relative_to(templates)) for file in templates.rglob("*.html") if "{% crispy" in file.read_text()
    }
    row = re.search(r"^\| django-crispy-forms.*$", (ROOT / "README.md").read_text(), re.M)
    assert row is not None
    assert set(re.findall(r"`([\w/]+\.html)`", row[0])) == drawn
