"""The numbers to call: data by country, refused when unusable, and on a deployment when nobody confirmed them."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks
from django.utils import timezone, translation

from complaints import checks
from complaints.safety import helplines
from complaints.safety.helplines import Unusable

OWN = """
[CN]
name = {{ en = "China", zh-hans = "中国" }}
confirmed_by = "{by}"
confirmed_on = "{on}"
numbers = [
  {{ need = "danger", number = "110", name = {{ en = "Police", zh-hans = "报警" }} }},
  {{ need = "{second}", number = "400 123", tel = "400123", name = {{ en = "A line", zh-hans = "热线" }} }},
]
"""


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Any:
    """Writes a file of the office's own and names it in the settings."""

    def write(text: str = "", *, by: str = "", on: str = "", second: str = "crisis") -> None:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.toml"
        path.write_text(text or OWN.format(by=by, on=on, second=second), encoding="utf-8")
        settings.HELPLINES = str(path)

    return write


def test_the_portals_country_comes_first_and_the_others_are_known(settings: Any) -> None:
    assert helplines.here().code == "CN"
    settings.COUNTRY = "GB"
    assert helplines.here().code == "GB"
    assert {country.code for country in helplines.elsewhere()} == {"CN", "US", "IN"}


def test_numbers_are_told_in_the_readers_language() -> None:
    police = helplines.here().number("danger")
    assert police
    assert (str(police.name), police.number) == ("Police", "110")
    with translation.override("zh-hans"):
        assert str(police.name) == "报警"
        assert str(helplines.here().name) == "中国"


def test_what_people_read_and_what_a_telephone_dials_may_differ(settings: Any) -> None:
    settings.COUNTRY = "GB"
    samaritans = helplines.here().number("crisis")
    assert samaritans
    assert (samaritans.number, samaritans.tel) == ("116 123", "116123")


def test_a_need_for_which_the_country_has_no_number_gets_none(settings: Any) -> None:
    settings.COUNTRY = "US"
    assert helplines.here().number("legal_aid") is None


@pytest.mark.parametrize("code", helplines.countries())
def test_each_shipped_country_can_be_chosen_speaks_both_languages_and_is_unconfirmed(
    code: str, settings: Any
) -> None:
    settings.COUNTRY = code
    country = helplines.here()
    assert not country.is_confirmed
    for words in (country.name, *(number.name for number in country.numbers)):
        assert words.by_language.keys() == {"en", "zh-hans"}
    assert all(number.tel.isdigit() for number in country.numbers)


def test_an_unknown_country_is_named_with_those_that_are_known(settings: Any) -> None:
    settings.COUNTRY = "FR"
    with pytest.raises(Unusable, match=r"COUNTRY is 'FR'.*CN, US, GB, IN"):
        helplines.here()
    (error,) = checks.the_numbers_to_call_can_be_used()
    assert "FR" in error.msg


@pytest.mark.parametrize("text", ["not = [toml", "[CN]\nname = 'x'", "CN = 3"])
def test_a_file_that_cannot_be_read_is_named(own: Any, text: str, settings: Any) -> None:
    own(text)
    with pytest.raises(Unusable, match=r"\.toml cannot be read"):
        helplines.countries()


def test_a_file_that_is_not_there_is_named(settings: Any) -> None:
    settings.HELPLINES = "/nowhere/numbers.toml"
    assert [error.id for error in checks.the_numbers_to_call_can_be_used()] == ["complaints.E001"]
    assert checks.a_person_has_confirmed_the_numbers() == []  # one sentence is enough


def test_a_country_without_a_crisis_line_cannot_be_used(own: Any) -> None:
    own(second="fraud")
    with pytest.raises(Unusable, match="none for crisis"):
        helplines.here()


@pytest.mark.django_db
def test_as_shipped_the_deployments_check_fails() -> None:
    (error,) = checks.a_person_has_confirmed_the_numbers()
    assert "Nobody has confirmed the numbers to call in China" in error.msg
    assert "HELPLINES" in str(error.hint)
    asked = run_checks(tags=[Tags.security], include_deployment_checks=True)
    assert "complaints.E002" in {found.id for found in asked}


def test_once_a_person_has_confirmed_them_it_passes(own: Any) -> None:
    own(by="Zhang Min, duty officer", on="2026-11-20")
    assert checks.a_person_has_confirmed_the_numbers() == []
    assert helplines.here().confirmed_on == date(2026, 11, 20)


@pytest.mark.parametrize(("by", "on"), [("Zhang Min", ""), ("", "2026-11-20"), ("  ", "2026-11-20")])
def test_a_name_without_a_day_or_a_day_without_a_name_confirms_nothing(own: Any, by: str, on: str) -> None:
    own(by=by, on=on)
    assert checks.a_person_has_confirmed_the_numbers()


def test_a_day_to_come_confirms_nothing(own: Any) -> None:
    own(by="Zhang Min", on=(timezone.localdate() + timedelta(days=2)).isoformat())
    assert checks.a_person_has_confirmed_the_numbers()
