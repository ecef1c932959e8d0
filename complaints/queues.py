"""Which cases wait for whom: the named queues of the desk, most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .conduct import Severity
from .models import Case, CaseQuerySet, Role, StaffMember

ORDER = ("-severity", "decide_by", "pk")  # most urgent first
BACKWARDS = ("severity", "-decide_by", "-pk")
DUE_WITHIN = timedelta(days=7)
UNDECIDED = (Case.State.FILED, Case.State.ROUTED, Case.State.INVESTIGATING, Case.State.PROPOSED)
OPEN = ~Q(state=Case.State.CLOSED)


@dataclass(frozen=True)
class Queue:
    """A question that selects cases for one reader; who may see them at all is asked besides."""

    name: str
    label: Promise
    holds: Callable[[StaffMember], Q]
    roles: tuple[str, ...] = (Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR)


def _due(user: StaffMember) -> Q:
    return Q(state__in=UNDECIDED, decide_by__lte=timezone.now() + DUE_WITHIN)


def _to_decide(user: StaffMember) -> Q:
    """What was asked for three days ago, and does not end by itself."""
    return OPEN & Q(withdraw_at__lte=timezone.now())


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("mine", _("My cases"), lambda user: OPEN & Q(assignee=user), (Role.INVESTIGATOR, Role.SUPERVISOR)),
        Queue("urgent", _("Urgent"), lambda user: OPEN & Q(severity=Severity.URGENT)),
        Queue("news", _("New from borrowers"), lambda user: Q(news_at__isnull=False)),
        Queue("due", _("Due this week"), _due),
        Queue("unassigned", _("Unassigned"), lambda user: OPEN & Q(assignee=None)),
        Queue("confirm", _("To confirm"), lambda user: Q(state=Case.State.PROPOSED)),
        Queue("again", _("Opened again"), lambda user: OPEN & Q(round__gt=1)),
        Queue("withdrawals", _("Withdrawals to decide"), _to_decide, (Role.SUPERVISOR,)),
        Queue("open", _("All open"), lambda user: OPEN),
        Queue("closed", _("Closed"), lambda user: ~OPEN),
    )
}


@dataclass(frozen=True)
class Place:
    """Where a case stands in a queue: the neighbours' keys, and its position when it is in it."""

    queue: Queue
    position: int
    total: int
    inside: bool
    previous: int | None
    next: int | None


def offered(user: StaffMember) -> list[Queue]:
    """The queues of the user's role."""
    return [queue for queue in QUEUES.values() if user.role in queue.roles]


def cases(user: StaffMember, name: str) -> CaseQuerySet:
    """The cases of a queue that the user may see."""
    found: CaseQuerySet = Case.objects.visible_to(user).filter(QUEUES[name].holds(user))
    return found


def counts(user: StaffMember) -> list[tuple[Queue, int]]:
    """Each offered queue with its number of cases, in one statement."""
    queues = offered(user)
    asked = {queue.name: Count("pk", filter=queue.holds(user)) for queue in queues}
    counted = Case.objects.visible_to(user).aggregate(**asked)
    return [(queue, counted[queue.name]) for queue in queues]


def place(user: StaffMember, name: str, case: Case) -> Place:
    """The case's neighbours in a queue. They are known even after a step has taken the case out of it."""
    queue = cases(user, name)
    before = queue.filter(_before(case))
    seen = queue.aggregate(
        total=Count("pk"), before=Count("pk", filter=_before(case)), inside=Count("pk", filter=Q(pk=case.pk))
    )
    return Place(
        queue=QUEUES[name],
        position=seen["before"] + 1,
        total=seen["total"],
        inside=bool(seen["inside"]),
        previous=before.order_by(*BACKWARDS).values_list("pk", flat=True).first(),
        next=queue.filter(_after(case)).order_by(*ORDER).values_list("pk", flat=True).first(),
    )


def _before(case: Case) -> Q:
    as_grave, as_soon = Q(severity=case.severity), Q(severity=case.severity, decide_by=case.decide_by)
    sooner = as_grave & Q(decide_by__lt=case.decide_by)
    return Q(severity__gt=case.severity) | sooner | as_soon & Q(pk__lt=case.pk)


def _after(case: Case) -> Q:
    as_grave, as_soon = Q(severity=case.severity), Q(severity=case.severity, decide_by=case.decide_by)
    later = as_grave & Q(decide_by__gt=case.decide_by)
    return Q(severity__lt=case.severity) | later | as_soon & Q(pk__gt=case.pk)
