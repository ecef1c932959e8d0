"""Days and times that were typed freely are said back on the page that comes next."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Draft, Exhibit
from tests.support import cast
from tests.support.pages import begun, keep, step, text

pytestmark = pytest.mark.django_db

ACT = "/complaints/new/contacts/a1/"


def said_back(client: Client, page: str, answers: dict[str, str]) -> list[str]:
    """What the page after saving says it has understood."""
    after = text(client.post(page, answers, follow=True))
    return re.findall(r'role="status">(?:We understood: |我们的理解是：)(.*?)[.。]</p>', after)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2024年11月20日晚上八点半", "Wednesday 20 November 2024, 20:30"),
        ("around 8 pm on 20 Nov 2024", "Wednesday 20 November 2024, about 20:00"),
        ("2024-11-20 24:00", "Thursday 21 November 2024, 00:00, in the night from Wednesday to Thursday"),
        ("２０２４－１１－２０", ""),
        ("2024-11-20 20:30", ""),
        (" 2024-11-20 ", ""),
        ("", ""),
    ],
)
def test_of_a_call_it_is_said_on_the_list_unless_it_was_typed_as_it_is_kept(typed: str, understood: str) -> None:
    client = begun()
    assert said_back(client, ACT, {"when": typed, "said": "x"}) == [understood] * bool(understood)
    assert "We understood" not in text(client.get(step("contacts")))  # once is enough


def test_a_day_is_said_back_in_the_readers_language() -> None:
    said = said_back(begun("zh-hans"), ACT, {"when": "2024-11-20 晚上11点半", "about": "on"})
    assert said == ["2024年11月20日 星期三 23:30左右"]


@pytest.mark.parametrize("go", ["on", "back", "stop"])
def test_a_courts_day_is_said_wherever_the_button_leads(go: str) -> None:
    answers = {"court": "paper", "court_on": "24 Dec. 2030", "go": go}
    assert said_back(begun(), step("court"), answers) == ["Tuesday 24 December 2030"]


def test_of_files_it_is_said_as_well_and_of_many_the_first_ones() -> None:
    client = begun()
    keep(client, *((f"{number}.png", cast.a_screenshot(str(number))) for number in range(6)))
    typed = {f"captured_{exhibit.pk}": "20 Nov 2024 8pm" for exhibit in Exhibit.objects.all()}
    assert (
        said_back(client, step("evidence"), {**typed, "whole": "1"}) == ["Wednesday 20 November 2024, 20:00"] * 4
    )
    assert "sessionid" not in client.cookies


def test_what_has_two_readings_is_not_kept_but_asked() -> None:
    client = begun()
    page = text(client.post(ACT, {"when": "2024-11-20 晚上12点", "said": "x"}))
    assert "This can be read in two ways." in page
    assert "write 2024-11-20 00:00" in page
    assert "write 2024-11-21 00:00" in page
    assert 'value="2024-11-20 晚上12点"' in page
    assert "contacts" not in Draft.objects.get().answers


def test_the_last_page_tells_it_with_the_day_of_the_week() -> None:
    client = begun()
    client.post(ACT, {"when": "2024-11-21 凌晨1点", "channel": "call"})
    client.post(step("court"), {"court": "paper", "court_on": "24 Dec. 2030"})
    page = text(client.get(reverse("step", args=["check"])))
    assert "Thursday 21 November 2024, 01:00, in the night from Wednesday to Thursday · Phone call" in page
    assert "Tuesday 24 December 2030" in page
