"""What it costs to file on a cheap phone in Chinese, in a real browser: pages, taps, characters to read.

A tap is one touch of a page: a link, a button, a box, a field to write in. The phone's own list of pictures and
typing are not counted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from tests.support import browser as chromium
from tests.support import cast
from tests.support.browser import shoot
from tests.support.web import Web, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.long]

CHINESE = re.compile(r"[\u3400-\u9fff]")
# The text of the main part that is seen without opening a list or a fold.
SEEN = """() => {
  const main = document.querySelector("main");
  const away = [...main.querySelectorAll("select, .unseen")];
  for (const one of away) one.style.display = "none";
  const text = main.innerText;
  for (const one of away) one.style.removeProperty("display");
  return text;
}"""
# Chromium makes a sound in place of a microphone's, and asks nobody.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
CHEAP_PHONE = ViewportSize(width=360, height=740)


class Tapper:
    """Somebody with a phone. Counts taps, pages, and the Chinese characters in the main part of each page until
    the complaint is filed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps, self.pages, self.characters = 0, 0, 0
        self.read: list[tuple[str, int]] = []

    def arrives(self, address: str) -> None:
        """Read the page at this address, of which nobody has seen anything yet."""
        self.page.wait_for_url(f"**{address}")
        shown = len(CHINESE.findall(self.page.evaluate(SEEN)))
        self.read.append((address, shown))
        self.pages += 1
        self.characters += shown
        shoot(self.page, f"effort/{self.pages:02}{address.rstrip('/').rpartition('/')[2]}")

    def taps_on(self, what: Locator) -> None:
        what.click()
        self.taps += 1

    def writes(self, name: str, text: str) -> None:
        self.taps_on(self.page.locator(f"[name={name}]"))
        self.page.keyboard.insert_text(text)

    def ticks(self, name: str, value: str) -> None:
        self.taps_on(self.page.locator(f"label[for={self.identity(name, value)}]"))

    def identity(self, name: str, value: str) -> str:
        return self.page.locator(f"[name={name}][value={value}]").get_attribute("id") or ""

    def presses(self, name: str) -> None:
        self.taps_on(
            self.page.get_by_role("button", name=name, exact=True)
            .or_(self.page.get_by_role("link", name=name, exact=True))
            .first
        )


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("effort")) as web:
        yield web


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser(*MICROPHONE) as browser:
        yield browser


@pytest.fixture
def somebody(browser: Browser, web: Web) -> Iterator[Tapper]:
    site = f"http://127.0.0.1:{web.port}"
    phone = {"viewport": CHEAP_PHONE, "locale": "zh-CN", "has_touch": True, "permissions": ["microphone"]}
    context = browser.new_context(base_url=site, **phone)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/")
    yield Tapper(page)
    context.close()


def tells_the_three_things(one: Tapper) -> None:
    """From the home page to the story, which is the last answer that is needed."""
    one.arrives("/")
    one.presses("开始投诉")
    one.arrives("/complaints/new/")
    one.presses("继续")
    one.arrives("/complaints/new/who/")
    one.ticks("relation", "debtor")
    one.presses("继续")
    one.arrives("/complaints/new/parties/")
    one.taps_on(one.page.get_by_text("不知道", exact=True))
    one.presses("继续")
    one.arrives("/complaints/new/conduct/")
    one.ticks("conduct", "C04")
    one.presses("继续")
    one.arrives("/complaints/new/court/")
    one.ticks("court", "none")
    one.presses("继续")
    one.arrives("/complaints/new/story/")
    one.writes("story", "催收打给了我姐姐。")


def files(one: Tapper) -> None:
    one.arrives("/complaints/new/check/")
    one.presses("提交投诉")
    one.page.wait_for_url("**/complaints/filed/")
    one.pages += 1
    one.presses("我已保存")


def test_the_shortest_way(somebody: Tapper) -> None:
    tells_the_three_things(somebody)
    somebody.presses("现在提交，其余以后补")
    files(somebody)
    assert somebody.pages <= 9
    assert somebody.taps <= 16
    assert somebody.characters <= 1500, somebody.read


def remembers_two_calls(one: Tapper) -> None:
    """The second one begins with what is mostly the same."""
    one.presses("加一条电话、消息或上门")
    before = one.taps
    one.presses("昨天")
    one.ticks("channel", "call")
    one.ticks("reached", "relative")
    one.ticks("disclosed", "yes")
    one.writes("said", "再不还就去你单位")
    one.presses("保存，再加一条")
    assert one.taps - before <= 7  # 8 with the button that begins one
    one.page.wait_for_url("**?from=*")
    one.writes("when", "2026年11月21日 23:41")
    one.presses("保存")


def test_the_whole_way_with_two_contacts_and_twelve_screenshots(somebody: Tapper, tmp_path: Path) -> None:
    tells_the_three_things(somebody)
    somebody.presses("继续")
    remembers_two_calls(somebody)
    somebody.presses("继续")
    files_to_send = [tmp_path / f"微信截图_{number:02}.png" for number in range(12)]
    for number, file in enumerate(files_to_send):
        file.write_bytes(cast.a_screenshot(str(number)))
    somebody.page.locator("#files").set_input_files(files_to_send)
    somebody.taps += 1
    expect(somebody.page.locator("[data-exhibit]")).to_have_count(12)
    somebody.presses("继续")
    somebody.ticks("wishes", "stop")
    for _page in ("wishes", "reach", "names"):
        somebody.presses("继续")
    files(somebody)
    assert somebody.taps <= 45


def test_the_account_is_recorded_on_the_page(somebody: Tapper) -> None:
    tells_the_three_things(somebody)
    page = somebody.page
    page.locator("[name=story]").fill("")
    somebody.taps_on(page.get_by_text("不会打字？录一段话"))
    somebody.presses("开始录音")
    expect(page.get_by_text("正在录音：0:02")).to_be_visible()
    somebody.presses("停止")
    shoot(page, "effort/recorded")
    assert page.locator("#spoken audio").evaluate("audio => audio.play().then(() => true)")
    somebody.presses("保存这段录音")
    expect(page.get_by_text("已完整收到")).to_be_visible()
    shoot(page, "effort/kept")
    somebody.presses("现在提交，其余以后补")
    expect(page.get_by_text(re.compile(r"我的口述 .*\.weba"))).to_have_count(2)
    files(somebody)
