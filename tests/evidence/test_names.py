"""Names of files: kept as given, shown so that they cannot deceive, never a path."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evidence import names


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("通话录音 10-18.amr", "通话录音 10-18.amr"),
        ("👩‍👧 录音.m4a", "👩‍👧 录音.m4a"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\Mei\电话.amr", "电话.amr"),
        ("a\x00b.png", "ab.png"),
        ("half \ud83d a character", "half � a character"),
        ("x" * 300 + ".amr", "x" * 255),
        ("folder/", ""),
    ],
)
def test_a_name_is_kept_as_given_without_folders_and_nul(given_name: str, kept: str) -> None:
    assert names.storable(given_name) == kept


def test_a_name_that_turns_the_direction_of_writing_is_kept_but_shown_as_it_is() -> None:
    name = "photo\u202egpj.exe"
    assert names.storable(name) == name
    assert names.displayable(name) == "photo�gpj.exe"


def test_a_name_is_shown_on_one_line() -> None:
    assert names.displayable("a\r\nb\u2028c\td") == "a��b�c�d"


def test_letters_joined_by_a_sign_stay_joined_when_shown() -> None:
    assert names.displayable("👩‍👧.png") == "👩‍👧.png"


@given(some.text())
def test_any_name_can_be_kept_and_is_no_path(name: str) -> None:
    kept = names.storable(name)
    assert len(kept.encode()) >= len(kept) <= names.MAX_LENGTH
    assert not set(kept) & {"/", "\\", "\x00"}
