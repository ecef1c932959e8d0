"""routing.csv: cases and the desks they must go to, for reading without Python. Each line is filed and routed, and
before that tried, and the dry run must have said the same."""

import pytest

from complaints.assignment import conditions, routing
from complaints.models import Case, Routing, RoutingRule, StaffMember
from evidence.models import LedgerEntry
from tests.support import routing_office
from tests.support.routing_office import LANGUAGES, REGIONS, TABLE, filed, has_to_do_with, is_away, pairs


@pytest.fixture
def office(db: None) -> dict[str, StaffMember]:
    return routing_office.people()


def arranged(row: dict[str, str], office: dict[str, StaffMember]) -> Case:
    """The office and the case as the line says."""
    for name in row["who is away"].split():
        is_away(office[name])
    StaffMember.objects.filter(username__in=row["who is full"].split()).update(capacity=0)
    for name, organisation in pairs(row["has a conflict with"]):
        has_to_do_with(office[name], organisation)
    return filed(
        conduct=row["what they did"].split(),
        language=LANGUAGES[row["language"]],
        region=REGIONS.get(row["lives in"], ""),
        **{name: row[name] for name in ("lender", "platform", "agency")},
    )


@pytest.mark.long
@pytest.mark.parametrize("row", TABLE, ids=[row["the case"] for row in TABLE])
def test_each_case_of_the_table_goes_to_the_desk_that_the_table_names(
    row: dict[str, str], office: dict[str, StaffMember]
) -> None:
    case = arranged(row, office)
    planned = routing.plan(case)

    made = routing.route(case)

    assert made is not None
    assert made.rule is not None
    assert (str(made.rule.order), made.team.name) == (row["goes by rule"], row["to team"])
    assert (made.investigator.username if made.investigator else "") == row["to investigator"]
    assert row["because"] in made.reason
    why = {str(office[name].uid): reason for name, reason in pairs(row["why not"])}
    told = {one["uid"]: str(routing.WHY[one["why"]]).replace("’", "'") for one in made.candidates}
    assert {uid: told[uid] for uid in why} == why
    assert planned.rule == made.rule
    assert (planned.chosen.member if planned.chosen else None) == made.investigator


@pytest.mark.parametrize("row", TABLE[::4], ids=[row["the case"] for row in TABLE[::4]])
def test_a_made_up_case_goes_where_a_real_one_went(row: dict[str, str], office: dict[str, StaffMember]) -> None:
    case = arranged(row, office)
    entries, routings = LedgerEntry.objects.count(), Routing.objects.count()
    made_up = routing.plan_made_up(conditions.facts_of(case))
    real = routing.plan(case)
    assert (made_up.rule, [code for _one, code in made_up.why()]) == (
        real.rule,
        [code for _one, code in real.why()],
    )
    assert (LedgerEntry.objects.count(), Routing.objects.count()) == (entries, routings)


def test_the_table_covers_every_condition_and_every_reason() -> None:
    elsewhere = ("chosen", "barred", "more", "equal")
    reasons = {reason for row in TABLE for _name, reason in pairs(row["why not"])}
    told = {str(routing.WHY[code]).replace("’", "'") for code in routing.WHY if code not in elsewhere}
    assert reasons == told
    assert {row["goes by rule"] for row in TABLE} == set("12345679"), "all but the one that is switched off"


def test_a_case_that_no_rule_takes_waits(office: dict[str, StaffMember]) -> None:
    RoutingRule.objects.filter(order__gte=7).delete()
    case = filed(language="en")
    planned = routing.plan(case)
    assert (planned.rule, len(planned.tried)) == (None, 6)
    assert routing.route(case) is None
    case.refresh_from_db()
    assert case.state == Case.State.FILED
