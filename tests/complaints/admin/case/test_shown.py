"""A step from a page that is no longer true is refused, and what was written on it comes back."""

import pytest
from django.test import Client

from complaints.assignment import reassignment
from complaints.models import Case, Finding, Note, StaffMember, Team
from tests.support import cast, conversation, filled, office
from tests.support.pages import text

WORDS = "An hour of writing about the calls."
State = Case.State


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


@pytest.fixture
def colleague(south: Team) -> StaffMember:
    return cast.staff("colleague", "investigator", south)  # type: ignore[arg-type]


def form_of(client: Client, page: str, name: str) -> filled.Form:
    forms = filled.Forms(client.get(page).content.decode(), page).all
    return next(form for form in forms if form.path.endswith(f"/{name}/"))


def at(case: Case, step: str = "") -> str:
    return f"/admin/complaints/case/{case.pk}/{step}"


def goes_to(case: Case, supervisor: StaffMember, to: StaffMember) -> None:
    reassignment.reassign(office.now(case), by=supervisor, reason="Not impartial.", to=to)


def findings_on(client: Client, case: Case) -> dict[str, object]:
    said = {"outcome": "not", "reasons": WORDS}
    words = {f"{code}-{name}": value for code in ("C04", "C05") for name, value in said.items()}
    fresh = form_of(client, at(case, "decide/"), "decide").data
    kept = {name: fresh[name] for name in ("shown", "seen", "csrfmiddlewaretoken")}
    return {**kept, **words, "C04-norms": "cn-debtor-alone", "C05-norms": "cn-hours"}


def test_findings_of_a_case_that_was_given_to_somebody_else_are_not_recorded_but_given_back(
    case: Case, investigator: StaffMember, supervisor: StaffMember, colleague: StaffMember
) -> None:
    client = cast.signed_in(investigator)
    typed = findings_on(client, case)
    goes_to(case, supervisor, colleague)
    page = client.post(at(case, "decide/"), typed)
    assert page.status_code == 409
    assert "Somebody changed this case" in text(page)
    assert WORDS in filled.texts(page)
    assert not Finding.objects.exists()
    assert client.post(at(case, "decide/"), {**typed, "go": "note"}).status_code == 302
    assert WORDS in Note.objects.get().text
    assert office.now(case).state == State.INVESTIGATING


def test_findings_of_a_case_that_went_to_the_queue_are_not_recorded(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    client = cast.signed_in(investigator)
    typed = findings_on(client, case)
    reassignment.reassign(office.now(case), by=supervisor, reason="Somebody else.")
    assert client.post(at(case, "decide/"), typed).status_code == 409
    assert not Finding.objects.exists()


def test_an_unchanged_case_is_decided(case: Case, investigator: StaffMember) -> None:
    client = cast.signed_in(investigator)
    assert client.post(at(case, "decide/"), findings_on(client, case)).status_code == 302
    assert Finding.objects.count() == 2


def test_a_correction_of_the_form_does_not_hide_that_the_case_changed(
    case: Case, investigator: StaffMember, supervisor: StaffMember, colleague: StaffMember
) -> None:
    client = cast.signed_in(investigator)
    typed = findings_on(client, case)
    goes_to(case, supervisor, colleague)
    page = client.post(at(case, "decide/"), {**typed, "C04-outcome": ""})
    assert page.status_code == 422
    again = filled.Forms(page.content.decode(), at(case, "decide/")).all
    mark = next(form for form in again if form.path.endswith("/decide/")).data["shown"]
    assert client.post(at(case, "decide/"), {**typed, "shown": mark}).status_code == 409


def test_what_was_written_is_given_back_to_somebody_who_no_longer_sees_the_case(
    case: Case, investigator: StaffMember, supervisor: StaffMember, north: Team
) -> None:
    client = cast.signed_in(investigator)
    typed = findings_on(client, case)
    reassignment.reassign(office.now(case), by=supervisor, reason="Of the north.", team=north)
    page = client.post(at(case, "decide/"), typed)
    assert page.status_code == 404
    assert WORDS in filled.texts(page)


def test_every_form_of_every_page_of_a_case_carries_what_the_page_showed(
    case: Case, investigator: StaffMember
) -> None:
    client = cast.signed_in(investigator)
    for step in ("", "decide/", "enquiries/ask/", "hands/", "bundle/"):
        page = client.get(at(case, step)).content.decode()
        forms = filled.Forms(page, at(case, step)).all
        assert forms
        assert all(form.data["shown"][0].startswith(f"investigating.{investigator.pk}.") for form in forms)


def test_a_reply_waits_when_the_borrower_has_written_meanwhile(case: Case, investigator: StaffMember) -> None:
    Case.objects.filter(pk=case.pk).update(state=State.ROUTED)
    office.decided_by(investigator, office.now(case))
    client = cast.signed_in(investigator)
    form = form_of(client, at(case), "reply")
    conversation.sent(office.now(case), "message", "One more thing.")
    page = client.post(form.action, {**form.data, "text": WORDS})
    assert page.status_code == 409
    assert WORDS in filled.texts(page)
    assert office.now(case).state == State.DECIDED
