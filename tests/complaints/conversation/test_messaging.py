"""The reply to the borrower, and what both sides write after filing."""

import hashlib
import json
import uuid
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.decisions import findings
from complaints.drafts import additions, files
from complaints.models import Case, Message, Notice, StaffMember, Team
from complaints.refusal import Refused
from complaints.rights import contact_details
from complaints.staff import access
from evidence import ledger, wake
from evidence.checking import sealing
from tests.support import cast, conversation, office

Kind = Message.Kind


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Decided, waiting for the reply."""
    lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM, changes={"team": south, "assignee": investigator})
    borrower.case.refresh_from_db()
    case = lifecycle.advance(borrower.case, "begin", by=access.actor(investigator), staff=investigator)
    findings.decide(case, by=investigator, written=office.on_all(case, outcome="partly"))
    case.refresh_from_db()
    return case


def test_a_reply_is_kept_and_the_case_is_answered(case: Case, investigator: StaffMember) -> None:
    message = messaging.reply(case, by=investigator, text=" 我们已经核实。\n")
    case.refresh_from_db()
    assert case.state == Case.State.REPLIED
    assert (message.text, message.written_by) == ("我们已经核实。", investigator)


def test_the_ledger_has_the_digest_and_never_the_text(case: Case, investigator: StaffMember) -> None:
    message = messaging.reply(case, by=investigator, text="我们已经核实。")
    entry = ledger.history(case.thread)[-1]
    document = bytes(Message.objects.get().document)
    assert office.in_short(ledger.content_of(entry)["data"]) == {"message": message.sha256}
    assert hashlib.sha256(document).hexdigest() == message.sha256
    assert json.loads(document)["text"] == "我们已经核实。"
    assert "核实".encode() not in bytes(entry.body)


def test_an_empty_reply_is_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="it is empty"):
        messaging.reply(case, by=investigator, text=" \n ")
    assert not Message.objects.exists()


def test_a_second_reply_at_once_is_refused_and_not_kept(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    messaging.reply(case, by=investigator, text="First.")
    with pytest.raises(Refused, match="acted before you"):
        messaging.reply(seen_by_second, by=supervisor, text="Second.")
    assert Message.objects.get().text == "First."


def test_nobody_outside_the_team_writes_to_the_borrower(
    case: Case, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    for outsider in (investigator_north, auditor):
        with pytest.raises(Refused, match="Only investigators"):
            messaging.reply(case, by=outsider, text="Hello.")


# After filing, both ways


def test_what_is_sent_is_frozen_and_its_digest_is_on_the_ledger(borrower: cast.Filed) -> None:
    message = conversation.sent(borrower.case, "message", " 他们又打来了。\n")
    entry = ledger.history(borrower.case.thread)[-1]
    told = json.loads(bytes(message.document))
    assert hashlib.sha256(bytes(message.document)).hexdigest() == message.sha256
    assert (entry.kind, ledger.content_of(entry)["by"]) == ("message.written", ledger.BORROWER)
    assert office.in_short(ledger.content_of(entry)["data"]) == {"message": message.sha256, "exhibits": []}
    assert (told["kind"], told["text"], told["written_by"]) == ("message", "他们又打来了。", "borrower")
    assert "打来".encode() not in bytes(entry.body)


@pytest.mark.parametrize(
    ("slot", "kind"),
    [("message", "message.written"), ("addendum", "addendum.added"), ("evidence", "evidence.added")],
)
def test_files_become_the_next_exhibits_received_like_the_first(
    borrower: cast.Filed, slot: str, kind: str
) -> None:
    message = conversation.sent(
        borrower.case, slot, "Look.", [("b.png", cast.a_screenshot("b")), ("c.png", cast.a_screenshot("c"))]
    )
    second, third = borrower.case.exhibits.filter(came_with=message)
    added, *received = ledger.history(borrower.case.thread)[-3:]
    assert (second.label, third.label, second.draft) == ("E-2", "E-3", None)
    assert [entry.kind for entry in (added, *received)] == [kind, "evidence.received", "evidence.received"]
    assert ledger.content_of(added)["data"]["exhibits"] == [
        {"number": exhibit.number, "item": str(exhibit.item_id), "sha256": exhibit.item.sha256}
        for exhibit in (second, third)
    ]
    assert [ledger.content_of(entry)["data"]["item"] for entry in received] == [
        str(second.item_id),
        str(third.item_id),
    ]
    assert json.loads(bytes(message.document))["exhibits"][0]["description"] == "What b.png shows"


def test_later_files_are_sealed(borrower: cast.Filed) -> None:
    message = conversation.sent(borrower.case, "evidence", files=[("b.png", cast.a_screenshot("b"))])
    assert sealing.seal(message.exhibits.get().item)
    assert message.exhibits.get().item.state == "sealed"


def test_a_file_sent_is_sealed_and_examined_without_waiting_for_a_sweep(
    borrower: cast.Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, str]] = []
    addition = conversation.an_addition(borrower.case, "evidence", "", [("b.png", cast.a_screenshot("b"))])
    monkeypatch.setattr(wake, "after_commit", lambda task, thread: woken.append((task, thread)))
    messaging.send(addition)
    thread = borrower.case.thread
    assert woken == [("evidence.tasks.seal_thread", thread), ("evidence.tasks.examine_thread", thread)]


def test_sent_twice_it_is_one_message(borrower: cast.Filed) -> None:
    addition = conversation.an_addition(borrower.case, "message", "Once.", [("b.png", cast.a_screenshot("b"))])
    first, second = messaging.send(addition), messaging.send(addition)
    assert first == second
    assert Message.objects.count() == 1
    assert borrower.case.exhibits.count() == 2


@pytest.mark.parametrize(
    ("slot", "says"),
    [
        ("message", "Write something or add a file"),
        ("addendum", "Write something first"),
        ("evidence", "Choose a file"),
    ],
)
def test_an_empty_addition_is_not_sent(borrower: cast.Filed, slot: str, says: str) -> None:
    addition = conversation.an_addition(borrower.case, slot, " \n ")
    with pytest.raises(Refused, match=says):
        messaging.send(addition)
    assert not Message.objects.exists()
    addition.refresh_from_db()
    assert addition.filed_at is None


def test_a_file_still_on_its_way_is_not_left_behind(borrower: cast.Filed) -> None:
    addition = conversation.an_addition(borrower.case, "message", "Look at this.")
    files.begin_upload(addition, "call.mp3", 5000)
    with pytest.raises(Refused, match="A file is still uploading"):
        messaging.send(addition)


def test_a_picture_alone_is_a_message(borrower: cast.Filed) -> None:
    assert conversation.sent(borrower.case, "message", files=[("b.png", cast.a_screenshot("b"))]).text == ""


def test_the_filed_statement_stays_as_it_is(borrower: cast.Filed) -> None:
    before = bytes(borrower.case.complaint.document)
    conversation.sent(borrower.case, "addendum", "I forgot: they also wrote to my sister.")
    borrower.case.complaint.refresh_from_db()
    assert bytes(borrower.case.complaint.document) == before


def test_a_question_is_open_until_it_is_answered(borrower: cast.Filed, supervisor: StaffMember) -> None:
    question = conversation.a_question(borrower.case, supervisor, "When did they call?")
    assert list(borrower.case.messages.open_questions()) == [question]
    answer = conversation.sent(borrower.case, f"answer-{question.pk}", "On Monday at eleven.")
    assert (answer.kind, answer.answers) == (Kind.ANSWER, question)
    assert not borrower.case.messages.open_questions().exists()
    entry = ledger.history(borrower.case.thread)[-1]
    assert ledger.content_of(entry)["data"]["question"] == question.sha256
    assert json.loads(bytes(answer.document))["answers"] == question.sha256


def test_the_office_writes_in_its_role_and_uid(borrower: cast.Filed, supervisor: StaffMember) -> None:
    message = conversation.from_the_office(
        borrower.case, supervisor, "We have begun.", files=[("l.png", cast.a_screenshot("l"))]
    )
    added, received = ledger.history(borrower.case.thread)[-2:]
    assert ledger.content_of(added)["by"] == ledger.content_of(received)["by"] == access.actor(supervisor)
    assert json.loads(bytes(message.document))["written_by"] == str(supervisor.uid)
    assert message.exhibits.get().is_of_the_office


def test_nobody_outside_the_team_asks_the_borrower(
    borrower: cast.Filed, south: Team, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    Case.objects.update(team=south)
    for outsider in (investigator_north, auditor):
        with pytest.raises(Refused, match="Only investigators"):
            conversation.a_question(borrower.case, outsider, "Who are you?")
        with pytest.raises(Refused, match="Only investigators"):
            messaging.read(borrower.case, by=outsider, up_to=1)
    assert not Message.objects.exists()


def test_a_message_does_not_stand_in_for_the_reply(case: Case, investigator: StaffMember) -> None:
    message = conversation.from_the_office(case, investigator, "One moment.")
    with pytest.raises(Refused, match="Write the reply"):
        lifecycle.advance(
            case, "reply", by=access.actor(investigator), staff=investigator, data={"message": message.sha256}
        )


def test_a_closed_case_still_takes_messages_and_shows_them_as_new(case: Case, investigator: StaffMember) -> None:
    messaging.reply(case, by=investigator, text="We found it so.")
    case.refresh_from_db()
    lifecycle.advance(case, "close", by=access.actor(investigator), staff=investigator)
    message = conversation.sent(case, "message", "They do it again.")
    case.refresh_from_db()
    assert (case.state, case.news_at) == (Case.State.CLOSED, message.written_at)


# What is new for the office


def news(case: Case) -> datetime | None:
    case.refresh_from_db()
    return case.news_at


def test_what_is_read_is_no_longer_new_and_the_ledger_says_by_whom(
    borrower: cast.Filed, supervisor: StaffMember
) -> None:
    message = conversation.sent(borrower.case, "message", "Hello.")
    messaging.read(borrower.case, by=supervisor, up_to=message.pk)
    entry = ledger.history(borrower.case.thread)[-1]
    assert news(borrower.case) is None
    assert (entry.kind, ledger.content_of(entry)["by"]) == ("message.read", access.actor(supervisor))
    assert ledger.content_of(entry)["data"] == {"read": message.sha256}


def test_what_came_while_the_page_was_open_stays_new(borrower: cast.Filed, supervisor: StaffMember) -> None:
    first, second = (conversation.sent(borrower.case, "message", text) for text in ("One.", "Two."))
    messaging.read(borrower.case, by=supervisor, up_to=first.pk)
    assert news(borrower.case) == second.written_at


def test_a_message_read_twice_has_one_entry(borrower: cast.Filed, supervisor: StaffMember) -> None:
    message = conversation.sent(borrower.case, "message", "Hello.")
    for _press in range(2):
        messaging.read(borrower.case, by=supervisor, up_to=message.pk)
    kinds = [entry.kind for entry in ledger.history(borrower.case.thread)]
    assert kinds.count("message.read") == 1


def test_whoever_writes_back_has_read_what_the_page_showed(borrower: cast.Filed, supervisor: StaffMember) -> None:
    first, second = (conversation.sent(borrower.case, "message", text) for text in ("One.", "Two."))
    addition = additions.begin_at_the_desk(borrower.case, uuid.uuid4(), "office-message")
    additions.keep(addition, "We are on it.")
    messaging.send(addition, by=supervisor, up_to=first.pk)
    assert news(borrower.case) == second.written_at
    messaging.read(borrower.case, by=supervisor, up_to=second.pk)
    assert news(borrower.case) is None


def test_what_the_office_writes_is_no_news_to_it(borrower: cast.Filed, supervisor: StaffMember) -> None:
    conversation.from_the_office(borrower.case, supervisor, "Hello.")
    assert news(borrower.case) is None


@pytest.mark.parametrize("kind", ["reply", "question"])
def test_a_borrower_writes_no_reply_and_no_question(borrower: cast.Filed, kind: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(
            case=borrower.case, kind=kind, written_at=borrower.case.filed_at, document=b"", sha256="0" * 64
        )


def test_whoever_agreed_to_it_is_told_of_the_office_s_messages_and_not_of_their_own(
    borrower: cast.Filed, supervisor: StaffMember
) -> None:
    contact_details.change(borrower.case, notify=["email"])
    conversation.sent(borrower.case, "message", "我还想补充一句。")
    assert not Notice.objects.exists()
    conversation.a_question(borrower.case, supervisor, "是哪一天？")
    assert [notice.about for notice in Notice.objects.all()] == ["question"]
