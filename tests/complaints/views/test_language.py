"""Who changes the language of a page while they fill it in finds what they typed, in the other language."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from complaints.bundles import grants
from complaints.drafts import additions
from complaints.models import Case, StaffMember, Team
from complaints.refill import Page, Tag
from tests.support import cast, filled, office, other_side

NOBODYS = ("/complaints/begin/", "/follow/", "/follow/lost/", "/answer/", "/handed/some-link/")
OF_A_DRAFT = tuple(
    f"/complaints/new/{step}/"
    for step in (
        "who",
        "parties",
        "conduct",
        "court",
        "story",
        "contacts/a1",
        "evidence",
        "wishes",
        "reach",
        "names",
    )
)
OF_A_CASE = tuple(f"/follow/{page}/" for page in ("withdraw", "review", "since", "reach"))
OF_A_CASE += ("/follow/bundle/give/?audience=legal_aid",)
OF_THE_DESK = ("", "decide/", "enquiries/ask/", "enquiries/1/", "hands/", "severity/", "bundle/")


def switched(client: Client, page: Any, address: str, form: filled.Form) -> Any:
    """Press the button of the other language: the form's own, or the page's, whose script sends the forms."""
    read = filled.Forms(page.content.decode(), address)
    own = [button for button in read.buttons if form.id and button.get("form") == form.id]
    for button in own:
        if button.get("name") in ("language", "in_language"):
            return client.post(form.action, {**form.data, button["name"]: "zh-hans"}, follow=True)
    assert "language.js" in page.content.decode()
    sent = [[form.path, urlencode(form.data, doseq=True)]]
    return client.post(address, {"in_language": "zh-hans", "typed": json.dumps(sent)}, follow=True)


def keeps_what_is_typed(client: Client, address: str) -> int:
    """Check each form of the page; return how many there are."""
    page = client.get(address)
    forms = filled.Forms(page.content.decode(), address).with_text()
    for form in forms:
        other = switched(client, page, address, form)
        assert '<html lang="zh-hans"' in other.content.decode(), address
        assert set(form.words) <= {word for text in filled.texts(other) for word in text.split()}, form.action
        client.cookies.pop("django_language", None)
    return len(forms)


@pytest.mark.parametrize("address", NOBODYS)
def test_pages_that_anybody_opens(address: str, db: None) -> None:
    assert keeps_what_is_typed(Client(), address)


@pytest.mark.parametrize("address", OF_A_DRAFT)
def test_the_steps_of_a_draft(address: str, db: None) -> None:
    _draft, code = cast.a_draft(language="en")
    keeps_what_is_typed(cast.by_code(code, "/complaints/new/", **{"continue": "1"}), address)


@pytest.mark.parametrize("address", OF_A_CASE)
def test_the_pages_of_a_case(address: str, borrower: cast.Filed, south: Team, investigator: StaffMember) -> None:
    if "review" in address:
        office.answered_by(investigator, office.routed(borrower.case, south, investigator))
    client = cast.by_code(borrower.code, "/follow/")
    assert keeps_what_is_typed(client, address) or "give" in address


def test_an_addition_and_an_answer(borrower: cast.Filed, south: Team, investigator: StaffMember) -> None:
    client = cast.by_code(borrower.code, "/follow/")
    message = additions.begin(borrower.case, "message")
    assert keeps_what_is_typed(client, f"/follow/add/{message.pk}/")


def test_whom_a_bundle_is_given_to(borrower: cast.Filed) -> None:
    """After the preview the page also asks for the recipient; nothing is given by another language."""
    client = cast.by_code(borrower.code, "/follow/")
    address = "/follow/bundle/give/?audience=legal_aid"
    (form,) = [one for one in filled.Forms(client.get(address).content.decode(), address).all if one.id]
    page = client.post(address, {**form.data, "go": "look"})
    (form,) = filled.Forms(page.content.decode(), address).with_text()
    other = switched(client, page, address, form)
    assert set(form.words) <= set(filled.texts(other))
    assert '<html lang="zh-hans"' in other.content.decode()
    assert not grants.of(borrower.case)


@pytest.mark.parametrize("where", OF_THE_DESK)
def test_the_pages_of_the_desk(where: str, borrower: cast.Filed, south: Team, supervisor: StaffMember) -> None:
    case = office.step(office.routed(borrower.case, south, None), "begin", supervisor)
    other_side.sent(case, supervisor)
    assert keeps_what_is_typed(cast.signed_in(supervisor), f"/admin/complaints/case/{case.pk}/{where}")
    assert Case.objects.get().messages.count() == case.messages.count()


def test_several_forms_of_one_page_are_all_kept(
    borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    case = office.step(office.routed(borrower.case, south, None), "begin", supervisor)
    desk, address = cast.signed_in(supervisor), f"/admin/complaints/case/{case.pk}/"
    forms = filled.Forms(desk.get(address).content.decode(), address).with_text()
    sent = [[form.path, urlencode(form.data, doseq=True)] for form in forms]
    other = desk.post(f"{address}write/", {"in_language": "zh-hans", "typed": json.dumps(sent)})
    there = {word for text in filled.texts(other) for word in text.split()}
    assert len(forms) > 3
    assert all(set(form.words) <= there for form in forms)
    assert "signed out" not in other.content.decode()


def posted(page: str) -> Iterator[list[Tag]]:
    """The fields of each form of the page that is sent by POST."""
    read = Page(page)
    yield from ([*read.of(form)] for form in read.forms if form.get("method").lower() == "post")


@pytest.mark.parametrize("where", OF_THE_DESK)
def test_without_a_script_each_form_of_the_desk_has_a_button_that_keeps_what_is_typed_in_it(
    where: str, borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    case = office.step(office.routed(borrower.case, south, None), "begin", supervisor)
    other_side.sent(case, supervisor)
    desk, address = cast.signed_in(supervisor), f"/admin/complaints/case/{case.pk}/{where}"
    page = desk.get(address).content.decode()
    forms = filled.Forms(page, address)
    for form, fields in zip(forms.all, posted(page), strict=True):
        assert not form.words or "in_language" in [one.get("name") for one in fields], form.action
    form = forms.with_text()[-1]
    other = desk.post(form.action, {**form.data, "in_language": "zh-hans"}, follow=True)
    assert set(form.words) <= {word for text in filled.texts(other) for word in text.split()}
    assert '<html lang="zh-hans"' in other.content.decode()


def test_a_form_of_djangos_own_admin_has_such_a_button_too(supervisor: StaffMember) -> None:
    page = cast.signed_in(supervisor).get("/admin/complaints/routingrule/add/").content.decode()
    assert any("in_language" in [one.get("name") for one in fields] for fields in posted(page))


def test_what_a_page_gave_back_to_be_copied_is_given_back_again(db: None) -> None:
    sent = {"typed_words": ["An hour of writing"], "language": "zh-hans", "next": "/"}
    other = Client().post("/i18n/setlang/", sent)
    assert "An hour of writing" in filled.texts(other)
    assert '<html lang="zh-hans"' in other.content.decode()


@pytest.mark.parametrize("typed", ["[", "7", "[7]", '[["/x"]]', "[[1, 2]]", '{"a": 1}', "null"])
def test_what_no_script_of_ours_sends_does_no_harm(typed: str, db: None) -> None:
    assert Client().post("/follow/", {"in_language": "en", "typed": typed}).status_code == 200
