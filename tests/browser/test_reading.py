"""A lawyer reads a lent case in a real browser, on a phone and at a desk: it plays, it shows, and it is light."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from complaints.bundles import exports, grants
from complaints.bundles.options import Options
from complaints.models import Case
from evidence.viewing import previews
from portal.demo import sound
from tests.browser.test_viewing import LOADED
from tests.support import browser as chromium
from tests.support import cast, media, viewing
from tests.support.browser import DESK, shoot
from tests.support.bundles import seal_all
from tests.support.walks import LOCALES

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

PHONE = ViewportSize(width=360, height=740)
STORY = "他们半夜给我打电话，还打给我的同事小王（13912345678）。\nThey said they would come to my child’s school."


@pytest.fixture
def case(transactional_db: None) -> Case:
    files = [
        ("半夜来电.amr", sound.amr(sound.call(20, seed=3))),
        ("photo.jpg", viewing.photo((400, 300), orientation=6)),
        ("letter.pdf", media.letter()),
        ("door.mp4", viewing.long_film(frames=10)),
        ("mmexport1764000000000.png", cast.a_screenshot("他们说要来学校", (828, 6000))),
        ("calls.csv", "时间,号码\n2026-11-20 23:41,057188880001\n".encode()),
    ]
    found = cast.file_a_complaint(files=files, language="zh-hans", story={"story": STORY})
    for exhibit in found.case.exhibits.all():
        previews.derive(exhibit.item)
    seal_all(found.case)
    return found.case


def lent(case: Case, *, masked: bool) -> grants.Given:
    options = Options.usual("legal_aid", masked=masked, by_borrower=True).kept()
    given = grants.give(case, options, grants.Terms("王律师", 7, 5, agreed=not masked), language="en")
    exports.make_waiting()
    return given


def a_reader(
    browser: Browser, site: str, given: grants.Given, size: ViewportSize, language: str, **how: Any
) -> Page:
    """A page at the case, opened with link and passphrase."""
    page = browser.new_context(base_url=site, viewport=size, locale=LOCALES[language], **how).new_page()
    page.goto(f"/handed/{given.link}/")
    page.locator("[name=phrase]").fill(given.phrase)
    page.locator("main form .button").click()
    shoot(page, f"reading/{size['width']}-{language}-open")
    page.locator("[name=go][value=read]").click()
    page.wait_for_url("**/read/")
    return page


@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "zh-hans"), pytest.param(DESK, "en", marks=pytest.mark.long)]
)
def test_recordings_play_and_pictures_show(
    case: Case, live_server: Any, size: ViewportSize, language: str
) -> None:
    given = lent(case, masked=False)
    with chromium.a_browser() as browser:
        page = a_reader(browser, live_server.url, given, size, language)
        for small in page.locator(".lent img").all():
            small.scroll_into_view_if_needed()
            assert small.evaluate("async one => { await one.decode(); return one.naturalWidth; }")
        shoot(page, f"reading/{size['width']}-{language}-case")
        shown = []
        for number in range(1, 7):
            page.goto(f"/handed/{given.link}/read/{number}/")
            loaded = page.evaluate(LOADED)
            shoot(page, f"reading/{size['width']}-{language}-{number}")
            shown.append(
                (bool(loaded["images"]) and all(loaded["images"]), [round(one) for one in loaded["seconds"]])
            )
    assert shown[0] == (True, [20])
    assert [kind for kind, _ in shown[1:]] == [True, True, False, True, False]
    assert shown[3][1]


@pytest.mark.long
def test_a_masked_case_is_read_without_javascript(case: Case, live_server: Any) -> None:
    given = lent(case, masked=True)
    with chromium.a_browser() as browser:
        page = a_reader(browser, live_server.url, given, PHONE, "zh-hans", java_script_enabled=False)
        shoot(page, "reading/360-masked-case")
        assert "13912345678" not in page.content()
        page.locator(".lent a").first.click()
        page.wait_for_url("**/read/1/")
        assert page.locator("audio").count() == 1
