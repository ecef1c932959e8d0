"""Choose a desk for a case, and say why: rule rows name the team, then load and language the investigator."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from evidence import ledger

from . import lifecycle
from .models import Case, Role, Routing, RoutingRule, StaffMember, Team

OFF_DUTY, FULL, LANGUAGE, LOAD, CHOSEN = "off_duty", "full", "language", "load", "chosen"  # why, in `candidates`


@dataclass(frozen=True)
class Candidate:
    """An investigator of the team, with the open cases they carry."""

    member: StaffMember
    load: int

    def available(self) -> bool:
        return self.member.on_duty and self.load < self.member.capacity

    def weight(self) -> tuple[Fraction, int, int]:
        """The lightest gets the case: load for the capacity, then load, then who came first to the office."""
        return Fraction(self.load, self.member.capacity), self.load, self.member.pk


def holds(rule: RoutingRule, case: Case) -> bool:
    """Whether every filled condition of the rule is true of the case. A rule without conditions takes all."""
    complaint = case.complaint
    organisations = (complaint.lender, complaint.platform, complaint.agency)
    wanted = rule.organisation.strip().casefold()
    return (
        (not rule.conduct or not set(rule.conduct).isdisjoint(complaint.conduct))
        and (rule.min_severity is None or case.severity >= rule.min_severity)
        and (not rule.language or rule.language == case.language)
        and (not wanted or any(wanted in name.casefold() for name in organisations))
    )


def first_rule(case: Case) -> RoutingRule | None:
    """The first active rule that holds, by order. None: the case waits, and supervisors see that it does."""
    rules = RoutingRule.objects.filter(active=True).select_related("team")
    return next((rule for rule in rules if holds(rule, case)), None)


def candidates(team: Team) -> list[Candidate]:
    """The team's active investigators with their load, in the order they came to the office."""
    carried = Count("cases", filter=~Q(cases__state=Case.State.CLOSED))
    members = team.members.filter(is_active=True, is_staff=True, role=Role.INVESTIGATOR).annotate(carried=carried)
    return [Candidate(member, member.carried) for member in members.order_by("pk")]


def choose(those: list[Candidate], language: str) -> Candidate | None:
    """On duty and with room; who has the case's language before who has not; then the lightest load."""
    available = [one for one in those if one.available()]
    fluent = [one for one in available if language in one.member.languages]
    return min(fluent or available, key=Candidate.weight, default=None)


@transaction.atomic
def route(case: Case) -> Routing | None:
    """Give a filed case its team and, where somebody is free, its investigator; record how it was decided.

    Idempotent: a case that is routed keeps its routing, which is returned. None when no active rule holds:
    the case stays filed, before the supervisors' eyes, until a rule takes it.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if case.state != Case.State.FILED:
        return case.routings.order_by("pk").last()
    rule = first_rule(case)
    return _send(case, rule) if rule else None


def _send(case: Case, rule: RoutingRule) -> Routing:
    those = candidates(rule.team)
    chosen = choose(those, case.language)
    member = chosen.member if chosen else None
    routing = Routing(
        case=case,
        rule=rule,
        rule_version=rule.version,
        team=rule.team,
        investigator=member,
        candidates=_weighed(those, chosen, case.language),
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


def _weighed(those: list[Candidate], chosen: Candidate | None, language: str) -> list[dict[str, Any]]:
    """The candidates as they are kept, each with a code that says why it was or was not them."""
    chosen_speaks = chosen is not None and language in chosen.member.languages

    def why(one: Candidate) -> str:
        if one is chosen:
            return CHOSEN
        if not one.available():
            return FULL if one.member.on_duty else OFF_DUTY
        return LANGUAGE if chosen_speaks and language not in one.member.languages else LOAD

    return [
        {
            "uid": str(one.member.uid),
            "load": one.load,
            "capacity": one.member.capacity,
            "eligible": one.available(),
            "speaks": language in one.member.languages,
            "why": why(one),
        }
        for one in those
    ]


def explain(routing: Routing) -> str:
    """Why the case went where it went, in the reader's language: codes, names of rules and teams, no people."""
    return f"{explain_team(routing)} {explain_investigator(routing)}"


def explain_team(routing: Routing) -> str:
    """The team by the rule that named it; without the rule where it reads differently today."""
    rule = routing.rule
    if rule is None or rule.version != routing.rule_version:
        return _("Routed to %(team)s.") % {"team": routing.team}
    words = {"team": routing.team, "order": rule.order, "name": rule.name}
    return _("Routed to %(team)s: rule %(order)s, %(name)s.") % words


def explain_investigator(routing: Routing) -> str:
    chosen = next((one for one in routing.candidates if one["why"] == CHOSEN), None)
    if chosen is None:
        return _("Nobody of the team is on duty with room for another case: it waits in the team's queue.")
    words = {"load": chosen["load"], "capacity": chosen["capacity"]}
    if chosen["speaks"]:
        return (
            _("The investigator has the borrower's language and the least load (%(load)s of %(capacity)s).")
            % words
        )
    return _("Nobody free has the borrower's language; least load (%(load)s of %(capacity)s).") % words
