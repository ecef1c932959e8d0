"""The whole story in a real browser, on the portal as `make run` starts it: filed in Chinese on a phone without
JavaScript, decided at the desk, read, taken away and verified."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from portal.demo import paper, sound
from tests.portal.test_up import Portal, a_free_port
from tests.support import browser as chromium
from tests.support import prepared
from tests.support.browser import DESK, PHONE, downloaded, shoot
from tests.support.cast import Lawyer
from tests.support.services import wait_until
from tests.support.signing_in import signs_in_at_the_demo

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.sqlite_only]

STORY = "11 月 20 日夜里 23:41，他们打电话说要去我孩子的学校。第二天又给我姐姐发了短信，说我欠钱不还。"
REASONS = "The recording E-1 has the threat; the screenshot E-2 shows that the sister was told of the debt."
REPLY = "您投诉的情况属实。我们已要求催收机构停止联系您的家人。如不同意，您可以要求换人复核。"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    portal = Portal(prepared.demo(tmp_path_factory.mktemp("story")), a_free_port(), SWEEP_SECONDS="2")
    try:
        portal.wait_until_ready()
        yield portal
    finally:
        portal.process.terminate()
        portal.ends()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A recording, a screenshot and a letter, under the names a phone gives them."""
    contents = {
        "2026-11-20 23:41 催收电话.amr": sound.amr(sound.call(6, seed=3)),
        "给我姐姐发的短信.png": paper.screenshot("10690", "09:12", [("09:12", "你弟弟欠款逾期，请转告。")]),
        "催收函.pdf": paper.letter(
            sender="某某咨询",
            address="某市",
            title="催收函",
            to="李女士",
            parts=["请三日内还款。"],
            date="2026 年 11 月",
        ),
    }
    paths = []
    for name, content in contents.items():
        paths.append(tmp_path / name)
        paths[-1].write_bytes(content)
    return paths


def test_the_whole_story(browser: Browser, portal: Portal, files: list[Path], tmp_path: Path) -> None:
    site = f"http://127.0.0.1:{portal.port}"
    phone = browser.new_context(
        base_url=site, viewport=PHONE, locale="zh-CN", java_script_enabled=False, accept_downloads=True
    )
    reference, code, receipt = files_a_complaint(phone, files, tmp_path)
    desk = browser.new_context(base_url=site, viewport=DESK, locale="en-GB", accept_downloads=True)
    exported = decides(desk, reference, tmp_path)
    own = reads_the_reply(browser.new_context(base_url=site, viewport=PHONE, locale="zh-CN"), code, tmp_path)
    verifies(exported, own, receipt, tmp_path)


def files_a_complaint(phone: BrowserContext, files: list[Path], folder: Path) -> tuple[str, str, Path]:
    """From the home page to the receipt; gives the reference, the access code and receipt.json."""
    page = phone.new_page()
    page.goto("/")
    shoot(page, "phone-1-home")
    page.get_by_role("link", name="开始投诉").click()
    page.get_by_role("button", name="继续").click()
    expect(page.get_by_text("尚未提交").first).to_be_visible()
    page.locator("[name=relation][value=debtor]").check()
    shoot(page, "phone-3-who")
    go_on(page)
    page.locator("[name=lender]").fill("蓝田消费金融")
    page.locator("[name=agency]").fill("某某咨询")
    shoot(page, "phone-3-parties")
    go_on(page)
    for kind in ("C04", "C09"):
        page.locator(f"[name=conduct][value={kind}]").check()
    shoot(page, "phone-4-conduct")
    go_on(page)
    page.locator("[name=court][value=none]").check()
    shoot(page, "phone-4-court")
    go_on(page)
    page.locator("[name=story]").fill(STORY)
    shoot(page, "phone-4-story")
    go_on(page)
    page.get_by_role("link", name="加一条电话、消息或上门").click()
    page.locator("[name=when]").fill("2026年11月20日 23:41")
    page.locator("label[for=id_channel_0]").click()
    shoot(page, "phone-4-act")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("heading", name="2026年11月20日 星期五 23:41 · 电话")).to_be_visible()
    shoot(page, "phone-4-contacts")
    go_on(page)
    page.locator("[name=files]").set_input_files(files)
    page.locator("button[name=go][value=stay]").click()
    for file in files:
        expect(page.get_by_role("heading", name=file.name)).to_be_visible()
    shoot(page, "phone-5-evidence")
    go_on(page)
    page.locator("[name=wishes][value=stop]").check()
    go_on(page)
    shoot(page, "phone-6-reach")
    go_on(page)
    shoot(page, "phone-6-names")
    go_on(page)
    expect(page.get_by_text(STORY[:12])).to_be_visible()
    shoot(page, "phone-7-check")
    page.locator("button[name=go][value=file]").dblclick()
    page.wait_for_url("**/complaints/filed/")
    shoot(page, "phone-8-filed")
    page.get_by_text("供核验程序使用的文件").click()
    receipt = downloaded(page, "核验用回执（JSON）", folder)
    reference = page.locator(".reference").inner_text()
    code = re.search(r"(?:[0-9A-Z]{4}\s+){4}[0-9A-Z]{4}", page.locator("main").inner_text())
    assert code
    page.locator("button[name=saved]").click()
    expect(page.get_by_text(code[0])).to_have_count(0)
    shoot(page, "phone-9-follow")
    return reference, code[0], receipt


def go_on(page: Page) -> None:
    page.get_by_role("button", name="继续", exact=True).click()
    expect(page.locator(".alert-danger")).to_have_count(0)


def decides(desk: BrowserContext, reference: str, folder: Path) -> Path:
    """Sign in, find the case with the reason why, begin, decide, reply, close, export."""
    page = desk.new_page()
    page.goto("/admin/")
    shoot(page, "desk-1-sign-in")
    signs_in_at_the_demo(page, "supervisor")
    page.goto("/admin/complaints/case/?queue=open")
    shoot(page, "desk-2-queue")
    page.get_by_role("link", name=reference).click()
    wait_until(
        lambda: page.reload() and page.get_by_text("3 of 3 exhibits sealed").count(), "three sealed exhibits"
    )
    expect(page.get_by_text("Routed to").first).to_be_visible()
    shoot(page, "desk-3-case")
    page.get_by_role("button", name="Begin the investigation").click()
    page.get_by_role("link", name="Write the findings").first.click()
    shoot(page, "desk-3b-findings")
    for card in page.locator("fieldset.card:visible").all():
        card.locator("[name$=outcome][value=substantiated]").check()
        card.locator("[name$=reasons]").fill(REASONS)
        card.locator("[name$=relied_on]").first.check()
        card.locator("[name$=norms]").first.check()
    page.get_by_role("button", name="Record the findings").click()
    page.get_by_label("Reply to the borrower").fill(REPLY)
    page.get_by_role("button", name="Send the reply").click()
    page.get_by_role("button", name="Close the case").click()
    expect(page.get_by_text("The case is closed.")).to_be_visible()
    shoot(page, "desk-4-closed")
    page.get_by_role("link", name="Export bundle").click()
    page.get_by_role("button", name="Make the bundle").click()
    shoot(page, "desk-5-bundle")
    return downloaded(page, "Download", folder)


def reads_the_reply(phone: BrowserContext, code: str, folder: Path) -> Path:
    """By the access code, typed in small letters; gives the borrower's own bundle."""
    page = phone.new_page()
    page.goto("/follow/")
    page.locator("[name=code]").fill(code.lower().replace(" ", ""))
    page.get_by_role("button", name="查看").or_(page.locator("main button[type=submit]")).first.click()
    page.wait_for_url("**/follow/case/")
    expect(page.get_by_text(REPLY[:10])).to_be_visible()
    shoot(page, "phone-10-reply")
    page.get_by_role("link", name="下载证据包，或交给别人").click()
    page.get_by_role("button", name="制作我的证据包").click()
    shoot(page, "phone-11-bundle")
    (folder / "own").mkdir()
    return downloaded(page, "下载证据包", folder / "own")


def verifies(exported: Path, own: Path, receipt: Path, folder: Path) -> None:
    """With the one file and the receipt from the day of filing, nothing of the portal."""
    (folder / "desk").mkdir()
    lawyer = Lawyer(folder / "desk")
    for bundle in (exported, own):
        assert lawyer.verifies(bundle).returncode == 2
        verified = lawyer.verifies(bundle, "--against", receipt)
        assert verified.returncode == 0, verified.stdout
    assert lawyer.verifies(receipt).returncode == 2
