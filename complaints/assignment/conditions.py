"""The conditions of routing rules, and whether a case meets them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from complaints.models import Case
from complaints.reference import folding
from complaints.reference.choices import ORGANISATIONS

CONDITIONS: dict[str, Promise] = {
    "severity": gettext_lazy("severity"),
    "conduct": gettext_lazy("kinds of conduct"),
    "region": gettext_lazy("where the borrower lives"),
    "language": gettext_lazy("language"),
    "lender": gettext_lazy("lender"),
    "platform": gettext_lazy("platform"),
    "agency": gettext_lazy("collection agency"),
    "organisation": gettext_lazy("any of the organisations"),
}


# columns of a rule that routing reads
COLUMNS = (
    *("pk", "order", "name", "team__name", "conduct", "min_severity", "region", "language", "organisation"),
    *ORGANISATIONS,
)


@dataclass(frozen=True)
class Facts:
    """The facts of a case that rules test; of a filed case, or made up for a dry run."""

    severity: int
    conduct: frozenset[str] = frozenset()
    language: str = ""
    region: str = ""
    lender: str = ""
    platform: str = ""
    agency: str = ""

    @property
    def organisations(self) -> tuple[str, ...]:
        return tuple(getattr(self, name) for name in ORGANISATIONS)


def facts_of(case: Case) -> Facts:
    complaint = case.complaint
    return Facts(
        severity=case.severity,
        conduct=frozenset(complaint.conduct),
        language=case.language,
        region=complaint.region,
        **{name: getattr(complaint, name) for name in ORGANISATIONS},
    )


def failing(rule: Any, facts: Facts) -> Iterator[str]:
    """The names of the rule's conditions that these facts do not meet. A rule without conditions takes every
    case."""
    if rule.min_severity is not None and facts.severity < rule.min_severity:
        yield "severity"
    if rule.conduct and facts.conduct.isdisjoint(rule.conduct):
        yield "conduct"
    if rule.region and facts.region not in rule.region:
        yield "region"
    if rule.language and facts.language != rule.language:
        yield "language"
    for name in ORGANISATIONS:
        wanted = getattr(rule, name)
        if wanted and not _is_in(wanted, (getattr(facts, name),)):
            yield name
    if rule.organisation and not _is_in(rule.organisation, facts.organisations):
        yield "organisation"


def _is_in(wanted: str, names: tuple[str, ...]) -> bool:
    """Whether one of the names contains `wanted`, in any spelling (`complaints.reference.folding`)."""
    seek = _folded(wanted)
    return not seek or any(seek in _folded(name) for name in names)


_folded = lru_cache(maxsize=4096)(folding.folded)
