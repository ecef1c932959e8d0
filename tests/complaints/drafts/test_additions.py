"""What is added after filing: gathered unsent, found only by its case, forgotten when it was never sent."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints.conversation import messaging
from complaints.drafts import additions, drafts, files, saving
from complaints.models import Draft, Exhibit, Message, StaffMember
from evidence.models import EvidenceItem, PendingUpload
from tests.support import cast
from tests.support.conversation import a_question, an_addition

Kind = Message.Kind
pytestmark = pytest.mark.django_db


def test_a_second_press_leads_to_the_same_addition(borrower: cast.Filed) -> None:
    first = additions.begin(borrower.case, "message")
    assert additions.begin(borrower.case, "message") == first
    assert additions.begin(borrower.case, "addendum") != first


def test_what_was_sent_is_followed_by_a_new_one(borrower: cast.Filed) -> None:
    first = an_addition(borrower.case, "message", "They called again.")
    messaging.send(first)
    assert additions.begin(borrower.case, "message") != first


@pytest.mark.parametrize(
    "slot", ["", "reply", "office-message", "answer-", "answer-1", "answer-9" * 9, "answer-²"]
)
def test_an_unknown_kind_of_addition_is_refused(borrower: cast.Filed, slot: str) -> None:
    with pytest.raises(additions.Unknown):
        additions.begin(borrower.case, slot)


def test_a_question_is_answered_in_its_own_place(borrower: cast.Filed, supervisor: StaffMember) -> None:
    question = a_question(borrower.case, supervisor, "When did they call?")
    addition = additions.begin(borrower.case, f"answer-{question.pk}")
    assert additions.becomes(addition) == (Kind.ANSWER, question)


def test_nobody_answers_a_question_of_another_case(
    borrower: cast.Filed, second_borrower: cast.Filed, supervisor: StaffMember
) -> None:
    question = a_question(borrower.case, supervisor, "When did they call?")
    with pytest.raises(additions.Unknown):
        additions.begin(second_borrower.case, f"answer-{question.pk}")


def test_only_its_case_finds_an_addition(borrower: cast.Filed, second_borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "message")
    assert additions.find(borrower.case, addition.pk) == addition
    assert additions.find(second_borrower.case, addition.pk) is None
    assert additions.find(borrower.case, uuid.uuid4()) is None


def test_an_addition_is_no_draft_that_a_code_opens(borrower: cast.Filed) -> None:
    additions.begin(borrower.case, "message")
    with pytest.raises(Draft.DoesNotExist):
        drafts.find(borrower.code)


def test_what_the_office_is_writing_is_not_the_borrower_s(borrower: cast.Filed) -> None:
    begun = additions.begin_at_the_desk(borrower.case, uuid.uuid4(), "office-message")
    assert additions.find(borrower.case, begun.pk) is None
    assert not additions.unsent(borrower.case)


def test_a_page_of_the_desk_sent_twice_finds_the_same(borrower: cast.Filed) -> None:
    key = uuid.uuid4()
    first = additions.begin_at_the_desk(borrower.case, key, "office-message")
    assert additions.begin_at_the_desk(borrower.case, key, "office-question") == first


def test_a_page_that_was_only_opened_is_no_unsent_message(borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "message")
    additions.keep(addition, "")
    assert not additions.worth_showing(borrower.case)
    additions.keep(addition, "They called again.")
    assert additions.worth_showing(borrower.case).get() == addition


def test_a_file_alone_is_worth_showing(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "evidence", files=[("a.png", cast.a_screenshot("a"))])
    assert additions.worth_showing(borrower.case).get() == addition


def test_the_text_is_kept(borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "message")
    additions.keep(addition, "They called again.")
    addition.refresh_from_db()
    assert addition.answers == {"text": "They called again."}


def test_another_tab_s_text_is_not_written_over(borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "message")
    seen = saving.mark(addition.answers)
    additions.keep(addition, "Here.", seen=seen)
    with pytest.raises(saving.ChangedMeanwhile):
        additions.keep(addition, "There.", seen=seen)
    assert Draft.objects.get(pk=addition.pk).answers == {"text": "Here."}


def test_a_sent_addition_is_not_changed_any_more(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "message", "First.")
    messaging.send(addition)
    additions.keep(addition, "Second.")
    assert Draft.objects.get(pk=addition.pk).answers == {"text": "First."}


def test_what_is_deleted_is_gone_with_its_files(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "message", "No.", files=[("a.png", cast.a_screenshot("a"))])
    files.begin_upload(addition, "b.png", 500)
    additions.forget(addition)
    assert not Draft.objects.filter(pk=addition.pk).exists()
    assert not PendingUpload.objects.exists()
    assert EvidenceItem.objects.get().exhibit.case == borrower.case


def test_what_was_sent_just_now_is_not_deleted(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "message", "Sent.", files=[("a.png", cast.a_screenshot("a"))])
    messaging.send(addition)
    additions.forget(addition)
    assert Exhibit.objects.filter(case=borrower.case).count() == 2
    assert Message.objects.get().addition == addition


def test_what_was_never_sent_is_forgotten_when_its_time_is_over(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "evidence", files=[("a.png", cast.a_screenshot("a"))])
    Draft.objects.filter(pk=addition.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert additions.find(borrower.case, addition.pk) is None
    drafts.forget_expired()
    assert not Draft.objects.filter(pk=addition.pk).exists()
    assert EvidenceItem.objects.count() == 1


def test_forgetting_what_was_sent_leaves_message_and_exhibit(borrower: cast.Filed) -> None:
    addition = an_addition(borrower.case, "message", "Sent.", files=[("a.png", cast.a_screenshot("a"))])
    message = messaging.send(addition)
    Draft.objects.filter(pk=addition.pk).update(filed_at=timezone.now() - timedelta(days=2))
    drafts.forget_expired()
    message.refresh_from_db()
    assert (message.addition, message.exhibits.get().label) == (None, "E-2")


def test_an_addition_always_says_what_it_will_be(borrower: cast.Filed) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(adds_to=borrower.case, slot="", code_digest="0" * 64, expires_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.create(slot="message", code_digest="1" * 64, expires_at=timezone.now())


def test_the_draft_of_a_case_is_no_addition_to_it(borrower: cast.Filed) -> None:
    assert Draft.objects.get(case=borrower.case).adds_to is None
    with pytest.raises(ValueError, match="filed, not sent"):
        messaging.send(borrower.draft)
