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

WITH_PARTS = {
    "12块5": "12.50",
    "12块5毛": "12.50",
    "十二块五": "12.50",
    "十二块五毛五": "12.55",
    "3200元5角": "3200.50",
    "五元零七分": "5.07",
    "壹万贰仟叁佰肆拾伍元陆角柒分": "12345.67",
    "八毛钱": "0.80",
    "5分": "0.05",
    "1.5亿": "150000000.00",
    "一亿二": "120000000.00",
}


@pytest.mark.parametrize(("typed", "sum_of_it"), WITH_PARTS.items())
def test_jiao_fen_and_hundred_millions_are_read(typed: str, sum_of_it: str) -> None:
    assert amount(typed) == sum_of_it


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
        *(
            "五百多",
            "1万左右",
            "一二三",
            "万",
            "百",
            "1万200",
            "1.5万5",
            "1万12千",
            "1000000000万",
            "五百块五",
            "100块5",
            "3200.5元5角",
            "角",
            "1亿万",
        ),
    ],
)
def test_what_is_no_sum_or_could_be_another_is_not_read(typed: str) -> None:
    assert amount(typed) is None
