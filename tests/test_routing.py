"""Which desk gets a case, and why. The table of cases and desks is routing.csv, for reading without Python."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from complaints import routing
from complaints.conduct import Severity
from complaints.models import Case, Role, Routing, RoutingRule, StaffMember, Team
from evidence import ledger
from tests import cast

TABLE = list(csv.DictReader((Path(__file__).parent / "routing.csv").read_text("utf-8").splitlines()))


def a_rule(order: int, team: Team, **conditions: Any) -> RoutingRule:
    return RoutingRule.objects.create(order=order, name=f"rule {order}", team=team, **conditions)


def filed(**story: Any) -> Case:
    """A complaint as the borrower filed it, without files."""
    language, lender = story.pop("language", "zh-hans"), story.pop("lender", "Example Finance")
    conduct = {"conduct": story.pop("conduct", ["C06"])}
    told = {"conduct": conduct, "story": story, "parties": {"lender": lender}}
    return cast.file_a_complaint(language=language, files=[], **told).case


def carries(member: StaffMember, cases: int) -> None:
    """Give somebody open cases, without the road by which they came."""
    team = member.teams.get()
    for _ in range(cases):
        case = filed()
        Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED, team=team, assignee=member)


@pytest.fixture
def office(south: Team, north: Team) -> dict[str, StaffMember]:
    """The office of routing.csv: three people in South, one in North, and its rules."""
    people = {
        "lin": cast.staff("lin", Role.INVESTIGATOR, south, capacity=10, languages=["zh-hans"]),
        "chen": cast.staff("chen", Role.INVESTIGATOR, south, capacity=20, languages=["zh-hans"]),
        "smith": cast.staff("smith", Role.INVESTIGATOR, south, capacity=10, languages=["en"]),
        "zhao": cast.staff("zhao", Role.INVESTIGATOR, north, capacity=10, languages=["zh-hans"]),
    }
    carries(people["lin"], 1)
    carries(people["chen"], 4)
    a_rule(1, south, min_severity=Severity.URGENT)
    a_rule(2, north, conduct=["C04", "C09"], organisation="bright loans")
    a_rule(3, south, language="en")
    a_rule(4, north)
    a_rule(5, south, organisation="Switched Off", active=False)
    return people


@pytest.mark.parametrize("row", TABLE, ids=[row["the case"] for row in TABLE])
def test_the_table_of_cases_and_desks(row: dict[str, str], office: dict[str, StaffMember]) -> None:
    StaffMember.objects.filter(username__in=row["who is away"].split()).update(on_duty=False)
    StaffMember.objects.filter(username__in=row["who is full"].split()).update(capacity=0)
    case = filed(conduct=row["conduct"].split(), language=row["language"], lender=row["organisation"])

    made = routing.route(case)

    assert made is not None
    assert made.rule is not None
    assert str(made.rule.order) == row["goes by rule"]
    assert made.team.name == row["to team"]
    assert (made.investigator.username if made.investigator else "") == row["to investigator"]
    assert row["because"] in made.reason


def test_a_routed_case_has_its_team_its_investigator_and_one_entry(office: dict[str, StaffMember]) -> None:
    case = filed(conduct=["C01"])
    made = routing.route(case)
    case.refresh_from_db()
    assert (case.state, case.team, case.assignee) == ("routed", made.team, office["lin"])  # type: ignore[union-attr]
    entry = ledger.opened(ledger.history(case.thread)[-1])
    assert (entry["kind"], entry["by"]) == ("case.routed", {"role": "system"})
    assert entry["data"] == {
        "rule": made.rule_id,  # type: ignore[union-attr]
        "rule_version": 1,
        "team": case.team_id,
        "investigator": str(office["lin"].uid),
    }


def test_routing_again_changes_nothing(office: dict[str, StaffMember]) -> None:
    case = filed()
    first = routing.route(case)
    RoutingRule.objects.update(active=False)
    entries = len(ledger.history(case.thread))
    assert routing.route(case) == first
    assert len(ledger.history(case.thread)) == entries
    assert Routing.objects.count() == 1


def test_a_case_that_no_rule_takes_stays_filed_until_one_does(south: Team) -> None:
    case = filed()
    a_rule(1, south, organisation="somebody else")
    assert routing.route(case) is None
    case.refresh_from_db()
    assert (case.state, case.team) == ("filed", None)
    a_rule(2, south)
    assert routing.route(case) is not None


def test_among_equals_the_longest_serving_gets_the_case(south: Team) -> None:
    first = cast.staff("b.first", Role.INVESTIGATOR, south)
    cast.staff("a.second", Role.INVESTIGATOR, south)
    a_rule(1, south)
    assert routing.route(filed()).investigator == first  # type: ignore[union-attr]


def test_load_is_weighed_against_capacity(south: Team) -> None:
    part_time = cast.staff("part.time", Role.INVESTIGATOR, south, capacity=2)
    full_time = cast.staff("full.time", Role.INVESTIGATOR, south, capacity=40)
    carries(part_time, 1)
    carries(full_time, 3)
    a_rule(1, south)
    assert routing.route(filed()).investigator == full_time  # type: ignore[union-attr]


def test_a_closed_case_weighs_nothing(south: Team) -> None:
    member = cast.staff("member", Role.INVESTIGATOR, south, capacity=1)
    carries(member, 1)
    Case.objects.update(state=Case.State.CLOSED, closed_at="2026-01-01T00:00:00Z")
    a_rule(1, south)
    assert routing.route(filed()).investigator == member  # type: ignore[union-attr]


@pytest.mark.parametrize("field", [{"is_active": False}, {"is_staff": False}, {"role": Role.SUPERVISOR}])
def test_only_active_investigators_get_cases(field: dict[str, Any], south: Team) -> None:
    member = cast.staff("member", Role.INVESTIGATOR, south)
    StaffMember.objects.filter(pk=member.pk).update(**field)
    a_rule(1, south)
    made = routing.route(filed())
    assert made is not None
    assert (made.investigator, made.candidates) == (None, [])


def test_the_candidates_are_recorded_with_the_reason_why_not_them(office: dict[str, StaffMember]) -> None:
    StaffMember.objects.filter(username="chen").update(on_duty=False)
    made = routing.route(filed(conduct=["C01"]))
    assert made is not None
    why = {one["uid"]: one["why"] for one in made.candidates}
    assert [why[str(office[name].uid)] for name in ("lin", "chen", "smith")] == ["chosen", "off_duty", "language"]


def test_the_reason_is_kept_in_english_and_names_nobody(office: dict[str, StaffMember]) -> None:
    StaffMember.objects.filter(username="lin").update(first_name="Linlin")
    with translation.override("zh-hans"):
        made = routing.route(filed(conduct=["C01"]))
    assert made is not None
    assert made.reason.startswith("Routed to South: rule 1, rule 1.")
    assert "lin" not in made.reason.lower().replace("language", "")


def test_a_rule_that_changed_since_is_not_quoted(office: dict[str, StaffMember]) -> None:
    made = routing.route(filed(conduct=["C01"]))
    assert made is not None
    RoutingRule.objects.filter(order=1).update(version=2, name="something else")
    again = Routing.objects.get(pk=made.pk)
    assert routing.explain_team(again) == "Routed to South."
