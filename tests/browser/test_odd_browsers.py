"""The pages' scripts in browsers as they are: with an input method, a wrong idea of the network, without young
functions, where copying is forbidden; and the way out, which closes what was open."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Page, Route, expect

from tests.support import browser as chromium
from tests.support.browser import PHONE
from tests.support.elsewhere import Elsewhere, another_site
from tests.support.web import Web, serving

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

STORY = "/complaints/new/story/"
WRITTEN = "They called at night."
OFFLINE = "Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false });"
ESCAPES = """how => { for (let time = 0; time < 3; time += 1) {
  const event = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, ...how });
  if (how.code229) Object.defineProperty(event, "keyCode", { value: 229 });
  document.activeElement.dispatchEvent(event);
} }"""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with another_site() as site:
        yield site


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory, elsewhere: Elsewhere) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("odd"), EXIT_URL=elsewhere.address) as web:
        yield web


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


def opened(browser: Browser, web: Web, *, script: str = "", **more: Any) -> Page:
    """A page of a browser in which the script ran before any of the page's."""
    context = browser.new_context(base_url=web.address, viewport=PHONE, locale="en-GB", **more)
    context.set_default_timeout(chromium.PATIENCE)
    context.add_init_script(script)
    return context.new_page()


def begun(browser: Browser, web: Web, **how: Any) -> Page:
    """The same, with a new draft, on its page for the story."""
    page = opened(browser, web, **how)
    page.goto("/complaints/begin/")
    page.locator("button[name=begin]").click()
    page.wait_for_url("**/complaints/new/who/")
    page.goto("/complaints/new/")
    page.goto(STORY)
    return page


# Input methods


@pytest.mark.parametrize("how", [{"isComposing": True}, {"code229": True}])
def test_escape_that_ends_a_composition_is_not_the_way_out(
    browser: Browser, web: Web, how: dict[str, Any]
) -> None:
    page = begun(browser, web)
    page.locator("[name=story]").fill(WRITTEN)
    page.evaluate(ESCAPES, how)
    expect(page.locator("[name=story]")).to_be_visible()
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.evaluate(ESCAPES, {})
    page.get_by_text("Weather").wait_for()


# The browser says that there is no connection


def test_a_browser_that_wrongly_says_offline_sends_at_the_first_press(browser: Browser, web: Web) -> None:
    page = begun(browser, web, script=OFFLINE)
    page.locator("[name=story]").fill(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/contacts/")
    page.goto(STORY)
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)


def test_where_the_server_does_not_answer_the_first_press_warns_and_the_second_sends(
    browser: Browser, web: Web
) -> None:
    page = begun(browser, web, script=OFFLINE)
    page.evaluate("void (window.fetch = () => Promise.reject(new TypeError()))")
    page.locator("[name=story]").fill(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-offline]")).to_be_focused()
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/contacts/")
    page.goto(STORY)
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)


def test_without_a_connection_nothing_typed_is_lost(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.context.set_offline(True)
    page.locator("[name=story]").fill(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-offline]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/contacts/")


def test_who_presses_twice_without_a_connection_reloads_and_nothing_is_lost(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.context.set_offline(True)
    page.locator("[name=story]").fill(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[data-offline]")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("[name=story]")).to_have_count(0)  # the browser's own error page
    page.context.set_offline(False)
    page.reload()
    page.wait_for_url("**/contacts/")
    page.goto(STORY)
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)


# Functions that older browsers lack


def test_the_step_is_saved_in_browsers_without_young_functions(browser: Browser, web: Web) -> None:
    lacking = "delete AbortSignal.timeout; delete HTMLFormElement.prototype.requestSubmit;"
    later = "new Promise((go) => setTimeout(go, 900))"
    slowly = f"const sends = fetch; window.fetch = (...sent) => {later}.then(() => sends(...sent));"
    page = begun(browser, web, script=lacking + slowly)
    page.locator("[name=story]").fill(WRITTEN)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    page.locator("[name=story]").fill(f"{WRITTEN} Twice.")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange')); dispatchEvent(new Event('leaving'))")
    page.get_by_role("button", name="Continue").click()  # while it saves
    page.wait_for_url("**/contacts/")


OLDEST = """delete AbortSignal.timeout; delete AbortSignal.any; delete window.structuredClone;
delete window.indexedDB; delete Window.prototype.indexedDB; delete HTMLFormElement.prototype.requestSubmit;
delete Object.hasOwn; delete Object.groupBy; delete Array.fromAsync; delete Promise.withResolvers;
delete Crypto.prototype.randomUUID;
delete window.CompressionStream; delete window.DecompressionStream; delete window.scheduler;
delete Navigator.prototype.wakeLock; delete Navigator.prototype.share; delete window.BroadcastChannel;
for (const one of [Array, String, Object.getPrototypeOf(Uint8Array)]) delete one.prototype.at;
for (const name of ["findLast", "findLastIndex", "toSorted", "toReversed"]) delete Array.prototype[name];"""


def test_the_oldest_browser_that_is_named_saves_and_sends_files_in_pieces(browser: Browser, web: Web) -> None:
    page = begun(browser, web, script=OLDEST + OFFLINE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.locator("[name=story]").fill(WRITTEN)
    expect(page.locator("#saved")).to_contain_text("Saved at")
    expect(page.locator("[data-old-browser]")).to_be_hidden()
    page.goto("/complaints/new/evidence/")
    sent = {"name": "chat.txt", "mimeType": "text/plain", "buffer": b"You must pay tonight."}
    with page.expect_response(lambda answer: answer.request.method == "PATCH") as answer:
        page.locator("input[type=file]").first.set_input_files(sent)  # type: ignore[arg-type]
    assert answer.value.ok
    page.reload()
    expect(page.locator("main")).to_contain_text("chat.txt")
    assert errors == []


def test_an_older_browser_still_which_runs_no_script_of_ours_says_so_and_sends_all(
    browser: Browser, web: Web
) -> None:
    """It understands none of the modules; lowest.js is written so that every browser runs it."""
    page = opened(browser, web, script="delete window.Promise.any;")
    page.route(re.compile(r"/static/(?!lowest).*\.js"), lambda route: route.abort())
    page.goto("/complaints/begin/")
    page.locator("button[name=begin]").click()
    page.goto(STORY)
    expect(page.locator("[data-old-browser]")).to_be_visible()
    page.locator("[name=story]").fill(WRITTEN)
    page.get_by_role("button", name="Continue").click()
    page.goto("/complaints/new/evidence/")
    expect(page.locator("[data-old-browser]")).to_be_visible()
    sent = {"name": "chat.txt", "mimeType": "text/plain", "buffer": b"You must pay tonight."}
    page.locator("input[type=file]").first.set_input_files(sent)  # type: ignore[arg-type]
    page.get_by_role("button", name="Continue").click()
    page.goto("/complaints/new/evidence/")
    expect(page.locator("main")).to_contain_text("chat.txt")
    page.goto(STORY)
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)


def test_in_a_browser_below_the_lowest_version_the_page_says_what_does_not_work(
    browser: Browser, web: Web
) -> None:
    page = opened(browser, web, script="delete Promise.any;")
    page.goto("/verify/")
    expect(page.locator("[data-old-browser]")).to_be_visible()
    expect(page.locator("[data-old-verifier]")).to_be_visible()
    page = opened(browser, web)
    page.goto("/verify/")
    expect(page.locator("[data-scripted]")).to_be_visible()
    expect(page.locator("[data-old-browser]")).to_be_hidden()
    expect(page.locator("[data-old-verifier]")).to_be_hidden()


def test_a_footnote_opens_the_folded_sources_where_the_browser_does_not_do_it(browser: Browser, web: Web) -> None:
    page = opened(browser, web, script="addEventListener('click', (event) => event.preventDefault(), true);")
    page.goto("/guide/rights/")
    expect(page.locator("#source-1")).to_be_hidden()
    page.locator("a[href='#source-1']").first.click()
    expect(page.locator("#source-1")).to_be_visible()


# Copying


@pytest.mark.parametrize(
    "refusing",
    [
        "Clipboard.prototype.writeText = () => Promise.reject(new DOMException('', 'NotAllowedError'));",
        "Clipboard.prototype.writeText = () => new Promise(() => {});",
        "delete Navigator.prototype.clipboard;",
    ],
    ids=["refuses", "does not answer", "has no clipboard"],
)
def test_copying_that_is_not_allowed_is_said_and_the_code_selected(
    browser: Browser, web: Web, refusing: str
) -> None:
    page = begun(browser, web, script=refusing)
    page.goto("/complaints/new/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("did not allow copying")).to_be_visible()
    code = page.locator("#draft-code").inner_text()
    assert page.evaluate("getSelection().toString()").split() == code.split()
    expect(page.get_by_role("button", name="Copy")).to_be_visible()


def test_copying_that_is_allowed_copies(browser: Browser, web: Web) -> None:
    page = begun(browser, web, permissions=["clipboard-read", "clipboard-write"])
    page.goto("/complaints/new/")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#draft-code").inner_text()


# Half an hour without a touch


def test_who_touches_nothing_is_warned_and_then_the_draft_is_closed_with_what_was_typed_saved(
    browser: Browser, web: Web
) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/")
    code = page.locator("#draft-code").inner_text()
    page.clock.install()
    page.goto("/complaints/new/parties/")
    page.locator("[name=lender]").fill("Blue Field Loans")
    page.clock.fast_forward("28:40")
    expect(page.locator("[data-idle-warning]")).to_be_visible()
    page.locator("[name=agency]").fill("Somebody Ltd")
    page.mouse.wheel(0, 50)
    page.keyboard.press("Tab")
    expect(page.locator("[data-idle-warning]")).to_be_hidden()
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("heading", name="Your draft is closed on this phone")).to_be_visible()
    assert page.url.endswith("/complaints/begin/?idle=1")
    assert "draft" not in {cookie["name"] for cookie in page.context.cookies()}
    page.locator("[name=code]").fill(code)
    page.locator("[name=continue]").click()
    page.goto("/complaints/new/parties/")
    expect(page.locator("[name=agency]")).to_have_value("Somebody Ltd")


def test_what_is_typed_into_any_step_is_saved_before_its_button_is_pressed(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/parties/")
    page.locator("[name=lender]").fill("Blue Field Loans")
    expect(page.get_by_text("Saved at")).to_be_visible()
    page.goto("/complaints/new/parties/")
    expect(page.locator("[name=lender]")).to_have_value("Blue Field Loans")


def test_a_save_whose_answer_is_lost_on_the_way_is_followed_by_the_next(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/parties/")

    def arrives_without_an_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/parties/save/", arrives_without_an_answer, times=1)
    page.locator("[name=lender]").fill("Blue Field Loans")
    expect(page.get_by_text("Not saved")).to_be_visible()
    page.locator("[name=agency]").fill("Somebody Ltd")
    expect(page.get_by_text("Saved at")).to_be_visible()
    page.goto("/complaints/new/parties/")
    expect(page.locator("[name=agency]")).to_have_value("Somebody Ltd")


# Paper


def test_on_paper_a_code_is_alone(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/")
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text().split()
    assert printed[0].startswith("127.0.0.1")
    assert printed[-5:] == page.locator("#draft-code").inner_text().split()
    assert len(printed) < 12


@pytest.mark.parametrize(
    "address", ["/", "/follow/", "/complaints/safety/", "/guide/rights/", "/verify/", "/ledger/"]
)
def test_on_paper_nothing_is_left_that_one_presses(browser: Browser, web: Web, address: str) -> None:
    page = begun(browser, web)
    page.goto(address)
    page.emulate_media(media="print")
    pressed = page.locator("button, .button, .exit, input:not([type=hidden]), select, textarea, footer, .ways")
    assert [one.evaluate("one => one.outerHTML") for one in pressed.all() if one.is_visible()] == []


# The way out


def test_leaving_closes_the_draft_saves_what_was_typed_and_asks_nothing(
    browser: Browser, web: Web, tmp_path: Path
) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/")
    code = page.locator("#draft-code").inner_text()
    page.goto(STORY)
    page.locator("[name=story]").fill(WRITTEN)
    page.locator("[data-exit]").click()
    page.get_by_text("Weather").wait_for()
    page.go_back()
    assert page.url == f"{web.address}/complaints/new/"  # the page before, never the one that was left
    expect(page.locator("#draft-code")).to_have_count(0)
    page.goto("/complaints/begin/")
    page.locator("[name=code]").fill(code)
    page.locator("[name=continue]").click()
    page.goto(STORY)
    expect(page.locator("[name=story]")).to_have_value(WRITTEN)


def test_leaving_while_files_are_sent_asks_nothing(browser: Browser, web: Web, tmp_path: Path) -> None:
    page = begun(browser, web)
    page.goto("/complaints/new/evidence/")
    page.route("**/uploads/**", lambda _route: None)  # never answered
    large = tmp_path / "call.wav"
    large.write_bytes(b"RIFF" + bytes(3_000_000))
    asked: list[Dialog] = []
    page.on("dialog", lambda dialog: asked.append(dialog))  # noqa: PLW0108 (Playwright marks what it is given)
    page.locator("input[type=file]").first.set_input_files(large)
    page.locator("#uploads [data-state]").wait_for()
    page.locator("[data-exit]").click()
    page.get_by_text("Weather").wait_for()
    assert asked == []


def test_the_verifiers_page_which_may_send_nothing_leaves_by_the_server(browser: Browser, web: Web) -> None:
    page = begun(browser, web)
    page.goto("/verify/")
    page.locator("[data-exit]").click()
    page.get_by_text("Weather").wait_for()
    assert page.goto(STORY).status == 404  # type: ignore[union-attr]


def test_without_javascript_the_way_out_closes_the_draft_and_does_not_say_where_one_comes_from(
    browser: Browser, web: Web, elsewhere: Elsewhere
) -> None:
    page = begun(browser, web, java_script_enabled=False)
    page.locator(".exit").click()
    page.get_by_text("Weather").wait_for()
    assert "referer" not in elsewhere.asked[-1]
    assert page.goto(STORY).status == 404  # type: ignore[union-attr]
