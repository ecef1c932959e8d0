"""The queue and the case page: a case is worked from them, from routed to closed."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.cases import lifecycle
from complaints.models import Case, Finding, Message, Routing, RoutingRule, StaffMember, Team
from complaints.staff import access
from evidence import ledger
from evidence.checking import sealing
from evidence.models import EvidenceItem
from evidence.storage import sentinel, vault
from tests.support import cast, handed

QUEUE = "/admin/complaints/case/"


def routed(case: Case, team: Team, investigator: StaffMember | None = None) -> Case:
    lifecycle.advance(case, "route", by=ledger.SYSTEM, changes={"team": team, "assignee": investigator})
    case.refresh_from_db()
    return case


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """With the investigator of South, not begun."""
    return routed(borrower.case, south, investigator)


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def text(response: Any) -> str:
    """What a reader sees of a page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def begun(case: Case, investigator: StaffMember) -> Case:
    return lifecycle.advance(case, "begin", by=access.actor(investigator), staff=investigator)


FINDING = {
    f"{code}-{name}": said
    for code in ("C04", "C05")
    for name, said in (
        *(("outcome", "substantiated"), ("reasons", "The screenshot shows it.")),
        ("other_rule", "Their own code, no. 4"),
    )
}


def test_a_case_is_worked_from_routed_to_closed(case: Case, desk: Client) -> None:
    page = f"{QUEUE}{case.pk}/"
    exhibit = case.exhibits.get()
    desk.post(f"{page}begin/")
    desk.post(f"{page}decide/", {**FINDING, "C04-relied_on": [exhibit.pk]})
    desk.post(f"{page}reply/", {"text": "We found that they called your workmates."})
    done = desk.post(f"{page}close/", follow=True)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED
    assert list(case.findings.get(allegation="C04").relied_on.all()) == [exhibit]
    told = text(done)
    assert "The case is closed." in told
    assert "You closed the case" in told
    assert "We found that they called your workmates." in told


@pytest.mark.parametrize(
    ("step", "fields", "section"),
    [
        ("begin", {}, ""),
        ("note", {"text": "She rang.", "once": str(uuid4())}, "inside"),
        ("write", {"text": "Hello.", "kind": "message", "once": str(uuid4()), "seen": "0"}, "messages"),
    ],
)
def test_a_step_leads_to_its_sentence_in_the_section_that_it_changed(
    step: str, fields: dict[str, str], section: str, case: Case, desk: Client
) -> None:
    if section:
        desk.post(f"{QUEUE}{case.pk}/begin/", follow=True)
    done = desk.post(f"{QUEUE}{case.pk}/{step}/", fields, follow=True)
    assert done.redirect_chain[-1][0].endswith("#said")
    page = done.content.decode()
    around = page[: page.index('id="said"')].rpartition("<section ")
    assert (f'id="{section}"' in around[2]) if section else not around[1]


def test_a_step_leads_back_to_the_case_and_keeps_the_queue(case: Case, desk: Client) -> None:
    response = desk.post(f"{QUEUE}{case.pk}/begin/?_changelist_filters=queue%3Dmine")
    assert response["Location"] == f"{QUEUE}{case.pk}/?_changelist_filters=queue%3Dmine#said"


def test_who_begins_a_case_that_nobody_has_gets_it(
    second_borrower: cast.Filed, south: Team, investigator: StaffMember, desk: Client
) -> None:
    case = routed(second_borrower.case, south)
    desk.post(f"{QUEUE}{case.pk}/begin/")
    case.refresh_from_db()
    assert case.assignee == investigator


def test_a_finding_without_reasons_comes_back_with_what_was_chosen(
    case: Case, investigator: StaffMember, desk: Client
) -> None:
    begun(case, investigator)
    response = desk.post(f"{QUEUE}{case.pk}/decide/", {**FINDING, "C05-outcome": "partly", "C05-reasons": ""})
    assert response.status_code == 422
    assert 'value="partly" required id="id_C05-outcome_1" checked' in response.content.decode()
    assert "This field is required." in text(response)
    assert not Finding.objects.exists()


def test_what_a_second_person_wrote_is_given_back_when_the_first_was_quicker(
    case: Case, investigator: StaffMember, supervisor: StaffMember, desk: Client
) -> None:
    begun(case, investigator)
    desk.post(f"{QUEUE}{case.pk}/decide/", FINDING)
    late = {**FINDING, "C04-outcome": "not", "C04-reasons": "I read it otherwise."}
    response = cast.signed_in(supervisor).post(f"{QUEUE}{case.pk}/decide/", late)
    assert response.status_code == 409
    assert "Somebody may have acted before you" in text(response)
    assert "What is written below was not saved: copy what you need." in text(response)
    assert "I read it otherwise." in text(response)
    assert {finding.outcome for finding in Finding.objects.all()} == {"substantiated"}


def test_an_auditor_reads_the_case_and_is_offered_no_step(case: Case, auditor: StaffMember) -> None:
    page = cast.signed_in(auditor).get(f"{QUEUE}{case.pk}/").content.decode()
    assert case.complaint.story in page
    for offer in ("/begin/", "/bundle/", "/decide/", "/reply/", "/close/"):
        assert offer not in page


def test_the_case_page_says_who_why_and_how_to_reach_the_borrower(
    borrower: cast.Filed, south: Team, investigator: StaffMember, desk: Client
) -> None:
    from complaints.assignment import routing

    RoutingRule.objects.create(order=7, name="third party contacted", team=south, conduct=["C04"])
    routing.route(borrower.case)
    told = text(desk.get(f"{QUEUE}{borrower.case.pk}/"))
    assert "Routed to South: rule 7, third party contacted." in told
    assert "The investigator has the borrower&#x27;s language and the least load (0 of 60)." in told
    assert "Example Consumer Finance" in told
    assert "李小梅" in told
    assert "0 of 1 exhibits sealed" in told
    assert "waiting for the timestamp" in told


def test_a_sealed_exhibit_shows_its_seal(case: Case, desk: Client) -> None:
    seal = sealing.seal(EvidenceItem.objects.get())
    assert seal is not None
    told = text(desk.get(f"{QUEUE}{case.pk}/"))
    assert "1 of 1 exhibits sealed" in told
    assert "builtin, local clock" in told
    assert f"#{seal.entry_id}" in told
    assert "E-1 sealed" in told


def test_a_case_that_no_rule_takes_says_so_to_the_supervisor(
    borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    client, page = cast.signed_in(supervisor), f"{QUEUE}{borrower.case.pk}/"
    assert "No active routing rule takes this case" in text(client.get(page))
    RoutingRule.objects.create(order=1, name="everything", team=south)
    assert "Waiting to be routed" in text(client.get(page))


def test_markup_in_what_the_borrower_wrote_stays_text(south: Team, desk: Client) -> None:
    hostile = "<script>alert(1)</script>"
    filed = cast.file_a_complaint(
        files=[(f"{hostile}.png", cast.a_screenshot())],
        story={"story": hostile},
        parties={"lender": hostile, "numbers": [hostile]},
        court={"court": "paper", "court_note": hostile},
        contacts={"acts": [{"key": "1", "number": hostile, "claimed": hostile, "said": hostile}]},
        evidence={"originals": {"letter": hostile}},
        reach={"name": hostile, "contact_note": hostile, "safe_times": hostile},
    )
    routed(filed.case, south)
    for address in (QUEUE, f"{QUEUE}{filed.case.pk}/"):
        assert "<script>alert" not in desk.get(address).content.decode()


# The original


def original(desk: Client, case: Case, **data: str) -> Any:
    return desk.post(f"{QUEUE}{case.pk}/exhibits/1/original/", data, follow=True)


def test_an_original_comes_whole_as_a_sandboxed_attachment(case: Case, desk: Client) -> None:
    item = EvidenceItem.objects.get()
    response = original(desk, case, reason="review")
    assert b"".join(response.streaming_content) == b"".join(vault.read(item.pk))
    assert response["Content-Type"] == "image/png"
    assert response["Content-Length"] == str(item.size)
    assert response["Content-Disposition"] == 'attachment; filename="screenshot.png"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("private, no-store")


def test_who_opened_an_original_and_why_is_on_the_ledger_before_its_first_byte(
    case: Case, investigator: StaffMember, desk: Client
) -> None:
    item = EvidenceItem.objects.get()
    response = original(desk, case, reason="integrity")
    entry = ledger.content_of(ledger.history(case.thread)[-1])
    list(response)
    assert (entry["kind"], entry["subject"]) == ("evidence.downloaded", f"item:{item.pk}")
    assert entry["by"] == {"role": "investigator", "id": str(investigator.uid)}
    assert entry["data"] == {"item": str(item.pk), "reason": "integrity"}
    assert "You opened E-1 To check that it is unchanged" in text(desk.get(f"{QUEUE}{case.pk}/"))


@pytest.mark.parametrize("reason", ["", "curiosity"])
def test_without_a_reason_no_original(reason: str, case: Case, desk: Client) -> None:
    entries = len(ledger.history(case.thread))
    response = original(desk, case, reason=reason)
    assert response.status_code == 422
    assert "Say why you open the original" in text(response)
    assert len(ledger.history(case.thread)) == entries


def test_a_missing_original_is_said_plainly_and_not_recorded_as_opened(case: Case, desk: Client) -> None:
    entries = len(ledger.history(case.thread))
    vault.delete(EvidenceItem.objects.get().pk)
    response = original(desk, case, reason="review")
    assert response.status_code == 410
    assert "The stored file of E-1 is missing." in text(response)
    assert len(ledger.history(case.thread)) == entries


@pytest.mark.parametrize(
    ("given", "header"),
    [
        ("通话.png", "attachment; filename*=utf-8''%E9%80%9A%E8%AF%9D.png"),
        ("letter.pdf.exe", 'attachment; filename="letter.pdf.exe.png"'),
        ('a"b\r\nSet-Cookie: x.png', "attachment; filename*=utf-8''a%22b%EF%BF%BD%EF%BF%BDSet-Cookie%3A%20x.png"),
    ],
)
def test_the_name_of_an_original_is_safe_and_ends_as_what_it_is(
    given: str, header: str, south: Team, desk: Client
) -> None:
    filed = cast.file_a_complaint(files=[(given, cast.a_screenshot())])
    response = original(desk, routed(filed.case, south), reason="review")
    list(response)
    assert response["Content-Disposition"] == header


# The queue


def rows(response: Any) -> list[str]:
    return re.findall(r"HF-\d{4}-\d{6}", text(response))


@pytest.fixture
def three(south: Team, investigator: StaffMember) -> list[Case]:
    """Normal, urgent and high; the first is the investigator's."""
    stories = [("C05", "半夜打电话"), ("C01", "上门打人"), ("C04", "联系了我的同事")]
    cases = [
        cast.file_a_complaint(files=[], conduct={"conduct": [code]}, story={"story": story}).case
        for code, story in stories
    ]
    return [routed(case, south, investigator if number == 0 else None) for number, case in enumerate(cases)]


def test_the_queue_begins_with_the_most_urgent(three: list[Case], desk: Client) -> None:
    normal, urgent, high = three
    assert rows(desk.get(QUEUE)) == [case.reference for case in (urgent, high, normal)]


def test_each_queue_has_its_cases_and_its_number(three: list[Case], desk: Client) -> None:
    normal, urgent, _high = three
    assert rows(desk.get(f"{QUEUE}?queue=mine")) == [normal.reference]
    assert rows(desk.get(f"{QUEUE}?queue=urgent")) == [urgent.reference]
    page = text(desk.get(f"{QUEUE}?queue=closed"))
    assert "Nothing waits here." in page
    counts = (
        "My cases 1 New in my hands 1 My team 3 Urgent 1 Unassigned 2 Due this week 0 Waiting for an answer 0 "
        "New from borrowers 0 New from the other side 0 To confirm 0 To review again 0 "
        "Opened again for retaliation 0 All open 3 Closed 0"
    )
    assert counts in page


@pytest.mark.parametrize(
    ("words", "found"),
    [("同事", [2]), ("打", [1, 0]), ("consumer finance", [2, 1, 0]), ("hf-2026-999999", []), ("警察", [])],
)
def test_search_finds_organisations_and_two_chinese_characters(
    words: str, found: list[int], three: list[Case], desk: Client
) -> None:
    assert rows(desk.get(QUEUE, {"q": words})) == [three[number].reference for number in found]


def test_a_reference_opens_its_case_even_a_closed_one(three: list[Case], desk: Client) -> None:
    Case.objects.filter(pk=three[0].pk).update(state=Case.State.CLOSED, closed_at=three[0].filed_at)
    response = desk.get(QUEUE, {"q": three[0].reference.lower()})
    assert response.headers["Location"] == f"{QUEUE}{three[0].pk}/"


def test_next_and_previous_follow_the_queue(three: list[Case], desk: Client) -> None:
    normal, urgent, high = three
    page = desk.get(f"{QUEUE}{high.pk}/?_changelist_filters=queue%3Dopen").content.decode()
    assert "2 of 3" in page
    assert f'href="{QUEUE}{urgent.pk}/?_changelist_filters=queue%3Dopen" rel="prev"' in page
    assert f'href="{QUEUE}{normal.pk}/?_changelist_filters=queue%3Dopen" rel="next"' in page


def test_a_broken_queue_name_shows_the_case_all_the_same(case: Case, desk: Client) -> None:
    assert desk.get(f"{QUEUE}{case.pk}/?_changelist_filters=queue%3Dnonsense%26%26").status_code == 200
    assert desk.get(f"{QUEUE}?queue=nonsense").status_code in (200, 302)


def statements(desk: Client, address: str) -> int:
    cache.clear()  # the counts of the rail are kept for seconds
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address).status_code == 200
    return len(queries)


def test_the_queue_takes_the_same_statements_however_long_it_is(
    three: list[Case], south: Team, desk: Client
) -> None:
    desk.get(QUEUE)  # the first visit keeps the list in the session
    before = statements(desk, QUEUE)
    for number in range(5):
        routed(cast.file_a_complaint(files=[("a.png", cast.a_screenshot(str(number)))]).case, south)
    assert statements(desk, QUEUE) == before <= 14


def test_the_case_page_takes_the_same_statements_however_many_exhibits(
    case: Case, south: Team, desk: Client
) -> None:
    many = [(f"{number}.png", cast.a_screenshot(str(number))) for number in range(6)]
    big = routed(cast.file_a_complaint(files=many).case, south)
    address = "{}{}/?_changelist_filters=queue%3Dopen"
    assert (
        statements(desk, address.format(QUEUE, big.pk)) <= statements(desk, address.format(QUEUE, case.pk)) <= 25
    )


def test_each_section_of_the_case_page_gets_its_own_object_and_nothing_else() -> None:
    page = (cast.ROOT / "templates" / "admin" / "complaints" / "case" / "case.html").read_text()
    given = re.compile(
        r'include "admin/complaints/case/(\w+)\.html" with (\w+)=page\.(\w+)( csrf_token=csrf_token)? only '
    )
    sections = [match.groups()[:3] for match in given.finditer(page)]
    assert len(sections) == page.count("include ") - 1  # the line that names the keys is no section
    assert all(len({*names}) == 1 for names in sections)


def test_template_tags_ask_the_database_nothing_and_know_no_visit() -> None:
    for file in (cast.ROOT / "complaints" / "templatetags").glob("*.py"):
        text = file.read_text()
        assert not [word for word in (".objects", "visits", "vault", "select_related") if word in text], file.name


# The bundle


def test_the_bundle_leaves_the_desk_and_its_export_is_on_the_ledger(case: Case, desk: Client) -> None:
    response = handed.at_the_desk(desk, case)
    assert handed.read(response).startswith(b"PK")
    assert response["Content-Disposition"] == f'attachment; filename="{case.reference}.zip"'
    assert response["Cache-Control"].startswith("private, no-store")
    made, fetched = map(ledger.content_of, ledger.history(case.thread)[-2:])
    assert (made["kind"], made["data"]["audience"]) == ("bundle.exported", "legal_aid")
    assert (fetched["kind"], fetched["data"]["manifest"]) == ("bundle.downloaded", made["data"]["manifest"])


def test_the_queues_action_exports_the_one_chosen_case(three: list[Case], desk: Client) -> None:
    chosen = {"action": "export_bundle", "_selected_action": [three[0].pk]}
    assert desk.post(QUEUE, chosen)["Location"] == f"{QUEUE}{three[0].pk}/bundle/"


def test_the_action_wants_exactly_one_case(three: list[Case], desk: Client) -> None:
    chosen = {"action": "export_bundle", "_selected_action": [case.pk for case in three]}
    assert "Choose one case" in text(desk.post(QUEUE, chosen, follow=True))


def test_the_action_exports_nothing_of_another_team(case: Case, investigator_north: StaffMember) -> None:
    chosen = {"action": "export_bundle", "_selected_action": [case.pk]}
    cast.signed_in(investigator_north).post(QUEUE, chosen, follow=True)
    assert not case.exports.exists()
    assert not [entry for entry in ledger.history(case.thread) if entry.kind == "bundle.exported"]


def test_no_bundle_is_made_of_an_altered_case(case: Case, desk: Client) -> None:
    sentinel.prove()  # the storage is the portal's
    vault.delete(EvidenceItem.objects.get().pk)
    response = handed.at_the_desk(desk, case, "office")
    assert "The stored file of E-1 is missing" in text(response)
    assert "Download" not in text(response)
    assert "missing from storage" in text(desk.get(f"{QUEUE}{case.pk}/"))


def test_a_bundle_for_nobody_in_particular_is_not_made(case: Case, desk: Client) -> None:
    for audience in ("anybody", "borrower", ""):
        assert handed.at_the_desk(desk, case, audience).status_code in (200, 422)
    assert not case.exports.exists()


def test_everything_shown_was_written_once(case: Case, desk: Client) -> None:
    """Reading the page is not a custody event and writes nothing."""
    entries = len(ledger.history(case.thread))
    desk.get(f"{QUEUE}{case.pk}/")
    assert len(ledger.history(case.thread)) == entries
    assert (Message.objects.count(), Routing.objects.count()) == (0, 0)
