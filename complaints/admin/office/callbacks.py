"""Call-backs at the desk: who waits for a call, the most urgent first, and the result of each call."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from complaints.admin import once
from complaints.admin.reading import refuse
from complaints.models import CallBack, StaffMember
from complaints.refusal import Refused
from complaints.safety import callbacks
from complaints.staff import access, conflicts

OUTCOMES = [choice for choice in CallBack.Outcome.choices if choice[0] != CallBack.Outcome.WITHDRAWN]
SHOWN = 50  # newest calls that were made


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(label=gettext_lazy("What came of it"), choices=OUTCOMES, widget=forms.RadioSelect)


def caller(request: HttpRequest) -> StaffMember:
    """The reader, who must be allowed to call people back. Raises PermissionDenied."""
    if not access.may_call_back(request.user):
        raise PermissionDenied
    return request.user


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    return _page(request)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    """The calls that wait and that the reader may make, with what to know first; then the last ones made."""
    user = caller(request)
    dealt_with: QuerySet[CallBack] = CallBack.objects.exclude(done_at=None).select_related("done_by")
    context = {
        **admin.site.each_context(request),
        "title": _("Call-backs"),
        "waiting": conflicts.calls_for(user, CallBack.objects.waiting()),
        "dealt_with": conflicts.calls_for(user, dealt_with.order_by("-done_at")[:SHOWN]),
        "outcomes": OUTCOMES,
    }
    return render(request, "admin/complaints/callback/list.html", context, status=status)


@require_POST
def done(request: HttpRequest, pk: int) -> HttpResponse:
    user, form = caller(request), OutcomeForm(request.POST)
    asked = get_object_or_404(CallBack, pk=pk)
    if not conflicts.calls_for(user, [asked]):
        raise Http404
    if not form.is_valid():
        refuse(request, _("Choose what came of it."))
        return _page(request, status=422)

    def end() -> str:
        callbacks.done(asked, by=user, outcome=form.cleaned_data["outcome"])
        return _("It is recorded what came of the call.")

    try:
        said = once.kept(request, end)
    except Refused as refused:
        if not (said := once.before(request)):
            refuse(request, str(refused))
            return _page(request, status=409)
    messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:complaints_callback_changelist"))


@admin.register(CallBack)
class CallBackAdmin(admin.ModelAdmin[CallBack]):
    """The list and the step. Nobody edits or deletes a call-back."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("", site.admin_view(show), name="complaints_callback_changelist"),
            path("<int:pk>/done/", site.admin_view(done), name="callback_done"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_call_back(request.user)
