"""A step on many cases: choose, check and confirm, then follow the progress."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.admin.forms import Text
from complaints.admin.reading import reader
from complaints.admin.words import name_of
from complaints.assignment import bulk
from complaints.models import BulkJob, Case, Role, StaffMember
from complaints.refusal import Refused
from complaints.staff import access

SHOWN = 100  # skipped cases in the list


class HandsForm(forms.Form):
    """To whom the cases are assigned, and why."""

    to = forms.ModelChoiceField(
        StaffMember.objects.none(), label=gettext_lazy("Who gets the cases?"), empty_label=None
    )
    reason = Text(label=gettext_lazy("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: QueryDict | None = None, *, user: StaffMember) -> None:
        super().__init__(data, auto_id="hands_%s")
        people = StaffMember.objects.filter(is_active=True, is_staff=True, role=Role.INVESTIGATOR)
        if not access.has_role(user, Role.SUPERVISOR):
            people = people.filter(teams__members=user)
        field: Any = self.fields["to"]
        field.queryset, field.label_from_instance = people.distinct().order_by("username"), name_of


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path("bulk/<int:pk>/", site.admin_view(show), name="case_bulk"),
        path("bulk/<int:pk>/confirm/", site.admin_view(confirm), name="case_bulk_confirm"),
        path("bulk/<int:pk>/cancel/", site.admin_view(cancel), name="case_bulk_cancel"),
    ]


def _own(request: HttpRequest, pk: int) -> BulkJob:
    """The job. Raises Http404 for anybody but the person who asked for it."""
    user, job = request.user, None
    if access.has_role(user, *access.ACTORS):
        job = BulkJob.objects.select_related("by", "to").filter(pk=pk, by=user).first()
    if job is None:
        raise Http404
    return job


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(request, pk))


def _page(request: HttpRequest, job: BulkJob, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": job.get_action_display(), "job": job}
    if job.confirmed_at or job.ended_at:
        return render(request, "admin/complaints/bulk/progress.html", {**context, **_progress(job)})
    foreseen = bulk.foreseen(job)
    ready = foreseen.pop("")
    context["ready"] = ready
    context["skipped"] = [(Case.State(state).label, number) for state, number in foreseen.items()]
    if job.action == BulkJob.Action.ASSIGN:
        context["form"] = form or HandsForm(user=reader(request))
    return render(request, "admin/complaints/bulk/confirm.html", context, status=status)


def _progress(job: BulkJob) -> dict[str, Any]:
    counted = job.steps.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(outcome="done")),
        skipped=Count("pk", filter=Q(outcome="skipped")),
    )
    skipped = job.steps.filter(outcome="skipped").select_related("case").order_by("pk")[:SHOWN]
    hidden = Case.objects.filter(pk__in=[one.case_id for one in skipped])
    visible = set(hidden.visible_to(job.by).values_list("pk", flat=True))
    return {
        **counted,
        "seen": counted["done"] + counted["skipped"],
        "why": [(one.case if one.case_id in visible else None, one.why) for one in skipped],
        "more": max(0, counted["skipped"] - SHOWN),
    }


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    job, given = _own(request, pk), {}
    if job.action == BulkJob.Action.ASSIGN:
        form = HandsForm(request.POST, user=reader(request))
        if not form.is_valid():
            return _page(request, job, form, status=422)
        given = form.cleaned_data
    return _back(request, job, lambda: bulk.confirm(job, **given))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _own(request, pk)
    return _back(request, job, lambda: bulk.cancel(job))


def _back(request: HttpRequest, job: BulkJob, act: Any) -> HttpResponseRedirect:
    try:
        act()
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("admin:case_bulk", args=[job.pk]))
