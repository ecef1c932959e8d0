"""Rules of the whole house: which way its arrows go, what it stands on, what it never says."""

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.template.loader import get_template

from .support.services import ROOT

HOUSES = ("evidence", "complaints", "portal")  # a house imports only from those before it
# A room imports from lower floors of its house and from lower houses: never up, never sideways.
FLOORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "evidence": (
        ("names", "sizes", "holdfast_verify", "holdfast_witness", "connections", "outgoing"),
        ("models", "wake"),
        ("storage", "ledger", "counting", "troubles", "pulses"),
        ("receiving", "viewing", "timestamps", "witnesses"),
        ("checking", "verify_page"),
        ("tasks", "management"),
        ("checks",),
        ("apps",),
    ),
    "complaints": (
        ("reference",),
        ("codes", "digits", "throttle", "refusal", "refill", "typesetting"),
        ("models", "documents", "wake"),
        ("forms",),
        ("staff", "clocks", "exhibits", "notices", "web"),
        ("drafts", "cases", "safety"),
        ("filing", "assignment", "conversation", "enquiries"),
        ("decisions", "rights", "bundles", "oversight"),
        ("views", "admin", "tasks", "management"),
        ("urls", "templatetags", "checks"),
        ("apps",),
    ),
    "portal": (
        ("outages", "values"),
        (
            "environment",
            "connections",
            "schedule",
            "static_files",
            "pace",
            "celery",
            "look",
            "sqlite",
            "formats",
            "catalogue",
        ),
        ("settings",),
        ("desk", "demo"),
        ("management",),
        ("run",),
        ("readiness", "middleware"),
        ("views", "watch"),
        ("tasks",),
        ("checks",),
        ("up", "urls", "apps", "wsgi"),
    ),
}
FLOOR = {(house, room): floor for house in HOUSES for floor, rooms in enumerate(FLOORS[house]) for room in rooms}
# Rooms that hand their public names on. Every other `__init__` is empty of code.
HANDS_ON = {
    "evidence.ledger": "append, Event, BORROWER and the like are used by nearly every room",
    "complaints.models": "Django wants all models under one name",
    "complaints.admin": "Django looks here for what is registered",
    "complaints.drafts.questions": "FORMS: one form a step",
    "portal": "Celery finds its app here",
    "portal.demo": "the demo's logins, readable without Django",
    "portal.sqlite": "Django looks for a backend by its package",
}
# Files of more than MOST_LINES; migrations, which Django writes, are not counted.
MOST_LINES = 300
LONG = {
    "evidence/holdfast_verify.py": "it travels in every bundle and must run alone, as one file",
    "evidence/holdfast_witness.py": "others run it alone, as one file",
    "evidence/models.py": "the models of the evidence are one idea",
}


@dataclass(frozen=True)
class Import:
    """One name that a file imports: the module meant, the line, and whether it lies inside a function."""

    module: str
    line: int
    inside: bool


def dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    """Every file of the three houses by its dotted name; migrations apart, which have rules of their own."""
    files = (file for house in HOUSES for file in (ROOT / house).rglob("*.py"))
    return {dotted(file): file for file in files if "migrations" not in file.parts}


def source_of(node: ast.ImportFrom, file: Path) -> str:
    """The absolute name of what a `from … import` names."""
    if not node.level:
        return node.module or ""
    package = file.relative_to(ROOT).parent.parts
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


@cache
def imports_of(module: str) -> list[Import]:
    """Every import of a file, wherever in it; for a name in a module of ours, that module."""
    file = modules()[module]
    tree = ast.parse(file.read_text())
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda))
    inside = {id(node) for function in functions for node in ast.walk(function)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            source = source_of(node, file)
            names = [full if (full := f"{source}.{alias.name}") in modules() else source for alias in node.names]
        else:
            continue
        found += [Import(name, node.lineno, id(node) in inside) for name in names]
    return found


def room_of(module: str) -> tuple[str, str]:
    house, _, rest = module.partition(".")
    return house, rest.partition(".")[0]


def may_import(module: str, other: str) -> bool:
    (house, room), (other_house, other_room) = room_of(module), room_of(other)
    if house != other_house:
        return HOUSES.index(other_house) < HOUSES.index(house)
    return room == other_room or not other_room or FLOOR[house, other_room] < FLOOR[house, room]


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(module) for module in modules()} - {(house, "") for house in HOUSES}
    assert rooms == set(FLOOR)


def test_no_import_goes_up_or_sideways() -> None:
    wrong = [
        f"{module}:{found.line} imports {found.module}"
        for module in modules()
        if room_of(module)[1]
        for found in imports_of(module)
        if room_of(found.module)[0] in HOUSES and not may_import(module, found.module)
    ]
    assert wrong == []


def test_no_files_import_each_other_in_a_circle() -> None:
    arrows = {module: {found.module for found in imports_of(module)} & modules().keys() for module in modules()}
    try:
        list(TopologicalSorter({module: to - {module} for module, to in arrows.items()}).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_an_import_inside_a_function_has_its_reason_beside_it() -> None:
    for module, file in modules().items():
        lines = file.read_text().splitlines()
        for found in imports_of(module):
            beside = lines[found.line - 1], lines[found.line - 2]
            assert not found.inside or any("#" in line for line in beside), f"{module}:{found.line}"


def test_a_file_imports_a_name_once() -> None:
    for module, file in modules().items():
        nodes = [node for node in ast.parse(file.read_text()).body if isinstance(node, ast.ImportFrom)]
        names = [f"{source_of(node, file)}.{alias.name}" for node in nodes for alias in node.names]
        assert sorted(set(names)) == sorted(names), module


def test_a_package_hands_nothing_on_but_the_few_named() -> None:
    for module, file in modules().items():
        if file.name == "__init__.py" and module not in HANDS_ON:
            body = ast.parse(file.read_text()).body
            assert not [node for node in body if not isinstance(node, ast.Expr)], module


def test_no_file_is_longer_than_300_lines_but_the_few_named() -> None:
    lines = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in modules().values()}
    assert {name for name, count in lines.items() if count > MOST_LINES} == set(LONG)


def test_the_verifier_stands_alone() -> None:
    named = {found.module.partition(".")[0] for found in imports_of("evidence.holdfast_verify")}
    assert named <= sys.stdlib_module_names


def test_the_witness_needs_nothing_of_the_house() -> None:
    named = {found.module.partition(".")[0] for found in imports_of("evidence.holdfast_witness")}
    assert named <= {*sys.stdlib_module_names, "cryptography"}


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
    text = "".join((ROOT / "portal" / name).read_text() for name in ("settings.py", "environment.py"))
    names = set(re.findall(r"(?:text|value|flag|number|several|required|kept_secret)\(\s*\"([A-Z_]+)\"", text))
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
    words = ["BEGIN" + " PRIVATE KEY", "TO" + "DO", "<<<" + "<<<<", "/home" + "/", "XX" + "X", "breakpoint" + "()"]
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


def floors_of_the_readme() -> dict[tuple[str, str], int]:
    """Of every room in the README's table its house and name, and its floor, counted from 0."""
    readme = (ROOT / "README.md").read_text()
    table = readme[readme.index("## How the house is laid out") : readme.index("### Where do I change")]
    found: dict[tuple[str, str], int] = {}
    house = ""
    for floors, rooms in re.findall(r"^\| ([\d, ]*)\| ([^|]+) \|", table, re.M):
        names = re.findall(r"`([\w.]+)/?`", rooms)
        if "**" in rooms:
            house = names[0]
        elif numbers := re.findall(r"\d+", floors):
            each = numbers * len(names) if len(numbers) == 1 else numbers
            found |= {
                (house, name.removesuffix(".py")): int(floor) - 1 for name, floor in zip(names, each, strict=True)
            }
    return found


def test_the_readme_has_every_room_on_its_floor() -> None:
    assert floors_of_the_readme() == FLOOR


@pytest.mark.parametrize(
    ("module", "other", "may"),
    [
        ("complaints.filing.filing", "complaints.drafts.files", True),  # down
        ("complaints.filing.filing", "complaints.filing.receipts", True),  # within the room
        ("complaints.filing.filing", "evidence.ledger", True),  # to a lower house
        ("complaints.cases.notes", "complaints.views.typed", False),  # up
        ("complaints.cases.notes", "complaints.drafts.files", False),  # sideways
        ("complaints.admin.reading", "complaints.views.opened", False),
        ("complaints.views.opened", "complaints.tasks", False),
        ("evidence.ledger.entries", "complaints.models", False),  # to a higher house
        ("complaints.web", "portal.settings", False),
    ],
)
def test_an_import_goes_down_or_stays_in_its_room(module: str, other: str, may: bool) -> None:
    assert may_import(module, other) is may


def test_an_import_is_seen_wherever_it_is_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "complaints" / "cases" / "made_up.py"
    file.parent.mkdir(parents=True)
    file.write_text(
        "import json\n"
        "from complaints.views import typed\n"
        "from . import notes\n"
        "from ..staff import access as rights\n"
        "class Late:\n"
        "    from .todo import owners\n"
        "    def read(self) -> None:\n"
        "        from complaints.drafts import files\n"
    )
    names = ("views.typed", "cases.notes", "staff.access", "cases.todo", "drafts.files")
    known = {f"complaints.{name}": file for name in (*names, "cases.made_up")}
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    monkeypatch.setattr(sys.modules[__name__], "modules", lambda: known)
    found = imports_of.__wrapped__("complaints.cases.made_up")
    assert sorted((one.line, one.module, one.inside) for one in found) == [
        (1, "json", False),
        (2, "complaints.views.typed", False),
        (3, "complaints.cases.notes", False),
        (4, "complaints.staff.access", False),
        (6, "complaints.cases.todo", False),
        (8, "complaints.drafts.files", True),
    ]


def test_the_places_that_the_readme_names_are_there() -> None:
    readme = (ROOT / "README.md").read_text()
    named = re.findall(r"`((?:complaints|evidence|portal|templates|tests|static)/[\w./]+)`", readme)
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


def test_the_lines_of_templates_can_be_read_in_a_diff() -> None:
    """All but the letters of `reply/`: they are plain text, and the borrower reads their line ends."""
    templates = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "evidence").glob("*.html")]
    assert len(templates) > 100
    for file in templates:
        long = [number for number, line in enumerate(file.read_text().splitlines(), 1) if len(line) > 140]
        assert long == [], file


def test_every_template_compiles() -> None:
    """Also one that no page of the tests includes."""
    for file in (ROOT / "templates").rglob("*.*"):
        assert get_template(str(file.relative_to(ROOT / "templates"))), file
