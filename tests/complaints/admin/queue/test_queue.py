"""The list of cases: columns, filters, pages, saved queues, and the list as CSV."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints import tasks
from complaints.admin.queue import queue as admin_cases
from complaints.cases import queues
from complaints.conversation import messaging
from complaints.enquiries import asking
from complaints.models import Case, Review, Role, SavedQueue, StaffMember, Team
from complaints.reference import conduct
from evidence import ledger
from evidence.holdfast_verify import harmless
from evidence.ledger import Event
from tests.support import cast, other_side
from tests.support.office import decided_by, now, routed, step, time_passes

QUEUE = "/admin/complaints/case/"


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def listed(response: Any) -> list[str]:
    return re.findall(r">(HF-\d{4}-\d{6})</a>", response.content.decode())


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


@pytest.fixture
def three(south: Team, investigator: StaffMember) -> list[Case]:
    """Normal, urgent and high; the first is the investigator's, the last in English."""
    made = []
    for number, (code, language) in enumerate((("C05", "zh-hans"), ("C01", "zh-hans"), ("C04", "en"))):
        case = cast.file_a_complaint(files=[], language=language, conduct={"conduct": [code]}).case
        made.append(routed(case, south, None if number else investigator))
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("severity=3", [1]),
        ("state=investigating", []),
        ("language=en", [2]),
        ("conduct=C01", [1]),
        ("investigator=nobody", [1, 2]),
        ("queue=mine", [0]),
        ("since=2000-01-01&until=2100-01-01", [1, 2, 0]),
        ("until=2000-01-01", []),
        ("sort=newest", [2, 1, 0]),
        ("sort=oldest", [0, 1, 2]),
        ("sort=due", [0, 1, 2]),
        ("q=同事&severity=2", [2]),
        ("queue=mine&q=同事", [0]),
    ],
)
def test_the_list_is_what_its_filters_name(asked: str, found: list[int], three: list[Case], desk: Client) -> None:
    assert listed(desk.get(f"{QUEUE}?{asked}")) == [three[number].reference for number in found]


@pytest.mark.parametrize(
    "broken",
    [
        *("severity=9", "since=yesterday", "team=999999", "sort=story", "complaint__story=x"),
        *("investigator=1'", "q=" + "x" * 999, "queue=gone"),
    ],
)
def test_what_is_no_filter_shows_a_sentence_and_the_plain_queue(
    broken: str, three: list[Case], desk: Client
) -> None:
    response = desk.get(f"{QUEUE}?{broken}")
    assert response.status_code == 200
    assert "Here is the plain queue." in text(response)
    assert len(listed(response)) == 3


def test_an_investigator_filters_by_no_other_team(three: list[Case], north: Team, desk: Client) -> None:
    assert "Here is the plain queue." in text(desk.get(f"{QUEUE}?team={north.pk}"))


def test_a_row_says_what_happened_last_and_how_long_ago(three: list[Case], desk: Client) -> None:
    page = text(desk.get(f"{QUEUE}?queue=mine"))
    assert "Routed to a team just now" in page
    assert "in 15 days" in page
    for case in three:
        subject = f"item:{case.pk}"
        with transaction.atomic():
            ledger.append(
                Event(kind="evidence.derived", thread=case.thread, subject=subject, by=ledger.SYSTEM, data={})
            )
    assert "Routed to a team just now" in text(desk.get(f"{QUEUE}?queue=mine"))  # a copy for viewing is no news


@pytest.mark.parametrize(("role", "who"), [("borrower", "The borrower"), ("investigator", "The office")])
def test_a_row_says_who_wrote(role: str, who: str, three: list[Case], desk: Client) -> None:
    with transaction.atomic():
        by: Any = {"role": role}
        thread = three[0].thread
        ledger.append(Event(kind="message.written", thread=thread, subject=thread, by=by, data={}))
    assert f"{who} wrote a message just now" in text(desk.get(f"{QUEUE}?queue=mine"))


def test_a_decided_case_keeps_its_deadline_until_it_is_answered(
    three: list[Case], desk: Client, investigator: StaffMember
) -> None:
    case = decided_by(investigator, three[0])
    Case.objects.filter(pk=case.pk).update(decide_by=timezone.now() + timedelta(days=3))
    assert listed(desk.get(f"{QUEUE}?queue=due")) == [case.reference]
    assert "in 3 days" in text(desk.get(f"{QUEUE}?queue=mine"))
    messaging.reply(now(case), by=investigator, text="We looked into it.")
    assert listed(desk.get(f"{QUEUE}?queue=due")) == []
    assert "in 3 days" not in text(desk.get(f"{QUEUE}?queue=mine"))


def test_a_row_names_which_deadlines_are_late(three: list[Case], desk: Client) -> None:
    time_passes(three[0], timedelta(days=10))
    for _ in range(2):
        tasks.watch_clocks()
    page = text(desk.get(f"{QUEUE}?queue=mine"))
    assert re.search(r"First word to the borrower: \d+ days late", page)
    assert "A deadline passed" not in page, "the news before it is shown, and the deadline in its column"
    assert "1 of your cases has a late deadline." in page


def test_reviews_and_cases_opened_for_retaliation_are_two_queues(three: list[Case], desk: Client) -> None:
    for case in three[:2]:
        Case.objects.filter(pk=case.pk).update(round=2)
    Review.objects.create(
        case=three[0], round=2, reasons="x", asked_at=timezone.now(), document=b"{}", sha256="0" * 64
    )
    assert listed(desk.get(f"{QUEUE}?queue=review")) == [three[0].reference]
    assert listed(desk.get(f"{QUEUE}?queue=again")) == [three[1].reference]


def test_pages_go_on_and_back_without_losing_or_repeating_a_case(
    three: list[Case], south: Team, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _number in range(4):
        routed(cast.file_a_complaint(files=[]).case, south)
    whole = listed(desk.get(QUEUE))
    monkeypatch.setattr(admin_cases, "PER_PAGE", 3)
    there: list[list[str]] = []
    address: str | None = f"{QUEUE}?queue=open"
    while address:
        page = desk.get(address)
        there.append(listed(page))
        further = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = QUEUE + further[1].replace("&amp;", "&") if further else None
    assert [one for page_of in there for one in page_of] == whole
    assert [len(one) for one in there] == [3, 3, 1]
    back = re.search(r'rel="prev" href="([^"]+)"', page.content.decode())
    assert back
    assert listed(desk.get(QUEUE + back[1].replace("&amp;", "&"))) == there[1]


def test_a_page_after_a_case_of_another_team_begins_at_the_beginning(
    three: list[Case], second_borrower: cast.Filed, north: Team, desk: Client
) -> None:
    routed(second_borrower.case, north)
    assert len(listed(desk.get(f"{QUEUE}?after={second_borrower.case.pk}"))) == 3


def test_next_and_previous_keep_the_lists_filters_and_order(three: list[Case], desk: Client) -> None:
    filters = "_changelist_filters=queue%3Dopen%26investigator%3Dnobody%26sort%3Dnewest"
    page = desk.get(f"{QUEUE}{three[2].pk}/?{filters}").content.decode()
    assert "1 of 2" in page
    assert f'href="{QUEUE}{three[1].pk}/?{filters}" rel="next"' in page
    assert 'rel="prev"' not in page


def test_the_way_back_to_the_list_outlasts_pages_that_do_not_name_it(three: list[Case], desk: Client) -> None:
    assert f'href="{QUEUE}?queue=open"' in desk.get(f"{QUEUE}{three[0].pk}/").content.decode()
    desk.get(f"{QUEUE}?queue=mine")
    page = desk.get(f"{QUEUE}{three[0].pk}/").content.decode()
    assert f'href="{QUEUE}?queue=mine">My cases</a>' in page
    desk.get(f"{QUEUE}?q=同事")
    assert f'href="{QUEUE}?queue=mine">My cases</a>' in desk.get(f"{QUEUE}{three[0].pk}/").content.decode()


def test_next_and_previous_stay_within_the_search(three: list[Case], desk: Client) -> None:
    page = desk.get(f"{QUEUE}{three[1].pk}/?_changelist_filters=q%3D%E5%90%8C%E4%BA%8B").content.decode()
    assert re.search(rf'href="{QUEUE}{three[0].pk}/[^"]+" rel="next"', page)
    assert re.search(rf'href="{QUEUE}{three[2].pk}/[^"]+" rel="prev"', page)


def test_what_nobody_has_answered_waits(three: list[Case], desk: Client, investigator: StaffMember) -> None:
    from uuid import uuid4

    from complaints.drafts import additions

    asked = additions.begin_at_the_desk(three[0], uuid4(), "office-question")
    additions.keep(asked, "Which day was it?")
    messaging.send(asked, by=investigator)
    page = desk.get(f"{QUEUE}?queue=waiting")
    assert listed(page) == [three[0].reference]
    assert "waiting, asked just now" in text(page)


@pytest.mark.django_db
@settings(max_examples=40)
@given(
    rows=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=6),
    sort=st.sampled_from(sorted(queues.SORTS)),
)
def test_neighbours_by_key_are_those_of_the_sorted_list(rows: list[tuple[int, int]], sort: str) -> None:
    start = timezone.now()
    Case.objects.all().delete()
    for number, (severity, days) in enumerate(rows):
        Case.objects.create(
            code_digest=f"{number:064x}",
            language="en",
            severity=severity,
            filed_at=start,
            decide_by=start + timedelta(days=days),
            receipt=b"",
        )
    order = queues.SORTS[sort][1]
    keys = list(Case.objects.order_by(*order).values_list("pk", flat=True))
    for at, key in enumerate(keys):
        case = Case.objects.get(pk=key)
        assert queues.beyond(Case.objects.all(), order, case, 99) == keys[at + 1 :]
        assert queues.beyond(Case.objects.all(), queues.backwards(order), case, 99) == keys[:at][::-1]


def test_a_count_ends_at_ninety_nine(monkeypatch: pytest.MonkeyPatch, three: list[Case], desk: Client) -> None:
    monkeypatch.setattr(queues, "MOST", 2)
    assert "All open 2+" in text(desk.get(QUEUE))


# Search and filters


def test_a_search_of_any_page_covers_closed_cases_and_says_where_it_matched(
    three: list[Case], desk: Client
) -> None:
    Case.objects.filter(pk=three[0].pk).update(state=Case.State.CLOSED, closed_at=timezone.now())
    for page in ("/admin/", "/admin/complaints/clock/", f"{QUEUE}{three[1].pk}/"):
        assert 'name="q"' in desk.get(page).content.decode()
    response = desk.get(f"{QUEUE}?q=同事")
    assert three[0].reference in listed(response)
    assert "3 cases found among all cases that you may see, open and closed" in text(response)
    assert "<mark>同事</mark>" in response.content.decode()


def test_a_search_can_stay_in_the_queue_and_says_so(three: list[Case], desk: Client) -> None:
    page = text(desk.get(f"{QUEUE}?queue=mine&q=同事"))
    assert "1 case found in “My cases”" in page


def test_a_reference_opens_only_a_case_that_one_may_see(
    three: list[Case], desk: Client, investigator_north: StaffMember
) -> None:
    asked = {"q": three[0].reference, "queue": "urgent"}
    assert desk.get(QUEUE, asked).headers["Location"] == f"{QUEUE}{three[0].pk}/"
    assert listed(cast.signed_in(investigator_north).get(QUEUE, asked)) == []


def test_a_filter_takes_several_values_and_each_is_a_chip(three: list[Case], desk: Client) -> None:
    page = desk.get(f"{QUEUE}?queue=open&severity=3&severity=2&language=en")
    assert listed(page) == [three[2].reference]
    assert 'href="?queue=open&amp;severity=2&amp;language=en"' in page.content.decode()
    assert "Severity: Urgent" in text(page)
    assert "Language: English" in text(page)


def test_the_form_of_filters_and_its_people_are_loaded_when_asked_for(three: list[Case], desk: Client) -> None:
    assert 'name="investigator"' not in desk.get(QUEUE).content.decode()
    assert 'name="investigator"' in desk.get(f"{QUEUE}?filters=1").content.decode()


def test_a_row_says_what_the_case_is_about(three: list[Case], desk: Client) -> None:
    page = text(desk.get(f"{QUEUE}?queue=mine"))
    for words in (conduct.named("C05"), "他们半夜给我打电话", "in Simplified Chinese", "Example Consumer Finance"):
        assert words in page


def test_a_refused_step_keeps_what_was_ticked(three: list[Case], desk: Client) -> None:
    ticked = [case.pk for case in three[:2]]
    page = desk.post(f"{QUEUE}?queue=open", {"action": "export_bundle", "_selected_action": ticked})
    for key in ticked:
        assert re.search(rf"<input[^>]*value=\"{key}\"[^>]* checked", page.content.decode())


# Saved queues


def save(client: Client, name: str, query: str, **more: str) -> Any:
    return client.post(f"{QUEUE}saved/", {"name": name, "query": query, **more}, follow=True)


def test_a_saved_queue_is_opened_renamed_and_deleted(three: list[Case], desk: Client) -> None:
    page = save(desk, "English ones", "queue=open&language=en&sort=newest&after=3")
    queue = SavedQueue.objects.get()
    assert queue.query == "queue=open&language=en&sort=newest"
    assert listed(page) == [three[2].reference]
    assert "<h1>English ones</h1>" in page.content.decode()
    desk.post(f"{QUEUE}saved/{queue.pk}/", {"name": "In English"})
    assert "In English 1" in text(desk.get(QUEUE))
    desk.post(f"{QUEUE}saved/{queue.pk}/", {"delete": "on"})
    assert not SavedQueue.objects.exists()


def test_a_supervisor_shares_with_their_teams_and_an_investigator_does_not(
    three: list[Case], south: Team, desk: Client, supervisor: StaffMember, investigator_north: StaffMember
) -> None:
    supervisor.teams.add(south)
    save(cast.signed_in(supervisor), "Shared", "severity=3", shared="on")
    save(desk, "Own", "severity=2", shared="on")
    assert SavedQueue.objects.get(shared=True).name == "Shared"
    shared = SavedQueue.objects.get(name="Shared")
    assert listed(desk.get(f"{QUEUE}?saved={shared.pk}")) == [three[1].reference]
    assert "Own" not in text(cast.signed_in(supervisor).get(QUEUE))
    north = cast.signed_in(investigator_north)
    assert "Shared" not in text(north.get(QUEUE))
    assert listed(north.get(f"{QUEUE}?saved={shared.pk}")) == []
    for client in (desk, north):
        assert client.post(f"{QUEUE}saved/{shared.pk}/", {"delete": "on"}).status_code == 404


@pytest.mark.parametrize(
    "query",
    ["story=x", "severity=9", "{not json", "%00", "queue=gone", "since=never", "team=12345", "x[]=1", "q=%00"],
)
def test_a_broken_saved_queue_is_a_sentence_and_the_plain_queue(
    query: str, three: list[Case], desk: Client, investigator: StaffMember
) -> None:
    queue = SavedQueue.objects.create(owner=investigator, name="Old", query=query)
    response = desk.get(f"{QUEUE}?saved={queue.pk}")
    assert response.status_code == 200
    assert "The saved queue “Old” no longer works." in text(response)
    assert len(listed(response)) == 3
    assert "Delete this saved queue" in text(response)


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "Twice"])
def test_a_queue_is_saved_only_under_a_new_name(name: str, three: list[Case], desk: Client) -> None:
    save(desk, "Twice", "severity=3")
    assert "Give the queue a name" in text(save(desk, name, "severity=2"))
    assert SavedQueue.objects.count() == 1


def test_a_queue_with_an_unknown_filter_is_not_saved(desk: Client, three: list[Case]) -> None:
    assert "is not a filter" in text(save(desk, "Bad", "password=1"))
    assert not SavedQueue.objects.exists()


def test_who_reads_no_cases_saves_none(administrator: StaffMember) -> None:
    client = cast.signed_in(administrator)
    assert client.post(f"{QUEUE}saved/", {"name": "x", "query": ""}).status_code == 404


# The list as CSV


def test_the_list_comes_as_csv_in_its_order_and_no_cell_is_a_formula(south: Team, desk: Client) -> None:
    hostile = '=HYPERLINK("http://evil")'
    case = routed(cast.file_a_complaint(files=[], parties={"lender": hostile, "agency": " @SUM(1)"}).case, south)
    response: Any = desk.post(f"{QUEUE}?queue=open", {"action": "csv", "select_across": "1"})
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert "no-store" in response["Cache-Control"]
    assert lines[0][0] == "Reference"
    assert lines[1][0] == case.reference
    assert lines[1][9] == f"'{hostile}"
    assert lines[1][11].startswith("'")


@pytest.mark.parametrize(
    "cell",
    [
        "=1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        " =1",
        "\u3000＝1",
        "\ufeff=1",
        "\u200b@a",
    ],
)
def test_a_cell_that_would_reckon_is_text(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


def test_an_auditor_takes_the_list_and_another_team_gets_nothing(
    three: list[Case], auditor: StaffMember, investigator_north: StaffMember
) -> None:
    ticked = {"action": "csv", "_selected_action": [case.pk for case in three]}
    response: Any = cast.signed_in(auditor).post(QUEUE, ticked)
    assert len(b"".join(response.streaming_content).decode().strip().splitlines()) == 4
    assert "Choose at least one case." in text(cast.signed_in(investigator_north).post(QUEUE, ticked, follow=True))


def test_a_shared_queue_shows_each_reader_their_own_cases(
    three: list[Case], south: Team, north: Team, supervisor: StaffMember
) -> None:
    both = cast.staff("both", Role.INVESTIGATOR, south, north)
    supervisor.teams.add(north)
    queue = SavedQueue.objects.create(owner=supervisor, name="All", query="queue=open", shared=True)
    assert len(listed(cast.signed_in(both).get(f"{QUEUE}?saved={queue.pk}"))) == 3


def test_what_the_other_side_has_not_answered_waits_too(
    three: list[Case], desk: Client, investigator: StaffMember
) -> None:
    enquiry = other_side.sent(step(three[1], "begin", investigator), investigator)
    assert listed(desk.get(f"{QUEUE}?queue=waiting")) == [three[1].reference]
    for one in enquiry.asked.all():
        asking.assess(enquiry, one.number, "missing", by=investigator)
    assert listed(desk.get(f"{QUEUE}?queue=waiting")) == []
