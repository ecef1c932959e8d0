"""The page that says what a routing rule would change, as it stands in its form, before it is saved."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from complaints.assignment import rehearsal
from complaints.models import Case, RoutingRule
from complaints.staff import access

SHOWN = 50  # cases in the list


def show(request: HttpRequest, form: forms.ModelForm[RoutingRule]) -> HttpResponse:
    """Try the rule of the form over the newest cases that the reader may see."""
    user = request.user
    if not access.may_edit_rules(user):
        raise PermissionDenied
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("What would this rule change?"),
        "form": form,
    }
    if not form.is_valid():
        return render(request, "admin/complaints/routingrule/rehearsal.html", context, status=422)
    newest = Case.objects.visible_to(user).select_related("complaint").order_by("-pk")
    found = rehearsal.over(newest[: rehearsal.MOST], form.save(commit=False))
    context["found"], context["nobody"] = found, _("no rule takes it")
    context["ways"] = Counter((one.now, one.then) for one in found.elsewhere).most_common()
    context["cases"] = found.elsewhere[:SHOWN]
    context["may_read_cases"] = access.may_read_cases(user)
    return render(request, "admin/complaints/routingrule/rehearsal.html", context)
