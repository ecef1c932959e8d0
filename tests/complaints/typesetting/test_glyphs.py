"""A run of characters that is wider than its column gets places to break; anything else stays as it is."""

import re
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as some

from complaints.typesetting import glyphs

COLUMN = 9.5


@pytest.mark.parametrize(
    "text",
    [
        "Short words, and a semi-colon; nothing more than that.",
        "他们半夜给我打电话，还打给我的同事。",
        "夜里打来……我没有接！！！",
        "カタカナのことばもそのまま。",
        "2026-11-20 23:41",
        "",
    ],
)
def test_text_with_places_to_break_stays_as_it_is(text: str) -> None:
    assert glyphs.legible(text, COLUMN) == text


def test_a_word_breaks_from_the_width_of_its_column_on() -> None:
    fits = "a" * int(COLUMN / glyphs.widths()[ord("a")])
    assert glyphs.legible(fits, COLUMN) == fits
    assert glyphs.legible(fits + "a", COLUMN).count(glyphs.BREAK) == len(fits) + 1


@given(
    some.characters(exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), some.integers(min_value=20, max_value=60)
)
def test_a_long_run_of_any_sign_can_break(letter: str, times: int) -> None:
    shown = glyphs.legible(letter * times, COLUMN)
    width = sum(glyphs.widths().get(ord(one), 0) for one in shown)
    assume(width > COLUMN)
    if unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf"):
        return  # it stands on the letter before, or is not seen
    assert glyphs.BREAK in shown or re.fullmatch(f"[{glyphs._IDEOGRAPHS}]+", shown)


@given(some.text(max_size=200))
def test_nothing_but_places_to_break_is_added(text: str) -> None:
    assert glyphs.legible(text, COLUMN).replace(glyphs.BREAK, "") == glyphs.legible(text, 1e9).replace(
        glyphs.BREAK, ""
    )
