"""Writing to the borrower from the desk, and what borrowers wrote that nobody has read."""

import re
import uuid
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.admin.forms import WriteForm
from complaints.cases import lifecycle
from complaints.models import Case, Draft, Exhibit, Message, StaffMember, Team
from evidence import ledger
from tests.support import cast, conversation
from tests.support.at_once import at_once
from tests.support.pages import Inline

from .test_page import QUEUE, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM, changes={"team": south, "assignee": investigator})
    borrower.case.refresh_from_db()
    return borrower.case


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def write(desk: Client, case: Case, words: str, *files: tuple[str, bytes], **more: Any) -> Any:
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    given = {"kind": "message", "text": words, "once": uuid.uuid4(), "seen": 0, "files": sent, **more}
    return desk.post(f"{QUEUE}{case.pk}/write/", given, follow=True)


def page(desk: Client, case: Case) -> Any:
    return desk.get(f"{QUEUE}{case.pk}/")


# Writing


@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_four_times_sends_one_message_with_one_copy_of_its_file(
    case: Case, investigator: StaffMember
) -> None:
    once, (before, desks) = uuid.uuid4(), (case.exhibits.count(), [cast.signed_in(investigator) for _ in range(4)])
    picture = ("call.png", cast.a_screenshot("a call"))
    clicks = [partial(write, desk, case, "Please look at this.", picture, once=once) for desk in desks]
    for answer in at_once(*clicks):
        assert "The message is sent" in text(answer)
    assert case.messages.count() == 1
    assert case.exhibits.count() == before + 1


def test_a_message_reaches_the_borrower_in_any_state(case: Case, desk: Client) -> None:
    for state in ("routed", "investigating"):
        Case.objects.update(state=state)
        assert "The message is sent" in text(write(desk, case, f"Hello in {state}."))
    assert "You wrote a message" in text(page(desk, case))
    assert [message.text for message in case.messages.all()] == ["Hello in routed.", "Hello in investigating."]


def test_a_question_is_open_at_the_desk_until_it_is_answered(case: Case, desk: Client) -> None:
    assert "stays open until the borrower answers" in text(write(desk, case, "When?", kind="question"))
    told = text(page(desk, case))
    assert "not answered yet" in told
    assert "waiting for the borrower’s answer" in told
    conversation.sent(case, f"answer-{Message.objects.get().pk}", "On Monday.")
    told = text(page(desk, case))
    assert "not answered yet" not in told
    assert "The borrower answered the question" in told
    assert "On Monday." in told


def test_a_letter_goes_along_as_an_exhibit_of_the_office(case: Case, desk: Client) -> None:
    write(desk, case, "Please read this.", ("letter.png", cast.a_screenshot("letter")))
    exhibit = Exhibit.objects.get(number=2)
    assert exhibit.is_of_the_office
    told = text(page(desk, case))
    assert "E-2 letter.png" in told
    assert "Sent by the office, after filing" in told


def test_a_doubled_click_writes_once(case: Case, desk: Client) -> None:
    once = uuid.uuid4()
    for _click in range(2):
        write(desk, case, "Once.", ("letter.png", cast.a_screenshot("letter")), once=once)
    assert Message.objects.count() == 1
    assert case.exhibits.count() == 2


def test_other_words_under_a_used_key_are_given_back(case: Case, desk: Client) -> None:
    once = uuid.uuid4()
    write(desk, case, "First.", once=once)
    told = text(write(desk, case, "Second, after the back button.", once=once))
    assert "This page was already sent." in told
    assert "Second, after the back button." in told
    assert Message.objects.get().text == "First."


def test_nothing_is_sent_with_a_refused_file_and_the_words_stay(case: Case, desk: Client) -> None:
    told = write(desk, case, "Please read this.", ("tool.exe", b"MZ" + b"\0" * 200))
    assert told.status_code == 422
    assert "tool.exe" in text(told)
    assert "Please read this." in told.content.decode()
    assert not Message.objects.exists()
    assert not Draft.objects.filter(adds_to=case).exists()


def test_nothing_empty_is_sent(case: Case, desk: Client) -> None:
    assert "There is nothing to send yet" in text(write(desk, case, " "))
    assert not Draft.objects.filter(adds_to=case).exists()


def test_a_message_that_is_too_long_comes_back(case: Case, desk: Client) -> None:
    told = write(desk, case, "x" * 20_001)
    assert told.status_code == 422
    assert "x" * 20_001 in told.content.decode()


def test_outsiders_and_auditors_write_nothing(
    case: Case, investigator_north: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    for who, status in ((investigator_north, 404), (auditor, 403), (administrator, 404)):
        assert write(cast.signed_in(who), case, "Hello.").status_code == status
        assert cast.signed_in(who).post(f"{QUEUE}{case.pk}/read/", {"seen": 1}).status_code == status
    assert not Message.objects.exists()
    assert "Write a message or ask a question" not in text(page(cast.signed_in(auditor), case))


def test_what_the_borrower_has_not_sent_is_never_at_the_desk(case: Case, desk: Client) -> None:
    conversation.an_addition(case, "message", "Not sent yet.", [("half.png", cast.a_screenshot("half"))])
    told = text(page(desk, case))
    assert "Not sent yet." not in told
    assert "half.png" not in told


# What is new


def test_what_a_borrower_writes_is_new_until_somebody_has_read_it(case: Case, desk: Client) -> None:
    message = conversation.sent(case, "message", "They called again.", [("call.png", cast.a_screenshot("call"))])
    assert "New from borrowers 1" in text(desk.get(f"{QUEUE}?queue=news"))
    assert "new message" in text(desk.get(f"{QUEUE}?queue=news"))
    told = page(desk, case)
    assert "New from the borrower" in text(told)
    assert "Sent by the borrower, after filing" in text(told)
    assert re.search(rf'name="seen" value="{message.pk}"', told.content.decode())
    assert "Marked as read." in text(desk.post(f"{QUEUE}{case.pk}/read/", {"seen": message.pk}, follow=True))
    assert "New from borrowers 0" in text(desk.get(f"{QUEUE}?queue=news"))
    assert "You marked the borrower’s messages as read" in text(page(desk, case))


def test_looking_alone_marks_nothing_as_read(case: Case, desk: Client) -> None:
    conversation.sent(case, "message", "Hello.")
    page(desk, case)
    case.refresh_from_db()
    assert case.news_at


def test_what_came_meanwhile_is_said_to_be_new(case: Case, desk: Client) -> None:
    first = conversation.sent(case, "message", "One.")
    conversation.sent(case, "message", "Two.")
    told = text(desk.post(f"{QUEUE}{case.pk}/read/", {"seen": first.pk}, follow=True))
    assert "The borrower has written again." in told


def test_a_closed_case_with_news_stands_in_the_queue(case: Case, desk: Client) -> None:
    Case.objects.update(state=Case.State.CLOSED, closed_at=case.filed_at)
    conversation.sent(case, "message", "They go on.")
    assert case.reference in text(desk.get(f"{QUEUE}?queue=news"))


def test_another_team_has_no_news_of_it(case: Case, investigator_north: StaffMember) -> None:
    conversation.sent(case, "message", "They go on.")
    assert "New from borrowers 0" in text(cast.signed_in(investigator_north).get(f"{QUEUE}?queue=news"))


# The page


def test_ten_messages_cost_no_more_statements_than_two(case: Case, desk: Client) -> None:
    def cost() -> int:
        cache.clear()  # the counts of the rail are kept for seconds
        with CaptureQueriesContext(connection) as asked:
            page(desk, case)
        return len(asked)

    def say(count: int) -> None:
        for number in range(count):
            conversation.sent(
                case, "message", "Hello.", [(f"{number}.png", cast.a_screenshot(f"{count} {number}"))]
            )
            conversation.a_question(case, case.assignee or StaffMember.objects.get(), "When?")

    say(1)
    page(desk, case)  # its investigator opens it for the first time
    few = cost()
    say(4)
    assert cost() == few


def test_the_page_keeps_the_strict_policy_and_each_id_once(case: Case, desk: Client) -> None:
    Case.objects.update(state="decided")
    conversation.sent(case, "message", "Hello.")
    html = page(desk, case).content.decode()
    assert Inline(html).found == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_a_line_end_counts_once_as_the_browser_counts_it() -> None:
    whole = "\r\n".join(["a" * 99] * 200)  # 20,198 bytes on the wire, 19,999 characters for whoever typed it
    form = WriteForm({"kind": "message", "text": whole, "once": uuid.uuid4(), "seen": 0})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["text"] == whole.replace("\r\n", "\n")
    assert not WriteForm({"kind": "message", "text": whole + "\r\n" * 2, "once": uuid.uuid4(), "seen": 0}).errors
    assert WriteForm({"kind": "message", "text": whole + "bcd", "once": uuid.uuid4(), "seen": 0}).errors
