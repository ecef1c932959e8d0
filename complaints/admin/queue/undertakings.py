"""Measures and promises of all cases that the reader may see: open, overdue, and the money promised and paid."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Min, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from complaints import digits
from complaints.admin.words import name_of
from complaints.cases import queues
from complaints.models import Case, StaffMember, Undertaking
from complaints.reference import folding
from complaints.staff import access

from . import choices, sheets

CENT = Decimal("0.01")
PER_PAGE, MOST = 50, 5000  # rows of a page, and of a CSV
STATES = {
    "overdue": gettext_lazy("Overdue"),
    "open": gettext_lazy("Open"),
    "done": gettext_lazy("Done"),
    "dropped": gettext_lazy("Will not be done"),
    "": gettext_lazy("All"),
}
SORTS = {
    "": gettext_lazy("Measures and redress"),
    "measure": gettext_lazy("Measures"),
    "redress": gettext_lazy("Redress"),
}
ORGANISATIONS = {"agency": gettext_lazy("Agency"), "lender": gettext_lazy("Lender")}


@dataclass(frozen=True)
class Asked:
    """What the address asks for. What it does not know counts as not given."""

    state: str
    sort: str

    def query(self, **changed: str) -> str:
        given = {"state": self.state, "sort": self.sort} | changed
        return f"state={given['state']}&sort={given['sort']}"

    def rows(self, user: StaffMember, state: str | None = None) -> QuerySet[Undertaking]:
        found: Any = Undertaking.objects.filter(case__in=Case.objects.visible_to(user))
        if self.sort:
            found = found.filter(sort=self.sort)
        state = self.state if state is None else state
        if state == "overdue":
            return found.overdue()  # type: ignore[no-any-return]
        return found.filter(outcome="" if state == "open" else state) if state else found  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Money:
    """Money of one currency: what was promised, and what of it is reported as paid."""

    name: str
    currency: str
    promised: Decimal
    paid: Decimal

    @classmethod
    def of(cls, name: str, currency: str, both: list[Decimal]) -> "Money":
        return cls(name, currency, *(amount.quantize(CENT) for amount in both))


@require_safe
def page(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    user = request.user
    if not access.may_read_cases(user):
        raise PermissionDenied
    state, sort = request.GET.get("state", "open"), request.GET.get("sort", "")
    asked = Asked(state if state in STATES else "open", sort if sort in SORTS else "")
    rows = asked.rows(user).select_related("case__complaint", "ordered_by").order_by("due_on", "pk")
    if request.GET.get("as") == "csv":
        return sheets.download(_as_csv(rows[:MOST]), "undertakings")
    after = Undertaking.objects.filter(pk=digits.key(request.GET.get("after", ""))).first()
    if after:
        rows = rows.filter(Q(due_on__gt=after.due_on) | Q(due_on=after.due_on, pk__gt=after.pk))
    found = list(rows[: PER_PAGE + 1])
    counted = queues.sizes(user, **{f"in_{name}": asked.rows(user, name) for name in STATES})
    counts = {name: counted[f"in_{name}"] for name in STATES}
    context = {
        **admin.site.each_context(request),
        "title": _("Measures and redress"),
        "states": choices.links(STATES, asked.state, lambda value: asked.query(state=value), counts),
        "sorts": choices.links(SORTS, asked.sort, lambda value: asked.query(sort=value), None),
        "rows": found[:PER_PAGE],
        "query": asked.query(),
        "later": found[PER_PAGE - 1].pk if len(found) > PER_PAGE else None,
        "sums": _sums(user),
    }
    return render(request, "admin/complaints/undertaking/list.html", context)


def _sums(user: StaffMember) -> list[tuple[str, list[Money]]]:
    """Money promised and paid: by month, newest first, and by organisation, most first."""
    money = Undertaking.objects.redress().filter(
        case__in=Case.objects.visible_to(user), kind__in=Undertaking.PAID, amount__isnull=False
    )
    tables = [(_("By month"), sorted(_by_month(money), key=lambda one: one.name, reverse=True))]
    for column, label in ORGANISATIONS.items():
        tables.append((str(label), sorted(_by_organisation(money, column), key=lambda one: -one.promised)))
    return [(label, found) for label, found in tables if found]


def _by_month(money: QuerySet[Undertaking]) -> Iterable[Money]:
    """Promised in the month of the promise, paid in the month of the payment."""
    promised = money.annotate(month=TruncMonth("ordered_at")).values_list("month", "currency")
    paid = money.filter(outcome=Undertaking.Outcome.DONE).annotate(month=TruncMonth("ended_on"))
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for at, rows in enumerate((promised, paid.values_list("month", "currency"))):
        for month, currency, amount in rows.annotate(amount_sum=Sum("amount")).order_by():
            found[f"{month:%Y-%m}", currency][at] += amount
    return [Money.of(month, currency, both) for (month, currency), both in found.items()]


def _by_organisation(money: QuerySet[Undertaking], column: str) -> Iterable[Money]:
    """The spellings of one name are one organisation, which is shown as it was written first."""
    named = money.exclude(**{f"case__complaint__{column}": ""}).values_list(
        f"case__complaint__{column}", "currency"
    )
    found: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    shown: dict[str, str] = {}
    for at, rows in enumerate((named, named.filter(outcome=Undertaking.Outcome.DONE))):
        for name, currency, amount, _first in rows.annotate(amount_sum=Sum("amount"), first=Min("pk")).order_by(
            "first"
        ):
            key = folding.folded(name)
            shown.setdefault(key, name)
            found[key, currency][at] += amount
    return [Money.of(shown[key], currency, both) for (key, currency), both in found.items()]


def _as_csv(rows: Iterable[Undertaking]) -> Iterator[str]:
    header = (
        *(_("Reference"), _("Type"), _("Kind"), _("What"), _("Responsible"), _("By when"), _("Amount")),
        *(_("Currency"), _("State"), _("Agency"), _("Lender"), _("Ordered by")),
    )
    return sheets.of(header, map(_cells, rows))


def _cells(one: Undertaking) -> tuple[Any, ...]:
    return (
        *(one.case.reference, one.get_sort_display(), one.get_kind_display(), one.what, one.owner),
        *(one.due_on, "" if one.amount is None else one.amount, one.currency),
        _("overdue") if one.is_overdue else one.get_outcome_display(),
        *(one.case.complaint.agency, one.case.complaint.lender, name_of(one.ordered_by)),
    )


@admin.register(Undertaking)
class UndertakingAdmin(admin.ModelAdmin[Undertaking]):
    """One page without editing: measures and promises are made and settled on the page of their case."""

    def get_urls(self) -> list[URLPattern]:
        return [path("", self.admin_site.admin_view(page), name="complaints_undertaking_changelist")]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_read_cases(request.user)
