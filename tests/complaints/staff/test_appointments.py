"""Who gets a role that opens evidence: an administrator asks, a supervisor confirms, neither does both."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client

from complaints.models import OPENS_EVIDENCE, Role, StaffMember, Team
from complaints.refusal import Refused
from complaints.staff import access, appointments, second_factor
from evidence import ledger
from tests.complaints.admin.office.test_staff import STAFF, entered, recorded
from tests.support import cast
from tests.support.signing_in import CODE, GO_ON, all_the_way, goes_on, sets_up, with_the_password

APPOINTMENTS = "/admin/appointments/"
DESK = "/admin/complaints/case/"
OWN = "quite my own words"


@pytest.fixture
def office(administrator: StaffMember) -> Client:
    return cast.signed_in(administrator)


@pytest.fixture
def newcomer(office: Client, south: Team) -> StaffMember:
    """Whom an administrator has just added and asked to be an investigator."""
    assert office.post(f"{STAFF}add/", cast.a_new_member(south)).status_code == 302
    return StaffMember.objects.get(username="new")


def comes_in(member: StaffMember) -> Client:
    """The first time: the second factor, then a password of their own."""
    client = with_the_password(member)
    sets_up(client)
    assert goes_on(client) == f"{GO_ON}password/"
    client.post(f"{GO_ON}password/", {"new_password1": OWN, "new_password2": OWN})
    return client


def post(member: StaffMember, verb: str, pk: int) -> int:
    return cast.signed_in(member).post(f"{APPOINTMENTS}{pk}/{verb}/").status_code


def test_a_newcomer_sees_nothing_until_a_supervisor_has_confirmed_them(
    newcomer: StaffMember, supervisor: StaffMember
) -> None:
    assert (newcomer.role, newcomer.asked_role) == ("", Role.INVESTIGATOR)
    client = comes_in(newcomer)
    page = client.get(GO_ON)
    assert "still to confirm you" in page.content.decode()
    assert client.get(DESK).status_code == 302
    assert "Confirm</button>" in cast.signed_in(supervisor).get(APPOINTMENTS).content.decode()
    assert post(supervisor, "confirm", newcomer.pk) == 302
    newcomer.refresh_from_db()
    assert (newcomer.role, newcomer.asked_role, newcomer.asked_by) == (Role.INVESTIGATOR, "", None)
    assert all_the_way(newcomer, OWN).get(DESK).status_code == 200


def test_the_ledger_says_who_asked_and_who_confirmed(
    newcomer: StaffMember, administrator: StaffMember, supervisor: StaffMember
) -> None:
    comes_in(newcomer)
    post(supervisor, "confirm", newcomer.pk)
    told = recorded(newcomer)
    assert [entry["kind"] for entry in told] == ["staff.changed", "staff.second_factor_set", "staff.changed"]
    assert told[0]["by"]["id"] == str(administrator.uid)
    assert (told[0]["data"]["role"], told[0]["data"]["asked"]) == ("", "investigator")
    assert told[2]["by"]["id"] == str(supervisor.uid)
    assert (told[2]["data"]["role"], "asked" in told[2]["data"]) == ("investigator", False)


def test_nobody_is_confirmed_before_they_have_set_up_their_sign_in(
    newcomer: StaffMember, supervisor: StaffMember
) -> None:
    assert post(supervisor, "confirm", newcomer.pk) == 409
    sets_up(with_the_password(newcomer))  # the password is still the administrator's
    assert post(supervisor, "confirm", newcomer.pk) == 409
    newcomer.refresh_from_db()
    assert newcomer.role == ""


def test_nobody_is_confirmed_who_was_deactivated_meanwhile(newcomer: StaffMember, supervisor: StaffMember) -> None:
    comes_in(newcomer)
    StaffMember.objects.filter(pk=newcomer.pk).update(is_active=False)
    assert post(supervisor, "confirm", newcomer.pk) == 409
    newcomer.refresh_from_db()
    assert newcomer.role == ""


@pytest.mark.parametrize("who", ["administrator", "auditor", "investigator", "investigator_north"])
def test_only_a_supervisor_confirms(who: str, newcomer: StaffMember, request: pytest.FixtureRequest) -> None:
    comes_in(newcomer)
    assert post(request.getfixturevalue(who), "confirm", newcomer.pk) == 403
    newcomer.refresh_from_db()
    assert newcomer.role == ""


def test_nobody_confirms_themselves_or_what_they_asked_for(supervisor: StaffMember, auditor: StaffMember) -> None:
    for member, asked_by in ((supervisor, auditor), (auditor, supervisor)):
        StaffMember.objects.filter(pk=member.pk).update(asked_role=Role.INVESTIGATOR, asked_by=asked_by)
        all_the_way(member)
        with pytest.raises(Refused, match="Somebody else"):
            appointments.confirm(member, by=supervisor)


@pytest.mark.parametrize("role", OPENS_EVIDENCE)
def test_every_role_that_opens_evidence_waits(role: Role, office: Client) -> None:
    member = cast.staff("somebody", Role.ADMINISTRATOR)
    office.post(f"{STAFF}{member.pk}/change/", entered(member, role=role))
    member.refresh_from_db()
    assert (member.role, member.asked_role) == (Role.ADMINISTRATOR, role)
    assert not access.may_read_cases(member)


def test_a_role_is_taken_away_at_once(office: Client, investigator: StaffMember) -> None:
    client = cast.signed_in(investigator)
    office.post(f"{STAFF}{investigator.pk}/change/", entered(investigator, role=""))
    assert client.get(DESK).status_code == 302
    investigator.refresh_from_db()
    assert (investigator.role, investigator.asked_role) == ("", "")


def test_what_waits_goes_on_waiting_while_something_else_is_changed(office: Client, newcomer: StaffMember) -> None:
    office.post(f"{STAFF}{newcomer.pk}/change/", entered(newcomer, capacity=11))
    newcomer.refresh_from_db()
    assert (newcomer.capacity, newcomer.asked_role) == (11, Role.INVESTIGATOR)


def test_a_refused_role_is_not_given(newcomer: StaffMember, supervisor: StaffMember) -> None:
    comes_in(newcomer)
    assert post(supervisor, "refuse", newcomer.pk) == 302
    assert post(supervisor, "confirm", newcomer.pk) == 409
    newcomer.refresh_from_db()
    assert (newcomer.role, newcomer.asked_role) == ("", "")
    assert recorded(newcomer)[-1]["by"]["id"] == str(supervisor.uid)


def test_a_lost_second_factor_takes_the_role_along_until_a_supervisor_confirms_the_person_again(
    office: Client, investigator: StaffMember, supervisor: StaffMember
) -> None:
    client = all_the_way(investigator)
    office.post(f"{APPOINTMENTS}{investigator.pk}/lost/")
    assert client.get(DESK).status_code == 302
    investigator.refresh_from_db()
    assert (investigator.role, investigator.asked_role) == ("", Role.INVESTIGATOR)
    client = with_the_password(investigator)
    sets_up(client)
    assert "still to confirm you" in client.get(GO_ON).content.decode()
    assert post(supervisor, "confirm", investigator.pk) == 302
    assert all_the_way(investigator).get(DESK).status_code == 200
    assert [entry["kind"] for entry in recorded(investigator)][1] == "staff.second_factor_taken_away"


def test_an_administrator_who_sets_a_password_and_takes_the_factor_away_still_opens_no_evidence(
    office: Client, investigator: StaffMember
) -> None:
    all_the_way(investigator)
    new = "the administrator's own"
    sent = {"usable_password": "true", "password1": new, "password2": new}
    office.post(f"{STAFF}{investigator.pk}/password/", sent)
    office.post(f"{APPOINTMENTS}{investigator.pk}/lost/")
    client = with_the_password(investigator, password=new)
    sets_up(client)
    client.post(f"{GO_ON}password/", {"new_password1": OWN, "new_password2": OWN})
    assert client.get(GO_ON).status_code == 200
    assert client.get(DESK).status_code == 302


def test_a_password_set_before_there_is_a_second_factor_takes_the_role_along_too(
    office: Client, investigator: StaffMember
) -> None:
    new = "the administrator's own"
    sent = {"usable_password": "true", "password1": new, "password2": new}
    office.post(f"{STAFF}{investigator.pk}/password/", sent)
    investigator.refresh_from_db()
    assert (investigator.role, investigator.asked_role) == ("", Role.INVESTIGATOR)


def test_nobody_takes_away_their_own_second_factor(office: Client, administrator: StaffMember) -> None:
    assert office.post(f"{APPOINTMENTS}{administrator.pk}/lost/").status_code == 403


def test_a_password_that_somebody_else_set_is_changed_at_the_next_sign_in(
    office: Client, investigator: StaffMember
) -> None:
    all_the_way(investigator)
    new = "quite another password"
    sent = {"usable_password": "true", "password1": new, "password2": new}
    office.post(f"{STAFF}{investigator.pk}/password/", sent)
    client = with_the_password(investigator, password=new)
    assert goes_on(client) == CODE  # the second factor stays
    client.post(CODE, {"code": second_factor.code_now(investigator)})
    assert goes_on(client) == f"{GO_ON}password/"
    assert client.get(DESK).status_code == 302
    for bad in (new, "short", "123456789012", "investigator1"):
        answer = client.post(f"{GO_ON}password/", {"new_password1": bad, "new_password2": bad})
        assert 'role="alert"' in answer.content.decode()
    client.post(f"{GO_ON}password/", {"new_password1": OWN, "new_password2": OWN})
    assert goes_on(client) == "/admin/"
    assert client.get(DESK).status_code == 200


def test_supervisors_see_what_changed_and_who_did_it(
    newcomer: StaffMember, supervisor: StaffMember, auditor: StaffMember, investigator: StaffMember
) -> None:
    for reader in (supervisor, auditor):
        page = cast.signed_in(reader).get(APPOINTMENTS).content.decode()
        assert "asked for: Investigator" in page
        assert re.search(r"<td>new</td>.*<td>administrator</td>", page, re.S)
        assert ("Refuse</button>" in page) == (reader == supervisor)
        assert "Confirm</button>" not in page  # before they have set up their sign-in
    assert cast.signed_in(investigator).get(APPOINTMENTS).status_code == 403


def test_the_first_supervisor_is_appointed_on_the_server(db: None) -> None:
    said = io.StringIO()
    call_command("appoint", "first", "supervisor", stdout=said)
    first = StaffMember.objects.get(username="first")
    assert (first.role, first.is_staff, first.must_change_password) == (Role.SUPERVISOR, True, True)
    assert {entry["kind"]: entry["by"] for entry in recorded(first)} == {
        "staff.password_set": {"role": "system"},
        "staff.changed": {"role": "system"},
    }
    password = said.getvalue().split()[-1]
    assert goes_on(with_the_password(first, password=password)) == f"{GO_ON}set-up/"


def test_the_server_helps_a_lone_supervisor_who_lost_the_second_factor(supervisor: StaffMember) -> None:
    client = all_the_way(supervisor)
    call_command("appoint", "supervisor", "supervisor", "--lost", stdout=io.StringIO())
    supervisor.refresh_from_db()
    assert client.get(DESK).status_code == 302
    assert (supervisor.role, supervisor.asked_role) == (Role.SUPERVISOR, "")
    assert not second_factor.is_set_up(supervisor)
    kinds = [entry.kind for entry in ledger.history("portal")]
    assert kinds.count("staff.second_factor_taken_away") == 1


@pytest.mark.parametrize(
    "wrong", [{"asked_role": "administrator"}, {"asked_role": "king"}, {"role": "king"}, {"asked_by": "self"}]
)
def test_the_database_knows_no_other_roles(wrong: dict[str, Any], auditor: StaffMember) -> None:
    wrong = {name: auditor if value == "self" else value for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffMember.objects.filter(pk=auditor.pk).update(**wrong)
