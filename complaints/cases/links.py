"""Links between cases: the same number, organisation or file, or perhaps the same borrower.

Numbers and names are compared in any spelling, as the search compares them. A reader learns only of cases that
they may see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from complaints import codes
from complaints.models import Case, Linked, StaffMember
from complaints.reference import folding, numbers
from complaints.reference.choices import ORGANISATIONS

FEWEST = 5  # digits of a number: shorter ones, such as 110, link what has nothing to do with each other
MOST = 100  # linked cases that are counted
Kind = Linked.Kind
RARE = (Kind.FILE, Kind.BORROWER)  # counted together


@dataclass(frozen=True)
class Found:
    """How many other cases are linked in this way; at most MOST + 1."""

    kind: str
    count: int

    @property
    def label(self) -> str:
        return str(Kind(self.kind).label)

    @property
    def counted(self) -> str:
        return f"{MOST}+" if self.count > MOST else str(self.count)


def write(case: Case) -> None:
    """Write the links of the case anew. Call it in the transaction that changes the case."""
    rows = [Linked(case=case, kind=kind, value=codes.linked(f"{kind}:{text}")) for kind, text in _facts(case)]
    case.links.exclude(value__in=[row.value for row in rows]).delete()
    Linked.objects.bulk_create(rows, ignore_conflicts=True)


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    """Kind and text of all by which the case can be linked."""
    complaint, reporter = case.complaint, case.reporter
    for written in {*complaint.numbers, *case.contacts.values_list("number", flat=True)}:
        if len(number := numbers.national(str(written))) >= FEWEST:
            yield Kind.NUMBER, number
    for name in ORGANISATIONS:
        if folded := folding.folded(getattr(complaint, name)):
            yield name, folded
    for digest in case.exhibits.values_list("item__sha256", flat=True):
        yield Kind.FILE, digest
    if len(phone := numbers.national(reporter.phone)) >= FEWEST:
        yield Kind.BORROWER, phone
    if email := folding.clean(reporter.email).casefold().strip():
        yield Kind.BORROWER, email


def of(case: Case, user: StaffMember) -> list[Found]:
    """The links of the case to other cases that the user may see, in the order of `Linked.Kind`; none for a way
    without any."""
    visible = Case.objects.visible_to(user)
    rare = Linked.objects.filter(case__in=visible, value__in=_values(case, RARE)).exclude(case=case)
    counts = Counter(kind for kind, _case in rare.values_list("kind", "case").distinct()[: len(RARE) * MOST])
    for kind in (Kind.NUMBER, *(name for name in ORGANISATIONS if getattr(case.complaint, name))):
        counts[kind] = visible.filter(linked(case, kind))[: MOST + 1].count()
    return [Found(kind, counts[kind]) for kind in Kind.values if counts[kind]]


def linked(case: Case, kind: str) -> Q:
    """The condition for cases that are linked to this case in this way, without itself."""
    keys = Linked.objects.filter(value__in=_values(case, (kind,))).values("case")
    return Q(pk__in=keys) & ~Q(pk=case.pk)


def _values(case: Case, kinds: Iterable[str]) -> Any:
    return case.links.filter(kind__in=kinds).values("value")
