"""Notes, tasks and phrases: what the office writes for itself, and what it writes often."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.assignment import declarations
from complaints.cases import notes, todo
from complaints.conversation import phrases
from complaints.models import Case, Message, Note, Role, StaffMember, Task, Team
from complaints.reference.bilingual import Bilingual
from complaints.refusal import Refused
from tests.complaints.admin.case.test_page import QUEUE, text
from tests.support import cast, office, other_side
from tests.support.bundles import exported, opened, seal_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def post(desk: Client, case: Case, step: str, **given: Any) -> Any:
    return desk.post(f"{QUEUE}{case.pk}/{step}/", {"once": uuid.uuid4(), **given}, follow=True)


# Notes


def test_a_note_is_kept_with_its_digest_on_the_ledger(case: Case, desk: Client) -> None:
    assert "The note is kept" in text(post(desk, case, "note", text="Call the agency on Monday."))
    note = Note.objects.get()
    assert office.in_short(office.last_of(case, "note.written")["data"]) == {"note": note.sha256}
    assert "Call the agency on Monday." in text(desk.get(f"{QUEUE}{case.pk}/"))


def test_a_note_is_in_no_bundle_and_on_no_page_of_the_borrower(
    borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    notes.write(case, "Only for us.", by=investigator, once=uuid.uuid4())
    todo_for(case, investigator, investigator)
    seal_all(case)
    for audience in ("borrower", "legal_aid", "regulator", "office"):
        bag = opened(exported(case, audience=audience))
        assert not [name for name, content in bag.files.items() if b"Only for us." in content]
    follower = Client()
    follower.post("/follow/", {"code": borrower.code})
    shown = follower.get("/follow/case/").content.decode()
    assert "Only for us." not in shown
    assert "note" not in shown.lower().replace("notes", "")


def test_a_note_sent_twice_is_kept_once_and_an_empty_one_never(case: Case, desk: Client) -> None:
    once = uuid.uuid4()
    for _click in range(2):
        post(desk, case, "note", text="Once.", once=once)
    assert Note.objects.count() == 1
    for bad in ({"text": "   "}, {"text": "x" * 30_000}, {"text": "fine", "once": "x"}):
        assert post(desk, case, "note", **bad).status_code == 422
    assert Note.objects.count() == 1


def test_who_may_not_act_writes_no_note_and_sets_no_task(
    case: Case, investigator: StaffMember, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    for member in (investigator_north, auditor):
        with pytest.raises(Refused):
            notes.write(case, "x", by=member, once=uuid.uuid4())
        with pytest.raises(Refused):
            todo_for(case, investigator, member)


def test_an_auditor_reads_them_and_has_no_form(
    case: Case, investigator: StaffMember, auditor: StaffMember
) -> None:
    notes.write(case, "For the record.", by=investigator, once=uuid.uuid4())
    shown = text(cast.signed_in(auditor).get(f"{QUEUE}{case.pk}/"))
    assert "For the record." in shown
    assert "Keep the note" not in shown


# Tasks


def todo_for(case: Case, owner: StaffMember, by: StaffMember, days: int = 3) -> Task:
    due = timezone.localdate() + timedelta(days=days)
    return todo.give(case, title="Call the agency", owner=owner, due_on=due, by=by, once=uuid.uuid4())


def test_a_task_stands_on_its_owner_s_desk_until_it_is_done(
    case: Case, desk: Client, investigator: StaffMember, supervisor: StaffMember
) -> None:
    due = str(timezone.localdate() + timedelta(days=2))
    given = {"title": "Ask the bank", "owner": supervisor.pk, "due_on": due}
    assert "The task is set" in text(post(desk, case, "task", **given))
    task = Task.objects.get()
    mine = f"{QUEUE}?queue=mine"
    assert "Ask the bank" in text(cast.signed_in(supervisor).get(mine))
    assert "Ask the bank" not in text(desk.get(mine))
    assert "The task is done" in text(post(desk, case, "task_done", task=task.pk))
    assert "Ask the bank" not in text(cast.signed_in(supervisor).get(mine))
    assert office.told(case)[-2:] == ["task.set", "task.done"]
    assert "Ask the bank" not in str(office.last_of(case, "task.set"))
    post(desk, case, "task_done", task=task.pk)
    assert office.told(case).count("task.done") == 1


def test_nobody_gets_a_task_of_a_case_they_may_not_see(
    case: Case, investigator: StaffMember, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    for owner in (investigator_north, auditor):
        with pytest.raises(Refused, match="cannot work on this case"):
            todo_for(case, owner, investigator)


def test_a_task_of_a_case_that_went_elsewhere_stands_on_no_desk(
    case: Case, north: Team, investigator: StaffMember
) -> None:
    todo_for(case, investigator, investigator)
    assert Task.objects.waiting_for(investigator).exists()
    Case.objects.filter(pk=case.pk).update(team=north)
    assert not Task.objects.waiting_for(investigator).exists()


def test_whoever_has_a_conflict_gets_no_task_note_or_enquiry(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    friend = cast.staff("friend", Role.INVESTIGATOR, south)
    todo_for(case, friend, investigator)
    declarations.declare(friend, by=friend, kind="organisation", name="Example Collection Ltd")
    assert not Task.objects.waiting_for(friend).exists()
    with pytest.raises(Refused):
        todo_for(case, friend, investigator)
    with pytest.raises(Refused):
        notes.write(case, "x", by=friend, once=uuid.uuid4())
    with pytest.raises(Refused):
        other_side.sent(case, friend)


@pytest.mark.parametrize(
    "bad", [{"title": ""}, {"title": "x" * 300}, {"due_on": "x"}, {"owner": "0"}, {"owner": "x"}]
)
def test_bad_fields_set_no_task(case: Case, desk: Client, investigator: StaffMember, bad: dict[str, str]) -> None:
    given = {"title": "Call", "owner": investigator.pk, "due_on": str(timezone.localdate()), **bad}
    assert post(desk, case, "task", **given).status_code == 422
    assert not Task.objects.exists()


def test_a_day_in_the_past_and_a_task_that_is_not_there(
    case: Case, desk: Client, investigator: StaffMember, second_borrower: cast.Filed, south: Team
) -> None:
    with pytest.raises(Refused, match="in the past"):
        todo_for(case, investigator, investigator, days=-1)
    other = todo_for(office.routed(second_borrower.case, south, investigator), investigator, investigator)
    for task in (other.pk, "x", "", "9" * 6):
        assert post(desk, case, "task_done", task=task).status_code == 404
    assert Task.objects.get().done_at is None


# Phrases


def test_every_phrase_has_both_languages_and_a_kind() -> None:
    assert phrases.all_of_them()
    for phrase in phrases.all_of_them().values():
        assert set(phrase.name.by_language) == set(phrase.text.by_language) == {"en", "zh-hans"}
        assert all((*phrase.name.by_language.values(), *phrase.text.by_language.values()))
    with pytest.raises(ValueError, match="no kind"):
        phrases.Phrase("x", "reply", Bilingual({}), Bilingual({}))


def test_a_phrase_comes_in_the_case_s_language_under_what_was_typed_and_sends_nothing(
    case: Case, desk: Client
) -> None:
    given = {"insert": "1", "phrase": "recording", "text": "您好！", "kind": "message", "seen": 0}
    page = post(desk, case, "write", **given)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "您好！\n\n他们说的话，您有录音或聊天记录吗？" in shown
    assert re.search(r'value="question"[^>]*checked', shown)
    assert not Message.objects.exists()


def test_an_unknown_phrase_changes_nothing(case: Case, desk: Client) -> None:
    page = post(desk, case, "write", insert="1", phrase="nonsense", text="Mine.", kind="message", seen=0)
    assert "Mine." in page.content.decode()
    assert not Message.objects.exists()
