"""Sums of money, read as people type them."""

import pytest

from complaints.reference.amounts import amount

IN_WORDS = {
    "五百块": "500",
    "五百": "500",
    "两千元": "2000",
    "1万": "10000",
    "1.5万元": "15000",
    "一万二": "12000",
    "3万5": "35000",
    "3万5000": "35000",
    "三万零五百": "30500",
    "两千零五块": "2005",
    "五百五": "550",
    "十五块钱": "15",
    "二十": "20",
    "壹万贰仟叁佰元整": "12300",
    "2万3千5百": "23500",
    "一千万": "10000000",
    "2w": "20000",
    "5k": "5000",
    "八": "8",
}


@pytest.mark.parametrize(
    "typed",
    ["3200", "¥3,200.00", "３２００元", "٣٢٠٠", "3 200", "(3200)", "人民币3200元整", "3200\u200b.", "三千二"],
)
def test_one_sum_is_read_in_every_spelling(typed: str) -> None:
    assert amount(typed) == "3200.00"


@pytest.mark.parametrize(("typed", "number"), IN_WORDS.items())
def test_a_sum_in_words_is_read(typed: str, number: str) -> None:
    assert amount(typed) == f"{number}.00"


@pytest.mark.parametrize(
    "typed",
    [
        *("three", "3200 or 3300", "٣.٢.٠", "Ⅳ", "-5", "1e3", "9" * 13),
        *("五百多", "1万左右", "一二三", "万", "百", "1万200", "1.5万5", "1万12千", "1000000000万", "五百块五"),
    ],
)
def test_what_is_no_sum_or_could_be_another_is_not_read(typed: str) -> None:
    assert amount(typed) is None
