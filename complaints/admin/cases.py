"""The case queue. The case page behind each row is in `case.py`."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import access, clocks, queues
from ..models import Case, Exhibit, Role
from . import steps
from .words import due, due_tone, name_of, severity, since_filing, tag

ORGANISATIONS = ("lender", "platform", "agency")


class QueueFilter(admin.SimpleListFilter):
    """Which queue is open. The links stand at the left of the desk, so that the filter itself shows nothing."""

    title = gettext_lazy("queue")
    parameter_name = "queue"
    template = "admin/complaints/case/no_filter.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        if not access.may_read_cases(request.user):
            return []
        return [(queue.name, str(queue.label)) for queue in queues.offered(request.user)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        """All cases when something is searched for, else the open ones."""
        user, name = request.user, self.value() or ("" if request.GET.get("q") else "open")
        if name in queues.QUEUES and access.may_read_cases(user):
            return queryset.filter(queues.QUEUES[name].holds(user))
        return queryset


def _counted(exhibits: QuerySet[Exhibit]) -> Coalesce:
    """How many of a case's exhibits, without a join that would multiply rows."""
    of_case = exhibits.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_case, output_field=IntegerField()), 0)


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin[Case]):
    list_display = ("reference_", "severity_", "state_", "due_", "organisations", "sealed_", "investigator")
    list_filter = (QueueFilter, "severity", "state")
    show_facets = admin.ShowFacets.NEVER
    change_list_template = "admin/complaints/case/queue.html"
    actions_on_top, actions_on_bottom = False, True
    list_select_related = ("complaint", "assignee")
    list_per_page = 50
    show_full_result_count = False
    ordering = queues.ORDER
    search_fields = tuple(f"complaint__{name}" for name in (*ORGANISATIONS, "story"))
    search_help_text = gettext_lazy("Reference, lender, platform, agency, or words of the statement")
    actions = ("export_bundle",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """What the reader may see, with exhibits and seals counted."""
        user = request.user
        if not access.may_read_cases(user):
            return Case.objects.none()
        exhibits = Exhibit.objects.all()
        found: QuerySet[Case] = Case.objects.visible_to(user).annotate(
            exhibits_all=_counted(exhibits),
            exhibits_sealed=_counted(exhibits.filter(item__seal__isnull=False)),
            exhibits_faulty=_counted(exhibits.filter(~Q(item__fault=""))),
        )
        return found.order_by(*self.ordering)

    def get_list_filter(self, request: HttpRequest) -> tuple[Any, ...]:
        """By team for those who see several."""
        if access.has_role(request.user, Role.SUPERVISOR, Role.AUDITOR):
            return (*self.list_filter, ("team", admin.RelatedOnlyFieldListFilter))
        return self.list_filter

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Case], search_term: str
    ) -> tuple[QuerySet[Case], bool]:
        if key := Case.key_in(search_term):
            return queryset.filter(pk=key), False
        return super().get_search_results(request, queryset, search_term)

    def get_urls(self) -> list[URLPattern]:
        """The queue and the case page, nothing else: no adding, deleting or free editing of a case."""
        queue = path("", self.admin_site.admin_view(self.changelist_view), name="complaints_case_changelist")
        return [queue, *steps.urls(self.admin_site)]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        queue = queues.QUEUES.get(request.GET.get("queue", ""))
        title = queue.label if queue else _("Search") if request.GET.get("q") else queues.QUEUES["open"].label
        pressing = clocks.pressing(request.user) if access.has_role(request.user) else ""
        return super().changelist_view(
            request, {"pressing": pressing, "title": title, "subtitle": None, **(extra_context or {})}
        )

    @admin.action(description=gettext_lazy("Export the case bundle for legal aid"))
    def export_bundle(self, request: HttpRequest, queryset: QuerySet[Case]) -> HttpResponseBase | None:
        """On to the bundle of the one case that was chosen."""
        chosen = list(queryset[:2])
        if len(chosen) != 1:
            messages.error(request, _("Choose one case: a bundle is of one case."))
            return None
        return HttpResponseRedirect(reverse("admin:case_bundle", args=[chosen[0].pk]))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_read_cases(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return access.may_read_cases(request.user) and (obj is None or access.may_see(request.user, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Case | None = None) -> bool:
        return False

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those who only read have nothing to run."""
        return super().get_actions(request) if access.has_role(request.user, *access.ACTORS) else {}

    @admin.display(description=gettext_lazy("reference"), ordering="pk")
    def reference_(self, case: Case) -> str:
        return case.reference

    @admin.display(description=gettext_lazy("severity"), ordering="severity")
    def severity_(self, case: Case) -> SafeString:
        return severity(case)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_(self, case: Case) -> SafeString:
        news = [("amber", _("new message"))] if case.news_at else []
        tags = format_html_join("", " {}", ((tag(tone, word),) for tone, word in [*news, *since_filing(case)]))
        return format_html("{}{}", case.get_state_display(), tags)

    @admin.display(description=gettext_lazy("due"), ordering="decide_by")
    def due_(self, case: Case) -> SafeString | str:
        words = due(case)
        return tag(due_tone(case), words) if words else "–"

    @admin.display(description=gettext_lazy("lender · platform · agency"))
    def organisations(self, case: Case) -> str:
        named = (getattr(case.complaint, name) for name in ORGANISATIONS)
        return " · ".join(filter(None, named)) or "–"

    @admin.display(description=gettext_lazy("sealed"))
    def sealed_(self, case: Any) -> SafeString | str:
        if not case.exhibits_all:
            return "–"
        tone = "red" if case.exhibits_faulty else "amber" if case.exhibits_sealed < case.exhibits_all else "green"
        return tag(tone, f"{case.exhibits_sealed}/{case.exhibits_all}")

    @admin.display(description=gettext_lazy("investigator"), ordering="assignee__username")
    def investigator(self, case: Case) -> str:
        return name_of(case.assignee) or "–"
