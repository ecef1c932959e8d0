"""The short walk, and what engines do each in their own way, in Chromium, Firefox and WebKit."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from complaints.models import Role
from tests.support import browser as chromium
from tests.support import cast, engines
from tests.support.elsewhere import another_site
from tests.support.services import wait_until
from tests.support.walks import STOPS, Walker, Way, faults, prepared, walk
from tests.support.windows import ChromiumWindow, Window

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.long]

Engine = Callable[[str, Path, int, int], AbstractContextManager[Window]]
SHORT = [stop for stop in STOPS if stop.short]
STORY = "/complaints/new/story/"
WRITTEN = "They called at night."


@contextmanager
def a_chromium(site: str, _folder: Path, width: int, height: int) -> Iterator[Window]:
    with chromium.a_browser() as browser:
        page = browser.new_context(
            base_url=site, viewport={"width": width, "height": height}, locale="en-GB"
        ).new_page()
        yield ChromiumWindow(page, site)


ENGINES: dict[str, Engine] = {"chromium": a_chromium, "firefox": engines.firefox, "webkit": engines.webkit}
OTHERS = ["firefox", "webkit"]  # in Chromium the short walk is made by test_walk


@pytest.mark.parametrize("engine", OTHERS)
@pytest.mark.parametrize("width", [320, 1280])
def test_the_short_walk_meets_no_barrier(
    engine: str, width: int, transactional_db: None, live_server: Any, tmp_path: Path
) -> None:
    member = cast.staff("walker", Role.SUPERVISOR, cast.a_team("South"))
    held = prepared("en", member)
    with ENGINES[engine](live_server.url, tmp_path, width, 900) as window:
        assert walk(Walker(window, Way("en", width), **held), SHORT, barriers=True) == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_draft_saves_itself_takes_a_file_in_pieces_and_is_closed_by_the_way_out(
    engine: str, transactional_db: None, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    picture = tmp_path / "screenshot.png"
    picture.write_bytes(cast.a_screenshot())
    with another_site() as elsewhere, ENGINES[engine](live_server.url, tmp_path, 1280, 900) as window:
        settings.EXIT_URL = elsewhere.address
        code = begins(window)
        sends(window, picture)
        window.opens(STORY)
        window.fills("[name=story]", WRITTEN)
        wait_until(lambda: "Saved at" in window.reads("#saved"), "the page saves itself")
        window.fills("[name=story]", f"{WRITTEN} Twice.")
        window.presses("[data-exit]")
        wait_until(lambda: window.address == elsewhere.address, "the other site is open")
        if engine == "webkit":  # its driver waits for ever for the page that "back" leads to from another site
            window.opens("/complaints/new/evidence/")
        else:
            window.goes_back()
        comes_back(window, code)


def begins(window: Window) -> str:
    """Begin a draft and copy its code. Returns the code."""
    window.opens("/complaints/begin/")
    window.presses("[name=begin]")
    window.opens("/complaints/new/")
    window.presses("[data-copy]")
    copied = "() => document.querySelector('[data-copy]').textContent.trim() === 'Copied'"
    refused = "() => !document.querySelector('[data-refused]').hidden && getSelection().toString() !== ''"
    wait_until(lambda: window.asks(copied) or window.asks(refused), "it is copied, or the code selected")
    return window.reads("#draft-code")


def sends(window: Window, picture: Path) -> None:
    window.opens("/complaints/new/evidence/")
    wait_until(lambda: window.asks("() => document.querySelector('[data-plain]').hidden"), "the script runs")
    window.takes("[data-uploads] input[type=file]", str(picture))
    arrived = "() => document.querySelectorAll('#kept [data-exhibit]').length"
    wait_until(lambda: window.asks(arrived) == 1, "the file arrives")
    assert window.heard() == []


def comes_back(window: Window, code: str) -> None:
    """At the page before to nothing that the draft held, and by its code to all that was typed."""
    wait_until(lambda: "localhost" not in window.address, "the page before")
    wait_until(lambda: window.asks("() => !document.body.hidden"), "the page is shown")
    assert code not in window.reads("main")
    window.opens(STORY)
    assert "There is no draft open here" in window.reads("main")
    window.opens("/complaints/begin/")
    window.fills("[name=code]", code)
    window.presses("[name=continue]")
    wait_until(lambda: "/complaints/new/" in window.address, "the draft is open")
    window.opens(STORY)
    assert window.asks("() => document.querySelector('[name=story]').value") == f"{WRITTEN} Twice."


@pytest.mark.parametrize("engine", OTHERS)
def test_a_page_with_a_barrier_or_a_script_in_it_is_found(
    engine: str, transactional_db: None, live_server: Any, tmp_path: Path
) -> None:
    with ENGINES[engine](live_server.url, tmp_path, 1280, 900) as window:
        window.opens("/")
        assert faults(window, barriers=True) == []
        window.asks("() => document.documentElement.removeAttribute('lang')")
        window.asks("() => document.head.append(Object.assign(document.createElement('script'), { text: '1' }))")
        found = " ".join(faults(window, barriers=True))
    assert "html-has-lang" in found
    assert "Content-Security-Policy" in found or engine == "webkit"  # whose driver does not give the console
