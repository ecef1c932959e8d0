"""How a case is routed and what is recorded of it. Which desk gets which case is in routing.csv."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from complaints.assignment import routing
from complaints.cases import lifecycle
from complaints.models import Case, Role, Routing, RoutingRule, StaffMember, Team
from evidence import ledger
from tests.support import cast, routing_office
from tests.support.at_once import fails
from tests.support.routing_office import a_rule, carries, filed, is_away


@pytest.fixture
def office(db: None) -> dict[str, StaffMember]:
    return routing_office.people()


def test_a_routed_case_has_its_team_its_investigator_and_one_entry(office: dict[str, StaffMember]) -> None:
    case = filed(conduct=["C01"])
    made = routing.route(case)
    case.refresh_from_db()
    assert (case.state, case.team, case.assignee) == ("routed", made.team, office["lin"])  # type: ignore[union-attr]
    entry = ledger.content_of(ledger.history(case.thread)[-1])
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


def test_a_case_that_cannot_take_its_step_keeps_no_routing(
    office: dict[str, StaffMember], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = filed()
    monkeypatch.setattr(lifecycle, "advance", fails)
    with pytest.raises(OSError, match="it fails"):
        routing.route(case)
    assert not Routing.objects.exists()


def test_a_case_that_no_rule_takes_stays_filed_until_one_does(south: Team) -> None:
    case = filed()
    a_rule(1, south, organisation="somebody else")
    assert routing.route(case) is None
    case.refresh_from_db()
    assert (case.state, case.team) == ("filed", None)
    a_rule(2, south)
    assert routing.route(case) is not None


def test_a_rule_takes_a_name_however_the_two_are_written(south: Team) -> None:
    a_rule(1, south, organisation="Bright–Loans・Ltd")
    assert routing.route(filed(lender="ＢＲＩＧＨＴ  loans\u200b ltd.")) is not None
    assert routing.route(filed(lender="Brighter Loans")) is None


def test_a_rule_knows_an_organisation_in_simplified_and_traditional_characters(south: Team) -> None:
    a_rule(1, south, organisation="遠東金融")
    assert routing.route(filed(lender="远东金融有限公司")) is not None


def test_a_rule_of_signs_alone_takes_no_other_case(south: Team) -> None:
    a_rule(1, south, organisation="***")
    assert routing.route(filed(lender="Bright Loans")) is None


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


def test_a_closed_case_is_no_load(south: Team) -> None:
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
    is_away(office["chen"])
    made = routing.route(filed(conduct=["C01"]))
    assert made is not None
    why = {one["uid"]: one["why"] for one in made.candidates}
    assert [why[str(office[name].uid)] for name in ("lin", "chen", "smith")] == ["chosen", "absent", "language"]


def test_of_a_language_that_the_chosen_one_has_not_either_it_is_not_said_that_others_lack_it(south: Team) -> None:
    free = cast.staff("free", Role.INVESTIGATOR, south, languages=["zh-hans"])
    busy = cast.staff("busy", Role.INVESTIGATOR, south, languages=["zh-hans"])
    carries(busy, 1)
    a_rule(1, south)
    made = routing.route(filed(language="en"))
    assert made is not None
    why = {one["uid"]: one["why"] for one in made.candidates}
    assert [why[str(member.uid)] for member in (free, busy)] == ["chosen", "load"]


def test_of_two_who_carry_as_much_it_is_not_said_that_one_carries_more(south: Team) -> None:
    names = ("first", "later", "large")
    first, later, large = (cast.staff(name, Role.INVESTIGATOR, south, capacity=10) for name in names)
    StaffMember.objects.filter(pk=large.pk).update(capacity=20)
    for member, cases in ((first, 1), (later, 1), (large, 2)):
        carries(member, cases)
    a_rule(1, south)
    made = routing.route(filed())
    assert made is not None
    why = {one["uid"]: one["why"] for one in made.candidates}
    assert [why[str(member.uid)] for member in (first, later, large)] == ["chosen", "equal", "more"]


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


def test_somebody_with_no_capacity_at_all_gets_nothing(south: Team) -> None:
    cast.staff("member", Role.INVESTIGATOR, south, capacity=0)
    a_rule(1, south)
    assert routing.route(filed()).investigator is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("today", "begins", "until", "away"),
    [
        (date(2026, 3, 6), date(2026, 3, 6), date(2026, 3, 6), True),  # a Friday
        (date(2026, 3, 6), date(2026, 3, 1), None, True),
        (date(2026, 3, 6), date(2026, 3, 7), None, False),
        (date(2026, 3, 6), date(2026, 3, 1), date(2026, 3, 5), False),
        (date(2026, 3, 7), date(2026, 3, 5), date(2026, 3, 8), False),  # Saturday: back on Monday
        (date(2026, 3, 7), date(2026, 3, 9), date(2026, 3, 9), True),  # Saturday: away on Monday
        (date(2026, 2, 28), date(2026, 2, 28), date(2026, 2, 28), True),  # a Saturday that China works
        (date(2026, 10, 1), date(2026, 9, 28), date(2026, 10, 7), False),  # back when the holiday is over
        (date(2026, 10, 1), date(2026, 10, 8), date(2026, 10, 8), True),
    ],
)
def test_who_is_away_on_the_next_working_day_is_away(
    today: date, begins: date, until: date | None, away: bool, south: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = cast.staff("member", Role.INVESTIGATOR, south)
    south.country, south.zone = "CN", "Asia/Shanghai"
    is_away(member, begins=begins, until=until)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda value=None, timezone=None: today)
    assert (member.pk in routing.away_from(south)) is away


def test_routing_costs_the_same_number_of_statements_however_big_the_office(south: Team) -> None:
    a_rule(1, south)
    cast.staff("first", Role.INVESTIGATOR, south)
    small = statements_of(filed())
    for number in range(12):
        carries(cast.staff(f"member{number}", Role.INVESTIGATOR, south), 1)
        a_rule(number + 2, south)
    assert statements_of(filed()) == small


def statements_of(case: Case) -> int:
    with CaptureQueriesContext(connection) as seen:
        routing.route(case)
    return len(seen)
