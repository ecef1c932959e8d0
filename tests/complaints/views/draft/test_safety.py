"""Before everything: two questions; a yes shows whom to call, offers a call-back, and never stands in the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import throttle
from complaints.models import CallBack, Case, Draft
from complaints.reference.conduct import Severity
from complaints.throttle import RateLimit
from tests.support import cast
from tests.support.pages import answered, begun, on_one_line, somebody, text

pytestmark = pytest.mark.django_db

CALL = {"key": "k", "channel": "phone", "reach": "13800138000", "danger": "yes"}


@pytest.fixture(autouse=True)
def nobody_tried_before() -> None:
    cache.clear()


def said_yes(client: Client, *questions: str) -> str:
    return text(client.post(reverse("safety"), dict.fromkeys(questions or ("danger",), "yes")))


def waits_for_a_call(client: Client, **more: str) -> Any:
    return client.post(reverse("callback"), {**CALL, **more}, follow=True)


def test_the_questions_come_before_the_first_draft() -> None:
    page = text(somebody().get(reverse("new")))
    assert "Are you or your family in danger now?" in page
    assert "Are you thinking about hurting yourself?" in page
    assert "Could someone else see this phone?" in page
    assert 'name="begin"' not in page


def test_who_has_a_draft_is_not_asked_again() -> None:
    assert "draft code" in text(begun().get(reverse("new")))
    assert begun().get(reverse("start")).headers["Location"] == reverse("new")


@pytest.mark.parametrize("answers", [{}, {"danger": "no", "self_harm": "no"}, {"danger": "no"}])
def test_a_no_or_no_answer_begins_the_draft_and_is_not_kept(answers: dict[str, str]) -> None:
    client = somebody()
    assert client.post(reverse("safety"), answers).headers["Location"] == reverse("who")
    assert Draft.objects.get().answers == {}


def test_a_yes_shows_the_numbers_at_once_and_stores_nothing_yet() -> None:
    page = said_yes(somebody("zh-CN"))
    for tel in ("110", "120", "12356"):
        assert f'href="tel:{tel}"' in page
    assert "四小时内" in page
    assert not Draft.objects.exists()
    assert not CallBack.objects.exists()


def test_the_numbers_are_those_of_the_portals_country(settings: Any) -> None:
    settings.COUNTRY = "GB"
    page = said_yes(somebody(), "self_harm")
    assert 'href="tel:116123"' in page
    assert "116 123" in page
    assert 'href="tel:110"' not in page
    assert 'href="tel:999"' in text(somebody().get("/"))


def test_who_thinks_of_hurting_themselves_sees_a_voice_to_listen_first() -> None:
    page = said_yes(somebody(), "self_harm")
    assert page.index('href="tel:12356"') < page.index('href="tel:110"')
    page = said_yes(somebody(), "self_harm", "danger")
    assert page.index('href="tel:110"') < page.index('href="tel:12356"')
    assert 'href="tel:96110"' not in page  # nothing that can wait


def test_from_a_yes_the_way_leads_on_and_the_yes_is_kept_with_the_draft() -> None:
    client = somebody()
    assert 'name="begin"' in said_yes(client, "danger", "self_harm")
    client.post(reverse("new"), {"begin": "1", "danger": "yes", "self_harm": "yes"})
    assert Draft.objects.get().answers["safety"] == {"danger": True, "self_harm": True}
    page = text(client.get(reverse("new")))
    assert 'href="tel:110"' in page
    assert "not filed yet" in page


def test_a_draft_begun_with_a_no_holds_no_trace_of_the_questions() -> None:
    somebody().post(reverse("new"), {"begin": "1", "danger": "no"})
    assert Draft.objects.get().answers == {}


def test_a_yes_given_later_goes_into_the_same_draft() -> None:
    client = begun()
    client.post(reverse("new"), {"begin": "1", "danger": "yes"})
    assert Draft.objects.get().answers["safety"] == {"danger": True}


def test_what_is_filed_after_a_yes_is_urgent_and_the_desk_is_told_why(supervisor: Any) -> None:
    client = answered()
    client.post(reverse("new"), {"begin": "1", "self_harm": "yes"})
    client.post(reverse("check"))
    case = Case.objects.get()
    assert case.severity == Severity.URGENT
    page = text(cast.signed_in(supervisor).get(reverse("admin:complaints_case_change", args=[case.pk])))
    assert "thinking of hurting themselves" in page
    assert "in danger now, or their family is" not in page


def test_what_is_filed_without_a_yes_is_as_grave_as_what_they_did(borrower: cast.Filed) -> None:
    assert borrower.case.severity == Severity.HIGH


# The call-back


def test_who_asks_for_a_call_is_told_until_when_somebody_calls() -> None:
    client = somebody()
    answer = waits_for_a_call(client, safe_times="now")
    one = CallBack.objects.get()
    assert (one.channel, one.reach, one.safe_times, one.danger) == ("phone", "13800138000", "now", True)
    due = timezone.localtime(one.due_at)
    assert f"By <b>{due.day} {due:%B %Y, %H:%M}</b>." in text(answer)
    assert "13800138000" not in text(answer)  # somebody may look over the shoulder
    assert 'name="danger" value="yes"' in text(answer)  # the way on knows of the yes


def test_a_double_click_asks_once() -> None:
    client = somebody()
    waits_for_a_call(client)
    waits_for_a_call(client)
    assert CallBack.objects.count() == 1


def test_the_language_of_the_page_is_the_language_of_the_call() -> None:
    waits_for_a_call(somebody("zh-CN"))
    assert CallBack.objects.get().language == "zh-hans"


def test_the_second_borrower_sees_nothing_of_it() -> None:
    waits_for_a_call(somebody())
    other = somebody()
    assert other.get(reverse("callback")).headers["Location"] == reverse("safety")
    other.post(reverse("callback"), {"withdraw": "1"})
    assert CallBack.objects.get().done_at is None


def test_it_can_be_taken_back_and_then_nobody_calls() -> None:
    client = somebody()
    waits_for_a_call(client)
    page = text(client.post(reverse("callback"), {"withdraw": "1"}, follow=True))
    assert "Nobody will call you" in page
    assert CallBack.objects.get().reach == ""


@pytest.mark.parametrize(
    ("name", "pressed"), [("callback", {"away": "1"}), ("leave_draft", {}), ("leave_case", {})]
)
def test_taken_off_the_phone_the_page_shows_it_no_more_and_the_call_stays(
    name: str, pressed: dict[str, str]
) -> None:
    client = somebody()
    waits_for_a_call(client)
    client.post(reverse(name), pressed)
    assert client.get(reverse("callback")).headers["Location"] == reverse("safety")
    assert CallBack.objects.get().done_at is None


def test_once_it_is_done_the_page_says_so(investigator: Any) -> None:
    from complaints.safety import callbacks

    client = somebody()
    waits_for_a_call(client)
    callbacks.done(CallBack.objects.get(), by=investigator, outcome="spoken")
    assert "We have spoken to you" in text(client.get(reverse("callback")))


def test_when_it_is_erased_the_page_asks_anew() -> None:
    client = somebody()
    waits_for_a_call(client)
    CallBack.objects.all().delete()
    assert client.get(reverse("callback")).headers["Location"] == reverse("safety")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"reach": ""}, "Enter a phone number or a WeChat ID"),
        ({"channel": ""}, "Choose one way."),
        ({"channel": "pigeon"}, "not one of the available choices"),
        ({"reach": "1" * 201}, "This is too long"),
        ({"say": "a\x00b"}, "invisible characters"),
    ],
)
def test_what_cannot_be_kept_is_said_and_given_back_beside_the_numbers(given: dict[str, str], said: str) -> None:
    page = text(waits_for_a_call(somebody(), safe_times="only in the morning", **given))
    assert said in page
    assert "only in the morning" in page
    assert 'href="tel:110"' in page
    assert 'name="danger" value="yes"' in page
    assert not CallBack.objects.exists()


def test_another_language_keeps_the_yes_and_what_was_typed() -> None:
    client = somebody("en")
    page = text(client.post(reverse("callback"), {**CALL, "say": "a parcel", "language": "zh-hans"}))
    assert "请给我回电" in page
    assert "a parcel" in page
    assert "13800138000" in page
    assert 'name="danger" value="yes"' in page
    assert "求助电话" in text(client.get("/"))
    assert not CallBack.objects.exists()


def test_an_unknown_language_is_answered_in_ours() -> None:
    assert 'lang="en"' in text(somebody().post(reverse("callback"), {**CALL, "language": "tlh"}))


def test_too_many_calls_are_slowed_down_with_the_numbers_in_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "CALL_BACKS", RateLimit("call-backs", 3600, by_network=2, overall=100))
    client = somebody()
    for number in range(3):
        page = text(waits_for_a_call(client, reach=f"1380013800{number}"))
    assert CallBack.objects.count() == 2
    assert "Too many people are asking for a call" in page
    assert "13800138002" in page
    assert 'href="tel:110"' in page


def test_a_stranger_who_calls_hundreds_of_times_keeps_nobody_in_danger_from_a_call() -> None:
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    for number in range(throttle.CALL_BACKS.by_network + 300):
        stranger.post(reverse("callback"), {**CALL, "reach": str(number)})
    assert CallBack.objects.count() == throttle.CALL_BACKS.by_network
    Client(REMOTE_ADDR="192.0.2.10").post(reverse("callback"), {**CALL, "reach": "13800138000"})
    assert CallBack.objects.filter(reach="13800138000").exists()


# The desk


def test_those_who_call_see_what_to_know_first_and_what_is_late_in_red(investigator: Any) -> None:
    waits_for_a_call(somebody("zh-CN"), say="说是快递")
    CallBack.objects.update(due_at=timezone.now() - timedelta(minutes=5))
    page = text(cast.signed_in(investigator).get(reverse("admin:complaints_callback_changelist")))
    for words in ("13800138000", "说是快递", "in danger now, or their family is", "Simplified Chinese"):
        assert words in page
    assert re.search(r'class="tag red">\s*Late: due', page)
    assert "Call-backs <b>1</b>" in on_one_line(page)  # the rail counts those that wait


def test_what_came_of_it_is_recorded_by_one_press(investigator: Any) -> None:
    waits_for_a_call(somebody())
    desk = cast.signed_in(investigator)
    address = reverse("admin:callback_done", args=[CallBack.objects.get().pk])
    page = text(desk.post(address, {"outcome": "unreached"}, follow=True))
    assert "It is recorded what came of the call." in page
    assert "Tried several times" in page
    assert "Nobody waits for a call." in page
    assert desk.post(address, {"outcome": "spoken"}).status_code == 409
    assert CallBack.objects.get().outcome == "unreached"


@pytest.mark.parametrize("outcome", ["", "withdrawn", "whatever"])
def test_an_outcome_that_is_none_is_refused(outcome: str, investigator: Any) -> None:
    waits_for_a_call(somebody())
    address = reverse("admin:callback_done", args=[CallBack.objects.get().pk])
    answer = cast.signed_in(investigator).post(address, {"outcome": outcome})
    assert answer.status_code == 422
    assert "Choose what came of it." in text(answer)


def test_a_name_cannot_bring_markup_to_the_desk(investigator: Any) -> None:
    waits_for_a_call(somebody(), reach="<script>alert(1)</script>", say="<b>x</b>")
    page = text(cast.signed_in(investigator).get(reverse("admin:complaints_callback_changelist")))
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
