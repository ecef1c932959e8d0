"""The pages of a lost code: a stranger learns nothing, and the borrower is back in three steps."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints import codes, throttle
from complaints.models import Case, Notice, Recovery, StaffMember
from complaints.rights import recovery
from tests.support import cast
from tests.support.pages import Inline, follows, somebody, text
from tests.support.scanned import scanned

pytestmark = pytest.mark.django_db
EMAIL = "mei@example.org"


def asks(client: Client, reference: str, address: str = EMAIL) -> HttpResponse:
    response = client.post(reverse("follow_lost"), {"reference": reference, "address": address})
    assert isinstance(response, HttpResponse)
    return response


def types(client: Client, code: str) -> HttpResponse:
    response = client.post(reverse("follow_lost_code"), {"code": code})
    assert isinstance(response, HttpResponse)
    return response


def sent_code() -> str:
    return codes.one_time(Recovery.objects.latest("asked_at").pk)


def shown(page: str) -> str:
    """The access code on the page."""
    found = re.search(r'<output class="code".*?</output>', page, re.DOTALL)
    assert found
    return " ".join(re.findall(r"<span>(\w{4})</span>", found[0]))


def test_a_borrower_is_back_in_three_steps(borrower: cast.Filed) -> None:
    client = somebody()
    assert asks(client, borrower.case.reference).headers["Location"] == reverse("follow_lost_code")
    page = text(types(client, sent_code().lower().replace(" ", "")))
    fresh = shown(page)
    assert borrower.case.reference in page
    assert borrower.case.reference in text(client.get(reverse("follow_case")))
    assert "You got a new access code" in text(client.get(reverse("follow_case")))
    assert borrower.case.reference in text(follows(fresh).get(reverse("follow_case")))
    assert follows(borrower.code).get(reverse("follow_case")).status_code == 302


def test_who_had_the_case_open_with_the_old_code_is_out(borrower: cast.Filed) -> None:
    old, client = follows(borrower.code), somebody()
    asks(client, borrower.case.reference)
    types(client, sent_code())
    assert old.get(reverse("follow_case")).status_code == 302


def test_a_button_pressed_twice_shows_the_same_code(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    assert shown(text(types(client, sent_code()))) == shown(text(types(client, sent_code())))


def test_once_it_is_saved_nobody_who_picks_up_the_phone_is_shown_it_again(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    types(client, sent_code())
    saved = client.post(reverse("follow_lost_code"), {"saved": "1"})
    assert saved.headers["Location"] == reverse("follow_case")
    assert types(client, sent_code()).headers["Location"] == reverse("follow_lost")
    assert recovery.redeem(Recovery.objects.get().pk, sent_code()) is None


def test_the_new_code_can_be_kept_as_a_picture_until_it_is_saved(borrower: cast.Filed) -> None:
    client, picture = somebody(), reverse("new_code_picture")
    asks(client, borrower.case.reference)
    assert client.get(picture).status_code == 302  # before the number was typed, no case is open
    page = text(types(client, sent_code()))
    assert f'<img src="{picture}"' in page
    response = client.get(picture)
    assert codes.normalise(scanned(response).partition("#")[2]) == shown(page)
    assert "no-store" in response["Cache-Control"]
    client.post(reverse("follow_lost_code"), {"saved": "1"})
    assert client.get(picture).status_code == 404


def test_nobody_who_has_the_case_open_otherwise_gets_the_picture(borrower: cast.Filed) -> None:
    thief = follows(borrower.code)
    asks(thief, borrower.case.reference)  # without the number
    assert thief.get(reverse("new_code_picture")).status_code == 404


def test_saving_what_was_never_shown_ends_nothing(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    client.post(reverse("follow_lost_code"), {"saved": "1"})
    assert recovery.redeem(Recovery.objects.get().pk, sent_code())


def test_an_office_that_cannot_send_says_so(settings: Any) -> None:
    settings.SMS_BACKEND = ""
    assert "we can only send e-mails" in text(somebody().get(reverse("follow_lost")))
    settings.EMAIL_URL = ""
    page = text(somebody().get(reverse("follow_lost")))
    assert "cannot send messages at the moment" in page
    assert 'name="reference"' not in page


def test_the_new_code_is_kept_by_no_browser(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    assert "no-store" in types(client, sent_code()).headers["Cache-Control"]
    assert shown(text(types(client, sent_code()))).replace(" ", "") not in str(dict(client.session))


def test_a_stranger_gets_the_very_same_answer_at_the_same_cost(borrower: cast.Filed) -> None:
    answers, costs = [], []
    for reference, address in (
        (borrower.case.reference, EMAIL),
        (borrower.case.reference, "x@example.org"),
        ("HF-2026-999999", EMAIL),
    ):
        client = somebody()
        with CaptureQueriesContext(connection) as asked:
            response = asks(client, reference, address)
        page = text(client.get(urlsplit(response.headers["Location"]).path))
        answers.append(re.sub(r'value="\w{64}"', "", page))
        costs.append(len(asked))
    assert answers[0] == answers[1] == answers[2]
    assert costs[0] == costs[1] == costs[2] <= 10
    assert "To protect you, we always say the same here." in answers[0]


def test_the_number_works_only_in_the_browser_that_asked_for_it(borrower: cast.Filed) -> None:
    asks(somebody(), borrower.case.reference)
    thief = somebody()
    assert types(thief, sent_code()).headers["Location"] == reverse("follow_lost")
    code = sent_code()
    asks(thief, "HF-2026-999999")
    assert "This verification code is wrong" in text(types(thief, code))
    assert Case.objects.get().code_digest == codes.digest(borrower.code)


def test_a_wrong_number_is_said_to_be_wrong_and_five_are_too_many(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    for _guess in range(recovery.MOST_ATTEMPTS):
        assert "This verification code is wrong" in text(types(client, "0000 0000"))
    assert "This verification code is wrong" in text(types(client, sent_code()))


def test_guessing_numbers_is_throttled_with_all_other_codes(borrower: cast.Filed) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    for _guess in range(throttle.WRONG_CODES.by_network):
        types(client, "0000 0000")
    assert "Too many codes" in text(types(client, "0000 0000"))


def test_asking_again_and_again_is_throttled(borrower: cast.Filed) -> None:
    client = somebody()
    for _attempt in range(throttle.LOST_CODES.by_network):
        asks(client, borrower.case.reference)
    response = asks(client, borrower.case.reference)
    assert "Too many codes" in text(response)
    assert EMAIL in text(response)
    assert Recovery.objects.count() == throttle.LOST_CODES.by_network


@pytest.mark.parametrize(
    ("reference", "address", "says"),
    [
        ("", EMAIL, "Write the reference."),
        ("42", EMAIL, "A reference looks like"),
        ("HF-2026-000001", "", "Enter the e-mail or the phone number"),
        ("HF-2026-000001", "x" * 300, "too long"),
        ("'; DROP TABLE", "<script>", "A reference looks like"),
    ],
)
def test_an_impossible_reference_or_address_comes_back_with_a_sentence(
    reference: str, address: str, says: str
) -> None:
    response = asks(somebody(), reference, address)
    assert response.status_code == 422
    assert says in text(response)
    assert not Recovery.objects.exists()


@pytest.mark.parametrize("typed", ["", "1234", "7KQ4 M2XT 9RDV", "＊＊＊＊＊＊＊＊"])
def test_what_is_no_number_is_said_so_and_costs_no_attempt(borrower: cast.Filed, typed: str) -> None:
    client = somebody()
    asks(client, borrower.case.reference)
    assert "8 letters and digits" in text(types(client, typed))
    assert Recovery.objects.get().attempts == 0


def test_the_page_for_the_number_leads_back_until_one_was_asked_for(db: None) -> None:
    assert somebody().get(reverse("follow_lost_code")).headers["Location"] == reverse("follow_lost")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_pages_keep_to_the_csp_and_their_titles_tell_nothing(borrower: cast.Filed, language: str) -> None:
    client = somebody(language)
    first = text(client.get(reverse("follow_lost")))
    asks(client, borrower.case.reference)
    for page in (first, text(client.get(reverse("follow_lost_code"))), text(types(client, sent_code()))):
        assert Inline(page).found == []
        (title,) = re.findall(r"<title>(.*?)</title>", page)
        assert "投诉" not in title
        assert "complain" not in title


def test_who_lost_the_code_finds_the_way(db: None) -> None:
    assert reverse("follow_lost") in text(somebody().get(reverse("follow")))


def test_staff_can_neither_start_nor_see_it(borrower: cast.Filed, supervisor: StaffMember) -> None:
    assert not {Recovery, Notice} & set(admin.site._registry)
    asks(somebody(), borrower.case.reference)
    desk = cast.signed_in(supervisor)
    page = text(desk.get(f"/admin/complaints/case/{borrower.case.pk}/"))
    assert sent_code() not in page
    assert types(desk, sent_code()).headers["Location"] == reverse("follow_lost")
