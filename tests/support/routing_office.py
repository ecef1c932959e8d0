"""The office of routing.csv: its people, their cases and its rules; and cases described in that table's words."""

import csv
from pathlib import Path
from typing import Any

from django.utils import timezone

from complaints.assignment import declarations
from complaints.models import Absence, Case, Declaration, Role, RoutingRule, StaffMember, Team
from complaints.reference import regions
from complaints.reference.conduct import Severity

from . import cast

LINES = (Path(__file__).parent / "routing.csv").read_text("utf-8").splitlines()
TABLE = list(csv.DictReader(line for line in LINES if not line.startswith("#")))
LANGUAGES = {"Chinese": "zh-hans", "English": "en"}
REGIONS = {english: code for code, (english, _chinese) in regions.NAMES.items()}


def a_rule(order: int, team: Team, **conditions: Any) -> RoutingRule:
    return RoutingRule.objects.create(order=order, name=f"rule {order}", team=team, **conditions)


def filed(**told: Any) -> Case:
    """A filed complaint without files."""
    told = {"language": "zh-hans", "conduct": ["C06"], "lender": "Example Finance", "region": "", **told}
    parties = {name: told.get(name, "") for name in ("lender", "platform", "agency")}
    answers = {
        "who": {"relation": "debtor", "acting_for": "", "region": told["region"]},
        "parties": {**parties, "agency_unknown": not parties["agency"]},
        "conduct": {"conduct": told["conduct"]},
    }
    return cast.file_a_complaint(language=told["language"], files=[], **answers).case


def carries(member: StaffMember, cases: int) -> list[Case]:
    """Assign open cases to somebody, without taking them through the steps."""
    team, given = member.teams.get(), [filed(lender="Somebody else") for _ in range(cases)]
    for case in given:
        Case.objects.filter(pk=case.pk).update(state=Case.State.ROUTED, team=team, assignee=member)
        case.refresh_from_db()
    return given


def is_away(member: StaffMember, **days: Any) -> Absence:
    return Absence.objects.create(member=member, **{"begins": timezone.localdate(), **days})


def has_to_do_with(
    member: StaffMember, name: str, kind: str = Declaration.Kind.ORGANISATION, *, by: StaffMember | None = None
) -> Declaration:
    return declarations.declare(member, by=by or member, kind=kind, name=name, reason="a relative works there")


def people() -> dict[str, StaffMember]:
    south, north, coast = (cast.a_team(name) for name in ("South", "North", "Coast"))
    found = {
        "lin": cast.staff("lin", Role.INVESTIGATOR, south, capacity=10, languages=["zh-hans"]),
        "chen": cast.staff("chen", Role.INVESTIGATOR, south, capacity=20, languages=["zh-hans"]),
        "smith": cast.staff("smith", Role.INVESTIGATOR, south, capacity=10, languages=["en"]),
        "zhao": cast.staff("zhao", Role.INVESTIGATOR, north, capacity=10, languages=["zh-hans"]),
    }
    carries(found["lin"], 1)
    carries(found["chen"], 4)
    a_rule(1, south, min_severity=Severity.URGENT)
    a_rule(2, north, conduct=["C04", "C09"], organisation="bright loans")
    a_rule(3, coast, lender="harbour bank")
    a_rule(4, south, platform="quick cash")
    a_rule(5, south, agency="iron hand")
    a_rule(6, south, min_severity=Severity.HIGH, region=[REGIONS["Zhejiang"], REGIONS["California"]])
    a_rule(7, south, language="en")
    a_rule(8, south, organisation="Switched Off", active=False)
    a_rule(9, north, language="zh-hans")
    return found


def pairs(cell: str) -> list[tuple[str, str]]:
    """“lin: is away; chen: is away” as pairs."""
    halves = (one.partition(":") for one in filter(None, cell.split(";")))
    return [(name.strip(), rest.strip()) for name, _colon, rest in halves]
