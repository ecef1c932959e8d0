"""Every page in a real browser: in both languages, light and dark, narrow and wide, with and without JavaScript.
Nothing sticks out, nothing complains, nobody else is asked, and axe finds no barrier."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser

from complaints.models import Role
from tests.support import browser as chromium
from tests.support import cast
from tests.support.walks import (
    DESK_STOPS,
    HEIGHT,
    LOCALES,
    PHONE,
    STOPS,
    THEMES,
    Stop,
    Way,
    prepared,
    walk,
    walking,
)

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

SHORT = [stop for stop in STOPS if stop.short]
WAYS = [Way(*way) for way in product(LOCALES, HEIGHT, THEMES)]
PLAIN = [Way(language, 320, scripts=False) for language in LOCALES]
LARGE = [Way(language, PHONE[0], large=True) for language in LOCALES]


Walk = Callable[..., dict[str, list[str]]]


@pytest.fixture
def walked(transactional_db: None, live_server: Any) -> Walk:
    """Makes the walk and gives the faults found. All that is held is made before the browser starts: in its thread
    Django asks no database."""
    member = cast.staff("walker", Role.SUPERVISOR, cast.a_team("South"))
    cast.staff("keeper", Role.ADMINISTRATOR)

    def walked(way: Way, stops: list[Stop], **how: bool) -> dict[str, list[str]]:
        held = prepared(way.language, member)
        with chromium.a_browser() as browser, walking(browser, live_server.url, way, held) as walker:
            return walk(walker, stops, **how)

    return walked


def test_a_short_walk_in_chinese_on_a_narrow_phone_without_javascript(walked: Walk) -> None:
    assert walked(Way("zh-hans", 320, scripts=False), SHORT) == {}


def test_a_short_walk_in_english_at_a_desk_meets_no_barrier(walked: Walk) -> None:
    assert walked(Way("en", 1280), SHORT, barriers=True) == {}


@pytest.mark.walk
@pytest.mark.timeout(900)
@pytest.mark.parametrize("way", [*WAYS, *PLAIN, *LARGE], ids=str)
def test_the_whole_walk(way: Way, walked: Walk) -> None:
    assert walked(way, STOPS, barriers=way.scripts, pictures=True) == {}


@pytest.mark.walk
@pytest.mark.parametrize("way", [way for way in WAYS if way.width == 1280], ids=str)
def test_the_pages_of_the_desk_have_no_barrier(way: Way, walked: Walk) -> None:
    assert walked(way, DESK_STOPS, barriers=True, pictures=True) == {}


# The way out


@pytest.fixture
def browser(live_server: Any) -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


def leaves(browser: Browser, site: str) -> Any:
    """A page whose way out leads to another page of this machine, where nothing tells what it was."""
    page = browser.new_context(base_url=site).new_page()
    page.route("https://www.baidu.com/**", lambda route: route.fulfill(body="<h1>Weather</h1>"))
    page.goto("/guide/rights/")
    page.goto("/follow/")
    return page


def test_leaving_replaces_the_page_so_that_back_does_not_lead_to_it(browser: Browser, live_server: Any) -> None:
    page = leaves(browser, live_server.url)
    page.click("[data-exit]")
    page.get_by_text("Weather").wait_for()
    page.go_back()
    assert page.url.endswith("/guide/rights/")  # the one before, never the one that was left


def test_escape_pressed_three_times_leaves_too(browser: Browser, live_server: Any) -> None:
    page = leaves(browser, live_server.url)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1600)
    for _time in range(2):
        page.keyboard.press("Escape")
    assert page.url.endswith("/follow/")  # not three in a row
    page.keyboard.press("Escape")
    page.get_by_text("Weather").wait_for()
