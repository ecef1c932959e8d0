"""The two forms of the verifier in Chromium: the page of the portal, and verify.html in a folder."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page

from evidence import verify_page

from . import cast
from .bundles import Opened

PICTURES = [("one.png", cast.a_screenshot("one")), ("two.png", cast.a_screenshot("two"))]
SECONDS = 1000  # milliseconds in a second
ROWS = (
    "rows => rows.map(row => [row.dataset.check, row.dataset.ok === 'true', row.querySelector('p').textContent])"
)
Row = tuple[str, bool, str]


@contextmanager
def a_portal() -> Iterator[str]:
    """The pages that need no database, with their static files. Yields the address."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@contextmanager
def orm_beside_playwright() -> Iterator[None]:
    """Allow database queries although Playwright has an event loop in this thread."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


def a_folder_with_the_page(folder: Path) -> str:
    """Write verify.html into the folder. Returns its address."""
    path = folder / "verify.html"
    path.write_bytes(verify_page.html())
    return path.as_uri()


@dataclass
class Pristine:
    """The papers of an honest case as the portal made them."""

    bag: Opened
    bundle: bytes
    receipt: bytes
    later: bytes  # the receipt of today


@dataclass
class Verifier:
    """An open page of the verifier."""

    page: Page
    address: str
    complaints: list[str]

    def checks(self, *files: Path, held: tuple[Path, ...] = ()) -> str:
        """On a fresh page, choose what was kept, then what to check. Returns the result."""
        self.begins(*files, held=held)
        return self.ends()

    def begins(self, *files: Path, held: tuple[Path, ...] = ()) -> None:
        self.page.goto(self.address, wait_until="domcontentloaded")
        if held:
            self.chooses("held", *held)
        self.chooses("subject", *files)

    def ends(self) -> str:
        self.page.wait_for_selector("#verifier[data-state=done]", timeout=60 * SECONDS)
        assert not self.complaints, self.complaints
        return self.result

    def chooses(self, zone: str, *files: Path) -> None:
        self.page.locator(f"[data-zone={zone}] input[type=file]").set_input_files(files)
        for file in files:
            is_key = file.suffix == ".vkey"  # a key has a text field of its own
            shown = "#vkey:not(:placeholder-shown)" if is_key else f"[data-zone={zone}] li:has-text('{file.name}')"
            self.page.locator(shown).first.wait_for()

    @property
    def result(self) -> str:
        return self.page.get_attribute("#verifier", "data-result") or ""

    @property
    def rows(self) -> list[Row]:
        """The name of each check, whether it passed, and its sentence."""
        return [(name, ok, says) for name, ok, says in self.page.eval_on_selector_all(".checks li", ROWS)]

    @property
    def first_broken(self) -> Row:
        return next(row for row in self.rows if not row[1])

    def text(self, selector: str = "#verifier") -> str:
        return self.page.locator(selector).inner_text()


def check(pages: tuple[Verifier, ...], path: Path, held: tuple[Path, ...] = ()) -> set[str]:
    """The results of several pages, which run at the same time."""
    for page in pages:
        page.begins(path, held=held)
    return {page.ends() for page in pages}


def opened_verifier(browser: Browser, address: str, **context: Any) -> Verifier:
    """An open page that collects the messages of its console, violations of the policy included."""
    page = browser.new_context(**context).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Verifier(page, address, complaints)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
