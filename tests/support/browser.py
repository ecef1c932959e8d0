"""Headless Chromium, driven by Playwright, and the folder for its screenshots."""

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from .services import ROOT

PATIENCE = 60_000  # milliseconds; long enough for a busy machine, and only there to end what hangs
expect.set_options(timeout=PATIENCE)
SCREENSHOTS = ROOT / "var" / "screenshots"
PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1366, height=900)
# The one without windows opens a page for a quarter of the others' processor time.
CHROMIUMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """The path of Chromium. Without one, the test is skipped, except in CI, which installs it."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None or not the_driver_runs():
        skip = pytest.fail if os.environ.get("CI") else pytest.skip
        skip("no Chromium to drive; on Debian: apt install chromium-headless-shell fonts-noto-cjk libatomic1")
    assert found
    return found


def the_driver_runs() -> bool:
    """Whether Playwright's driver starts. It is a Node that needs GCC's atomic library on Linux."""
    try:
        ctypes.CDLL("libatomic.so.1" if sys.platform == "linux" else None)
    except OSError:
        return False
    return True


@contextmanager
def a_browser(*more: str) -> Iterator[Browser]:
    """`more` are further options of Chromium."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *more])
        yield browser
        browser.close()


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page, for people to look at."""
    path = SCREENSHOTS / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True)


def downloaded(page: Page, press: str, folder: Path) -> Path:
    """Press the button or link of this name and keep the file that is downloaded."""
    with page.expect_download() as given:
        page.get_by_role("button", name=press).or_(page.get_by_role("link", name=press)).first.click()
    path = folder / given.value.suggested_filename
    given.value.save_as(path)
    return path
