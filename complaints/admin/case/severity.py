"""The page that shows how severe a case is and why, and that changes it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin import once
from complaints.admin.forms import Text, WrittenForm
from complaints.admin.reading import came_from, case_to_act_on, reader, refuse
from complaints.cases import lifecycle, severity
from complaints.models import Case, StaffMember
from complaints.reference.conduct import Severity
from complaints.refusal import Refused
from complaints.staff import access


class SeverityForm(WrittenForm):
    """Another severity, and why. Who may not lower it is offered the higher ones only."""

    severity = forms.TypedChoiceField(
        label=gettext_lazy("How severe is it?"), coerce=int, widget=forms.RadioSelect
    )
    reason = Text(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Only the office reads it. Its digest goes on the ledger."),
    )

    def __init__(self, *args: Any, case: Case, user: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "severity_%s", **kwargs})
        least = 0 if access.may_lower_severity(user, case) else case.severity
        offered = [(value, label) for value, label in Severity.choices if value > least and value != case.severity]
        self.fields["severity"].choices = offered  # type: ignore[attr-defined]


def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; a POST changes the severity."""
    if request.method != "POST":
        return _page(request, access.case_or_404(request.user, pk))
    if said := once.before(request):
        return _changed(request, pk, said)
    case, user = case_to_act_on(request, pk), reader(request)
    form = SeverityForm(request.POST, case=case, user=user)
    if not form.is_valid():
        return _page(request, case, form, status=422)

    def change() -> str:
        made = severity.change(case, form.cleaned_data["severity"], by=user, reason=form.cleaned_data["reason"])
        return _("The severity is now “%(severity)s”.") % {"severity": made.get_severity_display()}

    try:
        said = once.kept(request, change)
    except Refused as refused:
        refuse(request, str(refused))
        return _page(request, access.case_or_404(user, pk), form, status=409)
    return _changed(request, pk, said)


def _page(request: HttpRequest, case: Case, form: SeverityForm | None = None, status: int = 200) -> HttpResponse:
    user = reader(request)
    can_change = access.may_act(user, case) and "set_severity" in lifecycle.offered(case, user)
    form = form or SeverityForm(case=case, user=user)
    context = {
        **admin.site.each_context(request),
        "title": _("%(case)s: how severe it is, and why") % {"case": case.reference},
        "case": case,
        "came_from": came_from(request),
        "changes": case.severity_changes.select_related("by"),
        "form": form if can_change and form.fields["severity"].choices else None,  # type: ignore[attr-defined]
    }
    return render(request, "admin/complaints/case/severity.html", context, status=status)


def _changed(request: HttpRequest, pk: int, said: str) -> HttpResponseRedirect:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:case_severity", args=[pk]) + came_from(request))
