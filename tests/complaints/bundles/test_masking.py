"""What is masked of third parties: numbers and addresses by pattern, names as listed, nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.bundles.masking import ADDRESS, NAME, NUMBER, Mask, of

MASK = Mask(frozenset({"057188880001"}), ("小王", "Wang Wei"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("打给13912345678了", f"打给{NUMBER}了"),
        ("139 1234 5678", NUMBER),
        ("139-1234-5678", NUMBER),
        ("+86 139 1234 5678", NUMBER),
        ("139.1234.5678", NUMBER),
        ("139  1234—5678", NUMBER),
        ("139/1234/5678", NUMBER),
        ("13912 345678", NUMBER),
        ("１３９１２３４５６７８", NUMBER),
        ("0571-8765 4321", NUMBER),
        ("(021) 6888 8888", NUMBER),
        ("110101199003071234", NUMBER),
        ("11010119900307123X", NUMBER),
        ("6222 0200 1234 5678 901", NUMBER),
        ("212-555-0147", NUMBER),
        ("写信到 a.b+c@example.co.uk。", f"写信到 {ADDRESS}。"),
        ("同事小王和 wang wei", f"同事{NAME}和 {NAME}"),
        ("写信到 Wang Wei.2@example.org。", f"写信到 {NAME}。"),
    ],
)
def test_numbers_addresses_and_listed_names_are_masked(written: str, shown: str) -> None:
    assert MASK.text(written) == shown


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("王经理（催收）", "王经理（催收）来过"),
        ("王经理(催收)", "王经理（催收）来过"),
        ("Ｗａｎｇ", "Wang 来过"),
        ("Wang", "Ｗａｎｇ来过"),
        ("José", "Jose\u0301 来过"),
        ("Jose\u0301", "José 来过"),
        ("\uf9b4先生", "領先生来过"),
    ],
)
def test_a_listed_name_is_masked_however_wide_or_accented_it_is_typed(name: str, written: str) -> None:
    assert Mask(frozenset(), (name,)).text(written) in (f"{NAME}来过", f"{NAME} 来过")


@pytest.mark.parametrize("written", ["wang.wei@example.org", "Wang@example.org", "13912345678.wang@example.org"])
def test_of_two_finds_that_overlap_both_are_masked_to_the_end_of_the_longer(written: str) -> None:
    shown = Mask(frozenset(), ("Wang",)).text(f"写信到 {written}。")
    assert shown in (f"写信到 {NAME}。", f"写信到 {ADDRESS}。", f"写信到 {NUMBER}。")


@pytest.mark.parametrize(
    "written",
    [
        "139.50 CNY",
        "1392.1234 5678.90",
        "2026.11.20—2026.11.24",
        "2026-11-20 23:41",
        "2026年11月20日",
        "3200.00 CNY",
        "第 12 条，共 345 页",
        "0571 8888 0001",
        "0571-88880001",
        "他们半夜给我打电话",
        "",
    ],
)
def test_dates_sums_and_the_collectors_numbers_stay(written: str) -> None:
    assert MASK.text(written) == written


@given(st.text(max_size=300))
def test_whatever_is_written_is_masked_once_and_for_all(written: str) -> None:
    once = MASK.text(written)
    assert MASK.text(once) == once


def test_a_document_keeps_its_choices_times_and_digests_and_loses_its_salt() -> None:
    statement = {"story": "13912345678", "filed_at": "2026-11-24T19:47:47.032004Z", "numbers": ["13800000000"]}
    document = {
        **statement,
        "salt": "12345678901234567890",
        "contacts": [{"said": "小王", "number": "13700000000"}],
    }
    masked = of(document, ["小王"]).document(document)
    assert masked == {
        **{**statement, "story": NUMBER},
        "contacts": [{"said": NAME, "number": "13700000000"}],
    }


def test_a_document_in_which_nothing_is_masked_stays_as_it_was() -> None:
    document = {"story": "静", "salt": "ab", "numbers": []}
    assert of(document, []).document(document) is document
