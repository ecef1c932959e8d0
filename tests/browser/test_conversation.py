"""Writing after filing in a real browser: with files in pieces, without JavaScript, and in by QR code."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support import browser as chromium
from tests.support import cast
from tests.support.browser import DESK, PHONE, shoot
from tests.support.services import ROOT
from tests.support.signing_in import signs_in_at_the_demo
from tests.support.web import Web, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
NARROW: Any = {"width": 320, "height": 700}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("talk")) as web:
        yield web


def opened(browser: Browser, web: Web, language: str, **more: Any) -> Page:
    page = browser.new_context(base_url=web.address, locale=language, **{"viewport": PHONE, **more}).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def a_picture(name: str) -> FilePayload:
    return {"name": name, "mimeType": "image/png", "buffer": cast.a_screenshot(name)}


def follows(page: Page, code: str) -> None:
    page.goto(f"/follow/#{code.replace(' ', '')}")
    page.locator("main button.button").click()


@pytest.fixture(scope="module")
def code(web: Web) -> str:
    """The access code of a demo case that is being investigated."""
    demo = [sys.executable, "manage.py", "demo"]
    printed = subprocess.run(demo, cwd=ROOT, env=web.environment, check=True, capture_output=True, text=True)
    return printed.stdout.splitlines()[1].partition("access code ")[2]


def test_a_scanned_code_is_filled_in_and_leaves_the_address(browser: Browser, web: Web, code: str) -> None:
    page, asked = opened(browser, web, "zh-CN"), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"/follow/#{code.replace(' ', '')}")
    expect(page.locator("#id_code")).to_have_value(code)
    assert page.url == f"{web.address}/follow/"
    page.locator("main button.button").click()
    expect(page.locator("h1")).to_be_visible()
    assert page.url == f"{web.address}/follow/case/"
    assert not [url for url in asked if code.replace(" ", "") in url.split("#")[0]]


@pytest.mark.parametrize("brought", ["", "#main", "#<script>", "#" + "A" * 21])
def test_text_behind_the_hash_that_is_no_code_is_not_filled_in(browser: Browser, web: Web, brought: str) -> None:
    page = opened(browser, web, "zh-CN")
    page.goto(f"/follow/{brought}")
    expect(page.locator("#id_code")).to_have_value("")


@pytest.mark.parametrize(("language", "size"), [("zh-CN", NARROW), ("en-GB", DESK)])
def test_a_message_with_a_file_in_pieces(browser: Browser, web: Web, code: str, language: str, size: Any) -> None:
    page = opened(browser, web, language, viewport=size)
    follows(page, code)
    page.locator("button[value=message]").last.click()  # the first is for what was promised
    page.locator("#id_text").fill("昨晚十一点又打来了。")
    page.set_input_files("#files", a_picture("call.png"))
    expect(page.locator("#kept [data-exhibit]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    shoot(page, f"add-{language}-{size['width']}")
    page.locator("button[value=send]").click()
    page.wait_for_url("**/follow/case/#message-*")
    expect(page.locator("section.own").last).to_contain_text("call.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    shoot(page, f"talk-{language}-{size['width']}")


def test_the_same_without_javascript(browser: Browser, web: Web, code: str) -> None:
    page = opened(browser, web, "en-GB", java_script_enabled=False)
    page.goto("/follow/")
    page.locator("#id_code").fill(code)
    page.locator("main button.button").click()
    page.locator("button[value=evidence]").click()
    page.set_input_files("#files", a_picture("plain.png"))
    page.get_by_role("button", name="Save these files").click()
    expect(page.locator("#kept [data-exhibit]")).to_have_count(1)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator("section.own").last).to_contain_text("plain.png")
    expect(page.locator(".timeline")).to_contain_text("You added evidence")


def test_a_question_goes_to_the_borrower_and_the_answer_comes_back(browser: Browser, web: Web, code: str) -> None:
    desk, page = opened(browser, web, "en-GB", viewport=DESK), opened(browser, web, "zh-CN")
    follows(page, code)
    reference = page.locator(".reference").first.inner_text()
    signs_in_at_the_demo(desk, "supervisor")
    desk.goto("/admin/complaints/case/?queue=open")
    desk.get_by_role("link", name=reference).click()
    desk.get_by_text("Write a message or ask a question").click()
    desk.get_by_label("A question, open until it is answered").check()
    desk.get_by_label("Write to the borrower").fill("请问是哪个号码打来的？")
    desk.get_by_role("button", name="Send", exact=True).click()
    expect(desk.get_by_text("not answered yet")).to_be_visible()
    page.reload()
    expect(page.get_by_text("请问是哪个号码打来的？")).to_be_visible()
    page.get_by_role("button", name="回答").click()
    page.locator("#id_text").fill("尾号 1234 的号码。")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("已回答")).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("尾号 1234 的号码。")).to_be_visible()
    desk.get_by_role("button", name="I have read what the borrower wrote").click()
    expect(desk.get_by_text("Marked as read.")).to_be_visible()
    shoot(desk, "desk-talk")
    page.reload()
    expect(page.locator(".timeline").last).to_contain_text("主管看了您写的内容")
