"""Trying the rules at the desk, and the rooms around routing: teams, absences, declarations."""

from typing import Any

import pytest
from django.test import Client

from complaints.models import Absence, Declaration, Role, Routing, RoutingRule, StaffMember, Team
from evidence.models import LedgerEntry
from tests.support import cast
from tests.support.pages import text
from tests.support.routing_office import a_rule, filed, has_to_do_with, is_away

from .test_staff import RULES
from .test_staff import a_rule as rule_form

TRY = f"{RULES}try/"


@pytest.fixture
def desk(supervisor: StaffMember) -> Client:
    return cast.signed_in(supervisor)


def test_a_case_that_is_there_is_tried_without_writing_anything(desk: Client, south: Team) -> None:
    cast.staff("lin", Role.INVESTIGATOR, south, first_name="Lin Yue")
    is_away(cast.staff("chen", Role.INVESTIGATOR, south, first_name="Chen Bo"))
    a_rule(1, south, lender="somebody else", language="en")
    a_rule(2, south)
    case = filed()
    entries = LedgerEntry.objects.count()
    page = desk.get(TRY, {"reference": case.reference}).content.decode()
    assert "To South, Lin Yue" in page
    assert "is away" in page
    assert "language, lender" in " ".join(page.split())
    case.refresh_from_db()
    assert (case.state, Routing.objects.count(), LedgerEntry.objects.count()) == ("filed", 0, entries)


def test_a_made_up_case_is_tried_by_its_facts(desk: Client, south: Team, north: Team) -> None:
    has_to_do_with(cast.staff("lin", Role.INVESTIGATOR, south, first_name="Lin Yue"), "Bright Loans")
    a_rule(1, south, region=["CN-ZJ"], agency="bright loans", min_severity=2)
    a_rule(2, north)
    facts: dict[str, Any] = {
        "severity": 3,
        "language": "en",
        "region": "CN-ZJ",
        "agency": "Bright Loans",
        "conduct": ["C01"],
    }
    page = desk.get(TRY, facts).content.decode()
    assert "Into the queue of South" in page
    assert "has a conflict of interest" in page
    page = desk.get(TRY, {**facts, "region": "CN-BJ"}).content.decode()
    assert "Into the queue of North" in page
    assert "where the borrower lives" in page


@pytest.mark.parametrize("given", [{"severity": "9"}, {"region": "XX"}, {"conduct": "C99"}, {"reference": "HF-1"}])
def test_what_cannot_be_tried_is_said(given: dict[str, str], desk: Client, south: Team) -> None:
    a_rule(1, south)
    answer = desk.get(TRY, given)
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_without_a_rule_the_case_would_wait(desk: Client) -> None:
    page = desk.get(TRY, {"language": "en", "lender": "x"}).content.decode()
    assert "No rule takes it" in page


def test_an_administrator_tries_facts_but_no_case(administrator: StaffMember, south: Team) -> None:
    a_rule(1, south)
    case, client = filed(), cast.signed_in(administrator)
    assert "no case with this reference" in client.get(TRY, {"reference": case.reference}).content.decode()
    assert "Into the queue of South" in client.get(TRY, {"lender": "x"}).content.decode()


def test_a_place_that_is_taken_is_refused_in_plain_words(desk: Client, south: Team) -> None:
    a_rule(1, south)
    answer = desk.post(f"{RULES}add/", rule_form(south))
    assert "Another rule has this place already." in answer.content.decode()
    assert RoutingRule.objects.count() == 1
    assert 'value="11"' in desk.get(f"{RULES}add/").content.decode()


def test_a_rule_keeps_every_condition(desk: Client, south: Team) -> None:
    conditions = {"region": ["CN-ZJ", "US-CA"], "lender": "a", "platform": "b", "agency": "c", "organisation": "d"}
    assert desk.post(f"{RULES}add/", rule_form(south, **conditions)).status_code == 302
    rule = RoutingRule.objects.get()
    assert {name: getattr(rule, name) for name in conditions} == conditions
    assert "Zhejiang, California" in desk.get(RULES).content.decode()


# Teams, absences, declarations

HOURS = {"weekdays": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "17:00", "zone": "Asia/Shanghai"}


def test_a_team_gets_its_calendar(administrator: StaffMember, south: Team) -> None:
    sent = {"name": "South", "country": "us", "subdivision": "ca", **HOURS, "weekdays": [2, 6]}
    answer = cast.signed_in(administrator).post(f"/admin/complaints/team/{south.pk}/change/", sent)
    assert answer.status_code == 302
    south.refresh_from_db()
    assert (south.calendar.country, south.calendar.subdivision) == ("US", "CA")
    assert (south.calendar.weekdays, south.calendar.zone) == (frozenset({2, 6}), "Asia/Shanghai")


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "XX"},
        {"country": "CN", "subdivision": "CA"},
        {"weekdays": []},
        {"weekdays": [8]},
        {"opens": "18:00"},
        {"zone": "Mars"},
    ],
)
def test_a_team_with_an_impossible_calendar_is_refused(
    wrong: dict[str, object], administrator: StaffMember, south: Team
) -> None:
    sent = {"name": "South", "country": "", "subdivision": "", **HOURS, **wrong}
    answer = cast.signed_in(administrator).post(f"/admin/complaints/team/{south.pk}/change/", sent)
    assert "errorlist" in answer.content.decode()


def test_an_absence_is_entered_and_shows_at_the_desk(
    desk: Client, investigator: StaffMember, administrator: StaffMember
) -> None:
    address = "/admin/complaints/absence/"
    wrong = {"member": investigator.pk, "begins": "2026-03-02", "until": "2026-03-01"}
    assert "cannot be before the first" in desk.post(f"{address}add/", wrong).content.decode()
    assert desk.post(f"{address}add/", {**wrong, "begins": "2020-01-01", "until": ""}).status_code == 302
    assert Absence.objects.get().member == investigator
    assert "Share them among the others" in desk.get(address).content.decode()
    office = cast.signed_in(administrator)
    assert "Share them among the others" not in office.get(address).content.decode()
    assert "icon-no" in office.get("/admin/complaints/staffmember/?q=investigator").content.decode()


def test_a_declaration_is_made_and_ended_at_the_desk(
    desk: Client, investigator: StaffMember, supervisor: StaffMember
) -> None:
    address, own = "/admin/complaints/declaration/", cast.signed_in(investigator)
    said = {"member": investigator.pk, "kind": "organisation", "name": "Bright Loans", "reason": ""}
    assert own.post(f"{address}add/", {**said, "name": "工"}).status_code == 200
    assert own.post(f"{address}add/", {**said, "member": supervisor.pk}).status_code == 200
    assert desk.post(f"{address}add/", said).status_code == 200, "for somebody else it needs a reason"
    assert not Declaration.objects.exists()
    assert own.post(f"{address}add/", said).status_code == 302
    declared = Declaration.objects.get()
    end = {"action": "end", "_selected_action": [declared.pk]}
    own.post(address, end)
    declared.refresh_from_db()
    assert declared.ended_at is None
    desk.post(address, end)
    declared.refresh_from_db()
    assert declared.ended_by == supervisor


def test_a_rule_is_tried_over_the_cases_before_it_is_saved(
    desk: Client, south: Team, north: Team, supervisor: StaffMember
) -> None:
    a_rule(10, south)
    moved, stays, unseen = filed(lender="Bright Loans"), filed(), filed(lender="Bright Loans")
    has_to_do_with(supervisor, unseen.reference, "case")
    entries = LedgerEntry.objects.count()
    new = {**rule_form(north), "order": 5, "conduct": [], "lender": "bright loans"}
    page = text(desk.post(f"{RULES}rehearse/", new))
    assert "1 case would go elsewhere" in page
    assert "Of the newest 2 cases that you may see" in page
    assert "1 × South → North" in page
    assert moved.reference in page
    assert stays.reference not in page
    assert unseen.reference not in page
    assert (RoutingRule.objects.count(), LedgerEntry.objects.count()) == (1, entries)


def test_a_change_of_a_saved_rule_is_tried_without_saving_it(desk: Client, south: Team, north: Team) -> None:
    rule = a_rule(10, south)
    filed()
    changed = {**rule_form(south), "order": 10, "conduct": [], "language": "en"}
    page = text(desk.post(f"{RULES}{rule.pk}/rehearse/", changed))
    assert "1 × South → no rule takes it" in page
    rule.refresh_from_db()
    assert rule.language == ""
    assert "Try it over the last 1,000 cases" in text(desk.get(f"{RULES}{rule.pk}/change/"))


def test_who_sees_no_case_learns_nothing_by_trying_rules(administrator: StaffMember, south: Team) -> None:
    filed(lender="Bright Loans")
    page = text(cast.signed_in(administrator).post(f"{RULES}rehearse/", {**rule_form(south), "lender": "Bright"}))
    assert "You may edit rules but see no cases" in page
    assert "would go elsewhere" not in page
