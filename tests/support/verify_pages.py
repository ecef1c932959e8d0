"""The verifier's two homes in Chromium: the portal's page, and verify.html in a folder."""

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
SECONDS = 1000  # milliseconds
ROWS = (
    "rows => rows.map(row => [row.dataset.check, row.dataset.ok === 'true', row.querySelector('p').textContent])"
)
Row = tuple[str, bool, str]


@contextmanager
def a_portal() -> Iterator[str]:
    """The pages that need no database, with their static files; gives the address."""
    server = LiveServerThread("127.0.0.1", StaticFilesHandler, connections_override={})
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


@contextmanager
def orm_beside_playwright() -> Iterator[None]:
    """Playwright keeps an event loop in this thread, which Django would take for asynchronous code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield


def a_folder_with_the_page(folder: Path) -> str:
    """The address of verify.html in a folder."""
    path = folder / "verify.html"
    path.write_bytes(verify_page.html())
    return path.as_uri()


@dataclass
class Pristine:
    """An honest case as it left the portal."""

    bag: Opened
    bundle: bytes
    receipt: bytes
    later: bytes  # the receipt extended to today


@dataclass
class Verifier:
    """One open page of the verifier."""

    page: Page
    address: str
    complaints: list[str]

    def checks(self, *files: Path, held: tuple[Path, ...] = ()) -> str:
        """Choose what is held, then what is to be checked, on a fresh page; gives the result's word."""
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
            is_key = file.suffix == ".vkey"  # is put into its field
            shown = "#vkey:not(:placeholder-shown)" if is_key else f"[data-zone={zone}] li:has-text('{file.name}')"
            self.page.locator(shown).first.wait_for()

    @property
    def result(self) -> str:
        return self.page.get_attribute("#verifier", "data-result") or ""

    @property
    def rows(self) -> list[Row]:
        """Each check's name, whether it holds, and its sentence."""
        return [(name, ok, says) for name, ok, says in self.page.eval_on_selector_all(".checks li", ROWS)]

    @property
    def first_broken(self) -> Row:
        return next(row for row in self.rows if not row[1])

    def text(self, selector: str = "#verifier") -> str:
        return self.page.locator(selector).inner_text()


def check(pages: tuple[Verifier, ...], path: Path, held: tuple[Path, ...] = ()) -> set[str]:
    """The results of all pages, which work side by side."""
    for page in pages:
        page.begins(path, held=held)
    return {page.ends() for page in pages}


def opened_verifier(browser: Browser, address: str, **context: Any) -> Verifier:
    """A page that keeps what its console complains of, the policy's refusals among it."""
    page = browser.new_context(**context).new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Verifier(page, address, complaints)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
