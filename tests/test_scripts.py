"""The scripts of the pages outside the desk use no function that the lowest supported browsers lack."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parent.parent / "static"
OWN = [path.name for path in STATIC.glob("*.js") if not path.name.startswith(("desk-", "lowest"))]
BORROWERS = sorted([*OWN, *(f"files/{path.name}" for path in (STATIC / "files").glob("*.js"))])

# What came after Chrome 85, Firefox 79 or Safari 15.4, by MDN's tables of compatibility.
YOUNGER = re.compile(
    r"""AbortSignal\.(timeout|any) | requestSubmit | structuredClone | \.at\(
    | Object\.(hasOwn|groupBy)
    | \.(findLast|toSorted|toReversed|toSpliced|replaceChildren|showModal|showPicker|timeOrigin|inert)\b
    | withResolvers | randomUUID | fromAsync | scheduler\.
    | CompressionStream
    | Intl\.(Segmenter|DurationFormat) | \(\?<[=!] | \bstatic\s*\{ | \bthis\.\# | \bcause\s*:
    """,
    re.VERBOSE | re.MULTILINE,
)
AFTER_2009 = re.compile(r"=>|`|\?\.|\?\?|\b(const|let|class|async|import|export)\b")


def code(name: str) -> str:
    """The script without its comments."""
    return re.sub(r"^\s*(//|/\*\*).*|\s//\s.*", "", (STATIC / name).read_text(), flags=re.MULTILINE)


@pytest.mark.parametrize("name", BORROWERS)
def test_no_function_is_younger_than_the_lowest_browsers(name: str) -> None:
    assert [found[0] for found in YOUNGER.finditer(code(name))] == []


def test_what_looks_for_old_browsers_is_understood_by_them() -> None:
    assert AFTER_2009.search(code("lowest.js")) is None


def test_every_listener_to_keys_leaves_those_of_an_input_method_alone() -> None:
    listeners = [path for path in STATIC.rglob("*.js") if re.search(r'"key(down|up|press)"', path.read_text())]
    assert {path.name for path in listeners} >= {"holdfast.js", "desk-keys.js"}
    for path in listeners:
        assert {"isComposing", "229"} <= set(re.findall(r"\w+", path.read_text())), path.name
