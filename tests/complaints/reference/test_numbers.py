"""Which spellings are one telephone number, by the office's country."""

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pytest_django import Settings

from complaints.reference import numbers

SAME = [
    (
        "CN",
        [
            "0571 8888 0001",
            "+86 571-8888-0001",
            "0086 57188880001",
            "(0571) 88880001",
            "０５７１－８８８８•０００１",
        ],
    ),
    (
        "CN",
        [
            "139 1234 5678",
            "+86 139–1234–5678",
            "8613912345678",
            "139\u200b1234\u00ad5678",
            "1-3-9-1-2-3-4-5-6-7-8",
        ],
    ),
    ("CN", ["95588", "9-5588", "+86 95588", "010-95588"]),
    ("CN", ["400-820-8820", "4008208820", "+86 400 820 8820"]),
    ("GB", ["07946 012300", "+44 7946 012300", "+44 (0)7946 012300", "0044 7946–012300"]),
    ("US", ["(212) 555-0123", "+1 212 555 0123", "1-212-555-0123", "212.555.0123"]),
    ("CN", ["+44 7946 012300", "0044 7946 012300", "+44 (0)7946-012300"]),
]


@pytest.mark.parametrize(("country", "written"), SAME)
def test_one_number_is_one_in_all_its_spellings(country: str, written: list[str], settings: Settings) -> None:
    settings.COUNTRY = country
    assert len({numbers.canonical(one) for one in written}) == 1
    assert len({numbers.national(one) for one in written}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("13912345678", "13912345679"), ("+44 7946 012300", "07946 012300"), ("110", "120")]
)
def test_two_numbers_stay_two(one: str, other: str, settings: Settings) -> None:
    settings.COUNTRY = "CN"
    assert numbers.canonical(one) != numbers.canonical(other)


@pytest.mark.parametrize(
    "written", ["110", "12378", "12345", "10086", "95588", "955888", "400-820-8820", "1069 0000 0042"]
)
def test_numbers_of_services_are_known(written: str) -> None:
    assert numbers.is_of_a_service(written)


@pytest.mark.parametrize("written", ["13912345678", "0571 8888 0001", "111111111", "955", ""])
def test_numbers_of_people_are_of_no_service(written: str) -> None:
    assert not numbers.is_of_a_service(written)


@given(some.text(max_size=60))
def test_whatever_is_written_has_some_spelling(written: str) -> None:
    assert isinstance(numbers.canonical(written), str)
    assert numbers.national(written).isdecimal() or numbers.national(written) == ""
