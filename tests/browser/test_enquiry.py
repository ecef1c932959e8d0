"""One enquiry in a real browser, from asked to answered: at the desk, and as somebody of the other side."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support import browser as chromium
from tests.support import cast
from tests.support.browser import DESK, PHONE, shoot
from tests.support.signing_in import signs_in_at_the_demo
from tests.support.web import Web, serving_the_demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving_the_demo(tmp_path_factory.mktemp("enquiry")) as web:
        yield web


def opened(browser: Browser, web: Web, language: str = "en-GB", **more: Any) -> Page:
    return browser.new_context(base_url=web.address, locale=language, **{"viewport": DESK, **more}).new_page()


def at_the_desk(page: Page, who: str = "supervisor", filters: str = "&state=investigating") -> None:
    signs_in_at_the_demo(page, who)
    page.goto(f"/admin/complaints/case/?queue=open{filters}")
    page.locator("#result_list tbody th a").first.click()


def asked(desk: Page, way: str = "By post, with the letter") -> None:
    """Asked with a look at what leaves."""
    desk.get_by_role("link", name="Ask the other side").click()
    desk.get_by_label("Who do you want to ask?").select_option("agency")
    desk.get_by_label("Its name").fill("Example Collection Ltd")
    desk.get_by_label("How is it sent?").select_option(label=way)
    desk.get_by_label("Recordings of the calls, whole and as they were recorded", exact=True).check()
    desk.get_by_label("Who collected", exact=False).first.check()
    desk.get_by_label("What they must keep").select_option("cn-consumer-finance")
    shoot(desk, "desk-ask")
    desk.get_by_role("button", name="Look at what leaves").click()
    expect(desk.get_by_text("This leaves the portal, and nothing else")).to_be_visible()
    shoot(desk, "desk-ask-preview")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_text("Print the letter and send it.")).to_be_visible()


def the_code(desk: Page, web: Web) -> str:
    """The code on the letter that is printed at the desk."""
    from tests.complaints.filing.test_receipt_pdf import text_of

    with desk.expect_download() as given:
        desk.get_by_role("button", name="The letter with the code").click()
    text = "".join(text_of(given.value.path().read_bytes()).split())
    found = re.search(r"(?:Code|验证码)([0-9A-Z]{20})", text)
    assert found, text
    return found[1]


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_an_enquiry_from_asked_to_answered(browser: Browser, web: Web, scripts: bool) -> None:
    desk = opened(browser, web, java_script_enabled=scripts)
    at_the_desk(desk)
    asked(desk)
    code = the_code(desk, web)
    other = opened(browser, web, viewport=PHONE, java_script_enabled=scripts)
    other.goto(f"/answer/#{code}")
    if not scripts:
        other.fill("#id_code", code)
    other.locator("main button.button").click()
    expect(other.get_by_role("heading", name="What we ask for")).to_be_visible()
    shoot(other, "respond-enquiry")
    other.get_by_role("button", name="Answer", exact=True).click()
    log: FilePayload = {"name": "call.png", "mimeType": "image/png", "buffer": cast.a_screenshot("call")}
    other.set_input_files("#files", log)
    if not scripts:
        other.get_by_role("button", name="Save these files").click()
    expect(other.locator("#kept [data-exhibit]")).to_have_count(1)
    other.get_by_label("Will you provide it?").first.select_option("partly")
    other.get_by_label("Why it is not sent").first.fill("The older ones were deleted.")
    other.get_by_label("Your answer").fill("This is what we found.")
    shoot(other, "respond-write")
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_text("received and sealed")).to_be_visible()
    assert other.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shoot(other, "respond-answered")
    desk.reload()
    expect(desk.get_by_text("The older ones were deleted.")).to_be_visible()
    shoot(desk, "desk-enquiry")
    desk.get_by_role("link", name="‹").click()
    expect(desk.locator("#exhibits").get_by_text("from the other side").last).to_be_visible()
    expect(desk.locator("#timeline")).to_contain_text("The other side answered")
    shoot(desk, "desk-case-with-enquiry")


@pytest.mark.long
def test_notes_and_tasks_and_a_phrase_without_javascript(browser: Browser, web: Web) -> None:
    desk = opened(browser, web, java_script_enabled=False)
    at_the_desk(desk, "supervisor2", filters="")
    desk.locator("#inside").get_by_text("Write a note").first.click()
    desk.locator("#note_text").fill("Ring the agency on Monday.")
    desk.get_by_role("button", name="Keep the note").click()
    expect(desk.get_by_text("Ring the agency on Monday.")).to_be_visible()
    desk.locator("#inside").get_by_text("Set a task").first.click()
    desk.locator("#task_title").fill("Ring the agency")
    desk.locator("#task_due_on").fill("2099-01-02")
    desk.get_by_role("button", name="Set the task").click()
    desk.goto("/admin/complaints/case/?queue=mine")
    expect(desk.locator(".my-tasks")).to_contain_text("Ring the agency")
    shoot(desk, "desk-my-tasks")
    desk.locator(".my-tasks a").first.click()
    desk.get_by_text("Write a message or ask a question").click()
    desk.locator("#write_phrase").select_option("recording")
    desk.get_by_role("button", name="Put the phrase in").click()
    expect(desk.locator("#write_text")).to_have_value(re.compile("录音|recording"))
