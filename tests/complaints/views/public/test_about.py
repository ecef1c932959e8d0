"""The page that says who runs the portal, how to tell it from a fake one, and what happens to personal data."""

from typing import Any

import pytest
from django.urls import reverse

from complaints import checks
from tests.support.pages import Inline, on_one_line, somebody, text

pytestmark = pytest.mark.django_db

OFFICE = {
    "NAME": "某市消费金融投诉办公室",
    "ADDRESS": "某市某路 1 号",
    "PHONE": "0571-87000000",
    "EMAIL": "office@example.org",
}


@pytest.fixture
def office(settings: Any) -> None:
    for name, value in OFFICE.items():
        setattr(settings, f"OFFICE_{name}", value)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_names_the_office_and_whom_to_call(office: None, language: str) -> None:
    page = text(somebody(language).get(reverse("about")))
    for value in OFFICE.values():
        assert value in page
    assert 'href="tel:0571-87000000"' in page
    assert not Inline(page).found


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "en",
            (
                "free of charge",
                "Is this real?",
                "testserver",
                "Who is responsible",
                "How long",
                "Your rights",
                "screen readers",
            ),
        ),
        ("zh-CN", ("不收任何费用", "这是真的吗？", "testserver", "谁负责", "保存多久", "您的权利", "读屏软件")),
    ],
)
def test_the_notice_has_what_the_law_asks_for(language: str, parts: tuple[str, ...]) -> None:
    page = on_one_line(text(somebody(language).get(reverse("about"))))
    assert [part for part in parts if part not in page] == []


def test_without_an_office_the_page_calls_itself_a_demonstration() -> None:
    assert "This is a demonstration." in text(somebody().get(reverse("about")))


def test_the_home_page_and_every_footer_lead_there() -> None:
    home = text(somebody().get("/"))
    assert "Free of charge" in home
    assert f'href="{reverse("about")}#real"' in home
    assert f'<a href="{reverse("about")}">About us, privacy, accessibility' in home
    assert f'href="{reverse("about")}"' in text(somebody().get(reverse("follow")))


def test_a_deployment_that_names_no_office_is_refused(settings: Any, office: None) -> None:
    assert checks.people_can_see_who_runs_this() == []
    settings.OFFICE_PHONE = ""
    (found,) = checks.people_can_see_who_runs_this()
    assert (found.id, found.hint) == ("complaints.E006", found.hint)
    assert "OFFICE_PHONE" in str(found.hint)
