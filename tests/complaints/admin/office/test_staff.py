"""Staff, teams and rules."""

import re
from typing import Any

import pytest
from django.test import Client

from complaints import tasks
from complaints.admin.office.staff import StaffAdmin
from complaints.models import Role, RoutingRule, StaffMember, Team
from complaints.staff import second_factor
from evidence import ledger
from tests.support import cast
from tests.support.signing_in import all_the_way, with_the_password

STAFF = "/admin/complaints/staffmember/"
RULES = "/admin/complaints/routingrule/"


@pytest.fixture
def office(administrator: StaffMember) -> Client:
    return cast.signed_in(administrator)


def entered(member: StaffMember, **changed: Any) -> dict[str, Any]:
    """The form of a staff member as it would be sent."""
    return {
        "username": member.username,
        "first_name": member.first_name,
        "last_name": member.last_name,
        "email": member.email,
        "role": member.role,
        "teams": [team.pk for team in member.teams.all()],
        "languages": member.languages,
        "capacity": member.capacity,
        "is_active": "on",
        **changed,
    }


def test_an_administrator_gives_somebody_else_a_role_and_a_team(
    office: Client, auditor: StaffMember, south: Team
) -> None:
    sent = entered(auditor, role=Role.ADMINISTRATOR, teams=[south.pk], languages=["en"])
    assert office.post(f"{STAFF}{auditor.pk}/change/", sent).status_code == 302
    auditor.refresh_from_db()
    assert (auditor.role, list(auditor.teams.all()), auditor.languages) == (Role.ADMINISTRATOR, [south], ["en"])


def test_nobody_grants_themselves_a_role_or_a_team(
    office: Client, administrator: StaffMember, south: Team
) -> None:
    sent = entered(administrator, role=Role.INVESTIGATOR, teams=[south.pk], capacity=7)
    office.post(f"{STAFF}{administrator.pk}/change/", sent)
    administrator.refresh_from_db()
    assert (administrator.role, list(administrator.teams.all())) == (Role.ADMINISTRATOR, [])
    assert administrator.capacity == 7


def test_what_happens_while_an_administrator_saves_is_not_overwritten(
    office: Client, investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = StaffAdmin.get_object

    def meanwhile(self: StaffAdmin, *args: Any) -> Any:
        """The form is read; then the second factor is taken away, and the member chooses a password."""
        found = reads(self, *args)
        second_factor.take_away(investigator, by=ledger.SYSTEM, asked_by=None)
        member = StaffMember.objects.get(pk=investigator.pk)
        member.set_password("quite my own words")
        member.save(update_fields=["password"])
        return found

    monkeypatch.setattr(StaffAdmin, "get_object", meanwhile)
    sent = entered(investigator, capacity=7)
    assert office.post(f"{STAFF}{investigator.pk}/change/", sent).status_code == 302
    now = StaffMember.objects.get(pk=investigator.pk)
    assert (now.capacity, now.role, now.asked_role) == (7, "", Role.INVESTIGATOR)
    assert now.signed_out > 0, "who was signed out stays so"
    assert now.check_password("quite my own words")


def test_django_permissions_cannot_be_given_at_the_desk(office: Client, auditor: StaffMember) -> None:
    office.post(f"{STAFF}{auditor.pk}/change/", entered(auditor, is_superuser="on", is_staff=""))
    auditor.refresh_from_db()
    assert (auditor.is_superuser, auditor.is_staff) == (False, True)


def test_a_new_member_can_sign_in(office: Client, south: Team) -> None:
    assert office.post(f"{STAFF}add/", cast.a_new_member(south)).status_code == 302
    with_the_password(StaffMember.objects.get(username="new"))


@pytest.mark.parametrize("by_a_case", ["cases__pk", "teams__cases__pk", "conflicts__case"])
def test_the_list_of_staff_is_not_filtered_by_their_cases(
    office: Client, borrower: cast.Filed, investigator: StaffMember, by_a_case: str
) -> None:
    assert office.get(STAFF, {"role__exact": "investigator"}).status_code == 200
    told = office.get(STAFF, {by_a_case: borrower.case.pk})
    assert told.status_code == 400 or "e=1" in told.headers.get("Location", "")


def test_a_deactivated_member_is_out(office: Client, investigator: StaffMember) -> None:
    client = cast.signed_in(investigator)
    office.post(f"{STAFF}{investigator.pk}/change/", {**entered(investigator), "is_active": ""})
    assert client.get("/admin/complaints/case/").status_code == 302


def a_rule(team: Team, **fields: Any) -> dict[str, Any]:
    return {
        "order": 1,
        "name": "threats",
        "active": "on",
        "team": team.pk,
        "conduct": ["C01"],
        "min_severity": "",
        "language": "",
        "organisation": "",
        **fields,
    }


def test_a_rule_gets_a_new_version_at_each_change_and_the_ledger_knows(
    supervisor: StaffMember, south: Team, north: Team
) -> None:
    client = cast.signed_in(supervisor)
    assert client.post(f"{RULES}add/", a_rule(south)).status_code == 302
    rule = RoutingRule.objects.get()
    assert (rule.version, rule.conduct) == (1, ["C01"])
    client.post(f"{RULES}{rule.pk}/change/", a_rule(north, min_severity=3))
    rule.refresh_from_db()
    assert (rule.version, rule.team, rule.min_severity) == (2, north, 3)
    told = [ledger.content_of(entry) for entry in ledger.history("portal") if entry.kind == "rule.changed"]
    assert [(entry["data"]["rule"], entry["data"]["version"]) for entry in told] == [(rule.pk, 1), (rule.pk, 2)]
    assert told[0]["data"]["sha256"] != told[1]["data"]["sha256"]
    assert told[-1]["by"] == {"role": "supervisor", "id": str(supervisor.uid)}


def test_a_rule_with_an_unknown_kind_of_conduct_is_refused(supervisor: StaffMember, south: Team) -> None:
    response = cast.signed_in(supervisor).post(f"{RULES}add/", a_rule(south, conduct=["C99"]))
    assert response.status_code == 200
    assert not RoutingRule.objects.exists()


def test_the_list_of_rules_says_what_each_takes(supervisor: StaffMember, south: Team) -> None:
    RoutingRule.objects.create(order=1, name="a", team=south, conduct=["C01", "C02"], min_severity=3)
    RoutingRule.objects.create(order=2, name="b", team=south, language="en", organisation="Bright")
    RoutingRule.objects.create(order=3, name="c", team=south)
    page = cast.signed_in(supervisor).get(RULES).content.decode()
    for words in ("2 kinds of conduct · at least “Urgent”", "English · “Bright”", "every case"):
        assert words in page


def test_an_auditor_reads_a_rule_and_cannot_change_it(auditor: StaffMember, south: Team) -> None:
    rule = RoutingRule.objects.create(order=1, name="a", team=south)
    client = cast.signed_in(auditor)
    assert b"<select" not in client.get(f"{RULES}{rule.pk}/change/").content
    assert client.post(f"{RULES}{rule.pk}/change/", a_rule(south)).status_code == 403


def test_the_desk_speaks_chinese(supervisor: StaffMember, south: Team) -> None:
    client = cast.signed_in(supervisor)
    page = client.get("/admin/complaints/case/", headers={"accept-language": "zh-CN"}).content.decode()
    for words in ("留证工作台", "我的案件", "退出登录"):
        assert words in page


def recorded(member: StaffMember) -> list[dict[str, Any]]:
    """What the ledger says of a member, in order: kind, by whom, and the grant."""
    about = [entry for entry in ledger.history("portal") if entry.subject == f"staff:{member.uid}"]
    return [ledger.content_of(entry) for entry in about]


def test_a_grant_is_on_the_ledger_with_who_gave_it(
    office: Client, administrator: StaffMember, auditor: StaffMember, south: Team
) -> None:
    office.post(f"{STAFF}{auditor.pk}/change/", entered(auditor, role=Role.INVESTIGATOR, teams=[south.pk]))
    (grant,) = recorded(auditor)
    assert grant["by"] == {"role": "administrator", "id": str(administrator.uid)}
    assert grant["data"] == {"role": "auditor", "teams": [south.pk], "active": True, "asked": "investigator"}


def test_what_changes_no_right_is_not_recorded_again(office: Client, auditor: StaffMember) -> None:
    for capacity in (5, 6):
        office.post(f"{STAFF}{auditor.pk}/change/", entered(auditor, capacity=capacity))
    assert len(recorded(auditor)) == 1


def test_a_password_set_by_somebody_else_is_on_the_ledger(office: Client, investigator: StaffMember) -> None:
    all_the_way(investigator)
    new = "quite another password"
    sent = {"usable_password": "true", "password1": new, "password2": new}
    assert office.post(f"{STAFF}{investigator.pk}/password/", sent).status_code == 302
    assert [entry["kind"] for entry in recorded(investigator)] == ["staff.second_factor_set", "staff.password_set"]


def test_a_role_given_in_the_database_itself_is_found_by_the_sweep(
    investigator: StaffMember, auditor: StaffMember
) -> None:
    tasks.sweep()
    StaffMember.objects.filter(pk=auditor.pk).update(role=Role.SUPERVISOR)
    tasks.sweep()
    tasks.sweep()
    assert [entry["data"]["role"] for entry in recorded(auditor)] == ["auditor", "supervisor"]
    assert recorded(auditor)[1]["by"] == {"role": "system"}


def test_a_rule_changed_in_the_database_itself_is_found_by_the_sweep(south: Team) -> None:
    rule = RoutingRule.objects.create(order=1, name="All", team=south)
    other = RoutingRule.objects.create(order=2, name="None", team=south)
    tasks.sweep()
    tasks.sweep()
    RoutingRule.objects.filter(pk=rule.pk).update(active=False)
    tasks.sweep()
    RoutingRule.objects.filter(pk=other.pk).delete()
    tasks.sweep()
    tasks.sweep()
    entries = [ledger.content_of(entry) for entry in ledger.history("portal") if entry.kind == "rule.changed"]
    assert [entry["data"]["rule"] for entry in entries] == [rule.pk, other.pk, rule.pk, other.pk]
    assert [bool(entry["data"]["sha256"]) for entry in entries] == [True, True, True, False]
    assert entries[0]["data"] != entries[2]["data"]


def test_a_new_team_begins_with_the_offices_country_time_zone_and_days(administrator: StaffMember) -> None:
    page = cast.signed_in(administrator).get("/admin/complaints/team/add/").content.decode()
    assert '<option value="Asia/Shanghai" selected>' in page
    assert 'name="country" value="CN"' in page
    assert len(re.findall(r'name="weekdays"[^>]* checked', page)) == 5


def test_the_form_of_a_new_member_offers_no_way_to_sign_in_that_there_is_not(office: Client) -> None:
    page = office.get(f"{STAFF}add/").content.decode()
    assert 'name="password1"' in page
    assert 'name="usable_password"' not in page
    assert "LDAP" not in page
