"""A page of one draft or case does nothing to another that the same browser holds meanwhile."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from complaints.models import Case, Draft
from tests.support import cast
from tests.test_every_address import ROWS, filled, outside

ANOTHERS = "This page belongs to another"
pytestmark = pytest.mark.django_db

# Here the sender names what is opened or begun, by a code, a link or the address; or only the language changes, or
# all that is held is closed. A POST to any other address changes what the browser holds.
NAMED = {
    *("/complaints/new/", "/complaints/begin/", "/complaints/safety/", "/complaints/callback/", "/follow/"),
    *(
        "/leave/",
        "/follow/lost/",
        "/answer/",
        "/handed/<link>/",
        "/i18n/setlang/",
        "/uploads/",
        "/uploads/<upload_id>",
    ),
}


def a_browser() -> Client:
    return Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})


def token(client: Client, page: str) -> str:
    """The form token of a page that the browser shows now."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(page).content.decode())
    assert found, page
    return found[1]


def send(client: Client, page: str, form: str, **given: str) -> tuple[int, str]:
    answer = client.post(page, {"csrfmiddlewaretoken": form, **given})
    return answer.status_code, answer.content.decode()


def enter(client: Client, where: str, code: str, **pressed: str) -> None:
    status, page = send(client, where, token(client, "/"), code=code, **pressed)
    assert status == 302, page


def hold_everything(client: Client, draft_code: str, filed: cast.Filed, number: int) -> None:
    enter(client, "/complaints/new/", draft_code, **{"continue": "1"})
    enter(client, "/follow/", filed.code)
    session = client.session
    session["enquiry"] = number
    session["callback"] = session["lost"] = str(UUID(int=number))
    session.save()


@pytest.fixture
def two_tabs(borrower: cast.Filed, second_borrower: cast.Filed) -> tuple[Client, str, Draft, Draft]:
    """A browser that held one of each kind when the first tab's page was made, and now holds others; the token of
    that page; the two drafts."""
    client = a_browser()
    (first, one), (second, two) = cast.a_draft(), cast.a_draft()
    hold_everything(client, one, borrower, 1)
    page = token(client, "/")
    hold_everything(client, two, second_borrower, 2)
    return client, page, first, second


def addresses_of_forms() -> Iterator[str]:
    taking = {row[3] for row in ROWS if row[2] != "405"}
    yield from (route for route in outside(get_resolver().url_patterns) if route in taking)


def test_every_address_that_takes_a_form_refuses_a_page_made_for_another(
    two_tabs: tuple[Client, str, Draft, Draft], borrower: cast.Filed, second_borrower: cast.Filed
) -> None:
    client, page, _first, _second = two_tabs
    people = {"borrower": cast.by_code(borrower.code, "/follow/")}
    before = everything(second_borrower.case)
    passed = set()
    for route in addresses_of_forms():
        status, answer = send(client, filled(route, people, borrower), page)
        if status == 409 and (ANOTHERS in answer or route.endswith("/save/")):
            assert route not in NAMED
        else:
            passed.add(route)
    assert passed <= NAMED, passed - NAMED
    assert everything(second_borrower.case) == before


def everything(case: Case) -> list[object]:
    """What a stray form could change: the case's row, its reporter's, and what hangs on them."""
    case = Case.objects.get(pk=case.pk)
    rows = [case, case.reporter, *case.messages.all(), *case.exports.all(), *case.retaliations.all()]
    return [{**vars(row), "_state": None} for row in rows]


def test_answers_of_one_draft_stay_out_of_the_other_and_are_given_back(
    two_tabs: tuple[Client, str, Draft, Draft],
) -> None:
    client, page, first, second = two_tabs
    status, answer = send(client, "/complaints/new/story/", page, story="What happened to the first", go="on")
    assert status == 409
    assert "What happened to the first" in answer
    for draft in (first, second):
        draft.refresh_from_db()
        assert "What happened to the first" not in str(draft.answers)


def test_the_refusal_offers_the_open_draft_with_its_code_and_a_way_to_the_other(
    two_tabs: tuple[Client, str, Draft, Draft],
) -> None:
    client, page, _first, _second = two_tabs
    _status, answer = send(client, "/complaints/new/story/", page)
    (shown,) = re.findall(r'<output class="code".*?</output>', answer, re.DOTALL)
    assert shown in client.get("/complaints/new/").content.decode()
    assert 'action="/complaints/new/"' in answer


def test_autosave_from_the_page_of_another_draft_is_refused_with_a_sentence(
    two_tabs: tuple[Client, str, Draft, Draft],
) -> None:
    client, page, _first, second = two_tabs
    typed = {"csrfmiddlewaretoken": page, "story": "Of the first"}
    answer = client.post("/complaints/new/story/save/", typed, headers={"accept": "text/plain"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "text/plain; charset=utf-8")
    assert "another draft" in answer.content.decode()
    second.refresh_from_db()
    assert "Of the first" not in str(second.answers)


def test_a_file_of_one_drafts_page_does_not_come_into_another() -> None:
    client = a_browser()
    (_first, one), (_second, two) = cast.a_draft(), cast.a_draft()
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    page = client.get("/complaints/new/evidence/").content.decode()
    (address,) = re.findall(r'data-uploads="([^"]+)"', page)
    enter(client, "/complaints/new/", two, **{"continue": "1"})
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
    assert client.post(address, headers=headers).status_code == 404
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    assert client.post(address, headers=headers).status_code == 201


def test_a_file_without_the_name_of_its_draft_is_refused_once_another_draft_was_held() -> None:
    client = a_browser()
    (_first, one), (_second, two) = cast.a_draft(), cast.a_draft()
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "5", "Upload-Metadata": "filename YS50eHQ="}
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    assert client.post("/uploads/", headers=headers).status_code == 201
    assert send(client, "/complaints/leave/", token(client, "/complaints/new/"))[0] == 302
    enter(client, "/complaints/new/", two, **{"continue": "1"})
    refused = client.post("/uploads/", headers=headers)
    assert (refused.status_code, "More than one draft" in refused.content.decode()) == (409, True)


FIELDS_OF_PAGES = {
    "/complaints/new/evidence/": ("description_12", "captured_12", "original_phone"),
    "/complaints/new/contacts/abcd1234/": ("said",),
    f"/follow/add/{UUID(int=1)}/": ("text", "description_12"),
    f"/answer/{UUID(int=1)}/": ("text", "description_12", "reason_2"),
    "/follow/bundle/give/": ("recipient", "hidden", "age_key"),
    "/follow/withdraw/": ("pressure_words",),
    "/follow/review/": ("reasons",),
    "/follow/since/": ("text",),
    "/follow/reach/": ("name", "contact_note"),
}


@pytest.mark.parametrize("page", FIELDS_OF_PAGES)
def test_everything_that_was_typed_into_a_refused_page_is_given_back(
    two_tabs: tuple[Client, str, Draft, Draft], page: str
) -> None:
    client, form, _first, _second = two_tabs
    typed = {field: f"typed into {field}" for field in FIELDS_OF_PAGES[page]}
    status, answer = send(client, page, form, **typed)
    assert (status, [text for text in typed.values() if text not in answer]) == (409, [])


@pytest.mark.parametrize(
    ("page", "to", "field"),
    [("/complaints/new/story/", "/complaints/new/", "story"), ("/follow/since/", "/follow/", "text")],
)
def test_the_refusal_in_another_language_keeps_the_words_and_a_code_typed_beside_them(
    two_tabs: tuple[Client, str, Draft, Draft], page: str, to: str, field: str
) -> None:
    client, form, _first, _second = two_tabs
    refused = send(client, page, form, **{field: "What happened to the first"})[1]
    (kind,) = re.findall(r'name="whose" value="(\w+)" form="other"', refused)
    (fresh,) = set(re.findall(r'id="other".*?name="csrfmiddlewaretoken" value="([^"]+)"', refused, re.DOTALL))
    assert re.search(r'name="in_language"\s+value="zh-hans"\s+lang="zh-hans" form="other"', refused)
    given = {"whose": kind, "typed_words": "What happened to the first", "code": "7KQ4 M2XT"}
    _status, other = send(client, to, fresh, in_language="zh-hans", **given)
    assert '<html lang="zh-hans"' in other
    assert "What happened to the first" in other
    assert 'value="7KQ4 M2XT"' in other
    assert 'id="draft-code"' in other or kind == "case"


def test_the_words_of_a_refusal_do_not_keep_its_code_from_opening_the_other(
    two_tabs: tuple[Client, str, Draft, Draft], borrower: cast.Filed
) -> None:
    client = two_tabs[0]
    given = {"whose": "case", "typed_words": "What happened to the first", "code": borrower.code}
    assert send(client, "/follow/", token(client, "/"), **given)[0] == 302


def test_a_page_of_another_enquiry_is_called_one(two_tabs: tuple[Client, str, Draft, Draft]) -> None:
    client, page, _first, _second = two_tabs
    answer = send(client, "/answer/begin/", page)[1]
    assert "Another enquiry was opened" in answer
    assert "Another case" not in answer


def test_a_page_goes_on_working_when_its_own_draft_is_open_again() -> None:
    client = a_browser()
    (first, one), (_second, two) = cast.a_draft(), cast.a_draft()
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    page = token(client, "/complaints/new/story/")
    enter(client, "/complaints/new/", two, **{"continue": "1"})
    enter(client, "/complaints/new/", one, **{"continue": "1"})
    assert send(client, "/complaints/new/story/", page, story="Written in the first tab", go="on")[0] == 302
    first.refresh_from_db()
    assert first.answers["story"]["story"] == "Written in the first tab"


def test_a_case_opened_beside_a_draft_leaves_the_drafts_page_working(borrower: cast.Filed) -> None:
    client = a_browser()
    _draft, code = cast.a_draft()
    enter(client, "/complaints/new/", code, **{"continue": "1"})
    page = token(client, "/complaints/new/story/")
    enter(client, "/follow/", borrower.code)
    assert send(client, "/complaints/new/story/", page, story="Still mine", go="on")[0] == 302


def test_djangos_own_token_and_the_secret_of_the_cookie_are_nobodys_page(borrower: cast.Filed) -> None:
    client = a_browser()
    enter(client, "/follow/", borrower.code)
    bare = client.cookies["csrftoken"].value
    assert send(client, "/follow/withdraw/back/", bare)[0] in (302, 409)
    assert ANOTHERS not in send(client, "/follow/reach/", bare, name="", phone="")[1]


def test_a_changed_token_is_refused_by_django(borrower: cast.Filed) -> None:
    client = a_browser()
    enter(client, "/follow/", borrower.code)
    page = token(client, "/follow/reach/")
    assert send(client, "/follow/reach/", page[:-1] + ("a" if page[-1] != "a" else "b"))[0] == 403


def test_no_two_pages_have_the_same_token(borrower: cast.Filed) -> None:
    client = a_browser()
    enter(client, "/follow/", borrower.code)
    assert token(client, "/follow/reach/") != token(client, "/follow/reach/")
