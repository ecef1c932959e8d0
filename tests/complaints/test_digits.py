"""Numbers as addresses, forms and headers spell them."""

import pytest

from complaints import digits


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_number_of_ordinary_digits_is_read(text: str, number: int) -> None:
    assert digits.number(text) == digits.key(text) == number


@pytest.mark.parametrize(
    "text",
    ["", " ", "1 ", "-1", "+1", "1.0", "1e3", "1_000", "0x1", "nan", "inf", "٣", "３", "²", "9" * 19, "9" * 5000],
)
def test_everything_else_is_no_number_and_the_key_of_no_row(text: str) -> None:
    assert digits.number(text) is None
    assert digits.key(text) == 0
