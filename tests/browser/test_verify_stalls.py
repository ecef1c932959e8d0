"""A browser that does not answer: the verifier asks again, says so, and never waits for ever."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.services import wait_until
from tests.support.verify_pages import Verifier, a_folder_with_the_page, opened_verifier

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]

AGAIN = "The browser did not hand over the file’s bytes"
WITHOUT_WORKER = "delete window.Worker"
DEAF_WORKER = "window.Worker = class { postMessage() {} terminate() {} }"
NO_ANSWER = """([first, last]) => {
    const [real, never] = [Blob.prototype.arrayBuffer, new Promise(() => {})];
    window.reads = 0;
    Blob.prototype.arrayBuffer = function () {
        reads += 1;
        return reads >= first && reads <= last ? never : real.call(this);
    };
}"""


@pytest.fixture
def alone(browser: Browser, tmp_path: Path) -> Iterator[Verifier]:
    """verify.html in English, with a clock that the test can put forward."""
    opened = opened_verifier(browser, a_folder_with_the_page(tmp_path), locale="en-GB")
    opened.page.clock.install()
    yield opened
    opened.page.context.close()


def chosen(page: Page, path: Path) -> None:
    page.locator("[data-zone=subject] input[type=file]").set_input_files(path)


def stalled(alone: Verifier, bundle: Path, unanswered: list[int]) -> Page:
    """The page ten seconds after it asked in vain for bytes of the bundle. `unanswered` is for NO_ANSWER."""
    page = alone.page
    page.add_init_script(WITHOUT_WORKER)
    page.goto(alone.address)
    page.evaluate(NO_ANSWER, unanswered)
    chosen(page, bundle)
    wait_until(lambda: page.evaluate("() => reads >= 20"), "it waits for bytes")
    page.clock.fast_forward(10_000)
    return page


def test_bytes_that_do_not_come_are_asked_for_again_and_the_page_says_so(alone: Verifier, bundle: Path) -> None:
    stalled(alone, bundle, [20, 20])
    assert alone.ends() == "self-consistent only"
    assert all(ok for _, ok, _ in alone.rows)


def test_bytes_that_never_come_end_the_run_with_what_to_do(alone: Verifier, bundle: Path) -> None:
    page = stalled(alone, bundle, [20, 10_000])
    expect(page.locator(".running [role=alert]")).to_contain_text(AGAIN)
    page.clock.fast_forward(10_000)
    page.clock.fast_forward(10_000)
    expect(page.locator("#verifier")).not_to_have_attribute("data-state", "running")
    assert "copy the file to this device" in alone.text(".result")
    assert "roken" not in alone.text(".result")


def test_a_run_that_tells_nothing_is_explained(alone: Verifier, bundle: Path) -> None:
    page = alone.page
    page.add_init_script(DEAF_WORKER)
    page.goto(alone.address)
    chosen(page, bundle)
    expect(page.locator("#verifier")).to_have_attribute("data-state", "running")
    page.clock.fast_forward(30_000)
    expect(page.locator(".running [role=alert]")).to_contain_text("Nothing has come for half a minute")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#verifier")).to_have_attribute("data-state", "stopped")


def test_a_stream_that_stops_is_read_on_in_pieces(online: Verifier) -> None:
    page = online.page
    page.goto(online.address)
    script = """async () => {
        const { digestOf } = await import("/static/verify/zip.js");
        const real = ReadableStreamBYOBReader.prototype.read;
        const wait = window.setTimeout.bind(window);
        let reads = 0;
        ReadableStreamBYOBReader.prototype.read = function (view) {
            if ((reads += 1) !== 3) return real.call(this, view);
            window.setTimeout = (late, delay) => { // the patience with this read alone is short
                window.setTimeout = wait;
                return wait(late, delay / 100);
            };
            return new Promise(() => {});
        };
        const blob = new Blob([new Uint8Array(5 << 20).map((_, at) => at)]);
        const found = await digestOf(blob);
        const whole = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
        return [found, [...new Uint8Array(whole)].map((one) => one.toString(16).padStart(2, "0")).join(""), reads];
    }"""
    found, expected, reads = page.evaluate(script)
    assert found == expected
    assert reads == 3
