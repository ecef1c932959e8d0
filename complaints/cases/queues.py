"""The named queues of the desk, with their order.

The time does not depend on the number of cases: counting stops at "99+", and pages and neighbours are read as
ranges of an index.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import (
    Absence,
    Case,
    CaseQuerySet,
    Clock,
    Enquiry,
    Exhibit,
    Export,
    Retaliation,
    Review,
    Role,
    StaffMember,
    Withdrawal,
)
from complaints.models.cases import IS_OPEN as OPEN
from complaints.reference.conduct import Severity
from evidence.models import EvidenceItem

from . import search

Order = tuple[str, ...]
ORDER: Order = ("-severity", "decide_by", "pk")  # most urgent first
FOUND: Order = ("-found",)  # results of a search, newest first
SORTS: dict[str, tuple[Promise, Order]] = {
    "urgent": (_("Most urgent first"), ORDER),
    "due": (_("Due first"), ("decide_by", "pk")),
    "newest": (_("Newest first"), ("-pk",)),
    "oldest": (_("Oldest first"), ("pk",)),
}
MOST = 99  # the largest exact count
DUE_WITHIN = timedelta(days=7)
NOT_BEGUN = (Case.State.FILED, Case.State.ROUTED)
UNANSWERED = (*NOT_BEGUN, Case.State.INVESTIGATING, Case.State.PROPOSED, Case.State.DECIDED)
UNMADE_FOR = timedelta(days=1)  # older failures of bundles do not count: people will have asked again
CLOSED = Q(closed_at__isnull=False)


@dataclass(frozen=True)
class Queue:
    """A queue. `selects` gives its condition for a user; which cases they may see is checked separately.

    One that is not `listed` is the list behind an alarm or a number; no rail has it.
    """

    name: str
    label: Promise
    selects: Callable[[StaffMember], Q]
    roles: tuple[str, ...] = (Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR)
    sort: str = "urgent"
    listed: bool = True


def _due(user: StaffMember) -> Q:
    return OPEN & Q(state__in=UNANSWERED, decide_by__lte=timezone.now() + DUE_WITHIN)


def _to_decide(user: StaffMember) -> Q:
    """Withdrawals whose waiting time is over, and that a supervisor must decide."""
    return OPEN & Q(withdraw_at__lte=timezone.now())


def _with_news_of_the_other_side(user: StaffMember) -> Q:
    """The other side answered, missed its day or could not be reached, and nobody has read that yet."""
    return Q(pk__in=Enquiry.objects.with_news().values("case"))


def _for_a_review(user: StaffMember) -> Q:
    """Opened again because the borrower asked for a review, and not because of retaliation."""
    return OPEN & Q(_REVIEWED, round__gt=1)


def _opened_again(user: StaffMember) -> Q:
    return OPEN & Q(~_REVIEWED, round__gt=1)


def _pressed(user: StaffMember) -> Q:
    return OPEN & Q(pk__in=Withdrawal.objects.under_pressure().values("case"))


def _late(user: StaffMember) -> Q:
    return OPEN & Q(pk__in=Clock.objects.late().values("case"))


def _unbegun_retaliation(user: StaffMember) -> Q:
    return OPEN & Q(state__in=NOT_BEGUN, pk__in=Retaliation.objects.values("case"))


def _of_the_absent(user: StaffMember) -> Q:
    return OPEN & Q(assignee__in=Absence.objects.on(timezone.localdate()).values("member"))


def _faulty(user: StaffMember) -> Q:
    """A stored file or a document of the case is missing or altered."""
    return Q(documents_faulty__gt=0) | Q(pk__in=Exhibit.objects.exclude(item__fault="").values("case"))


def _unsealed(user: StaffMember) -> Q:
    return Q(pk__in=Exhibit.objects.filter(item__in=EvidenceItem.objects.awaiting_seal()).values("case"))


def _unmade(user: StaffMember) -> Q:
    return Q(pk__in=Export.objects.unmade(timezone.now() - UNMADE_FOR).values("case"))


_REVIEWED = Exists(Review.objects.filter(case=OuterRef("pk"), round=OuterRef("round")))
WORKERS = (Role.INVESTIGATOR, Role.SUPERVISOR)
QUEUES = {
    queue.name: queue
    for queue in (
        Queue("mine", _("My cases"), lambda user: OPEN & Q(assignee=user), WORKERS),
        Queue("given", _("New in my hands"), lambda user: Q(assignee=user, handed_at__isnull=False), WORKERS),
        Queue("team", _("My team"), lambda user: OPEN & Q(team__in=user.teams.all()), WORKERS),
        Queue("urgent", _("Urgent"), lambda user: OPEN & Q(severity=Severity.URGENT)),
        Queue("unassigned", _("Unassigned"), lambda user: OPEN & Q(assignee=None)),
        Queue("due", _("Due this week"), _due, sort="due"),
        Queue("waiting", _("Waiting for an answer"), lambda user: OPEN & Q(waiting_since__isnull=False)),
        Queue("news", _("New from borrowers"), lambda user: Q(news_at__isnull=False)),
        Queue("answers", _("New from the other side"), _with_news_of_the_other_side),
        Queue("confirm", _("To confirm"), lambda user: OPEN & Q(state=Case.State.PROPOSED)),
        Queue("review", _("To review again"), _for_a_review),
        Queue("again", _("Opened again for retaliation"), _opened_again),
        Queue("withdrawals", _("Withdrawals to decide"), _to_decide, (Role.SUPERVISOR,)),
        Queue("pressed", _("Withdrawals under pressure"), _pressed, (Role.SUPERVISOR,), listed=False),
        Queue("open", _("All open"), lambda user: OPEN),
        Queue("closed", _("Closed"), lambda user: CLOSED, sort="newest"),
        Queue("late", _("With a late deadline"), _late, listed=False),
        Queue("retaliation", _("Retaliation that nobody has begun"), _unbegun_retaliation, listed=False),
        Queue("unrouted", _("Without a team"), lambda user: OPEN & Q(state=Case.State.FILED), listed=False),
        Queue("away", _("Of people who are away"), _of_the_absent, listed=False),
        Queue("faulty", _("With damaged files or documents"), _faulty, listed=False),
        Queue("unsealed", _("Waiting for a timestamp"), _unsealed, listed=False),
        Queue("unmade", _("Bundles that could not be made"), _unmade, listed=False),
    )
}


@dataclass(frozen=True)
class QueueQuery:
    """A selection of cases: a queue ("" is all cases), filters, words to search for, and a sort order."""

    queue: str = ""
    where: Q = field(default_factory=Q)
    words: str = ""
    sort: str = ""

    @property
    def order(self) -> Order:
        if self.words:
            return FOUND
        return SORTS[self.sort or (QUEUES[self.queue].sort if self.queue else "urgent")][1]

    def cases(self, user: StaffMember) -> CaseQuerySet:
        """The selected cases that the user may see."""
        found: CaseQuerySet = Case.objects.visible_to(user).filter(self.where)
        if self.queue:
            found = found.filter(QUEUES[self.queue].selects(user))
        return search.matching(found, self.words) if self.words else found


@dataclass(frozen=True)
class Place:
    """The position of a case in a selection, and the keys of its neighbours. `inside` if the selection has it."""

    position: int
    total: int
    inside: bool
    previous: int | None
    next: int | None


def open_to(user: StaffMember) -> list[Queue]:
    """The queues that the user's role may open."""
    return [queue for queue in QUEUES.values() if user.role in queue.roles]


def names(user: StaffMember) -> set[str]:
    return {queue.name for queue in open_to(user)}


def offered(user: StaffMember) -> list[Queue]:
    """The queues that are listed on the user's pages."""
    return [queue for queue in open_to(user) if queue.listed]


class _Counted(Subquery):
    """A subquery that counts rows."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) _some)"
    output_field = IntegerField()


def capped(number: int) -> str:
    return f"{MOST}+" if number > MOST else str(number)


def counts(user: StaffMember, **more: QuerySet[Any, Any]) -> dict[str, int]:
    """Name -> the number of cases in each offered queue, and of rows in each of `more`, by one SQL statement."""
    return sizes(user, **{queue.name: QueueQuery(queue.name).cases(user) for queue in offered(user)}, **more)


def sizes(user: StaffMember, **rows: QuerySet[Any, Any]) -> dict[str, int]:
    """Name -> the number of these rows, at most MOST + 1, by one SQL statement."""
    return _ask(user, **{name: _Counted(_some(some)) for name, some in rows.items()})


def _ask(user: StaffMember, **looked_up: Subquery) -> dict[str, Any]:
    """The values of these subqueries, by one SQL statement."""
    answers: Any = StaffMember.objects.filter(pk=user.pk).values(**looked_up)
    seen: dict[str, Any] = answers.get()
    return seen


def _some(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """The keys of at most MOST + 1 rows, so that counting stops there."""
    return rows.order_by().values("pk")[: MOST + 1]


def beyond(cases: CaseQuerySet, order: Order, case: Case | None, most: int) -> list[int]:
    """Up to `most` keys after the case in this order; from the beginning if it is None. The case need not be among
    `cases`: the last step may have taken it out of the queue."""
    found: list[int] = []
    for further in _ranges(order, case):
        rest = cases.filter(further).order_by(*order).values_list("pk", flat=True)
        found += rest[: most - len(found)]
        if len(found) == most:
            break
    return found


def backwards(order: Order) -> Order:
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)


def _ranges(order: Order, case: Case | None) -> Iterator[Q]:
    """Conditions for the rows after the case, the nearest first. Each is one range of the index with this
    order."""
    if case is None:
        yield Q()
        return
    *leading, column, key = ("", *order) if len(order) == 1 else order
    last = Q(_after(key, case))
    if column:
        last = Q(_after(column, case, "e")) & (Q(_after(column, case)) | last)
    yield Q(*(Q(**{name.lstrip("-"): _value(name, case)}) for name in leading)) & last
    for name in reversed(leading):  # at most one
        yield Q(_after(name, case))


def _after(name: str, case: Case, equal: str = "") -> tuple[str, object]:
    way = "lt" if name.startswith("-") else "gt"
    return f"{name.lstrip('-')}__{way}{equal}", _value(name, case)


def _value(name: str, case: Case) -> object:
    column = name.lstrip("-")
    return case.pk if column == "found" else getattr(case, column)


def place(user: StaffMember, asked: QueueQuery, case: Case) -> Place:
    """The case's place in the selection, also after a step has taken it out of the queue.

    Results of a search have neighbours but no position, because counting them would mean searching all cases.
    """
    cases, order = asked.cases(user), asked.order
    if asked.words:
        near = (beyond(cases, way, case, 1) for way in (backwards(order), order))
        previous, further = (keys[0] if keys else None for keys in near)
        return Place(position=0, total=0, inside=False, previous=previous, next=further)
    looked_up: dict[str, Subquery] = {"inside": _Counted(_some(cases.filter(pk=case.pk)))}
    for name, way in (("before", backwards(order)), ("after", order)):
        for number, part in enumerate(_ranges(way, case)):
            rest = cases.filter(part)
            looked_up[f"{name}{number}"] = _Counted(_some(rest))
            looked_up[f"{name}{number}_first"] = Subquery(rest.order_by(*way).values("pk")[:1])
    seen = _ask(user, **looked_up)
    before, after = (sum(seen.get(f"{name}{number}", 0) for number in (0, 1)) for name in ("before", "after"))
    return Place(
        position=before + 1,
        total=before + seen["inside"] + after,
        inside=bool(seen["inside"]),
        previous=seen["before0_first"] or seen.get("before1_first"),
        next=seen["after0_first"] or seen.get("after1_first"),
    )
