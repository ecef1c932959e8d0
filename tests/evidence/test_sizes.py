"""Sizes are written one way on all pages and papers."""

import re
from pathlib import Path

import pytest

from evidence import sizes

ROOT = Path(__file__).parent.parent.parent.parent
KIB = 1024


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "1 kB"),
        (999, "1 kB"),
        (1536, "2 kB"),
        (999 * KIB, "999 kB"),
        (KIB**2, "1.0 MB"),
        (1_600_000, "1.5 MB"),
        (500 * KIB**2, "500 MB"),
        (4 * KIB**3, "4.0 GB"),
    ],
)
def test_a_size_is_in_units_of_1024(count: int, shown: str) -> None:
    assert sizes.in_words(count).replace("\xa0", " ") == shown


def test_no_page_writes_a_size_in_another_way() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "complaints").rglob("*.py")]
    assert [path for path in pages if re.search("filesizeformat", path.read_text())] == []
