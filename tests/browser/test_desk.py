"""One case in a real browser from routed to closed, with an enquiry and a review, as everybody of the office, the
other side and the borrower; and the way to the decision without JavaScript."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.support import browser as chromium
from tests.support import cast
from tests.support.browser import DESK, PHONE, shoot
from tests.support.services import ROOT
from tests.support.signing_in import signs_in_at_the_demo
from tests.support.walks import faults
from tests.support.web import Web, serving_the_demo
from tests.support.windows import ChromiumWindow

from .test_enquiry import asked, the_code

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

# Filed, routed, sealed and with copies to look at, as the worker leaves it.
FILES = """
import django
django.setup()
from complaints.assignment import routing
from evidence.checking import sealing
from evidence.viewing import previews
from portal.management.commands.demo import without_the_broker
from tests.support import cast
with without_the_broker():
    filed = cast.file_a_complaint(language="en", conduct={"conduct": ["C01", "C04"]})
    routing.route(filed.case)
    for exhibit in filed.case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)
        previews.derive(exhibit.item)
filed.case.refresh_from_db()
print(filed.case.reference, filed.case.assignee.username, filed.code, sep="|")
"""
REASONS = "E-1 shows the threat, and the log of the agency has the call."
REPLY = "We found that you were threatened. The agency must stop."


@dataclass(frozen=True)
class Filed:
    reference: str
    investigator: str  # who has it
    code: str

    @property
    def other(self) -> str:
        """The other investigator of the team."""
        return {"south": "south2", "south2": "south"}[self.investigator]


class Office:
    """Everybody's browser, signed in once. Whatever their pages complain of is told at the end."""

    def __init__(self, browser: Browser, site: str, *, scripts: bool = True) -> None:
        self.browser, self.site, self.scripts = browser, site, scripts
        self.windows: dict[str, ChromiumWindow] = {}

    def page(self, name: str, size: Any = DESK) -> Page:
        """Of somebody outside, or not signed in yet."""
        context = self.browser.new_context(
            base_url=self.site,
            viewport=size,
            locale="en-GB",
            java_script_enabled=self.scripts,
            reduced_motion="reduce",
        )
        self.windows[name] = ChromiumWindow(context.new_page(), self.site)
        return self.windows[name].page

    def at_the_desk(self, name: str) -> Page:
        if name not in self.windows:
            signs_in_at_the_demo(self.page(name), name)
        return self.windows[name].page

    def meets_no_barrier(self, name: str, picture: str) -> None:
        """Asks axe and keeps a picture, of the page somebody stands on."""
        self.windows[name].page.evaluate("scrollTo(0, 0)")  # or what sticks to the window hides what is under it
        shoot(self.windows[name].page, picture)
        assert faults(self.windows[name], barriers=True) == [], picture

    def complaints(self) -> list[str]:
        return [said for window in self.windows.values() for said in window.heard()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving_the_demo(tmp_path_factory.mktemp("desk")) as web:
        yield web


def a_case(web: Web) -> Filed:
    settings = {**web.environment, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    command = [sys.executable, "-c", FILES]
    printed = subprocess.run(command, cwd=ROOT, env=settings, check=True, capture_output=True, text=True).stdout
    return Filed(*printed.strip().rpartition("\n")[2].split("|"))


def opens(page: Page, reference: str, queue: str = "mine") -> None:
    page.goto(f"/admin/complaints/case/?queue={queue}")
    page.locator("#result_list").get_by_role("link", name=reference).click()
    expect(page.locator("h1")).to_have_text(reference)


def follows(page: Page, code: str) -> None:
    page.goto("/follow/")
    page.locator("#id_code").fill(code)
    page.locator("main button.button").click()
    expect(page).to_have_url(re.compile("/follow/case/"))


def says(page: Page, words: str) -> None:
    expect(page.locator("[role=status]").filter(has_text=words)).to_be_visible()


def in_ten_days() -> str:
    return (date.today() + timedelta(days=10)).isoformat()  # noqa: DTZ011 (the browser's own day will do)


def writes_findings(page: Page, outcome: str = "substantiated") -> None:
    page.get_by_role("link", name="Write the findings").first.click()
    for card in page.locator("fieldset.card:visible").all():
        card.locator(f"[name$=outcome][value={outcome}]").check()
        card.locator("[name$=reasons]").fill(REASONS)
        card.locator("[name$=relied_on]").first.check()
        card.locator("[name$=norms]").first.check()


def promises(page: Page, section: str, press: str, kind: str, what: str) -> None:
    part = page.locator(f"#{section}")
    part.get_by_text(press).first.click()
    part.locator(f"[name={section}-kind]").select_option(kind)
    part.locator(f"[name={section}-what]").fill(what)
    part.locator(f"[name={section}-owner]").fill("Customer Relations")
    part.locator(f"[name={section}-due_on]").fill(in_ten_days())
    part.locator("form button.do").last.click()
    says(page, "Recorded, with its day")


def settles(page: Page, section: str, proof: str) -> None:
    part = page.locator(f"#{section}")
    part.get_by_text("Settle it, with proof").click()
    part.get_by_label("done", exact=True).check()
    part.get_by_label("On which day").fill(date.today().isoformat())  # noqa: DTZ011
    part.get_by_label("What shows it").fill(proof)
    part.get_by_role("button", name="Settle it").click()
    says(page, "Settled, with its proof.")


def confirms(page: Page, reference: str) -> None:
    """As a second person, who reads the proposal first."""
    opens(page, reference, "confirm")
    page.get_by_role("link", name="Read the proposal").click()
    page.get_by_label("I confirm it: it is final").check()
    page.get_by_role("button", name="Say so").click()
    says(page, "The decision is confirmed.")


def replies_and_closes(page: Page, reference: str) -> None:
    opens(page, reference)
    page.get_by_label("Reply to the borrower").fill(REPLY)
    page.get_by_role("button", name="Send the reply").click()
    says(page, "The reply is sent")
    page.get_by_role("button", name="Close the case").click()
    says(page, "The case is closed.")


@pytest.mark.long
def test_a_case_from_routed_to_closed_and_through_a_review(browser: Browser, web: Web) -> None:
    office, filed = Office(browser, web.address), a_case(web)
    desk, borrower = office.at_the_desk(filed.investigator), office.page("borrower", PHONE)
    examines(office, desk, filed)
    follows(borrower, filed.code)
    is_asked_and_answers(desk, borrower)
    code = asks_the_other_side(desk, web, filed)
    finds(office, web, desk, filed, code)
    is_watched(office, filed)
    confirms_it(office, filed)
    replies_and_closes(desk, filed.reference)
    settles(desk, "redress", "Letter 4711, posted.")
    settles(desk, "measure", "The list of who came.")
    office.meets_no_barrier(filed.investigator, "desk-walk-closed")
    asks_for_a_review(office, borrower)
    is_not_for_who_decided(office, desk, filed)
    reviews(office, filed)
    borrower.reload()
    expect(borrower.locator("main")).to_contain_text(REPLY)
    office.meets_no_barrier("borrower", "follow-walk-reviewed")
    assert office.complaints() == []


def examines(office: Office, desk: Page, filed: Filed) -> None:
    """From “mine”; says once why, and sees the picture; begins."""
    opens(desk, filed.reference)
    desk.locator("#E-1 form.look select").select_option("decision")
    desk.get_by_role("button", name="Open E-1").click()
    picture = desk.locator("#E-1 .viewing img").first
    expect(picture).to_be_visible()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    desk.reload()
    expect(desk.locator("#E-1 form.look")).to_have_count(0)  # the reason is said once
    desk.get_by_role("button", name="Begin the investigation").click()
    says(desk, "The investigation has begun.")
    office.meets_no_barrier(filed.investigator, "desk-walk-opened")


def is_asked_and_answers(desk: Page, borrower: Page) -> None:
    desk.get_by_text("Write a message or ask a question").click()
    desk.get_by_label("A question, open until it is answered").check()
    desk.get_by_label("Write to the borrower").fill("Who picked up the call?")
    desk.get_by_role("button", name="Send", exact=True).click()
    says(desk, "The question is sent.")
    borrower.reload()
    borrower.get_by_role("button", name="Answer").click()
    borrower.locator("#id_text").fill("My sister did.")
    borrower.get_by_role("button", name="Send", exact=True).click()
    expect(borrower.get_by_text("My sister did.")).to_be_visible()
    desk.reload()
    desk.get_by_role("button", name="I have read what the borrower wrote").click()
    says(desk, "Marked as read.")


def asks_the_other_side(desk: Page, web: Web, filed: Filed) -> str:
    """By letter; gives the code that is printed on it."""
    asked(desk)
    code = the_code(desk, web)
    opens(desk, filed.reference)
    return code


def answers_through_the_link(office: Office, code: str) -> None:
    other = office.page("other side", PHONE)
    other.goto(f"/answer/#{code}")
    if not office.scripts:
        other.fill("#id_code", code)
    other.locator("main button.button").click()
    other.get_by_role("button", name="Answer", exact=True).click()
    log: FilePayload = {"name": "log.png", "mimeType": "image/png", "buffer": cast.a_screenshot("log")}
    other.set_input_files("#files", log)
    expect(other.locator("#kept [data-exhibit]")).to_have_count(1)
    other.get_by_label("Your answer").fill("This is our log of that night.")
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.get_by_text("received and sealed")).to_be_visible()


def finds(office: Office, web: Web, desk: Page, filed: Filed, code: str) -> None:
    """Promises and orders; writes the findings while the other side's answer comes, is told, and looks again."""
    promises(desk, "redress", "Promise redress", "apology", "A letter that says sorry.")
    promises(desk, "measure", "Order a measure", "training", "The team that called is trained.")
    writes_findings(desk)
    beside = desk.locator("#beside")
    expect(beside).to_contain_text("My sister did.")
    expect(beside.locator("#E-1 img").first).to_be_visible()
    office.meets_no_barrier(filed.investigator, "desk-walk-findings")
    answers_through_the_link(office, code)
    desk.get_by_role("button", name="Record the findings").click()
    expect(desk.get_by_role("alert").filter(has_text="The other side answered")).to_be_visible()
    expect(desk.locator("[name=C01-reasons]")).to_have_value(REASONS)
    expect(beside).to_contain_text("This is our log of that night.")
    office.meets_no_barrier(filed.investigator, "desk-walk-came-meanwhile")
    desk.locator("fieldset.card").first.get_by_label("E-2 log.png").first.check()
    desk.get_by_role("button", name="Record the findings").click()
    says(desk, "The findings are proposed.")
    expect(desk.get_by_role("button", name="Say so")).to_have_count(0)


def is_watched(office: Office, filed: Filed) -> None:
    """The auditor reads all of it and changes nothing; who may not see the case does not find it."""
    auditor = office.at_the_desk("auditor")
    opens(auditor, filed.reference, "open")
    expect(auditor.locator("#proposal")).to_contain_text(REASONS)
    expect(auditor.locator("#measure")).to_contain_text("The team that called is trained.")
    expect(auditor.locator("#timeline")).to_contain_text("looked at E-1")
    expect(auditor.locator("#timeline")).to_contain_text("To write the decision")
    assert changing(auditor) == []
    office.meets_no_barrier("auditor", "desk-walk-auditor")
    address = auditor.url
    north = office.at_the_desk("north")
    for queue in ("open", "urgent", "team"):
        north.goto(f"/admin/complaints/case/?queue={queue}")
        expect(north.get_by_role("link", name=filed.reference)).to_have_count(0)
    north.goto(f"/admin/complaints/case/?q={filed.reference}")
    expect(north.get_by_role("link", name=filed.reference, exact=True)).to_have_count(0)
    administrator = office.at_the_desk("administrator")
    administrator.goto("/admin/")
    expect(administrator.get_by_role("link", name=re.compile("All open|Urgent"))).to_have_count(0)
    for page, status in ((north, 404), (administrator, 404)):
        for part in ("", "exhibits/1/copies/" + "0" * 8 + "-0000-0000-0000-" + "0" * 12 + "/"):
            answer = page.goto(address.partition("?")[0] + part)
            assert answer
            assert answer.status in (403, status)
            assert REASONS not in page.content()


def changing(page: Page) -> list[str]:
    """The buttons of a case page that change anything: all but to look and to download, which are recorded."""
    told: list[str] = page.locator("main button[type=submit]:visible, #content a.do:visible").all_inner_texts()
    return [words for words in told if not re.match("Open |Download ", words)]


def confirms_it(office: Office, filed: Filed) -> None:
    second = office.at_the_desk("supervisor")
    opens(second, filed.reference, "open")
    office.meets_no_barrier("supervisor", "desk-walk-proposed")
    confirms(second, filed.reference)


def asks_for_a_review(office: Office, borrower: Page) -> None:
    borrower.reload()
    expect(borrower.locator("main")).to_contain_text(REPLY)
    borrower.get_by_role("link", name="Ask for a review by someone else").click()
    borrower.get_by_label("What should be reviewed?").fill("Nobody asked my sister.")
    borrower.get_by_role("button", name="Ask for a review").click()
    expect(borrower.locator("main")).to_contain_text("someone else")
    office.meets_no_barrier("borrower", "follow-walk-review")


def is_not_for_who_decided(office: Office, desk: Page, filed: Filed) -> None:
    for page in (desk, office.at_the_desk("supervisor")):
        opens(page, filed.reference, "open")
        expect(page.get_by_text("A review: you decided or answered this case before")).to_be_visible()
        expect(page.get_by_role("button", name="Begin the investigation")).to_have_count(0)
    office.meets_no_barrier(filed.investigator, "desk-walk-barred")


def reviews(office: Office, filed: Filed) -> None:
    """Somebody else, to whom it went by itself, decides; a second one who had nothing to do with it confirms."""
    other = office.at_the_desk(filed.other)
    opens(other, filed.reference)
    expect(other.locator("#since")).to_contain_text("Nobody asked my sister.")
    other.get_by_role("button", name="Begin the investigation").click()
    says(other, "The investigation has begun.")
    office.meets_no_barrier(filed.other, "desk-walk-review")
    writes_findings(other, "partly")
    other.get_by_role("button", name="Record the findings").click()
    says(other, "The findings are proposed.")
    confirms(office.at_the_desk("supervisor2"), filed.reference)
    replies_and_closes(other, filed.reference)
    expect(other.locator("#since")).to_contain_text("Result")


def test_the_way_to_the_decision_without_javascript(browser: Browser, web: Web) -> None:
    office, filed = Office(browser, web.address, scripts=False), a_case(web)
    desk = office.at_the_desk(filed.investigator)
    opens(desk, filed.reference)
    desk.get_by_role("button", name="Begin the investigation").click()
    writes_findings(desk)
    desk.get_by_role("button", name="Record the findings").click()
    says(desk, "The findings are proposed.")
    confirms(office.at_the_desk("supervisor"), filed.reference)
    replies_and_closes(desk, filed.reference)
    assert office.complaints() == []


def test_the_page_to_change_the_password_fits_a_narrow_window(browser: Browser, web: Web) -> None:
    office = Office(browser, web.address)
    page = office.at_the_desk("south")
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto("/admin/password_change/")
    office.meets_no_barrier("south", "desk-password")
