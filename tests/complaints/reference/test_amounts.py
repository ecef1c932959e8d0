"""Sums of money, read as people type them."""

import pytest

from complaints.reference.amounts import amount


@pytest.mark.parametrize(
    "typed", ["3200", "¥3,200.00", "３２００元", "٣٢٠٠", "3 200", "(3200)", "人民币3200元整", "3200\u200b."]
)
def test_one_sum_is_read_in_every_spelling(typed: str) -> None:
    assert amount(typed) == "3200.00"


@pytest.mark.parametrize("typed", ["three", "3200 or 3300", "٣.٢.٠", "Ⅳ", "-5", "1e3", "9" * 13])
def test_what_is_no_sum_is_not_read(typed: str) -> None:
    assert amount(typed) is None
