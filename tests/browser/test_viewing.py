"""Copies for viewing in a real browser: they play and show where they are embedded, and nowhere run."""

from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from complaints.models import Case, Role
from evidence import ledger
from evidence.viewing import previews
from portal.demo import sound
from tests.support import browser as chromium
from tests.support import cast, media, viewing
from tests.support.browser import DESK, PHONE, shoot
from tests.support.signing_in import signs_in_at_the_demo

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.fixture
def filed(transactional_db: None) -> cast.Filed:
    files = [
        ("call.amr", sound.amr(sound.call(20, seed=3))),
        ("photo.jpg", viewing.photo((400, 300), orientation=6)),
        ("letter.pdf", media.letter()),
        ("door.mp4", viewing.long_film(frames=10)),
        ("wechat.silk", viewing.silk()),
        ("broken.png", cast.a_screenshot()[:60]),
        ("letter.docx", media.docx()),
    ]
    found = cast.file_a_complaint(files=files, language="en")
    Case.objects.filter(pk=found.case.pk).update(state=Case.State.ROUTED, team=cast.a_team("South"))
    for exhibit in found.case.exhibits.all():
        previews.derive(exhibit.item)
    return found


# What every picture and player of the page has, once it is loaded.
LOADED = """async () => {
  const images = [...document.querySelectorAll(".viewing img")];
  for (const image of images) { image.loading = "eager"; await image.decode().catch(() => 0); }
  const media = [...document.querySelectorAll("audio, video")];
  for (const one of media) { one.preload = "auto"; one.load(); one.muted = true; await one.play(); }
  for (const one of media) {
    one.currentTime = one.duration * .9;
    await new Promise(done => one.addEventListener("seeked", done, {once: true}));
  }
  return {images: images.map(image => image.naturalWidth), seconds: media.map(one => one.duration)};
}"""


def watched(page: Page) -> list[str]:
    """What the browser complains of, as it comes."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico"):
            complaints.append(message.text)

    page.on("console", note)
    return complaints


@pytest.mark.long
def test_the_desk_plays_and_shows_what_was_sent(filed: cast.Filed, live_server: Any) -> None:
    cast.staff("south", Role.INVESTIGATOR, cast.a_team("South"))
    with chromium.a_browser() as browser:
        page = browser.new_context(base_url=live_server.url, viewport=DESK, locale="en-GB").new_page()
        looks_through(page, f"/admin/complaints/case/{filed.case.pk}/")
    kinds = [entry.kind for entry in ledger.history(filed.case.thread)]
    assert (kinds.count("evidence.viewed"), kinds.count("evidence.downloaded")) == (6, 1)


def looks_through(page: Page, case: str) -> None:
    """Sign in, open all exhibits, play and look, and download one original."""
    complaints = watched(page)
    signs_in_at_the_demo(page, "south", cast.PASSWORD)
    page.goto(case)
    assert page.locator(".viewing audio, .viewing video, .viewing img").count() == 0
    page.get_by_role("button", name="Open all exhibits").click()
    everything_is_there(page.evaluate(LOADED))
    shoot(page, "desk-exhibits")
    assert complaints == []
    page.locator("#E-1 details.original summary").click()
    with page.expect_download() as given:
        page.locator("#E-1").get_by_role("button", name="Download the original").click()
    assert given.value.suggested_filename == "call.amr"
    page.goto(page.locator(".viewing .waveform").first.get_attribute("src") or "")
    assert page.locator("svg path").count() == 1


def everything_is_there(seen: dict[str, list[float]]) -> None:
    """Two waveforms, a photo, a page and the beginning of a picture; a recording, a video and a voice message."""
    assert len(seen["images"]) == 5 and all(seen["images"])
    assert [round(length) for length in seen["seconds"]] == [20, 1, 2]


def test_the_borrower_plays_and_sees_it_on_a_phone(filed: cast.Filed, live_server: Any) -> None:
    with chromium.a_browser() as browser:
        page = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="en-GB").new_page()
        complaints = watched(page)
        page.goto("/follow/")
        page.fill("[name=code]", filed.code)
        page.keyboard.press("Enter")
        page.get_by_text("Your evidence").wait_for()
        everything_is_there(seen_one_by_one(page))
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        shoot(page, "phone-evidence")
        assert (complaints, wide) == ([], False)
        for number, words in ((6, "preview not complete"), (7, "no preview")):
            page.goto(f"/follow/exhibits/{number}/")
            assert page.get_by_text(words).count() == 1
        types_what_is_said(page)
        assert complaints == []


def types_what_is_said(page: Page) -> None:
    """By the keys; it is saved meanwhile, the player stays in view, and a pressed time plays from there."""
    page.goto("/follow/exhibits/1/transcript/")
    player, text = page.locator("audio"), page.locator("textarea")
    text.fill("Hello")
    player.evaluate("player => { player.muted = true; player.currentTime = 12.6; }")
    page.keyboard.press("F9")
    page.keyboard.type("Where are you?")
    expect(text).to_have_value("Hello\n0:12 Where are you?")
    page.keyboard.press("F7")
    assert round(player.evaluate("player => player.currentTime"), 1) == 9.6
    page.keyboard.press("F8")
    expect(player).to_have_js_property("paused", False)
    page.get_by_role("button", name="Play or pause").click()
    expect(player).to_have_js_property("paused", True)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.reload()
    expect(text).to_have_value("Hello\n0:12 Where are you?")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(player).to_be_in_viewport()
    shoot(page, "phone-transcript")
    page.get_by_role("button", name="Keep this version").click()
    page.get_by_role("button", name="0:12").click()
    expect(player).to_have_js_property("paused", False)
    assert player.evaluate("player => player.currentTime") >= 12


def seen_one_by_one(page: Page) -> dict[str, list[float]]:
    """What is loaded on the pages of all exhibits. Ends on the page of the case."""
    seen: dict[str, list[float]] = {"images": [], "seconds": []}
    for number in range(1, 8):
        page.goto(f"/follow/exhibits/{number}/")
        for kind, found in page.evaluate(LOADED).items():
            seen[kind] += found
    page.goto("/follow/case/")
    return seen
