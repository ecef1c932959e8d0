"""Names, numbers and references that differ only in how they are written are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from complaints.reference import folding, references
from tests.support.spelled import spellings

NAMES = ("陈小梅", "欧阳 小兰", "玛丽亚·阿不都", "Mary Ann O'Neil", "José Núñez", "ガール", "김철수")


@given(spellings(NAMES))
def test_a_name_folds_to_one_spelling_however_it_is_written(both: tuple[str, str]) -> None:
    name, other = both
    assert folding.folded(other) == folding.folded(name)


@given(some.text(max_size=200))
def test_what_is_folded_is_read_from_places_in_the_text_from_left_to_right(text: str) -> None:
    folded = folding.Folded(text)
    assert len(folded.view) == len(folded.places)
    assert list(folded.places) == sorted(folded.places)
    assert all(0 <= start < end <= len(text) for start, end in folded.places)


@given(some.text(max_size=100))
def test_what_is_folded_folds_to_itself(text: str) -> None:
    assert folding.folded(folding.folded(text)) == folding.folded(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("陈小梅", "陳小梅"), ("欧阳兰", "歐陽蘭"), ("张丽华", "張麗華"), ("里德", "裡德"), ("群峰", "羣峯")),
        *(("王云龙", "王雲龍"), ("刘志强", "劉志強"), ("钟发", "鍾發"), ("钟发", "鐘髮"), ("吴产", "吳産")),
        ("招商银行", "招商銀行"),
    ],
)
def test_simplified_and_traditional_characters_are_one(one: str, other: str) -> None:
    assert folding.folded(one) == folding.folded(other)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "一三九一二三四五六七八",
            "一三九 一二三四 五六七八",
            "壹叁玖壹贰叁肆伍陆柒捌",
            "壹參玖壹貳參肆伍陸柒捌",
        ),
        *("幺三九幺二三四五六七八", "１３９一二三四５６７８", "139一二三四五六七八", "一三九-12345678"),
    ],
)
def test_a_number_is_one_in_figures_and_in_numerals(written: str) -> None:
    assert folding.folded(written) == folding.digits(written) == "13912345678"


@pytest.mark.parametrize("words", ["一直", "第三者", "王一三", "九五至尊", "13912345678一直打", "三三两两"])
def test_numerals_in_words_stay_words(words: str) -> None:
    assert folding.folded(words) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("陈小梅", "陈小海"), ("陈ー小", "陈小ー梅"), ("ガール", "ガル"), ("Mary", "Marie"), ("ま", "マ")],
)
def test_names_of_other_letters_stay_apart(one: str, other: str) -> None:
    assert folding.folded(one) != folding.folded(other)


def test_signs_alone_are_not_folded_to_nothing() -> None:
    assert folding.folded(" ☎ ") == "☎"
    assert folding.folded("\u200b") == ""


@pytest.mark.parametrize(
    "typed",
    [
        "HF-2026-000042",
        "hf-2026-42",
        "HF–2026–000042",
        "HF—2026—000042",
        "HF2026000042",
        "HF 2026 000042",
        "ＨＦ－２０２６－００００４２",
        "HF-2O26-OOOO42",
        "HF-2026-0000\u200b42\ufeff",
        "编号：HF-2026-000042。",
        "（HF-2026-000042）",
        "Your reference: HF-2026-000042.",
        "HF ー 2026 ー 000042",
    ],
)
def test_a_reference_is_read_however_it_is_typed(typed: str) -> None:
    assert references.key_in(typed) == 42


@pytest.mark.parametrize(
    "typed", ["", "42", "2026-000042", "HF-2026", "XHF-2026-000042", "HF-2026-" + "9" * 19, "HF-2026-00x42"]
)
def test_what_is_no_reference_names_no_case(typed: str) -> None:
    assert references.key_in(typed) is None


@given(some.integers(min_value=2000, max_value=2999), some.integers(min_value=1, max_value=10**18 - 1))
def test_a_reference_as_written_names_its_case(year: int, key: int) -> None:
    assert references.key_in(references.written(year, key)) == key
