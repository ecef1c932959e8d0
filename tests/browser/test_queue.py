"""Through the queue by keyboard, in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from complaints.models import Case, Role
from tests.support import browser as chromium
from tests.support import cast
from tests.support.office import routed

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
QUEUE = "/admin/complaints/case/"


@pytest.fixture
def cases(transactional_db: None) -> list[Case]:
    """Three of team South, as the queue has them."""
    south = cast.a_team("South")
    return [routed(cast.file_a_complaint(files=[]).case, south) for _ in range(3)]


@pytest.fixture
def page(cases: list[Case], live_server: Any) -> Iterator[Page]:
    """At the desk, signed in."""
    member = cast.staff("walker", Role.INVESTIGATOR, cast.a_team("South"))
    session = cast.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
    with chromium.a_browser() as browser:
        context = browser.new_context(base_url=live_server.url, locale="en-GB")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        yield context.new_page()


def test_j_and_k_go_through_rows_and_cases_and_never_take_a_key_from_a_field(
    cases: list[Case], page: Page
) -> None:
    page.goto(f"{QUEUE}?queue=open")
    expect(page.get_by_text("Keys: j for the next case")).to_be_visible()
    links = page.locator("#result_list tbody th a")
    page.keyboard.press("j")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(cases[0].reference)
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text(cases[1].reference)
    page.keyboard.press("k")
    expect(page.locator("h1")).to_have_text(cases[0].reference)
    page.goto(f"{QUEUE}?queue=open")
    field = page.get_by_role("textbox", name="Search")
    field.press_sequentially("jk")
    expect(field).to_have_value("jk")
    expect(field).to_be_focused()


def test_the_keys_can_be_turned_off(cases: list[Case], page: Page) -> None:
    page.goto(f"{QUEUE}{cases[0].pk}/?_changelist_filters=queue%3Dopen")
    page.get_by_role("button", name="Turn keys off").click()
    page.locator("h1").click()
    page.keyboard.press("j")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text(cases[0].reference)
    page.get_by_role("button", name="Turn keys on").click()
    page.keyboard.press("j")
    expect(page.locator("h1")).to_have_text(cases[1].reference)
