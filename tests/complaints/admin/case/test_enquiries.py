"""Asking the other side from the desk, and what the office writes for itself."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.cases import consents
from complaints.models import Case, Complaint, Draft, Enquiry, EnquiryAnswer, Exhibit, StaffMember, Team
from tests.support import cast, office, other_side
from tests.support.pages import Inline

from .test_page import QUEUE, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def given(**other: Any) -> dict[str, Any]:
    due = timezone.localdate() + timedelta(days=7)
    usual = {"recipient": "agency", "organisation": "", "language": "en", "way": "post", "due_on": str(due)}
    return {
        **usual,
        "ask_recordings": "on",
        "note_recordings": "all",
        "contacts": "on",
        "once": uuid.uuid4(),
        **other,
    }


def ask(desk: Client, case: Case, **other: Any) -> Any:
    return desk.post(f"{QUEUE}{case.pk}/enquiries/ask/", given(**other), follow=True)


def seen(page: Any) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.content.decode())
    assert found
    return found[1]


# Asking


def test_what_leaves_is_shown_before_it_is_sent(case: Case, desk: Client) -> None:
    once = uuid.uuid4()
    looked = ask(desk, case, once=once)
    shown = text(looked)
    assert "This leaves the portal, and nothing else" in shown
    assert "Example Collection Ltd" in shown
    assert "The person who complained is not named" in shown
    assert not Enquiry.objects.exists()
    sent = ask(desk, case, once=once, go="send", seen=seen(looked))
    assert "Print the letter and send it" in text(sent)
    assert Enquiry.objects.get().organisation == "Example Collection Ltd"
    assert "You asked the other side" in text(desk.get(f"{QUEUE}{case.pk}/"))
    assert "Recordings of the calls" in text(desk.get(f"{QUEUE}{case.pk}/"))


def test_the_preview_says_when_the_other_side_could_not_find_the_account(case: Case, desk: Client) -> None:
    assert "They cannot find the account" not in text(ask(desk, case))
    Complaint.objects.update(numbers=[])
    assert "They cannot find the account" not in text(ask(desk, case))
    assert "They cannot find the account" in text(ask(desk, case, contacts=""))


def test_asking_is_offered_only_while_it_is_possible_and_to_who_may(
    case: Case, desk: Client, investigator: StaffMember, auditor: StaffMember
) -> None:
    offer, at = f"{case.pk}/enquiries/ask/", f"{QUEUE}{case.pk}/"
    assert offer in desk.get(at).content.decode()
    assert offer not in cast.signed_in(auditor).get(at).content.decode()
    office.closed_by(investigator, case)
    assert offer not in desk.get(at).content.decode()


def test_the_way_through_the_queue_goes_on_through_an_enquiry(case: Case, desk: Client) -> None:
    way = "?_changelist_filters=queue%3Dmine"
    assert f"{case.pk}/enquiries/ask/{way}" in desk.get(f"{QUEUE}{case.pk}/{way}").content.decode()
    address = f"{QUEUE}{case.pk}/enquiries/ask/{way}"
    looked = desk.post(address, given())
    assert f"{QUEUE}{case.pk}/{way}#enquiries" in looked.content.decode()
    sent = desk.post(address, given(go="send", seen=seen(looked)))
    assert sent["Location"] == f"{QUEUE}{case.pk}/enquiries/1/{way}"
    assert f"{QUEUE}{case.pk}/{way}#enquiries" in desk.get(sent["Location"]).content.decode()


def test_what_was_changed_since_is_looked_at_again(case: Case, desk: Client) -> None:
    looked = ask(desk, case)
    for change in ({"text": "Other words."}, {"due_on": str(timezone.localdate() + timedelta(days=8))}):
        again = ask(desk, case, go="send", seen=seen(looked), **change)
        assert "This leaves the portal" in text(again)
    consents.give(case, "agency")  # the borrower, meanwhile
    assert "李小梅" in text(ask(desk, case, go="send", seen=seen(looked)))
    assert not Enquiry.objects.exists()


def test_the_borrower_s_name_in_the_text_is_warned_of_and_not_sent(case: Case, desk: Client) -> None:
    looked = ask(desk, case, text="About 李小梅 please")
    assert "the borrower’s name" in text(looked)
    refused = ask(desk, case, text="About 李小梅 please", go="send", seen=seen(looked))
    assert refused.status_code == 409
    assert not Enquiry.objects.exists()
    ask(desk, case, text="About 李小梅 please", go="send", seen=seen(looked), all_the_same="on")
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"recipient": "the borrower"},
        {"recipient": "platform"},  # the borrower did not name it
        {"way": "pigeon"},
        {"way": "email"},
        {"email": "nobody"},
        {"due_on": "yesterday"},
        {"due_on": "2020-01-01"},
        {"ask_recordings": ""},
        {"ask_other": "on"},
        {"kept": "nonsense"},
        {"once": "x"},
        {"organisation": "x" * 300},
        {"language": "tlh"},
    ],
)
def test_an_enquiry_with_a_bad_field_is_refused_and_not_sent(
    case: Case, desk: Client, bad: dict[str, str]
) -> None:
    assert ask(desk, case, go="send", seen="x", **bad).status_code == 422
    assert not Enquiry.objects.exists()


def test_the_letter_goes_on_the_record_and_auditors_get_none(
    case: Case, desk: Client, investigator: StaffMember, auditor: StaffMember
) -> None:
    other_side.sent(case, investigator)
    letter = f"{QUEUE}{case.pk}/enquiries/1/letter/"
    response: Any = desk.post(letter)
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert "enquiry.printed" in office.told(case)
    reader = cast.signed_in(auditor)
    assert reader.post(letter).status_code == 403
    page = reader.get(f"{QUEUE}{case.pk}/enquiries/1/")
    assert page.status_code == 200
    assert "New link" not in text(page)


def test_there_is_no_other_enquiry_than_those_of_the_case(
    case: Case, desk: Client, investigator: StaffMember
) -> None:
    other_side.sent(case, investigator)
    for number in (0, 2, 10**9):
        assert desk.get(f"{QUEUE}{case.pk}/enquiries/{number}/").status_code == 404


def test_the_link_is_ended_and_renewed_and_what_came_is_read(
    case: Case, desk: Client, investigator: StaffMember
) -> None:
    other_side.answered(other_side.sent(case, investigator), "Here.")
    address = f"{QUEUE}{case.pk}/enquiries/1/"
    assert "new" in text(desk.get(f"{QUEUE}?queue=mine"))
    for step, said in (
        ("read", "Marked as read"),
        ("revoke", "The link has ended"),
        ("renew", "There is a new link"),
    ):
        assert said in text(desk.post(f"{address}{step}/", follow=True))
    row = Enquiry.objects.get()
    assert (row.news_at, row.revoked_at, row.issue) == (None, None, 2)


def test_the_investigator_says_what_became_of_it(case: Case, desk: Client, investigator: StaffMember) -> None:
    other_side.sent(case, investigator)
    address = f"{QUEUE}{case.pk}/enquiries/1/assess/"
    assert "partly supplied" in text(desk.post(address, {"number": 1, "state": "partly"}, follow=True))
    for bad in (
        {"number": 1, "state": "x"},
        {"number": "x", "state": "partly"},
        {},
        {"number": 99, "state": "partly"},
    ):
        assert desk.post(address, bad).status_code == 409


def test_no_state_is_chosen_before_the_investigator_chooses_one(
    case: Case, desk: Client, investigator: StaffMember
) -> None:
    other_side.sent(case, investigator)
    page = desk.get(f"{QUEUE}{case.pk}/enquiries/1/").content.decode()
    chosen = re.findall(r'<select name="state".*?<option value="(\w*)" selected', page, re.DOTALL)
    assert set(chosen) == {""}
    assert desk.post(f"{QUEUE}{case.pk}/enquiries/1/assess/", {"number": 1, "state": ""}).status_code == 409


def receive(desk: Client, case: Case, *files: tuple[str, bytes], **other: Any) -> Any:
    usual = {"way": "post", "on": str(timezone.localdate()), "text": "Their letter.", "once": uuid.uuid4()}
    sent = {"files": [SimpleUploadedFile(name, content) for name, content in files]}
    return desk.post(f"{QUEUE}{case.pk}/enquiries/1/receive/", {**usual, **other, **sent}, follow=True)


def test_what_came_by_post_is_entered_once(case: Case, desk: Client, investigator: StaffMember) -> None:
    other_side.sent(case, investigator)
    once = uuid.uuid4()
    for _click in range(2):
        page = receive(desk, case, ("letter.png", cast.a_screenshot("letter")), once=once, state_1="supplied")
        assert "kept and sealed" in text(page)
    assert EnquiryAnswer.objects.get().entered_by == investigator
    assert Exhibit.objects.get(number=2).is_of_the_respondent
    page = desk.get(f"{QUEUE}{case.pk}/")
    assert "from the other side" in text(page)
    assert "supplied" in text(page)


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        ({"way": "portal"}, 422),
        ({"on": "x"}, 422),
        ({"on": "2999-01-01"}, 409),
        ({"text": ""}, 409),
        ({"state_1": "x"}, 422),
    ],
)
def test_what_cannot_be_entered_is_said(
    case: Case, desk: Client, investigator: StaffMember, bad: dict[str, str], status: int
) -> None:
    other_side.sent(case, investigator)
    assert receive(desk, case, **bad).status_code == status
    assert not EnquiryAnswer.objects.exists()
    assert not Draft.objects.filter(adds_to=case).exists()


def test_a_hostile_file_is_refused_with_all_that_came_along(
    case: Case, desk: Client, investigator: StaffMember
) -> None:
    other_side.sent(case, investigator)
    page = receive(desk, case, ("good.png", cast.a_screenshot()), ("bad.exe", b"MZ" + b"\0" * 400))
    assert page.status_code == 422
    assert "bad.exe" in text(page)
    assert case.exhibits.count() == 1


def test_the_pages_have_no_inline_script_or_style(case: Case, desk: Client, investigator: StaffMember) -> None:
    other_side.answered(other_side.sent(case, investigator), "Here.")
    for page in (ask(desk, case), desk.get(f"{QUEUE}{case.pk}/enquiries/1/"), desk.get(f"{QUEUE}{case.pk}/")):
        assert Inline(page.content.decode()).found == []
