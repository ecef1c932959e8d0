"""The page of a case with twenty exhibits on a phone: what it costs, and how pictures are seen at full size."""

from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Locator, Page

from evidence.checking import sealing
from evidence.models import Derivative, EvidenceItem, Inspection
from evidence.storage import vault
from evidence.viewing import previews
from portal.demo import sound
from tests.support import browser as chromium
from tests.support import cast, viewing
from tests.support.browser import shoot

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

BUDGET = 30_000  # bytes of a second view
SCREEN = (1080, 2340)


def files() -> list[tuple[str, bytes]]:
    """Five recordings of a minute, twelve screenshots, a long one, a letter of three pages and a list of calls."""
    return [
        *(
            (f"通话录音_2026112{n}_2341.amr", sound.amr(Random(n).randbytes(2 * sound.RATE * 60)))
            for n in range(5)
        ),
        *((f"微信图片_202611202341{n}.png", cast.a_screenshot(f"{n}", SCREEN)) for n in range(12)),
        ("long.png", cast.a_screenshot("long", (828, 9000))),
        ("letter.pdf", viewing.pdf(3)),
        ("calls.csv", "时间,号码\n10-19,1380".encode()),
    ]


@pytest.fixture
def filed(transactional_db: None) -> cast.Filed:
    found = cast.file_a_complaint(files=files(), language="zh-hans")
    items = [exhibit.item for exhibit in found.case.exhibits.order_by("number")]
    for number, item in enumerate(items):
        if number in (*range(1, 5), *range(6, 17)):
            looked_at_like(items[0 if number < 5 else 5], item)
        else:
            previews.derive(item)
        sealing.seal(item)
    return found


def looked_at_like(first: EvidenceItem, item: EvidenceItem) -> None:
    """Give the item the first one's copies, which would be as large, without starting a child for each."""
    Inspection.objects.create(
        item=item, **{name: getattr(first.inspection, name) for name in ("facts", "leased_until", "made_at")}
    )
    for made in first.derivatives.all():
        copy = Derivative.objects.get(pk=made.pk)
        copy.pk, copy.item = uuid4(), item
        vault.store(copy.pk, vault.read(made.pk), limit=made.size)
        copy.save(force_insert=True)


@pytest.fixture
def phone(filed: cast.Filed, live_server: Any) -> Iterator[BrowserContext]:
    with chromium.a_browser() as browser:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": 360, "height": 740}, has_touch=True, locale="zh-CN"
        )
        page = context.new_page()
        page.goto("/follow/")
        page.fill("[name=code]", filed.code)
        page.keyboard.press("Enter")
        page.wait_for_url("**/follow/case/")
        everything_seen(page)
        page.close()
        yield context


def everything_seen(page: Page) -> None:
    """Unfold the files and scroll through them: a picture is loaded when it is near."""
    page.locator("details.fold").evaluate("list => { list.open = true; }")
    page.evaluate(
        """async () => {
          for (const picture of document.querySelectorAll(".brief img")) {
            picture.scrollIntoView();
            if (!picture.complete) await new Promise(done => picture.addEventListener("load", done, {once: true}));
          }
        }"""
    )


def counted(page: Page) -> dict[str, float]:
    """Address -> bytes that came over the wire for it, with the headers; filled in while the page loads."""
    session, asked, came = page.context.new_cdp_session(page), {}, {}
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one["request"]["url"]}))

    def finished(one: dict[str, Any]) -> None:
        came[asked.get(one["requestId"], one["requestId"])] = one["encodedDataLength"]

    session.on("Network.loadingFinished", finished)
    return came


def test_a_second_view_costs_at_most_thirty_kilobytes(phone: BrowserContext) -> None:
    page = phone.new_page()
    came = counted(page)
    page.goto("/follow/case/")
    everything_seen(page)
    shoot(page, "case-page-twenty")
    assert sum(came.values()) <= BUDGET, came
    assert page.locator("audio").count() == 5


@pytest.mark.long
def test_a_view_of_the_folded_page_loads_no_file_at_all(phone: BrowserContext) -> None:
    page = phone.new_page()
    came = counted(page)
    page.goto("/follow/case/")
    page.keyboard.press("End")
    assert not [address for address in came if "/exhibits/" in address]


def width_of(shown: Locator) -> float:
    box = shown.bounding_box()
    assert box
    return box["width"]


@pytest.mark.long
def test_pictures_are_seen_at_full_width_and_made_larger_by_buttons(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/follow/exhibits/18/")
    picture = page.locator(".large img")
    assert picture.count() > 4  # its parts, one below the other
    shoot(page, "exhibit-long")
    before = width_of(picture.first)
    assert before >= 320
    page.get_by_role("button", name="放大").click()
    assert width_of(picture.first) > 1.2 * before
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide
    assert "user-scalable" not in (page.locator("meta[name=viewport]").get_attribute("content") or "")


@pytest.mark.long
def test_a_letter_is_turned_page_by_page(phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto("/follow/exhibits/19/")
    page.get_by_role("link", name="下一页").click()
    page.get_by_text("第 2 页，共 3 页").wait_for()
    shoot(page, "exhibit-letter")
    assert page.locator(".large img").count() == 1
    page.get_by_role("link", name="E-20").click()
    page.get_by_role("heading", name="E-20").wait_for()
