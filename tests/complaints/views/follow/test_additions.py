"""The pages on which a borrower writes, answers and adds after filing."""

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.drafts import additions
from complaints.drafts import files as draft_files
from complaints.models import Case, Draft, Exhibit, Message, StaffMember
from complaints.staff.access import actor
from evidence.ledger import custody
from evidence.models import EvidenceItem
from tests.support import cast, conversation, media
from tests.support.at_once import at_once, slowly
from tests.support.pages import follows, on_one_line, somebody, text

pytestmark = pytest.mark.django_db

PICTURE = cast.a_screenshot("another")


def begin(client: Client, what: str = "message") -> str:
    """Press the button on the case page; the address it leads to."""
    response = client.post(reverse("add"), {"what": what})
    assert response.status_code == 302
    return response.headers["Location"]


def press(client: Client, page: str, go: str, words: str = "", *files: tuple[str, bytes], **more: str) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(page, {"text": words, "files": uploads, "go": go, **more, "whole": "1"})


def seen_by(page: str) -> str:
    """The mark of what the page showed."""
    return page.split('name="seen" value="')[1].split('"', maxsplit=1)[0]


def case_page(client: Client) -> str:
    return text(client.get(reverse("follow_case")))


# Writing


def test_later_evidence_is_asked_how_it_was_recorded_and_keeps_the_answers(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    press(client, page, "stay", "", ("call.amr", media.voice("amr", "libopencore_amrnb")))
    exhibit = Exhibit.objects.get(draft__isnull=False)
    asked = text(client.get(page))
    assert "Were you in the conversation?" in asked
    said = {f"present_{exhibit.pk}": "yes", f"captured_{exhibit.pk}": "2026-11-20 23:41"}
    press(client, page, "send", "", **said, **{f"description_{exhibit.pk}": "The call of Friday"})
    exhibit.refresh_from_db()
    assert exhibit.number == 2
    assert exhibit.declared == {"present": "yes", "captured": "2026-11-20 23:41"}
    document = json.loads(bytes(Message.objects.get().document))
    assert document["exhibits"][0]["declared"] == exhibit.declared


@pytest.mark.parametrize("go", ["stay", "send", "stop"])
def test_what_was_understood_of_a_files_day_is_said_back(go: str, borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    press(client, page, "stay", "", ("call.png", PICTURE))
    exhibit = Exhibit.objects.get(draft__isnull=False)
    answer = press(client, page, go, "", **{f"captured_{exhibit.pk}": "2024年11月20日 晚上8点"})
    said = "We understood: Wednesday 20 November 2024, 20:00."
    assert said in text(client.get(answer.headers["Location"], follow=True))


@pytest.mark.django_db(transaction=True)
def test_a_doubled_click_brings_a_file_into_the_case_once(
    borrower: cast.Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both requests have read the page as unsent; the one that comes last is told where it went."""
    phones = [follows(borrower.code), follows(borrower.code)]
    page = begin(phones[0])
    monkeypatch.setattr(draft_files, "receive", slowly(draft_files.receive))
    clicks = [partial(press, phone, page, "send", "Once.", ("call.png", PICTURE)) for phone in phones]
    for answer in at_once(*clicks):
        assert answer.status_code == 302, text(answer)
    assert [exhibit.number for exhibit in borrower.case.exhibits.order_by("number")] == [1, 2]
    assert Message.objects.count() == 1
    assert EvidenceItem.objects.count() == 2


def test_two_tabs_of_one_message_lose_neither_text_nor_file(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    seen = seen_by(text(client.get(page)))
    press(client, page, "stay", "first", seen=seen)
    answer = press(client, page, "send", "second", ("call.png", PICTURE), seen=seen)
    told = text(answer)
    assert answer.status_code == 422
    assert "changed in another tab" in told
    assert "<p>first</p>" in told
    assert "second</textarea>" in told
    assert "call.png" in told
    assert not Message.objects.exists()
    press(client, page, "send", "second", seen=seen_by(told))
    assert Message.objects.get().text == "second"


def test_two_tabs_that_describe_one_file_are_shown_to_the_borrower(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    press(client, page, "stay", "", ("call.png", PICTURE))
    exhibit = Exhibit.objects.get(draft__isnull=False)
    seen, about = seen_by(text(client.get(page))), f"description_{exhibit.pk}"
    press(client, page, "stay", "", seen=seen, **{about: "The call of Friday"})
    answer = press(client, page, "send", "Here it is.", seen=seen, **{about: "A call"})
    exhibit.refresh_from_db()
    assert (answer.status_code, exhibit.description) == (422, "The call of Friday")
    assert "<p>The call of Friday</p>" in text(answer) and 'value="A call"' in text(answer)
    assert not borrower.case.messages.exists()
    press(client, page, "send", "Here it is.", seen=seen_by(text(answer)), **{about: "A call"})
    exhibit.refresh_from_db()
    assert (exhibit.description, exhibit.number) == ("A call", 2)


def test_what_the_page_saves_by_itself_does_not_replace_another_tabs_description(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    press(client, page, "stay", "", ("call.png", PICTURE))
    exhibit = Exhibit.objects.get(draft__isnull=False)
    seen, about = seen_by(text(client.get(page))), f"description_{exhibit.pk}"

    def typed(seen: str, words: str) -> Any:
        sent = {"text": "", about: words, "seen": seen}
        return client.post(page, sent, HTTP_ACCEPT="text/plain")

    saved = typed(seen, "The call")
    assert typed(saved.headers["ETag"].strip('"'), "The call of Friday").status_code == 200
    assert typed(seen, "A call").status_code == 409
    exhibit.refresh_from_db()
    assert exhibit.description == "The call of Friday"


def test_other_words_from_a_page_that_was_sent_already_are_given_back(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "send", "first")
    assert press(client, page, "send", " first\r\n").status_code == 302
    late = press(client, page, "send", "second")
    assert late.status_code == 409
    assert "second</textarea>" in text(late)


def test_a_message_is_written_kept_and_sent(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "stop", "They called again.")
    assert "not sent yet" in case_page(client)
    assert "They called again." in text(client.get(page))
    assert not Message.objects.exists()
    response = press(client, page, "send", "They called again, at eleven.", ("call.png", PICTURE))
    message = Message.objects.get()
    assert response.headers["Location"] == page
    assert client.get(page).headers["Location"] == f"{reverse('follow_case')}#message-{message.pk}"
    told = case_page(client)
    assert "They called again, at eleven." in told
    assert "You wrote a message" in told
    assert "Sent. We have received it." in told
    assert "E-2 call.png" in on_one_line(told)
    assert "not sent yet" not in told


@pytest.mark.parametrize(
    ("what", "heading", "sentence"),
    [
        ("message", "Write to us", "You wrote a message"),
        ("addendum", "Add to your statement", "You added to your statement"),
        ("evidence", "Add evidence", "You added evidence"),
    ],
)
def test_each_has_its_own_page_and_its_own_line_of_the_timeline(
    borrower: cast.Filed, what: str, heading: str, sentence: str
) -> None:
    client = follows(borrower.code)
    page = begin(client, what)
    assert f"<h1>{heading}</h1>" in text(client.get(page))
    press(client, page, "send", "Words.", ("call.png", PICTURE))
    assert sentence in case_page(client)


def test_an_addendum_is_written_in_chinese_too(borrower: cast.Filed) -> None:
    client = follows(borrower.code, "zh-CN")
    page = begin(client, "addendum")
    assert "<h1>补充说明</h1>" in text(client.get(page))
    press(client, page, "send", "还有一次。")
    assert "您补充了说明" in case_page(client)


def test_the_filed_account_is_said_to_stay(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    assert "What you filed does not change." in text(client.get(begin(client, "addendum")))


def test_a_doubled_click_sends_once(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    for _click in range(2):
        press(client, page, "send", "Once.", ("call.png", PICTURE))
    assert Message.objects.count() == 1
    assert borrower.case.exhibits.count() == 2


def test_files_sent_with_the_plain_form_are_kept_and_can_be_removed(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    press(client, page, "stay", "", ("call.png", PICTURE))
    exhibit = Exhibit.objects.get(case=None)
    assert "call.png" in text(client.get(page))
    press(client, page, "stay", "", **{f"description_{exhibit.pk}": "The call list"})
    exhibit.refresh_from_db()
    assert exhibit.description == "The call list"
    press(client, page, "", "", remove=str(exhibit.pk))
    assert not Exhibit.objects.filter(case=None).exists()


def test_a_refused_file_takes_nothing_along(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    response = press(client, page, "send", "Words.", ("a.png", PICTURE), ("tool.exe", b"MZ" + b"\0" * 200))
    assert "Some files were not accepted" in text(response)
    assert "Words." in text(response)
    assert not Message.objects.exists()
    assert Exhibit.objects.filter(case=None).count() == 1


def test_what_is_too_long_is_given_back_and_not_sent(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "stay", "Short.")
    response = press(client, page, "send", "很" * 20_001)
    assert response.status_code == 422
    assert "20,001 characters" in text(response)
    assert "很" * 20_001 in text(response)
    assert not Message.objects.exists()
    assert Draft.objects.get(adds_to=borrower.case).answers == {"text": "Short."}


@pytest.mark.parametrize(
    "words", ["\u202etxt", "<script>alert(1)</script>", "'; DROP TABLE x;--", "😀😀", "a\u0000b\u0007"]
)
def test_odd_signs_are_shown_as_text_or_given_back(borrower: cast.Filed, words: str) -> None:
    client = follows(borrower.code)
    page = begin(client)
    response = press(client, page, "send", words)
    if response.status_code == 422:
        assert "invisible characters" in text(response)
        press(client, page, "send", "ab")
    shown = case_page(client)
    assert "<script>alert" not in shown
    assert Message.objects.count() == 1


def test_nothing_is_sent_empty(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    assert "There is nothing to send yet" in text(press(client, begin(client), "send", " "))
    assert "Choose a file first" in text(press(client, begin(client, "evidence"), "send", "Words."))


def test_a_cut_form_says_so_and_gives_the_words_back(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = text(client.post(begin(client), {"text": "Half of it"}))
    assert "The connection broke" in page
    assert "Half of it" in page


def test_deleting_it_leads_back_to_the_case(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "forget", "No.", ("call.png", PICTURE))
    assert not Draft.objects.filter(adds_to=borrower.case).exists()
    assert EvidenceItem.objects.count() == 1
    assert client.get(page).status_code == 404


def test_changing_the_language_keeps_what_was_typed(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "", "打了。", language="zh-hans")
    shown = text(client.get(page))
    assert "给我们留言" in shown
    assert "打了。" in shown


def test_a_page_open_too_long_gives_back_what_was_typed(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    client.post(reverse("leave_case"))
    response = press(client, page, "send", "All of this was typed.")
    assert response.status_code == 404
    assert "All of this was typed." in text(response)
    assert "was not saved" in text(response)
    assert not Message.objects.exists()


def test_what_was_deleted_in_another_tab_gives_back_what_was_typed(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    Draft.objects.filter(adds_to=borrower.case).delete()
    assert "Typed." in text(press(client, page, "send", "Typed."))


def test_what_expired_is_not_open(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client)
    Draft.objects.filter(adds_to=borrower.case).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(page).status_code == 404


def test_nothing_is_kept_by_the_browser(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    assert "no-store" in client.get(begin(client)).headers["Cache-Control"]


# Answering


def test_a_question_is_shown_as_open_until_it_is_answered(borrower: cast.Filed, supervisor: StaffMember) -> None:
    question = conversation.a_question(borrower.case, supervisor, "When did they call?")
    client = follows(borrower.code)
    page = case_page(client)
    assert "A question for you" in page
    assert "waiting for your answer" in page
    answer = begin(client, f"answer-{question.pk}")
    assert "When did they call?" in text(client.get(answer))
    press(client, answer, "send", "On Monday.")
    page = case_page(client)
    assert "A question for you" not in page
    assert "answered" in page
    assert Message.objects.get(answers=question).text == "On Monday."


def test_an_answered_question_is_not_answered_again(borrower: cast.Filed, supervisor: StaffMember) -> None:
    question = conversation.a_question(borrower.case, supervisor, "When did they call?")
    conversation.sent(borrower.case, f"answer-{question.pk}", "On Monday.")
    client = follows(borrower.code)
    assert begin(client, f"answer-{question.pk}") == reverse("follow_case")


def test_two_tabs_answer_in_the_same_place(borrower: cast.Filed, supervisor: StaffMember) -> None:
    question = conversation.a_question(borrower.case, supervisor, "When did they call?")
    client = follows(borrower.code)
    page, other = (begin(client, f"answer-{question.pk}") for _tab in range(2))
    assert page == other
    press(client, page, "send", "On Monday.")
    press(client, other, "send", "On Monday.")
    assert Message.objects.filter(answers=question).count() == 1


# What the office wrote


def test_a_message_of_the_office_has_no_name(borrower: cast.Filed, supervisor: StaffMember) -> None:
    StaffMember.objects.update(first_name="Geheim")
    letter = ("letter.png", cast.a_screenshot("letter"))
    conversation.from_the_office(borrower.case, supervisor, "We have begun.", files=[letter])
    page = case_page(follows(borrower.code))
    assert "We have begun." in page
    assert "A supervisor wrote a message" in page
    sent = text(follows(borrower.code).get(reverse("follow_exhibit", args=[2])))
    assert "The file as the office sent it" in sent
    for hidden in ("Geheim", str(supervisor.uid)):
        assert hidden not in page + sent


def test_the_timeline_says_who_read_it_by_role(borrower: cast.Filed, supervisor: StaffMember) -> None:
    message = conversation.sent(borrower.case, "message", "Hello.")
    messaging.read(borrower.case, by=supervisor, up_to=message.pk)
    assert "A supervisor read what you wrote" in case_page(follows(borrower.code))


def test_each_message_is_told_by_itself_and_looks_at_one_exhibit_as_one(
    borrower: cast.Filed, supervisor: StaffMember
) -> None:
    for _time in range(2):
        conversation.sent(borrower.case, "message", "Again.")
    for _time in range(2):
        custody.record(borrower.case.exhibits.get().item, "evidence.viewed", by=actor(supervisor), reason="review")
    page = case_page(follows(borrower.code))
    assert page.count("You wrote a message") == 2
    assert page.count("A supervisor looked at E-1") == 1


def test_a_closed_case_takes_messages(borrower: cast.Filed) -> None:
    Case.objects.update(state=Case.State.CLOSED, closed_at=timezone.now(), team=cast.a_team("South"))
    client = follows(borrower.code)
    press(client, begin(client), "send", "They go on.")
    assert Case.objects.get().news_at
    assert Case.objects.get().state == lifecycle.State.CLOSED


# Nobody else


def test_a_second_borrower_opens_changes_and_sends_nothing_of_the_first(
    borrower: cast.Filed, second_borrower: cast.Filed, supervisor: StaffMember
) -> None:
    question = conversation.a_question(borrower.case, supervisor, "When?")
    addition = conversation.an_addition(borrower.case, "message", "Mine.", [("call.png", PICTURE)])
    page = reverse("addition", args=[addition.pk])
    client = follows(second_borrower.code)
    assert client.get(page).status_code == 404
    assert "Mine." not in text(client.get(page))
    for go in ("send", "stay", "forget"):
        assert press(client, page, go, "Theirs.").status_code == 404
    assert begin(client, f"answer-{question.pk}") == reverse("follow_case")
    addition.refresh_from_db()
    assert (addition.answers, addition.filed_at) == ({"text": "Mine."}, None)
    assert "Mine." not in case_page(client)


def test_without_a_code_nothing_is_begun_or_opened(borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "message")
    assert somebody().post(reverse("add"), {"what": "message"}).headers["Location"] == reverse("follow")
    for key in (addition.pk, uuid.uuid4()):
        answer = somebody().get(reverse("addition", args=[key]))
        assert (answer.status_code, answer.headers["Location"]) == (302, reverse("follow"))


def test_reading_an_address_begins_nothing(borrower: cast.Filed) -> None:
    assert follows(borrower.code).get(reverse("add")).status_code == 405


# In pieces


def tus(client: Client, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
    sent = {"Tus-Resumable": "1.0.0", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.generic(method, path, body, "application/offset+octet-stream", headers=sent)


def test_a_file_comes_in_pieces_and_goes_on_after_a_break(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    page = begin(client, "evidence")
    key = page.rstrip("/").rpartition("/")[2]
    begun = tus(
        client, "POST", f"/uploads/?to={key}", Upload_Length=str(len(PICTURE)), Upload_Metadata="filename YS5wbmc="
    )
    path = begun.headers["Location"]
    assert (begun.status_code, path.endswith(f"?to={key}")) == (201, True)
    assert tus(client, "PATCH", path, PICTURE[:100], Upload_Offset="0").status_code == 204
    assert "not complete yet" in text(client.get(page))
    assert path in text(client.get(page))
    assert "A file is still uploading" in text(press(client, page, "send"))
    another_phone = follows(borrower.code)
    assert tus(another_phone, "HEAD", path).headers["Upload-Offset"] == "100"
    assert tus(another_phone, "PATCH", path, PICTURE[100:], Upload_Offset="100").status_code == 204
    assert tus(client, "HEAD", path).headers["Upload-Offset"] == str(len(PICTURE))
    press(client, page, "send")
    assert [exhibit.label for exhibit in borrower.case.exhibits.all()] == ["E-1", "E-2"]


def test_a_draft_held_beside_gets_none_of_it(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    client.post(reverse("new"), {"begin": "1"})
    key = begin(client, "evidence").rstrip("/").rpartition("/")[2]
    tus(client, "POST", f"/uploads/?to={key}", PICTURE, Upload_Length=str(len(PICTURE)))
    assert Exhibit.objects.get(case=None).draft_id == uuid.UUID(key)


def test_nobody_sends_a_file_into_another_s_addition(borrower: cast.Filed, second_borrower: cast.Filed) -> None:
    addition = additions.begin(borrower.case, "evidence")
    upload = draft_files.begin_upload(addition, "a.png", 500)
    for client in (somebody(), follows(second_borrower.code)):
        for method, path in (
            ("POST", "/uploads/"),
            ("HEAD", f"/uploads/{upload.pk}"),
            ("DELETE", f"/uploads/{upload.pk}"),
        ):
            for to in (str(addition.pk), "nonsense", ""):
                assert tus(client, method, f"/uploads/{path}?to={to}", Upload_Length="5").status_code == 404
    assert draft_files.coming_to(addition).count() == 1


def test_what_was_sent_takes_no_more_pieces(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    addition = conversation.an_addition(borrower.case, "message", "Sent.")
    messaging.send(addition)
    response = tus(client, "POST", f"/uploads/?to={addition.pk}", Upload_Length="5")
    assert (response.status_code, "already been sent" in response.content.decode()) == (410, True)


def test_another_site_s_page_sends_nothing_in(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    addition = additions.begin(borrower.case, "evidence")
    response = tus(
        client, "POST", f"/uploads/?to={addition.pk}", Upload_Length="5", Origin="https://elsewhere.example"
    )
    assert response.status_code == 403


# Cost


def test_the_pages_ask_the_database_little(
    borrower: cast.Filed,
    supervisor: StaffMember,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(3):
        conversation.sent(borrower.case, "message", "Hello.", [(f"{number}.png", cast.a_screenshot(str(number)))])
        conversation.a_question(borrower.case, supervisor, "When?")
    client = follows(borrower.code)
    page = begin(client)
    press(client, page, "stay", "Text.", ("x.png", PICTURE))
    for address in (page, reverse("follow_case")):
        with django_assert_max_num_queries(10):
            client.get(address)
