"""Dry run of routing: where a real or made-up case would go, and why. Nothing is written."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from complaints.admin.forms import WrittenForm
from complaints.assignment import conditions, routing
from complaints.models import Case
from complaints.reference import regions
from complaints.reference.conduct import KINDS, Severity
from complaints.staff import access


class TryForm(WrittenForm):
    """A reference, or the facts of a made-up case."""

    reference = forms.CharField(label=gettext_lazy("Reference of a case"), max_length=40, required=False)
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"), choices=Severity.choices, coerce=int, required=False
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES, required=False)
    region = forms.ChoiceField(
        label=gettext_lazy("The borrower lives in"),
        choices=lambda: [("", gettext_lazy("Choose (optional)")), *regions.choices()],
        required=False,
    )
    lender = forms.CharField(label=gettext_lazy("Lender"), max_length=200, required=False)
    platform = forms.CharField(label=gettext_lazy("Platform"), max_length=200, required=False)
    agency = forms.CharField(label=gettext_lazy("Collection agency"), max_length=200, required=False)
    conduct = forms.MultipleChoiceField(
        label=gettext_lazy("What they did"),
        choices=[(kind.code, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def facts(self) -> conditions.Facts:
        given = {name: value for name, value in self.cleaned_data.items() if name != "reference"}
        severity = given["severity"] or Severity.NORMAL
        return conditions.Facts(**{**given, "severity": severity, "conduct": frozenset(given["conduct"])})


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not access.may_read_rules(user):
        raise PermissionDenied
    form = TryForm(request.GET or None)
    case, plan = None, None
    if form.is_valid():
        if reference := form.cleaned_data["reference"]:
            case = _case_of(request, reference)
            if case is None:
                form.add_error("reference", _("There is no case with this reference that you may see."))
        if not form.errors:
            plan = routing.plan(case) if case else routing.plan_made_up(form.facts())
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Where would this case go, and why?"),
        "form": form,
        "case": case,
        "plan": plan,
    }
    return render(request, "admin/complaints/routingrule/try.html", context)


def _case_of(request: HttpRequest, reference: str) -> Case | None:
    user = request.user
    if not access.may_read_cases(user):
        return None
    found: Case | None = (
        Case.objects.visible_to(user).select_related("complaint").filter(pk=Case.key_in(reference) or 0).first()
    )
    return found
