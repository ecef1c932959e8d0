"""Who runs the portal, how to tell it from a fake one, and what happens to personal data: in both languages."""

from datetime import date
from typing import Any

import pytest

from complaints.checks import SAID_ON_THE_PAGES, people_can_see_who_runs_this
from evidence.ledger import signing
from tests.support.pages import Inline, somebody, text

pytestmark = pytest.mark.django_db
OFFICE = {
    "OFFICE_NAME": "滨江区金融消费者权益办公室",
    "OFFICE_ADDRESS": "滨江路 1 号",
    "OFFICE_PHONE": "0571 8888 0000",
    "OFFICE_EMAIL": "office@example.org",
}
SAYS = {
    "en": ["free of charge", "never ask for money", "Who is responsible", "What for", "How long", "Your rights"],
    "zh-CN": ["不收任何费用", "从不要钱", "谁负责", "用来做什么", "保存多久", "您的权利"],
}


@pytest.fixture
def run_by_an_office(settings: Any) -> None:
    for name, value in OFFICE.items():
        setattr(settings, name, value)


@pytest.mark.parametrize("language", SAYS)
def test_the_page_says_who_runs_it_and_what_happens_to_personal_data(
    run_by_an_office: None, language: str
) -> None:
    page = text(somebody(language).get("/about/", headers={"host": "testserver"}))
    assert [one for one in (*SAYS[language], *OFFICE.values()) if one not in page] == []
    assert 'href="tel:057188880000"' in page
    assert 'href="mailto:office@example.org"' in page
    assert Inline(page).found == []


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", ["Hangzhou, China.", "1 December 2026"]), ("zh-CN", ["Hangzhou, China。", "2026年12月1日 起适用"])],
)
def test_the_privacy_notice_says_where_the_data_is_and_from_when_it_applies(
    settings: Any, language: str, says: list[str]
) -> None:
    settings.PRIVACY_FROM, settings.PRIVACY_PLACE = date(2026, 12, 1), "Hangzhou, China"
    page = text(somebody(language).get("/about/")).replace("\u202f", "")
    assert [one for one in says if one not in page] == []


@pytest.mark.parametrize("name", SAID_ON_THE_PAGES)
def test_a_portal_that_does_not_say_it_is_not_ready(run_by_an_office: None, settings: Any, name: str) -> None:
    settings.PRIVACY_FROM, settings.PRIVACY_PLACE = date(2026, 12, 1), "Hangzhou, China"
    assert people_can_see_who_runs_this() == []
    setattr(settings, name, "")
    assert name in str(people_can_see_who_runs_this()[0].hint)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("OFFICE_NAME", "   "), ("OFFICE_PHONE", "x"), ("OFFICE_EMAIL", "x"), ("OFFICE_EMAIL", "a@b")],
)
def test_what_cannot_be_used_counts_as_missing(
    run_by_an_office: None, settings: Any, name: str, typed: str
) -> None:
    settings.PRIVACY_FROM, settings.PRIVACY_PLACE = date(2026, 12, 1), "Hangzhou, China"
    setattr(settings, name, typed)
    assert name in str(people_can_see_who_runs_this()[0].hint)


def test_an_extension_is_dialled_behind_the_number(run_by_an_office: None, settings: Any) -> None:
    settings.OFFICE_PHONE = "010-6655 1234 转 802"
    for address in ("/about/", "/"):
        assert '<a href="tel:01066551234;ext=802">010-6655 1234 转 802</a>' in text(somebody().get(address))


@pytest.mark.parametrize("language", SAYS)
def test_a_reader_can_tell_it_from_a_fake_one(language: str) -> None:
    page = text(somebody(language).get("/about/"))
    assert "<b>testserver</b>" in page
    assert signing.vkey() in page
    assert 'href="/ledger/"' in page
    assert 'href="tel:110"' in page


def test_the_first_page_names_the_office_and_whom_to_call(run_by_an_office: None) -> None:
    page = text(somebody().get("/"))
    assert OFFICE["OFFICE_NAME"] in page
    assert 'href="tel:057188880000"' in page
    assert 'href="/about/#real"' in page


@pytest.mark.parametrize("address", ["/", "/guide/rights/", "/complaints/new/", "/follow/", "/verify/"])
def test_every_page_leads_there_at_its_foot(address: str) -> None:
    assert 'href="/about/"' in text(somebody().get(address)).split("<footer")[1]


def test_without_an_office_it_is_called_a_demonstration() -> None:
    assert "This is a demonstration" in text(somebody().get("/about/"))
    assert 'href="tel:"' not in text(somebody().get("/"))
