"""The page after signing in: what waits for the reader, in numbers that lead to their lists."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin.reading import reader
from complaints.admin.words import name_of
from complaints.cases import queues
from complaints.cases.queues import QUEUES, QueueQuery
from complaints.clocks import book as clock_book
from complaints.models import Absence, CallBack, Case, Clock, Extension, Role, StaffMember, Task, Team, Undertaking
from complaints.staff import access, conflicts

from . import my_work

CASES, CLOCKS = "admin:complaints_case_changelist", "admin:complaints_clock_changelist"
CALLS, UNDERTAKINGS = "admin:complaints_callback_changelist", "admin:complaints_undertaking_changelist"
PEOPLE = 20  # rows of the table of people with late cases

# Label, what is counted, the address of its list, and whether it should not wait.
Asked = tuple[str | Promise, QuerySet[Any], str, bool]


@dataclass(frozen=True)
class Number:
    """How many wait, and the address of their list."""

    label: str | Promise
    count: str
    address: str
    tone: str = ""  # red if it should not wait


@dataclass(frozen=True)
class TeamRow:
    """A team: its open cases, how many its members may have, and who is away today."""

    team: Team
    open: int
    capacity: int
    people: int
    away: list[str]
    address: str


def show(request: HttpRequest) -> HttpResponse:
    """An investigator sees their own work; supervisors and auditors that of the office."""
    user = reader(request)
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Overview"), "alarms_open": True}
    if user.role == Role.INVESTIGATOR:
        context |= {"numbers": _own(user), "my_work": my_work.of(user)}
    else:
        context |= {"numbers": _office(user), "clocks": _by_clock(user), "people": _by_person(user)}
        context["teams"] = _teams(user)
        context["my_work"] = my_work.of(user) if user.role == Role.SUPERVISOR else None
    return render(request, "admin/complaints/overview.html", context)


def _own(user: StaffMember) -> list[Number]:
    mine = Q(assignee=user)
    own = f"&investigator={user.pk}"
    clocks = Clock.objects.of_cases_seen_by(user).filter(case__assignee=user)
    rows: list[Asked] = [
        (gettext_lazy("Late deadlines"), clocks.late(), _to(CLOCKS, "who=mine&when=late"), True),
        (gettext_lazy("Due soon"), clocks.soon(), _to(CLOCKS, "who=mine&when=soon"), False),
        (
            gettext_lazy("In my hands and not begun"),
            QueueQuery("mine", Q(state=Case.State.ROUTED)).cases(user),
            _to(CASES, "queue=mine&state=routed"),
            False,
        ),
        *(
            (QUEUES[name].label, QueueQuery(name, mine).cases(user), _to(CASES, f"queue={name}{own}"), False)
            for name in ("news", "answers", "waiting")
        ),
        *(
            (QUEUES[name].label, QueueQuery(name).cases(user), _to(CASES, f"queue={name}"), False)
            for name in ("given", "mine", "confirm", "unassigned")
        ),
        (gettext_lazy("My tasks"), Task.objects.waiting_for(user), "#my-tasks", False),
    ]
    return _counted(user, rows)


def _office(user: StaffMember) -> list[Number]:
    seen = Case.objects.visible_to(user)
    listed = [
        *("unassigned", "unrouted", "away", "urgent", "confirm", "review", "pressed", "withdrawals"),
        "retaliation",
        *("news", "answers", "waiting", "unmade", "faulty"),
    ]
    red = {"unassigned", "unrouted", "away", "pressed", "retaliation", "unmade", "faulty"}
    open_to = queues.names(user)
    rows: list[Asked] = [
        (
            gettext_lazy("Late deadlines"),
            Clock.objects.of_cases_seen_by(user).late(),
            _to(CLOCKS, "who=all&when=late"),
            True,
        ),
        (
            gettext_lazy("More time asked for"),
            Extension.objects.open().of_cases_seen_by(user),
            _to(CLOCKS, "who=all&when=asked"),
            False,
        ),
        (
            gettext_lazy("Measures and redress overdue"),
            Undertaking.objects.overdue().filter(case__in=seen),
            _to(UNDERTAKINGS, "state=overdue"),
            True,
        ),
        *(
            (QUEUES[name].label, QueueQuery(name).cases(user), _to(CASES, f"queue={name}"), name in red)
            for name in listed
            if name in open_to
        ),
    ]
    calls = [_calls(user)] if access.may_call_back(user) else []
    return [*calls, *_counted(user, rows)]


def _calls(user: StaffMember) -> Number:
    waiting = len(conflicts.calls_for(user, CallBack.objects.waiting()))
    return Number(_("Call-backs"), queues.capped(waiting), reverse(CALLS), "red" if waiting else "")


def _to(page: str, query: str) -> str:
    return f"{reverse(page)}?{query}"


def _counted(user: StaffMember, rows: list[Asked]) -> list[Number]:
    counted = queues.sizes(user, **{f"n{at}": found for at, (_label, found, _address, _red) in enumerate(rows)})
    return [
        Number(label, queues.capped(counted[f"n{at}"]), address, "red" if red and counted[f"n{at}"] else "")
        for at, (label, _found, address, red) in enumerate(rows)
    ]


def _by_clock(user: StaffMember) -> list[Number]:
    """Late deadlines of each kind."""
    names = {rule.name: str(rule.label) for rule in clock_book.in_force().rules[::-1]}
    late = Clock.objects.of_cases_seen_by(user).late()
    rows: list[Asked] = [
        (label, late.filter(name=name), _to(CLOCKS, f"who=all&when=late&clock={name}"), False)
        for name, label in names.items()
    ]
    return [number for number in _counted(user, rows) if number.count != "0"]


def _by_person(user: StaffMember) -> list[Number]:
    """Cases with a late deadline, by whose hands they are in; most first."""
    late = Clock.objects.late().values("case")
    cases = Case.objects.visible_to(user).open().filter(pk__in=late, assignee__isnull=False)
    counted = cases.order_by().values("assignee").annotate(n=Count("pk")).order_by("-n", "assignee")[:PEOPLE]
    rows = {row["assignee"]: row["n"] for row in counted}
    people = StaffMember.objects.in_bulk(rows.keys())
    return [
        Number(name_of(people[key]), str(number), _to(CASES, f"queue=late&investigator={key}"))
        for key, number in rows.items()
    ]


def _teams(user: StaffMember) -> list[TeamRow]:
    """Load and absence of each team."""
    away = set(Absence.objects.on(timezone.localdate()).values_list("member", flat=True))
    cases = Case.objects.visible_to(user).open().order_by().values("team").annotate(n=Count("pk"))
    loads = {row["team"]: row["n"] for row in cases}
    rows = []
    for team in Team.objects.order_by("name").prefetch_related("members"):
        people = [one for one in team.members.all() if one.is_active and one.role == Role.INVESTIGATOR]
        rows.append(
            TeamRow(
                team=team,
                open=loads.get(team.pk, 0),
                capacity=sum(one.capacity for one in people),
                people=len(people),
                away=[name_of(one) for one in people if one.pk in away],
                address=_to(CASES, f"queue=open&team={team.pk}"),
            )
        )
    return rows
