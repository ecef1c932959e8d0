"""A draft closes on a device that sends nothing for half an hour. Nothing of it is lost."""

import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Draft
from complaints.views.held import IDLE_MINUTES
from tests.support.pages import answered, begun, code_of, on_one_line, somebody, step, text

pytestmark = pytest.mark.django_db
Passes = Callable[[float], None]
CLOSED = "Your draft is closed on this phone"


@pytest.fixture
def passes(monkeypatch: pytest.MonkeyPatch) -> Passes:
    """Moves the clock by which cookies are signed forward by so many minutes."""
    now = {"is": time.time()}
    monkeypatch.setattr(time, "time", lambda: now["is"])

    def passes(minutes: float) -> None:
        now["is"] += minutes * 60

    return passes


def shows_the_draft(client: Client) -> bool:
    return f"<span>{code_of(client).split()[0]}</span>" in text(client.get(reverse("new"), follow=True))


def test_it_closes_after_half_an_hour_and_opens_again_with_its_code(passes: Passes) -> None:
    client = begun()
    code = code_of(client)
    client.post(step("story"), {"story": "They called at night."})
    passes(IDLE_MINUTES + 1)
    page = text(client.get(reverse("new"), follow=True))
    assert CLOSED in page
    assert code not in page
    assert not client.cookies["draft"].value
    client.post(reverse("start"), {"code": code, "continue": "1"})
    client.post(reverse("new"), {"code": code, "continue": "1"})
    assert "They called at night." in text(client.get(step("story")))


def test_with_the_draft_goes_what_the_browser_kept_of_its_pictures(passes: Passes) -> None:
    client = begun()
    assert "Clear-Site-Data" not in client.get(reverse("new")).headers
    passes(IDLE_MINUTES + 1)
    assert client.get(reverse("new")).headers["Clear-Site-Data"] == '"cache"'


def test_each_request_counts_also_one_that_saves_what_is_typed(passes: Passes) -> None:
    client = begun()
    for _visit in range(4):
        passes(IDLE_MINUTES - 1)
        saved = client.post(reverse("autosave", args=["story"]), {"story": f"They called at {_visit}."})
        assert saved.status_code == 200
    assert shows_the_draft(client)


def test_what_was_typed_into_a_page_left_open_is_given_back(passes: Passes) -> None:
    client = begun()
    passes(IDLE_MINUTES + 1)
    response = client.post(step("story"), {"story": "They threatened my son."})
    assert response.status_code == 404
    assert CLOSED in text(response)
    assert "They threatened my son." in text(response)
    assert Draft.objects.get().answers == {}


def test_a_filed_draft_stays_until_its_access_code_is_saved(passes: Passes) -> None:
    client = answered()
    client.post(step("check"))
    passes(IDLE_MINUTES * 3)
    assert 'id="access-code"' in text(client.get(reverse("filed")))


def test_an_answer_that_comes_after_the_way_out_brings_no_draft_back(passes: Passes) -> None:
    client = begun()
    passes(2)
    late = client.get(step("story"))  # its answer is on its way when the reader leaves
    assert "draft_seen" in late.cookies
    assert "draft" not in late.cookies
    client.get(reverse("leave"), headers={"sec-fetch-site": "same-origin"})
    client.cookies.update(late.cookies)
    assert text(client.get(step("story"))).count("There is no draft open here")


def test_the_cookie_of_the_last_request_holds_no_code(passes: Passes) -> None:
    client = begun()
    passes(2)
    client.get(step("story"))
    assert client.cookies["draft_seen"].value.startswith("1:")
    assert client.cookies["draft_seen"]["httponly"]


def test_one_who_holds_the_time_alone_holds_no_draft(passes: Passes) -> None:
    client, other = begun(), somebody()
    passes(2)
    client.get(step("story"))
    other.cookies["draft_seen"] = client.cookies["draft_seen"].value
    assert other.get(step("story")).status_code == 404


def test_pages_for_everybody_set_no_cookie(passes: Passes) -> None:
    client = begun()
    passes(2)
    for address in ("/", "/guide/rights/", "/ledger/", "/verify/"):
        assert "draft_seen" not in client.get(address).cookies


def test_the_pages_say_it_beforehand() -> None:
    client = begun()
    said = f"If you do nothing for {IDLE_MINUTES} minutes, the draft closes on this phone"
    for address in (step("who"), reverse("new")):
        assert said in on_one_line(text(client.get(address)))
    start = on_one_line(text(somebody().get(reverse("start"))))
    assert f"closes if you do not use it for {IDLE_MINUTES} minutes" in start
    assert reverse("draft_code_picture") in text(client.get(reverse("new")))
