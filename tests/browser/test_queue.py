"""Through the queue by keyboard, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from complaints.clocks import running
from complaints.models import Absence, Case, Role, StaffMember
from complaints.rights import retaliations
from evidence.models import EvidenceItem
from tests.support import browser as chromium
from tests.support import cast
from tests.support.office import routed, time_passes

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
QUEUE = "/admin/complaints/case/"


@pytest.fixture
def cases(transactional_db: None) -> list[Case]:
    """Three of team South, as the queue has them."""
    south = cast.a_team("South")
    return [routed(cast.file_a_complaint(files=[]).case, south) for _ in range(3)]


@pytest.fixture
def six_alarms(cases: list[Case]) -> StaffMember:
    """An office in which six things are wrong. Gives a supervisor."""
    absent = cast.staff("absent", Role.INVESTIGATOR, cast.a_team("South"))
    Absence.objects.create(member=absent, begins=timezone.localdate())
    cast.file_a_complaint(files=[])  # taken by no rule
    exhibit = cast.file_a_complaint().case.exhibits.get()
    long_ago = timezone.now() - timedelta(days=30)
    EvidenceItem.objects.filter(pk=exhibit.item_id).update(received_at=long_ago)
    Case.objects.update(filed_at=long_ago)
    Case.objects.filter(pk=cases[0].pk).update(assignee=absent)
    time_passes(cases[1], timedelta(days=30))
    running.watch()
    retaliations.report(cases[2], text="They came to my house.")
    return cast.staff("chief", Role.SUPERVISOR)


def test_six_alarms_leave_the_page_on_the_first_screen(six_alarms: StaffMember, live_server: Any) -> None:
    cache.clear()
    with at_the_desk(six_alarms, live_server.url) as page:
        for width in (1280, 1440, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{QUEUE}?queue=open")
            alarms = page.locator("details.alarm")
            expect(alarms.locator("summary")).to_contain_text("alarms:")
            top, rail = page.locator("h1").bounding_box(), page.locator("#header").bounding_box()
            assert top and rail
            assert top["y"] < 450
            alarms.locator("summary").click()
            assert alarms.locator("li").count() >= 6
            frame = alarms.bounding_box()
            assert frame
            assert frame["x"] >= rail["x"] + rail["width"] or frame["y"] >= rail["y"] + rail["height"]
        alarms.get_by_role("link", name="in nobody's hands").click()
        expect(page.locator("h1")).to_have_text("Unassigned")


@pytest.fixture
def page(cases: list[Case], live_server: Any) -> Iterator[Page]:
    """At the desk, signed in."""
    member = cast.staff("walker", Role.INVESTIGATOR, cast.a_team("South"))
    with at_the_desk(member, live_server.url) as page:
        yield page


@contextmanager
def at_the_desk(member: StaffMember, site: str) -> Iterator[Page]:
    """A page of a browser in which the member is signed in."""
    session = cast.signed_in(member).cookies[settings.SESSION_COOKIE_NAME].value
    with chromium.a_browser() as browser:
        context = browser.new_context(base_url=site, locale="en-GB")
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}
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


def test_a_case_is_triaged_by_the_keyboard_alone(cases: list[Case], page: Page) -> None:
    page.goto("/admin/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page.locator("h1")).to_have_text("My team")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator("h1")).to_have_text(cases[0].reference)
    page.keyboard.press("e")
    expect(page.get_by_role("button", name="Begin the investigation")).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator("#inside textarea").first).to_be_focused()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Search")).to_be_focused()
    page.keyboard.type(cases[1].reference.lower())
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(cases[1].reference)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Next and previous case")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_one_box_ticks_the_page_and_the_bar_says_how_many(cases: list[Case], page: Page) -> None:
    page.goto(f"{QUEUE}?queue=open")
    page.get_by_role("checkbox", name="Choose all cases of this page").check()
    expect(page.get_by_text("3 chosen")).to_be_visible()
    page.get_by_role("checkbox", name=f"Choose {cases[0].reference}").uncheck()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    assert page.evaluate("document.querySelector('#changelist-form').scrollWidth <= innerWidth")
