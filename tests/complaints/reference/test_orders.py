"""A name is the same whichever of its halves comes first."""

import pytest

from complaints.reference import folding, orders


@pytest.mark.parametrize(
    ("name", "other"),
    [
        *(
            ("Wang Xiaoming", "Xiaoming Wang"),
            ("Wang Xiaoming", "WANG, Xiao-ming"),
            ("Wang, Xiaoming", "xiaoming wang"),
        ),
        *(
            ("Mary Ann O'Neil", "O’Neil, Mary Ann"),
            ("陈小梅", "小梅·陈"),
            ("陳小梅", "小梅 陈"),
            ("欧阳小兰", "小兰欧阳"),
        ),
        *(("小梅 陈", "陈小梅"), ("玛丽亚·阿不都", "阿不都·玛丽亚"), ("欧阳 小兰", "小兰，歐陽")),
    ],
)
def test_both_orders_are_one_name(name: str, other: str) -> None:
    assert folding.folded(other) in orders.folded(name)


@pytest.mark.parametrize(
    ("name", "other"),
    [("陈小梅", "小陈梅"), ("Wang Xiaoming", "Ming Wang Xiao"), ("李明", "明李"), ("☎", "陈小梅")],
)
def test_other_orders_are_other_names(name: str, other: str) -> None:
    assert folding.folded(other) not in orders.folded(name)
