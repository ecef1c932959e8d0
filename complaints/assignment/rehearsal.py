"""What a routing rule would change, tried over filed cases before it is saved. Nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass

from complaints.models import Case, RoutingRule

from .conditions import Facts, facts_of, failing

MOST = 1000  # cases, the newest first


@dataclass(frozen=True)
class Elsewhere:
    """A case that would go to another team. An empty name: no rule takes it."""

    case: Case
    now: str
    then: str


@dataclass(frozen=True)
class Rehearsal:
    """`looked_at`: number of cases; `taken`: how many of them the rule decides."""

    looked_at: int
    taken: int
    elsewhere: list[Elsewhere]


def over(cases: Iterable[Case], rule: RoutingRule) -> Rehearsal:
    """Try the rule, saved or not, as if it were active. Compared with the active rules as they are now, by the
    facts that a case has today."""
    today = list(RoutingRule.objects.filter(active=True).select_related("team"))
    others = [one for one in today if one.pk != rule.pk]
    with_it = sorted([*others, rule], key=lambda one: one.order)
    looked_at, taken, elsewhere = 0, 0, []
    for case in cases:
        facts = facts_of(case)
        now, then = _first(facts, today), _first(facts, with_it)
        looked_at, taken = looked_at + 1, taken + (then is rule)
        was, will_be = _team(now), _team(then)
        if was != will_be:
            elsewhere.append(Elsewhere(case, was, will_be))
    return Rehearsal(looked_at, taken, elsewhere)


def _first(facts: Facts, rules: list[RoutingRule]) -> RoutingRule | None:
    return next((rule for rule in rules if not any(failing(rule, facts))), None)


def _team(rule: RoutingRule | None) -> str:
    return str(rule.team) if rule else ""
