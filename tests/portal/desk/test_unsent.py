"""What is written at the desk is not lost when a sign-in ends, and nobody else reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import tasks
from complaints.models import Case, Note, StaffMember, Team, Unsent
from complaints.staff import role_log, second_factor
from portal.desk import staff_session
from tests.support import cast, filled, office, other_side, signing_in

AN_HOUR_OF_WRITING = "An hour of writing, with <tags> & “marks”."
HIDDEN = "csrfmiddlewaretoken"


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


@pytest.fixture
def page(case: Case) -> str:
    return f"/admin/complaints/case/{case.pk}/"


def a_browser(member: StaffMember) -> Client:
    """Like a real one, it is refused without a form token."""
    return cast.signed_in(member, enforce_csrf_checks=True)


def idles(client: Client) -> None:
    session = client.session
    session[staff_session.KEY] = [moment - 3700 for moment in session[staff_session.KEY]]
    session.save()


def sits_too_long(client: Client) -> None:
    session = client.session
    session[staff_session.KEY][0] -= 13 * 3600
    session.save()


def is_signed_out_everywhere(client: Client) -> None:
    role_log.end_sessions(StaffMember.objects.get(username="investigator"))


def signs_out_in_another_tab(client: Client) -> None:
    client.post("/admin/logout/", {HIDDEN: client.cookies["csrftoken"].value})


def closes_the_browser(client: Client) -> None:
    client.cookies.clear()


def writes(client: Client, page: str, name: str, **typed: str) -> Callable[[], Any]:
    """Open the page and type; what is returned sends the form whose address ends in `name`."""
    forms = filled.Forms(client.get(page).content.decode(), page).with_text()
    form = next(form for form in forms if form.path.endswith(f"/{name}/"))
    return lambda: client.post(
        form.action, {**form.data, **typed}, headers={"referer": f"http://testserver{page}"}
    )


def signs_in_again(member: StaffMember, client: Client, where: str) -> Any:
    """By password and second factor, from the page that the portal led to."""
    token = {HIDDEN: filled.Forms(client.get(where).content.decode(), where).all[-1].data[HIDDEN]}
    client.post(where, {**token, "username": member.username, "password": cast.PASSWORD})
    client.get(signing_in.SET_UP)
    secret = client.session["signing_in"]["secret"]
    code = second_factor.code_of(secret, signing_in.now())
    client.post(signing_in.SET_UP, {HIDDEN: client.cookies["csrftoken"].value, "code": code})
    return client.get(signing_in.GO_ON, follow=True)


@pytest.mark.parametrize(
    "ends", [idles, sits_too_long, is_signed_out_everywhere, signs_out_in_another_tab, closes_the_browser]
)
def test_what_was_sent_after_the_session_ended_stands_in_its_form_after_both_factors(
    ends: Callable[[Client], None], page: str, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    ends(client)
    asked = send()
    assert asked["Location"].startswith("/admin/login/")
    back = signs_in_again(StaffMember.objects.get(pk=investigator.pk), client, asked["Location"])
    assert back.redirect_chain[-1][0] == page
    assert AN_HOUR_OF_WRITING in filled.texts(back)
    assert "Nothing of it was done" in back.content.decode()
    assert not Note.objects.exists()


def test_it_waits_until_it_is_sent_and_then_no_longer(page: str, investigator: StaffMember) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    idles(client)
    back = signs_in_again(investigator, client, send()["Location"])
    assert AN_HOUR_OF_WRITING in filled.texts(client.get(page))
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    assert back.status_code == 200
    assert send().status_code == 302
    assert Note.objects.get().text == AN_HOUR_OF_WRITING
    assert AN_HOUR_OF_WRITING not in filled.texts(client.get(page))
    assert not Unsent.objects.exists()


def test_it_can_be_thrown_away(page: str, investigator: StaffMember) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    idles(client)
    signs_in_again(investigator, client, send()["Location"])
    token = {HIDDEN: client.cookies["csrftoken"].value}
    thrown = client.post(f"/admin/unsent/{Unsent.objects.get().pk}/forget/", token, follow=True)
    assert AN_HOUR_OF_WRITING not in filled.texts(thrown)


def test_another_member_at_the_same_browser_never_sees_it(
    page: str, investigator: StaffMember, supervisor: StaffMember
) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    signs_out_in_another_tab(client)
    other = signs_in_again(supervisor, client, send()["Location"])
    assert other.status_code == 200
    assert AN_HOUR_OF_WRITING not in other.content.decode()
    token = {HIDDEN: client.cookies["csrftoken"].value}
    row = Unsent.objects.get()
    client.post(f"/admin/unsent/{row.pk}/forget/", token)
    assert Unsent.objects.get() == row
    assert row.member == investigator


def test_the_page_of_one_member_sent_by_another_waits_for_the_one(
    page: str, investigator: StaffMember, supervisor: StaffMember
) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    signs_out_in_another_tab(client)
    signs_in_again(supervisor, client, "/admin/login/?next=/admin/")
    refused = send()
    assert refused.status_code == 403
    assert AN_HOUR_OF_WRITING not in refused.content.decode()
    assert Unsent.objects.get().member == investigator


def test_a_page_from_before_signing_in_anew_gives_back_what_was_typed(
    page: str, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    idles(client)
    signs_in_again(investigator, client, "/admin/login/?next=/admin/")
    refused = send()
    assert refused.status_code == 403
    assert AN_HOUR_OF_WRITING in filled.texts(refused)
    assert AN_HOUR_OF_WRITING in filled.texts(client.get(page))
    assert not Note.objects.exists()


def test_a_form_that_no_page_of_the_desk_made_keeps_nothing(page: str, investigator: StaffMember) -> None:
    client = Client()
    client.post(f"{page}note/", {"text": AN_HOUR_OF_WRITING})
    assert not Unsent.objects.exists()


def test_neither_the_database_nor_the_browser_has_it_in_clear(page: str, investigator: StaffMember) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    idles(client)
    answer = send()
    assert b"hour" not in bytes(Unsent.objects.get().sealed)
    assert "hour" not in f"{answer.headers} {answer.cookies} {answer.content!r}"


def test_passwords_are_not_kept(investigator: StaffMember) -> None:
    client = a_browser(investigator)
    address = "/admin/password_change/"
    data = filled.Forms(client.get(address).content.decode(), address).all[-1].data
    idles(client)
    client.post(address, {**data, "old_password": "a", "new_password1": "b", "new_password2": "b"})
    assert not Unsent.objects.exists()


def test_it_is_deleted_after_fourteen_days(page: str, investigator: StaffMember) -> None:
    client = a_browser(investigator)
    send = writes(client, page, "note", text=AN_HOUR_OF_WRITING)
    idles(client)
    send()
    Unsent.objects.update(kept_at=timezone.now() - timedelta(days=14, minutes=1))
    tasks.forget_expired_drafts()
    assert not Unsent.objects.exists()


def test_what_has_no_form_any_more_is_shown_to_be_copied(
    page: str, case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    decided = office.decided_by
    Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED)
    decided(investigator, office.now(case))
    client = a_browser(investigator)
    send = writes(client, page, "reply", text=AN_HOUR_OF_WRITING)
    idles(client)
    asked = send()
    Case.objects.filter(pk=case.pk).update(state=Case.State.REPLIED)
    back = signs_in_again(investigator, client, asked["Location"])
    assert AN_HOUR_OF_WRITING in filled.texts(back)
    assert "to copy" in back.content.decode()


def types(client: Client, page: str, name: str, **typed: str) -> tuple[str, dict[str, Any]]:
    """Type into the form whose address ends in `name`. Returns its address and fields, with the draft's key."""
    forms = filled.Forms(client.get(page).content.decode(), page).with_text()
    form = next(form for form in forms if form.path.endswith(f"/{name}/"))
    data: dict[str, Any] = {**form.data, **typed, "draft": [KEY]}
    kept = client.post(AS_TYPED, {**data, "draft_action": form.path, "draft_page": page})
    assert kept.content.decode().startswith("Kept as a draft")
    return form.action, data


KEY = "6f1f3c3e-7a0e-4f0e-9d5f-3f0a4a1d2c3b"
AS_TYPED = "/admin/unsent/as-typed/"


def test_what_is_typed_comes_back_in_its_form_and_goes_when_it_is_sent(
    page: str, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    types(client, page, "note", text="Half a")
    action, data = types(client, page, "note", text=AN_HOUR_OF_WRITING)
    again = client.get(page)
    assert AN_HOUR_OF_WRITING in filled.texts(again)
    assert "This is your draft of" in again.content.decode()
    assert Unsent.objects.count() == 1
    assert client.post(action, data).status_code == 302
    assert Note.objects.get().text == AN_HOUR_OF_WRITING
    assert not Unsent.objects.exists()
    assert AN_HOUR_OF_WRITING not in filled.texts(client.get(page))


def test_a_draft_is_its_writers_own(page: str, investigator: StaffMember, supervisor: StaffMember) -> None:
    types(a_browser(investigator), page, "note", text=AN_HOUR_OF_WRITING)
    other = a_browser(supervisor)
    assert AN_HOUR_OF_WRITING not in other.get(page).content.decode()
    token = {HIDDEN: other.cookies["csrftoken"].value}
    stolen = {**token, "draft": KEY, "draft_action": f"{page}note/", "draft_page": page, "text": "Mine now"}
    assert other.post(AS_TYPED, stolen).status_code == 413
    assert Unsent.objects.get().member == investigator


def test_a_form_sent_after_the_session_ended_takes_the_place_of_its_draft(
    page: str, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    action, data = types(client, page, "note", text="Half a")
    idles(client)
    asked = client.post(
        action, {**data, "text": AN_HOUR_OF_WRITING}, headers={"referer": f"http://testserver{page}"}
    )
    assert not Unsent.objects.get().is_draft
    assert AN_HOUR_OF_WRITING in filled.texts(signs_in_again(investigator, client, asked["Location"]))


def test_typing_after_the_session_ended_keeps_nothing_in_the_wrong_place(
    page: str, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    token = {HIDDEN: filled.Forms(client.get(page).content.decode(), page).all[-1].data[HIDDEN]}
    idles(client)
    late = {**token, "draft": KEY, "draft_action": f"{page}note/", "draft_page": page, "text": AN_HOUR_OF_WRITING}
    assert client.post(AS_TYPED, late).status_code == 302
    assert not Unsent.objects.exists()


def test_a_draft_whose_form_is_gone_is_shown_on_its_own_page_to_be_copied(
    page: str, case: Case, investigator: StaffMember
) -> None:
    client = a_browser(investigator)
    types(client, f"{page}enquiries/ask/", "ask", text=AN_HOUR_OF_WRITING)
    Unsent.objects.update(action=f"{page}gone/")
    assert AN_HOUR_OF_WRITING not in client.get(page).content.decode()
    assert AN_HOUR_OF_WRITING in filled.texts(client.get(f"{page}enquiries/ask/"))


@pytest.mark.parametrize("where", ["decide", "enquiries/ask", "note", "write", "reply"])
def test_findings_replies_messages_notes_and_enquiries_are_kept_as_they_are_typed(
    where: str, page: str, case: Case, investigator: StaffMember
) -> None:
    if where == "reply":
        Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED)
        office.decided_by(investigator, office.now(case))
    client = a_browser(investigator)
    its_own = f"{page}{where}/" if where in ("decide", "enquiries/ask") else page
    forms = filled.Forms(client.get(its_own).content.decode(), its_own).with_text()
    form = next(form for form in forms if form.path.endswith(f"/{where.rsplit('/', maxsplit=1)[-1]}/"))
    client.post(AS_TYPED, {**form.data, "draft": KEY, "draft_action": form.path, "draft_page": its_own})
    back = {word for text in filled.texts(client.get(its_own)) for word in text.split()}
    assert set(form.words) <= back


PAGES = (
    *(
        "{case}",
        "{case}decide/",
        "{case}enquiries/ask/",
        "{case}enquiries/1/",
        "{case}hands/",
        "{case}severity/",
        "{case}bundle/",
    ),
    *("/admin/complaints/declaration/add/", "/admin/complaints/case/?queue=open"),
)
OFFICE = tuple(f"/admin/complaints/{room}/add/" for room in ("routingrule", "team", "staffmember"))


@pytest.mark.parametrize(
    ("who", "where"),
    [*(("supervisor", where) for where in PAGES), *(("administrator", where) for where in OFFICE)],
)
def test_every_form_of_the_desk_gives_back_what_was_typed(
    who: str, where: str, page: str, case: Case, supervisor: StaffMember, request: pytest.FixtureRequest
) -> None:
    other_side.sent(case, supervisor)
    member: StaffMember = request.getfixturevalue(who)
    client, address = a_browser(member), where.format(case=page)
    forms = filled.Forms(client.get(address).content.decode(), address).with_text()
    assert forms
    idles(client)
    here = {"referer": f"http://testserver{address}"}
    asked = [client.post(form.action, form.data, headers=here)["Location"] for form in forms]
    back = filled.texts(signs_in_again(member, client, asked[-1]))
    for form in forms:
        assert set(form.words) <= {word for text in back for word in text.split()}, form.action


def test_without_javascript_the_pages_say_that_only_one_form_is_sent(page: str, investigator: StaffMember) -> None:
    shown = cast.signed_in(investigator).get(page).content.decode()
    assert "<noscript>" in shown and "Only the form whose button you press is sent" in shown
