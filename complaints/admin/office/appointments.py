"""Roles that wait for a supervisor, recent changes of roles and sign-ins, and lost second factors."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.admin.reading import refuse
from complaints.admin.words import name_of
from complaints.models import Role, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access, appointments, role_log, second_factor
from evidence import ledger
from evidence.models import LedgerEntry

SHOWN = 50  # newest changes in the list
SENTENCES = {  # for all changes except those of roles and teams, which are listed with their new values
    event_kinds.STAFF_PASSWORD_SET: gettext_lazy("Password set by somebody else"),
    event_kinds.STAFF_SECOND_FACTOR_SET: gettext_lazy("Second factor set up"),
    event_kinds.STAFF_SECOND_FACTOR_TAKEN_AWAY: gettext_lazy("Second factor taken away"),
    event_kinds.CONFLICT_DECLARED: gettext_lazy("Conflict of interest declared"),
    event_kinds.CONFLICT_ENDED: gettext_lazy("Conflict of interest ended"),
}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if not access.may_read_appointments(request.user):
        raise PermissionDenied
    return _page(request)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    waiting = StaffMember.objects.exclude(asked_role="").select_related("asked_by").order_by("pk")
    context = {
        **admin.site.each_context(request),
        "title": _("Appointments"),
        "waiting": [(member, second_factor.is_set_up(member)) for member in waiting],
        "may_confirm": access.may_confirm_roles(request.user),
        "changes": _changes(),
    }
    return render(request, "admin/complaints/staffmember/appointments.html", context, status=status)


@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user = request.user
    if not access.may_confirm_roles(user):
        raise PermissionDenied
    member = get_object_or_404(StaffMember, pk=pk)
    try:
        if verb == "confirm":
            appointments.confirm(member, by=user)
        else:
            appointments.refuse(member, by=user)
    except Refused as refused:
        refuse(request, str(refused))
        return _page(request, status=409)
    messages.success(request, _("Your decision is recorded."))
    return HttpResponseRedirect(reverse("admin:complaints_appointment_changelist"))


@require_http_methods(["GET", "POST"])
def lost(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second factor of somebody who lost it. Nobody can do this for themselves."""
    user = request.user
    if not access.may_edit_staff(user) or pk == user.pk:
        raise PermissionDenied
    member = get_object_or_404(StaffMember, pk=pk)
    if request.method == "POST":
        second_factor.take_away(member, by=access.actor(user), asked_by=user)
        messages.success(request, _("The second factor is taken away. At the next sign-in they set up another."))
        return HttpResponseRedirect(reverse("admin:complaints_staffmember_change", args=[pk]))
    context = {**admin.site.each_context(request), "title": _("A lost second factor"), "member": member}
    return render(request, "admin/complaints/staffmember/lost.html", context)


def _changes() -> list[dict[str, Any]]:
    """The changes on the ledger, newest first."""
    about_staff = LedgerEntry.objects.filter(thread=role_log.THREAD, kind__in={*SENTENCES, role_log.CHANGED})
    pairs = [(entry, ledger.content_of(entry)) for entry in about_staff.order_by("-seq")[:SHOWN]]
    uids = {entry.subject.removeprefix("staff:") for entry, _content in pairs}
    uids |= {content["by"]["id"] for _entry, content in pairs if "id" in content["by"]}
    names = {str(member.uid): name_of(member) for member in StaffMember.objects.filter(uid__in=uids)}
    return [
        {
            "at": datetime.fromisoformat(content["at"]),
            "who": names.get(entry.subject.removeprefix("staff:"), "–"),
            "what": _in_words(entry.kind, content["data"]),
            "by": names.get(content["by"].get("id", ""), "") or _("on the server"),
        }
        for entry, content in pairs
    ]


def _in_words(kind: str, data: dict[str, Any]) -> str:
    if kind in SENTENCES:
        return str(SENTENCES[kind])
    roles = dict(Role.choices)
    parts = [str(roles.get(data["role"], _("no role"))) if data["active"] else _("may not sign in")]
    if asked := data.get("asked"):
        parts.append(_("asked for: %(role)s") % {"role": roles[asked]})
    if data["teams"]:
        parts.append(_("teams: %(teams)s") % {"teams": ", ".join(map(str, data["teams"]))})
    return " · ".join(parts)


def urls(view: Callable[[Any], Any]) -> list[URLPattern]:
    return [
        path("appointments/", view(show), name="complaints_appointment_changelist"),
        path("appointments/<int:pk>/confirm/", view(decide), {"verb": "confirm"}, name="appointment_confirm"),
        path("appointments/<int:pk>/refuse/", view(decide), {"verb": "refuse"}, name="appointment_refuse"),
        path("appointments/<int:pk>/lost/", view(lost), name="second_factor_lost"),
    ]
