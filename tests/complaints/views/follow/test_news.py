"""What is new on the case page since its borrower last looked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Case, StaffMember
from tests.support import cast, conversation
from tests.support.pages import follows, text

pytestmark = pytest.mark.django_db


def case_page(client: Client) -> str:
    return text(client.get(reverse("follow_case")))


def look_a_day_ago(borrower: cast.Filed) -> None:
    case_page(follows(borrower.code))
    Case.objects.update(looked_at=timezone.now() - timedelta(days=1))


def test_what_came_since_the_last_look_is_first_and_marked(borrower: cast.Filed, supervisor: StaffMember) -> None:
    look_a_day_ago(borrower)
    conversation.a_question(borrower.case, supervisor, "When?")
    client = follows(borrower.code)
    for _time in range(2):  # also when the page is loaded again
        page = case_page(client)
        news, rest = page.split("New since you last looked")[1].split("A question for you", 1)
        assert "asked you a question" in news and "You filed" not in news
        assert ">new</span>" in rest
    Case.objects.update(looked_at=timezone.now())
    assert "Nothing new since you last looked" in case_page(follows(borrower.code))


def test_at_the_first_look_nothing_is_marked(borrower: cast.Filed, supervisor: StaffMember) -> None:
    conversation.a_question(borrower.case, supervisor, "When?")
    page = case_page(follows(borrower.code))
    assert "since you last looked" not in page and ">new</span>" not in page


def test_what_the_borrower_does_is_not_news(borrower: cast.Filed) -> None:
    look_a_day_ago(borrower)
    conversation.sent(borrower.case, "message", "Hello.")
    assert "Nothing new since" in case_page(follows(borrower.code))


def test_who_leaves_leaves_no_trace_of_the_last_look_in_this_browser(borrower: cast.Filed) -> None:
    look_a_day_ago(borrower)
    client = follows(borrower.code)
    client.post(reverse("leave_case"))
    assert "looked" not in client.session
