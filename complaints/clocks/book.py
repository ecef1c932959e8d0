"""The rules of clocks: how long things may take in each country, read from `clocks.toml` or the file in CLOCKS.

Ledger entries start, end, stop, pause and resume clocks; a rule names their kinds. `clocks.toml` explains its
format.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from complaints.clocks.limits import TimeLimit
from complaints.models import event_kinds
from complaints.reference import workdays
from complaints.reference.bilingual import Bilingual
from complaints.reference.conduct import Severity
from complaints.reference.workdays import Calendar
from evidence import ledger
from evidence.models import LedgerEntry, LedgerHead

SHIPPED = Path(__file__).with_name("clocks.toml")
EVERYWHERE = "*"
UNITS = ("hours", "working_days", "days", "months")
FORCES = ("law", "dept_rule", "practice", "own")
CONFIDENCES = ("official", "secondary", "excerpt", "unconfirmed", "own")
KIND, THREAD = event_kinds.CLOCKS_CHANGED, "portal"


class Unusable(Exception):
    """The file of clocks cannot be used. The message is a sentence for the operator."""


@dataclass(frozen=True)
class ExtensionRule:
    """How far a clock can be extended, counted from its start. `name` is the category, `borrower_text` its
    explanation for the borrower."""

    name: str
    limit: TimeLimit
    approver: str  # the role that decides
    label: Bilingual
    borrower_text: Bilingual


@dataclass(frozen=True)
class Rule:
    """One clock of the file."""

    id: str
    name: str
    jurisdiction: str
    label: Bilingual
    limits: Mapping[str, TimeLimit]  # name of a severity -> limit
    starts: tuple[str, ...]
    ends: tuple[str, ...]
    stops: tuple[str, ...]
    pauses: tuple[str, ...]
    resumes: tuple[str, ...]
    extensions: tuple[ExtensionRule, ...]
    warn_hours: tuple[int, ...]
    whose: str
    force: str
    citation: str
    pause_citation: str
    source: str
    confidence: str

    def limit(self, severity: int = Severity.NORMAL) -> TimeLimit:
        return self.limits[Severity(severity).name.lower()]

    def wakes(self, due: datetime, after: datetime) -> datetime | None:
        """The time of the next warning or escalation after `after`; None if there is none."""
        if self.whose != "office":
            return None
        moments = [*(due - timedelta(hours=hours) for hours in self.warn_hours), due]
        return min((moment for moment in moments if moment > after), default=None)

    @property
    def events(self) -> tuple[str, ...]:
        return (*self.starts, *self.ends, *self.stops, *self.pauses, *self.resumes)


@dataclass(frozen=True)
class Information:
    """A deadline of law that the portal shows and does not enforce."""

    id: str
    jurisdiction: str
    label: Bilingual
    limit: TimeLimit
    citation: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Book:
    """The clocks of one country, in one version of the file."""

    version: int
    sha256: str
    is_confirmed: bool
    rules: tuple[Rule, ...]
    information: tuple[Information, ...]

    @cached_property
    def events(self) -> frozenset[str]:
        """The events that change any clock."""
        return frozenset(event for rule in self.rules for event in rule.events)

    def first(self, name: str) -> Rule:
        """The rule of that name for the first round of a case. Raises Unusable."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise Unusable(f"The clocks have none that is named {name!r}.")

    def rule(self, id: str, name: str) -> Rule | None:
        """The rule with this id; if the file no longer has it, the first one of this name, or None."""
        named = [rule for rule in self.rules if rule.name == name]
        return next((rule for rule in named if rule.id == id), named[0] if named else None)


def in_force() -> Book:
    """The clocks of this portal's country, read once in each process. Raises Unusable."""
    path = Path(settings.CLOCKS or SHIPPED)
    try:
        return _read(path, settings.COUNTRY)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unusable(f"The clocks in {path} cannot be read: {problem!r}.") from problem


def calendar() -> Calendar:
    """The office's calendar: the holidays of COUNTRY, if the library knows it, in TIME_ZONE."""
    country = settings.COUNTRY if workdays.is_known(settings.COUNTRY) else ""
    return Calendar(country=country, zone=settings.TIME_ZONE)


def due(name: str, start: datetime, severity: int = Severity.NORMAL) -> datetime:
    """When a clock of the first round is due if it starts at `start`. Raises Unusable."""
    return in_force().first(name).limit(severity).due(start, calendar())


@transaction.atomic
def record() -> None:
    """Append the version and digest of the clocks in force to the ledger, if they differ from those last
    recorded."""
    LedgerHead.objects.select_for_update().get_or_create(pk=1)
    book = in_force()
    now = {"version": book.version, "sha256": book.sha256, "country": settings.COUNTRY}
    last = LedgerEntry.objects.filter(thread=THREAD, kind=KIND).order_by("-seq").first()
    if last is None or ledger.content_of(last)["data"] != now:
        ledger.append(ledger.Event(kind=KIND, thread=THREAD, subject=THREAD, by=ledger.SYSTEM, data=now))


@lru_cache(maxsize=8)
def _read(path: Path, country: str) -> Book:
    raw = path.read_bytes()
    data = tomllib.loads(raw.decode("utf-8"))
    rules = [_rule(given) for given in data["clock"]]
    if twice := {rule.id for rule in rules if [other.id for other in rules].count(rule.id) > 1}:
        raise ValueError(f"more than one clock is called {', '.join(sorted(twice))}")
    here = [rule for rule in rules if rule.jurisdiction == country]
    everywhere = [rule for rule in rules if rule.jurisdiction == EVERYWHERE and not _replaced(rule, here)]
    book = Book(
        version=int(data["version"]),
        sha256=hashlib.sha256(raw).hexdigest(),
        is_confirmed=bool(data["confirmed_by"].strip() and data["confirmed_on"]),
        rules=(*here, *everywhere),
        information=tuple(
            one for one in map(_information, data.get("information", ())) if one.jurisdiction == country
        ),
    )
    for name in ("decide", "review_window", "withdrawal"):  # no case can be filed or answered without them
        if not any(rule.name == name for rule in book.rules):
            raise ValueError(f"there is no clock {name}")
    return book


def _replaced(rule: Rule, by: list[Rule]) -> bool:
    return any(other.name == rule.name and set(other.starts) & set(rule.starts) for other in by)


def _rule(given: dict[str, Any]) -> Rule:
    rule = Rule(
        id=given["id"],
        name=given["name"],
        jurisdiction=given["jurisdiction"],
        label=Bilingual(given["label"]),
        limits=_limits(given["limit"]),
        **{each: tuple(given.get(each, ())) for each in ("starts", "ends", "stops", "pauses", "resumes")},
        extensions=tuple(_extension(one) for one in given.get("extensions", ())),
        warn_hours=tuple(int(hours) for hours in given.get("warn_hours", ())),
        whose=_one_of(given.get("whose", "office"), ("office", "borrower")),
        force=_one_of(given["force"], FORCES),
        citation=given.get("citation", ""),
        pause_citation=given.get("pause_citation", ""),
        source=given.get("source", ""),
        confidence=_one_of(given["confidence"], CONFIDENCES),
    )
    if problem := _wrong(rule):
        raise ValueError(f"{rule.id}: {problem}")
    return rule


def _wrong(rule: Rule) -> str:
    """Why the rule cannot be used; an empty string if it can."""
    limits = [rule.limit(), *(extension.limit for extension in rule.extensions)]
    counts = [limit.count for limit in limits]
    wrong = {
        "a clock needs something that starts and something that ends it": not rule.starts or not rule.ends,
        "a clock that is not the portal's own names where it is written": rule.force != "own"
        and not rule.citation,
        "a clock that is not the portal's own pauses only where its citation says so": (
            rule.force != "own" and bool(rule.pauses) and not rule.pause_citation
        ),
        "the date that a borrower was told never stands still": rule.name == "decide" and bool(rule.pauses),
        "what pauses also goes on again": bool(rule.pauses) != bool(rule.resumes),
        "what can be put off by a pause is not extended besides": bool(rule.pauses and rule.extensions),
        "each extension reaches further than the one before, in the same unit": (
            counts != sorted(set(counts)) or len({limit.unit for limit in limits}) > 1
        ),
    }
    return next((problem for problem, holds in wrong.items() if holds), "")


def _extension(given: dict[str, Any]) -> ExtensionRule:
    return ExtensionRule(
        name=given["name"],
        limit=_limit(given["limit"]),
        approver=_one_of(given["approver"], ("supervisor",)),
        label=Bilingual(given["label"]),
        borrower_text=Bilingual(given["told"]),
    )


def _information(given: dict[str, Any]) -> Information:
    return Information(
        id=given["id"],
        jurisdiction=given["jurisdiction"],
        label=Bilingual(given["label"]),
        limit=_limit(given["limit"]),
        citation=given["citation"],
        source=given["source"],
        confidence=_one_of(given["confidence"], CONFIDENCES),
    )


def _limits(given: dict[str, Any]) -> dict[str, TimeLimit]:
    """The limit for each severity; the file gives one for each, or one for all."""
    names = [severity.name.lower() for severity in Severity]
    if set(given) == set(names):
        return {name: _limit(given[name]) for name in names}
    return dict.fromkeys(names, _limit(given))


def _limit(given: dict[str, Any]) -> TimeLimit:
    ((unit, count),) = given.items()
    if unit not in UNITS or not isinstance(count, int) or not 0 < count < 10_000:
        raise ValueError(f"{given} is no length of time")
    return TimeLimit(unit, count)


def _one_of(word: str, words: tuple[str, ...]) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(words)}")
    return word
