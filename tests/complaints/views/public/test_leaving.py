"""The way out: what it closes in a browser, what it leaves as it was, and that no other site can use it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from complaints.models import StaffMember
from tests.support import cast
from tests.support.pages import answered, begun, code_of, on_one_line, somebody, text
from tests.support.signing_in import all_the_way

pytestmark = pytest.mark.django_db

HERE = {"Sec-Fetch-Site": "same-origin"}
OLDER = {"Referer": "http://testserver/follow/case/"}  # what browsers send that know no Sec-Fetch-Site
SCRIPT = {"Origin": "http://testserver"}  # and what they send with a POST


def follower(filed: cast.Filed) -> Client:
    client = somebody()
    client.post(reverse("follow"), {"code": filed.code})
    assert filed.case.reference in text(client.get(reverse("follow_case")))
    return client


@pytest.mark.parametrize("headers", [HERE, OLDER])
def test_the_link_closes_the_case_and_leads_to_the_other_site(
    borrower: cast.Filed, headers: dict[str, str]
) -> None:
    client = follower(borrower)
    answer = client.get(reverse("leave"), headers=headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, settings.EXIT_URL)
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.get(reverse("follow_case")).status_code == 302
    assert borrower.case.reference not in text(client.get(reverse("follow")))


@pytest.mark.parametrize("headers", [HERE, SCRIPT, OLDER])
def test_the_scripts_message_closes_the_case_too(borrower: cast.Filed, headers: dict[str, str]) -> None:
    client = follower(borrower)
    assert client.post(reverse("leave"), headers=headers).status_code == 204
    assert client.get(reverse("follow_case")).status_code == 302


def test_no_session_is_left_of_who_held_nothing_else(borrower: cast.Filed) -> None:
    client = follower(borrower)
    client.post(reverse("leave"), headers=HERE)
    assert not client.cookies["sessionid"].value


def test_the_draft_is_off_this_device_and_opens_again_with_its_code() -> None:
    client = begun()
    code = code_of(client)
    client.post(reverse("step", args=["story"]), {"story": "They called at night."})
    client.post(reverse("leave"), headers=HERE)
    assert client.get(reverse("step", args=["story"])).status_code == 404
    client.post(reverse("new"), {"continue": "1", "code": code})
    assert "They called at night." in text(client.get(reverse("step", args=["story"])))


def test_an_access_code_that_was_not_saved_is_hidden_and_shown_again_for_the_draft_code() -> None:
    client = answered()
    code = code_of(client)
    shown = text(client.post(reverse("check"), follow=True))
    access_code = on_one_line(shown).split('id="access-code">')[1].split("</output>")[0]
    client.post(reverse("leave"), headers=HERE)
    assert access_code not in on_one_line(text(client.get(reverse("filed"), follow=True)))
    again = client.post(reverse("follow"), {"code": code}, follow=True)
    assert access_code in on_one_line(text(again))


def test_the_pages_say_beforehand_and_afterwards_what_brings_the_access_code_back() -> None:
    client = answered()
    code = code_of(client)
    asked = on_one_line(text(client.get(reverse("check"))))
    assert "your draft code opens it again for 24 hours" in asked
    assert code in asked
    assert "Your draft code opens it again" in on_one_line(text(client.post(reverse("check"), follow=True)))
    client.post(reverse("leave"), headers=HERE)
    assert "Enter your draft code here" in on_one_line(text(client.get(reverse("follow"))))


def test_staff_who_also_followed_a_case_stay_signed_in(borrower: cast.Filed, supervisor: StaffMember) -> None:
    client = all_the_way(supervisor)
    client.post(reverse("follow"), {"code": borrower.code})
    client.post(reverse("leave"), headers=HERE)
    assert client.get(reverse("follow_case")).status_code == 302
    assert client.get(reverse("admin:complaints_case_changelist")).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", **OLDER},
        {"Sec-Fetch-Site": "none"},  # a link in a message
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Referer": "https://evil.example/?http://testserver/"},
        {},
    ],
)
def test_another_site_can_close_nothing(borrower: cast.Filed, headers: dict[str, str]) -> None:
    client = follower(borrower)
    for ask in (client.get, client.post):
        ask(reverse("leave"), headers=headers)
        assert client.get(reverse("follow_case")).status_code == 200


# Left lying about


def test_a_case_that_nobody_touches_for_half_an_hour_closes(borrower: cast.Filed) -> None:
    client = follower(borrower)
    rests(client, minutes=29)
    assert client.get(reverse("follow_case")).status_code == 200
    rests(client, minutes=29)
    assert client.get(reverse("follow_case")).status_code == 200
    rests(client, minutes=31)
    assert client.get(reverse("follow_case")).status_code == 302
    assert borrower.case.reference not in text(client.get(reverse("follow")))


def test_what_was_typed_meanwhile_is_given_back(borrower: cast.Filed) -> None:
    client = follower(borrower)
    rests(client, minutes=31)
    page = client.post(reverse("follow_retaliation"), {"text": "They came to my house."})
    assert page.status_code == 404
    assert "They came to my house." in text(page)


def test_the_pages_say_when_a_case_closes_by_itself(borrower: cast.Filed) -> None:
    client = follower(borrower)
    assert "if you do not use it for 30 minutes" in on_one_line(text(client.get(reverse("follow"))))
    assert "if you do not use it for 30 minutes" in on_one_line(text(client.get(reverse("follow_case"))))


def rests(client: Client, *, minutes: int) -> None:
    """Let this much time pass since the last request for the case."""
    session = client.session
    session["case_seen"] -= 60 * minutes
    session.save()
