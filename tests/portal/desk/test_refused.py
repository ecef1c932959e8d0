"""After a refused step of the desk the reader is at the form that they sent, and what they typed is in it."""

import re
from typing import Any
from uuid import uuid4

import pytest

from complaints.conversation import messaging
from complaints.models import Case, Message, StaffMember, Team
from tests.support import cast, filled, office, other_side


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


def forms_with_the_sentence(response: Any) -> list[str]:
    """The forms of a page whose first words are why the step was refused, opened around it."""
    page = response.content.decode()
    assert page.count('id="refused"') == 1
    return re.findall(r'<form[^>]*>\s*<div class="notice red" id="refused".*?</form>', page, re.S)


PAGES = ("", "decide/", "enquiries/ask/", "enquiries/1/", "hands/", "severity/")


@pytest.mark.parametrize("where", PAGES)
def test_each_form_says_itself_what_is_wrong_and_keeps_what_was_typed(
    where: str, case: Case, supervisor: StaffMember
) -> None:
    other_side.sent(case, supervisor)
    desk, address = cast.signed_in(supervisor), f"/admin/complaints/case/{case.pk}/{where}"
    page = desk.get(address).content.decode()
    refused = []
    for form in filled.Forms(page, address).with_text():
        assert f'action="{form.path}#refused"' in page or 'action="#refused"' in page
        answer = desk.post(form.action, form.data)
        if answer.status_code == 302:  # a note, for instance, can hardly be wrong
            continue
        (shown,) = forms_with_the_sentence(answer)
        assert set(form.words) <= {word for text in filled.texts(answer) for word in text.split()}, form.action
        assert form.words[0] in shown
        refused.append(form.action)
    assert refused


def test_what_is_folded_is_opened(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    answer = desk.post(f"/admin/complaints/case/{case.pk}/task/", {"title": "Call the agency", "due_on": "soon"})
    assert answer.status_code == 422
    assert re.search(r'<details class="card" open>\s*<summary>Set a task', answer.content.decode())
    assert 'href="#task_due_on"' in answer.content.decode()


def test_of_two_replies_at_once_the_second_writer_has_their_words_beside_the_sentence(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED)
    decided = office.decided_by(investigator, office.now(case))
    messaging.reply(decided, by=supervisor, text="The first reply.")
    desk = cast.signed_in(investigator)
    answer = desk.post(f"/admin/complaints/case/{case.pk}/reply/", {"text": "The second reply."})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "The second reply." in filled.texts(answer)
    assert page.index('id="refused"') < page.index("The second reply.") < page.index('id="messages"')
    assert Message.objects.filter(text="The second reply.").count() == 0


def test_a_step_that_was_taken_leads_to_a_page_without_the_sentence(case: Case, investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    done = desk.post(
        f"/admin/complaints/case/{case.pk}/note/", {"text": "A note.", "once": str(uuid4())}, follow=True
    )
    assert 'id="refused"' not in done.content.decode()
