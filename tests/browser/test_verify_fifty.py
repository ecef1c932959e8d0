"""A bundle of fifty exhibits, checked many times in each engine: every run comes to its end."""

from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.browser.test_engines import ENGINES
from tests.support.services import wait_until
from tests.support.verify_pages import a_folder_with_the_page
from tests.support.windows import Window

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]

RUNS = 1000
KEEP = """() => addEventListener("change", (event) => { window.chosen = event.target.files[0] }, true)"""
STATE = "() => document.getElementById('verifier').dataset.state"
# Runs in the page: drops the chosen file on it again and again, each time when the run before has ended.
MANY = """() => {
    const root = document.getElementById("verifier");
    const list = () => root.querySelector(".checks");
    window.results = [];
    const again = () => {
        if (results.length === COUNT) return;
        const carried = new DataTransfer();
        const drop = new Event("drop", { bubbles: true, cancelable: true });
        carried.items.add(chosen);
        root.dispatchEvent(Object.assign(drop, { dataTransfer: carried }));
        const before = list();
        const watch = () => {
            if (root.dataset.state === "running" || list() === before) return setTimeout(watch, 10);
            results.push(root.dataset.result || root.dataset.state);
            again();
        };
        watch();
    };
    again();
}"""


@pytest.mark.long
@pytest.mark.parametrize("engine", ENGINES)
def test_fifty_exhibits_are_checked_in_each_engine(engine: str, fifty: Path, tmp_path: Path) -> None:
    with opened_in(engine, tmp_path) as window:
        assert many_runs(window, fifty, 3) == {"self-consistent only": 3}


@pytest.mark.thorough
@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("engine", ENGINES)
def test_fifty_exhibits_never_hang_in_a_thousand_runs(engine: str, fifty: Path, tmp_path: Path) -> None:
    with opened_in(engine, tmp_path) as window:
        assert many_runs(window, fifty, RUNS) == {"self-consistent only": RUNS}


def opened_in(engine: str, folder: Path) -> AbstractContextManager[Window]:
    return ENGINES[engine](a_folder_with_the_page(folder), folder, 1280, 900)


def many_runs(window: Window, bundle: Path, count: int) -> Counter[str]:
    """How often each result came. A run that does not end within five minutes fails the test."""
    window.opens("")
    window.asks(KEEP)
    window.takes("[data-zone=subject] input[type=file]", str(bundle))
    wait_until(lambda: window.asks(STATE) == "done", "the first run ends", seconds=300)
    window.asks(MANY.replace("COUNT", str(count)))
    results: list[str] = []
    while (ended := len(results)) < count:
        wait_until(lambda: len(window.asks("() => results")) > ended, f"run {ended + 1} ends", seconds=300)
        results = window.asks("() => results")
    return Counter(results)
