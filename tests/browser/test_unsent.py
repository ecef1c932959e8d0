"""A session of the desk that ends during writing, a refused step and another language, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from complaints.models import Case, Role, StaffMember
from tests.support import browser as chromium
from tests.support import cast, office

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture
def member(transactional_db: None) -> StaffMember:
    return cast.staff("walker", Role.INVESTIGATOR, cast.a_team("South"))


@pytest.fixture
def case(member: StaffMember) -> Case:
    filed = cast.file_a_complaint(files=[])
    return office.step(office.routed(filed.case, cast.a_team("South"), member), "begin", member)


@pytest.fixture
def page(member: StaffMember, live_server: Any) -> Iterator[Page]:
    session = cast.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
    with chromium.a_browser() as browser:
        context = browser.new_context(base_url=live_server.url, locale="en-GB")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield context.new_page()


def test_a_line_warns_five_minutes_before_the_end_and_one_press_stays(case: Case, page: Page) -> None:
    page.clock.install()
    page.goto(f"/admin/complaints/case/{case.pk}/")
    warned = page.locator("[data-session]")
    expect(warned).to_be_hidden()
    page.clock.fast_forward(56 * 60 * 1000)
    expect(warned).to_contain_text("in less than five minutes")
    page.get_by_role("button", name="Stay signed in").click()
    expect(warned).to_be_hidden()
    page.clock.fast_forward(61 * 60 * 1000)
    expect(warned).to_contain_text("You are signed out")


def test_what_is_typed_is_kept_and_comes_back_when_the_page_is_opened_again(case: Case, page: Page) -> None:
    page.goto(f"/admin/complaints/case/{case.pk}/")
    page.get_by_text("Write a note").first.click()
    page.locator("#note_text").fill("Half a note")
    expect(page.get_by_text("Kept as a draft at")).to_be_visible()
    page.goto("/admin/complaints/case/?queue=open")
    page.goto(f"/admin/complaints/case/{case.pk}/")
    expect(page.locator("#note_text")).to_have_value("Half a note")
    page.locator("#note_text").fill("A whole note")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("The note is kept.")).to_be_visible()
    expect(page.locator("#note_text")).to_have_value("")
    expect(page.get_by_text("This is your draft")).to_have_count(0)


def test_after_a_refusal_the_sentence_is_on_the_screen_and_focused(case: Case, page: Page) -> None:
    page.goto(f"/admin/complaints/case/{case.pk}/")
    page.get_by_text("Set a task").first.click()
    page.locator("#task_title").fill("Call the agency")
    page.get_by_role("button", name="Set the task").click()
    refused = page.locator("#refused")
    expect(refused).to_be_in_viewport()
    expect(refused).to_be_focused()
    expect(page.locator("#task_title")).to_have_value("Call the agency")
    expect(page.locator("#task_title")).to_be_visible()


@pytest.mark.long
def test_the_other_language_keeps_two_forms_that_are_not_sent(case: Case, page: Page) -> None:
    page.goto(f"/admin/complaints/case/{case.pk}/")
    page.get_by_text("Write a note").first.click()
    page.locator("#note_text").fill("Half a note")
    page.get_by_text("Set a task").first.click()
    page.locator("#task_title").fill("Call the agency")
    for name, code in (("中文", "zh-hans"), ("English", "en")):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(f"html[lang={code}]")).to_be_attached()
        expect(page.locator("#note_text")).to_have_value("Half a note")
        expect(page.locator("#task_title")).to_have_value("Call the agency")
