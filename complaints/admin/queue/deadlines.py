"""The page of deadlines that are late, near, or to be extended, in the reader's cases or all that they see."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from complaints import digits
from complaints.admin.case.clocks import row_of
from complaints.cases import queues
from complaints.clocks import book as clock_book
from complaints.models import Clock, ClockQuerySet, Extension, Role, StaffMember
from complaints.staff import access

from . import choices

PER_PAGE = 50
WHOSE = {"mine": _("My cases"), "team": _("My teams"), "all": _("All that I may see")}
WHEN = {"late": _("Late"), "soon": _("Due soon"), "asked": _("More time asked for")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not know counts as not given."""

    who: str
    when: str
    clock: str  # the name of a clock; "" for all

    def query(self, **changed: str) -> str:
        given = {"who": self.who, "when": self.when, "clock": self.clock} | changed
        return "&".join(f"{name}={value}" for name, value in given.items() if value)

    def clocks(self, user: StaffMember, when: str = "", clock: str = "") -> ClockQuerySet:
        """The running clocks of this kind in the cases that the user may see."""
        whose = {"mine": Q(case__assignee=user), "team": Q(case__team__in=user.teams.all())}.get(self.who, Q())
        seen: ClockQuerySet = Clock.objects.of_cases_seen_by(user).filter(whose)
        if name := clock or self.clock:
            seen = seen.filter(name=name)
        if (when or self.when) == "asked":
            return seen.filter(pk__in=Extension.objects.open().values("clock"))
        return seen.late() if (when or self.when) == "late" else seen.soon()


def _asked(request: HttpRequest, user: StaffMember, names: dict[str, str]) -> Asked:
    who, when, clock = (request.GET.get(name, "") for name in ("who", "when", "clock"))
    own = "mine" if user.role == Role.INVESTIGATOR else "all"
    return Asked(
        who=who if who in WHOSE else own,
        when=when if when in WHEN else "late",
        clock=clock if clock in names else "",
    )


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The deadlines, soonest first, fifty a page."""
    user = request.user
    if not access.may_read_cases(user):
        raise PermissionDenied
    book = clock_book.in_force()
    names = {rule.name: str(rule.label) for rule in book.rules[::-1]}
    asked = _asked(request, user, names)
    clocks = asked.clocks(user).select_related("case__assignee", "case__team").order_by("due_at", "pk")
    after = Clock.objects.filter(pk=digits.key(request.GET.get("after", ""))).first()
    if after:
        clocks = clocks.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk))
    found = list(clocks[: PER_PAGE + 1])
    context = {
        **admin.site.each_context(request),
        "title": str(_("Deadlines")),
        "choices": _choices(user, asked, names),
        "rows": [row_of(book, clock, offer=False) for clock in found[:PER_PAGE]],
        "extensions": _extensions(found) if asked.when == "asked" else {},
        "asked": asked,
        "query": asked.query(),
        "later": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
    }
    return render(request, "admin/complaints/clock/list.html", context)


def _extensions(clocks: list[Clock]) -> dict[int, Extension]:
    waiting = Extension.objects.open().filter(clock__in=clocks).select_related("asked_by")
    return {one.clock_id: one for one in waiting}


def _choices(user: StaffMember, asked: Asked, names: dict[str, str]) -> dict[str, list[choices.Choice]]:
    """The filters of the page as links, with how many each would show."""
    counted = queues.sizes(
        user,
        **{f"when_{when}": asked.clocks(user, when=when) for when in WHEN},
        **{f"clock_{name}": Asked(asked.who, asked.when, name).clocks(user) for name in names},
    )

    def links(name: str, labels: dict[str, Any], chosen: str) -> list[choices.Choice]:
        known = {value: counted[f"{name}_{value}"] for value in labels if f"{name}_{value}" in counted}
        return choices.links(labels, chosen, lambda value: asked.query(**{name: value}), known)

    present = {name: label for name, label in names.items() if counted[f"clock_{name}"] or name == asked.clock}
    return {
        "when": links("when", WHEN, asked.when),
        "who": links("who", WHOSE, asked.who),
        "clock": links("clock", {"": _("All deadlines")} | present, asked.clock),
    }


@admin.register(Clock)
class ClockAdmin(admin.ModelAdmin[Clock]):
    """One page without editing, because only what happens to a case changes its clocks."""

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(page), name="complaints_clock_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_read_cases(request.user)
