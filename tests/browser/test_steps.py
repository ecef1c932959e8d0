"""The steps in a real browser: what is written saves itself, and a second tab loses nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support import browser as chromium
from tests.support.browser import PHONE
from tests.support.web import Web, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

STORY = "/complaints/new/story/"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("steps")) as web:
        yield web


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, web: Web) -> Iterator[BrowserContext]:
    """A phone with a draft."""
    address = f"http://127.0.0.1:{web.port}"
    context = browser.new_context(base_url=address, viewport=PHONE, locale="en-GB")
    page = context.new_page()
    page.goto("/complaints/begin/")
    page.locator("button[name=begin]").click()
    yield context
    context.close()


def telling(phone: BrowserContext) -> Page:
    page = phone.new_page()
    page.goto(STORY)
    return page


def test_what_is_written_is_saved_with_the_time_and_still_there_afterwards(phone: BrowserContext) -> None:
    page = telling(phone)
    page.locator("[name=story]").fill("They called at night.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.close()
    expect(telling(phone).locator("[name=story]")).to_have_value("They called at night.")


def test_the_button_may_save_after_the_page_has_saved_by_itself(phone: BrowserContext) -> None:
    page = telling(phone)
    page.locator("[name=story]").fill("First.")
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.locator("[name=story]").fill("First. Second.")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/contacts/")


def test_a_second_tab_is_told_and_keeps_what_it_has(phone: BrowserContext) -> None:
    first, second = telling(phone), telling(phone)
    first.locator("[name=story]").fill("In the first tab.")
    expect(first.locator("#saved")).to_contain_text("Saved at")
    second.locator("[name=story]").fill("In the second tab.")
    expect(second.locator("#saved")).to_contain_text("to compare")
    second.get_by_role("button", name="Continue").click()
    expect(second.get_by_text("In the first tab.")).to_be_visible()
    expect(second.locator("[name=story]")).to_have_value("In the second tab.")


def test_a_button_writes_the_day_of_a_call_and_leaves_the_time(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/complaints/new/contacts/a1/")
    for typed, day, kept in (
        ("", "Yesterday", "Yesterday"),
        ("Yesterday", "Two days ago", "Two days ago"),
        ("2026-11-20 23:41", "Today", "Today 23:41"),
        ("昨天 晚上11点", "Two days ago", "Two days ago 晚上11点"),
        ("20 November 8 pm", "Yesterday", "Yesterday 8 pm"),
    ):
        page.locator("[name=when]").fill(typed)
        page.get_by_role("button", name=day).click()
        expect(page.locator("[name=when]")).to_have_value(kept)


@pytest.mark.long
def test_without_a_connection_it_says_so_and_tries_again(phone: BrowserContext) -> None:
    page = telling(phone)
    phone.set_offline(True)
    page.locator("[name=story]").fill("In a tunnel.")
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    phone.set_offline(False)
    expect(page.locator("#saved")).to_contain_text("Saved at")


def test_who_acts_for_somebody_is_asked_for_whom(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/complaints/new/who/")
    expect(page.locator("[name=acting_for]")).to_be_hidden()
    page.locator("[value=acting]").check()
    expect(page.locator("[name=acting_for]")).to_be_visible()
    expect(page.locator("[name=files]")).to_be_visible()


def test_a_recording_that_arrives_is_asked_about_without_a_new_page(phone: BrowserContext, tmp_path: Path) -> None:
    from portal.demo import sound

    file = tmp_path / "call.amr"
    file.write_bytes(sound.amr(sound.call(2, seed=1)))
    page = phone.new_page()
    page.goto("/complaints/new/evidence/")
    page.locator("#files").set_input_files(file)
    card = page.locator("[data-exhibit]")
    card.locator("summary").first.click()
    card.locator("summary").last.click()
    card.locator("select[name^=present]").select_option("yes")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/wishes/")
    page.goto("/complaints/new/evidence/")
    expect(page.locator("select[name^=present]")).to_have_value("yes")
