"""Routing: rules choose the team of a case, and load and languages its investigator, with the reasons.

`plan()` decides and writes nothing. The dry run shows its plan, and `route()` carries it out, so both agree.
"""

from collections.abc import Container
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.assignment.conditions import COLUMNS, Facts, facts_of, failing
from complaints.cases import lifecycle
from complaints.models import Absence, Case, Role, Routing, RoutingRule, StaffMember, Team
from complaints.reference import workdays
from complaints.staff import conflicts
from evidence import ledger

# Why a member got a case or not, in `Routing.candidates`. The first four rule them out.
CONFLICT, BARRED, ABSENT, FULL = "conflict", "barred", "absent", "full"
LANGUAGE, LOAD, MORE, EQUAL, CHOSEN = "language", "load", "more", "equal", "chosen"
WHY: dict[str, Promise] = {
    CONFLICT: gettext_lazy("has a conflict of interest"),
    BARRED: gettext_lazy("decided or answered this case before"),
    ABSENT: gettext_lazy("is away"),
    "off_duty": gettext_lazy("is away"),  # in older routings
    FULL: gettext_lazy("has no room for another case"),
    LANGUAGE: gettext_lazy("does not have the borrower’s language"),
    LOAD: gettext_lazy("carries more for their capacity"),
    MORE: gettext_lazy("carries as much for their capacity, and more cases"),
    EQUAL: gettext_lazy("carries as much, and joined later"),
    CHOSEN: gettext_lazy("gets the case"),
}


@dataclass(frozen=True)
class Candidate:
    """An investigator of the team, their number of open cases, and what rules them out; an empty string if
    nothing."""

    member: StaffMember
    load: int
    hindrance: str = ""

    def weight(self) -> tuple[Fraction, int, int]:
        """The sort key: load by capacity, then load, then key. The smallest gets the case."""
        return Fraction(self.load, self.member.capacity or 1), self.load, self.member.pk


@dataclass(frozen=True)
class Tried:
    """A rule that was tested against these facts. `rule` has its COLUMNS only, because there may be hundreds."""

    rule: Any
    facts: Facts

    @property
    def failed(self) -> list[str]:
        """The conditions that were not met; none if this rule decided."""
        return list(failing(self.rule, self.facts))


@dataclass(frozen=True)
class Plan:
    """Where a case would go. `rule` is None if no rule fits; `chosen` is None if nobody can take the case."""

    language: str
    tried: list[Tried]
    rule: RoutingRule | None = None
    weighed: list[Candidate] = field(default_factory=list)
    chosen: Candidate | None = None

    def why(self) -> list[tuple[Candidate, str]]:
        """Each candidate with a code of WHY that says why they get the case or not."""
        return [(one, why(one, self.chosen, self.language)) for one in self.weighed]


def first_rule(case: Case) -> RoutingRule | None:
    """The first active rule that fits the case, by order; None if none fits: then the case waits."""
    return _first(facts_of(case))[1]


def _first(facts: Facts) -> tuple[list[Tried], RoutingRule | None]:
    tried = []
    for rule in RoutingRule.objects.filter(active=True).values_list(*COLUMNS, named=True):
        tried.append(Tried(rule, facts))
        if not any(failing(rule, facts)):
            return tried, RoutingRule.objects.select_related("team").get(pk=rule.pk)
    return tried, None


def plan(case: Case) -> Plan:
    """Where the case would go now."""
    tried, rule = _first(facts_of(case))
    if rule is None:
        return Plan(case.language, tried)
    weighed = candidates(rule.team, case)
    return Plan(case.language, tried, rule, weighed, choose(weighed, case.language))


def plan_made_up(facts: Facts) -> Plan:
    """Where a made-up case with these facts would go. It has no names of a borrower or collectors."""
    tried, rule = _first(facts)
    if rule is None:
        return Plan(facts.language, tried)
    kept_out = conflicts.members_named(conflicts.named_organisations(facts.organisations))
    weighed = weigh(rule.team, conflicted=kept_out)
    return Plan(facts.language, tried, rule, weighed, choose(weighed, facts.language))


def candidates(team: Team, case: Case) -> list[Candidate]:
    """The team's active investigators as candidates for this case, ordered by key."""
    barred = set(case.reviews.values_list("barred", flat=True))
    return weigh(team, conflicted=conflicts.members_of(case), barred=barred)


def weigh(team: Team, *, conflicted: Container[int] = (), barred: Container[int] = ()) -> list[Candidate]:
    """The team's candidates for any case, by four SQL statements. `conflicted` and `barred` are keys of
    members."""
    members = team.members.filter(is_active=True, is_staff=True, role=Role.INVESTIGATOR)
    theirs = Case.objects.open().filter(assignee__in=members.values("pk")).order_by()
    loads = dict(theirs.values("assignee").annotate(n=Count("pk")).values_list("assignee", "n"))
    away = away_from(team)
    found = []
    for member in members.order_by("pk"):
        hindrances = {
            CONFLICT: member.pk in conflicted,
            BARRED: member.pk in barred,
            ABSENT: member.pk in away,
            FULL: loads.get(member.pk, 0) >= member.capacity,
        }
        hindrance = next((why for why, so in hindrances.items() if so), "")
        found.append(Candidate(member, loads.get(member.pk, 0), hindrance))
    return found


def away_from(team: Team) -> set[int]:
    """Keys of the members who are away today, or on the next working day if the team does not work today."""
    today = timezone.localdate(timezone=team.calendar.tzinfo)
    day = workdays.working_day(team.calendar, today)
    return set(Absence.objects.on(day).filter(member__teams=team).values_list("member", flat=True))


def choose(those: list[Candidate], language: str) -> Candidate | None:
    """The candidate with the least weight, of those not ruled out; those with the language come first."""
    available = [one for one in those if not one.hindrance]
    fluent = [one for one in available if language in one.member.languages]
    return min(fluent or available, key=Candidate.weight, default=None)


def why(one: Candidate, chosen: Candidate | None, language: str) -> str:
    """A code of WHY that says why this candidate gets the case or not."""
    if one is chosen:
        return CHOSEN
    if one.hindrance:
        return one.hindrance
    if chosen is None:
        return LOAD
    if language in chosen.member.languages and language not in one.member.languages:
        return LANGUAGE
    (by_capacity, load, _pk), (its_own, its_load, _its_pk) = chosen.weight(), one.weight()
    return LOAD if its_own > by_capacity else MORE if its_load > load else EQUAL


@transaction.atomic
def route(case: Case) -> Routing | None:
    """Assign a filed case to its team and, if somebody is free, to an investigator, and record why.

    Idempotent: if the case is routed already, returns its routing. Returns None if no active rule fits: the case
    stays filed, and supervisors see it waiting.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state != Case.State.FILED:
        return case.routings.order_by("pk").last()
    conflicts.record_for_case(case)  # one may have been declared while the case was filed
    planned = plan(case)
    return _send(case, planned, planned.rule) if planned.rule else None


def _send(case: Case, planned: Plan, rule: RoutingRule) -> Routing:
    member = planned.chosen.member if planned.chosen else None
    routing = Routing(
        case=case,
        rule=rule,
        rule_version=rule.version,
        team=rule.team,
        investigator=member,
        candidates=_weighed(planned),
        made_at=timezone.now(),
    )
    with translation.override("en"):
        routing.reason = explain(routing)[:500]
    routing.save()
    lifecycle.advance(
        case,
        "route",
        by=ledger.SYSTEM,
        data={
            "rule": rule.pk,
            "rule_version": rule.version,
            "team": rule.team_id,
            "investigator": str(member.uid) if member else None,
        },
        changes={"team": rule.team, "assignee": member},
    )
    return routing


def _weighed(planned: Plan) -> list[dict[str, Any]]:
    """The candidates for `Routing.candidates`, each with its code of WHY."""
    return [
        {
            "uid": str(one.member.uid),
            "load": one.load,
            "capacity": one.member.capacity,
            "eligible": not one.hindrance,
            "speaks": planned.language in one.member.languages,
            "why": code,
        }
        for one, code in planned.why()
    ]


def explain(routing: Routing) -> str:
    """The reasons of the routing in the active language. They name rules and teams, but no people."""
    return f"{explain_team(routing)} {explain_investigator(routing)}"


def explain_team(routing: Routing) -> str:
    """The team and its rule; only the team if the rule has changed since."""
    rule = routing.rule
    if rule is None or rule.version != routing.rule_version:
        return _("Routed to %(team)s.") % {"team": routing.team}
    words = {"team": routing.team, "order": rule.order, "name": rule.name}
    return _("Routed to %(team)s: rule %(order)s, %(name)s.") % words


def explain_investigator(routing: Routing) -> str:
    chosen = next((one for one in routing.candidates if one["why"] == CHOSEN), None)
    if chosen is None:
        return _("Nobody of the team can take another case now: it waits in the team's queue.")
    words = {"load": chosen["load"], "capacity": chosen["capacity"]}
    if chosen["speaks"]:
        return (
            _("The investigator has the borrower's language and the least load (%(load)s of %(capacity)s).")
            % words
        )
    return _("Nobody free has the borrower's language; least load (%(load)s of %(capacity)s).") % words
