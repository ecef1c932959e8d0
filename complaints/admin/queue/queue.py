"""The case queue. Its rows are in `rows.py`, the page of a case in `case/page.py`."""

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from complaints import digits
from complaints.admin.case import steps
from complaints.admin.filters import SieveForm
from complaints.admin.reading import reader, remember_list
from complaints.assignment import bulk
from complaints.cases import queues
from complaints.clocks import running
from complaints.models import BulkJob, Case, Role, SavedQueue, StaffMember
from complaints.staff import access

from . import bulk as bulk_steps
from . import my_work, rows, saved, sheets

PER_PAGE = 50
LIST = "admin:complaints_case_changelist"


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin[Case]):
    """The queue and the case page. Cases cannot be added, deleted or freely edited."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        queue = path("", site.admin_view(self.changelist_view), name="complaints_case_changelist")
        return [queue, *saved.urls(site), *bulk_steps.urls(site), *steps.urls(site)]

    def changelist_view(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not access.may_read_cases(request.user):
            raise PermissionDenied
        return act(request) if request.method == "POST" else show(request)

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


def sieve_of(request: HttpRequest, user: StaffMember) -> tuple[SieveForm, SavedQueue | None]:
    """The filters of the address, or those of the saved queue that it names."""
    chosen = saved.named(request.GET.get("saved", ""), user)
    return SieveForm(QueryDict(chosen.query) if chosen else request.GET, user=user), chosen


def show(request: HttpRequest, ticked: Collection[int] = (), status: int = 200) -> HttpResponse:
    """One page of a queue: fifty cases, and links to the pages before and after. A reference opens its case."""
    user = reader(request)
    sieve, chosen = sieve_of(request, user)
    asked = sieve.asked
    if named := _named(asked.words, user):
        return HttpResponseRedirect(reverse("admin:complaints_case_change", args=[named.pk]))
    if not sieve.is_valid():
        broken = _("The saved queue “%(name)s” no longer works.") % {"name": chosen} if chosen else ""
        messages.warning(request, f"{broken} {sieve.sentence} {_('Here is the plain queue.')}".strip())
    if not asked.words:  # words of a search are not kept
        remember_list(request, sieve.query)
    keys, earlier, later, found = _keys(request, user, asked)
    context = {
        **admin.site.each_context(request),
        "title": _title(asked, chosen),
        "pressing": running.pressing(user),
        "sieve": sieve,
        "asked": asked,
        "my_work": my_work.of(user) if asked.queue == "mine" else None,
        "chosen": chosen,
        "mine": chosen is not None and chosen.owner_id == user.pk,
        "may_share": access.has_role(user, Role.SUPERVISOR),
        "rows": rows.of(keys, asked.words),
        "found": found,
        "shows_filters": "filters" in request.GET or not sieve.is_valid(),
        "ticked": ticked,
        "query": sieve.query,
        "newest": sieve.with_sort("newest"),
        "due_first": sieve.with_sort("due"),
        "came_from": f"?{urlencode({'_changelist_filters': sieve.query})}",
        "earlier": earlier,
        "later": later,
        "may_act": access.has_role(user, *access.ACTORS),
        "most": bulk.MOST,
    }
    return render(request, "admin/complaints/case/queue.html", context, status=status)


def _named(words: str, user: StaffMember) -> Case | None:
    """The case whose reference was searched for, if the user may see it."""
    return _visible(str(Case.key_in(words) or ""), user) if words else None


def _title(asked: queues.QueueQuery, chosen: SavedQueue | None) -> str:
    if chosen:
        return chosen.name
    if asked.queue:
        return str(queues.QUEUES[asked.queue].label)
    return _("Search") if asked.words else _("All cases")


def _keys(
    request: HttpRequest, user: StaffMember, asked: queues.QueueQuery
) -> tuple[list[int], int | None, int | None, int | None]:
    """The keys of the page's cases, those where the pages before and after begin (None if there is none), and on
    the first page how many there are, as far as `queues.capped` counts."""
    after, before = (_visible(request.GET.get(name, ""), user) for name in ("after", "before"))
    cases, order = asked.cases(user), asked.order
    if before:
        back = queues.beyond(cases, queues.backwards(order), before, PER_PAGE + 1)
        keys = back[:PER_PAGE][::-1]
        return keys, keys[0] if len(back) > PER_PAGE else None, keys[-1] if keys else None, None
    keys = queues.beyond(cases, order, after, PER_PAGE + 1 if after else max(PER_PAGE, queues.MOST) + 1)
    page = keys[:PER_PAGE]
    further = page[-1] if len(keys) > PER_PAGE else None
    return page, page[0] if after and page else None, further, None if after else len(keys)


def _visible(key: str, user: StaffMember) -> Case | None:
    found: Case | None = Case.objects.visible_to(user).filter(pk=digits.key(key)).first() if key else None
    return found


def chosen_keys(request: HttpRequest, user: StaffMember) -> list[int]:
    """The ticked cases or the whole queue, as far as the user may see them.

    At most one more than a job takes, so that the caller sees when there are too many.
    """
    if request.POST.get("select_across") == "1":
        sieve, _saved = sieve_of(request, user)
        asked = sieve.asked
        return queues.beyond(asked.cases(user), asked.order, None, bulk.MOST + 1)
    ticked = map(digits.key, request.POST.getlist("_selected_action"))
    return list(
        Case.objects.visible_to(user).filter(pk__in=ticked).order_by(*queues.ORDER).values_list("pk", flat=True)
    )


def act(request: HttpRequest) -> HttpResponseBase:
    """Do what the buttons below the list say with the chosen cases."""
    user, action = reader(request), request.POST.get("action", "")
    back = HttpResponseRedirect(f"{reverse(LIST)}?{request.GET.urlencode()}")
    if action not in ("csv", "export_bundle", *BulkJob.Action.values):
        messages.error(request, _("Choose what to do."))
        return back
    if action != "csv" and not access.has_role(user, *access.ACTORS):
        raise PermissionDenied
    keys = chosen_keys(request, user)
    if not keys:
        messages.error(request, _("Choose at least one case."))
        return back
    if len(keys) > bulk.MOST:
        messages.warning(request, _("Only the first %(most)d cases are taken at a time.") % {"most": bulk.MOST})
    if action == "csv":
        return _list(keys[: bulk.MOST])
    if action != "export_bundle":
        job = bulk.prepare(user, action, keys)
        return HttpResponseRedirect(reverse("admin:case_bulk", args=[job.pk]))
    if len(keys) != 1:
        messages.error(request, _("Choose one case: a bundle is of one case."))
        return show(request, keys, status=409)
    return HttpResponseRedirect(reverse("admin:case_bundle", args=keys))


def _list(keys: list[int]) -> StreamingHttpResponse:
    return sheets.download(rows.as_csv(rows.of(keys)), "cases")
