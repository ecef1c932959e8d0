"""Who runs the portal, how to tell it from a fake one, and what happens to personal data: in both languages."""

from typing import Any

import pytest

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
    assert 'href="tel:0571 8888 0000"' in page
    assert 'href="mailto:office@example.org"' in page
    assert Inline(page).found == []


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
    assert 'href="tel:0571 8888 0000"' in page
    assert 'href="/about/#real"' in page


@pytest.mark.parametrize("address", ["/", "/guide/rights/", "/complaints/new/", "/follow/", "/verify/"])
def test_every_page_leads_there_at_its_foot(address: str) -> None:
    assert 'href="/about/"' in text(somebody().get(address)).split("<footer")[1]


def test_without_an_office_it_is_called_a_demonstration() -> None:
    assert "This is a demonstration" in text(somebody().get("/about/"))
    assert 'href="tel:"' not in text(somebody().get("/"))
