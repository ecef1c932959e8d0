"""The steps taken from the case page. Each calls one function and reports the result."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from complaints.admin import once, shown
from complaints.admin.case.page import page, show
from complaints.admin.forms import ReplyForm, StepResult, WithdrawalForm
from complaints.admin.reading import case_to_act_on, reader, refuse
from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.decisions import overlooked
from complaints.models import Case
from complaints.refusal import Refused
from complaints.rights import withdrawals
from complaints.staff import access

from . import assigning, bundles, clocks, deciding, enquiries, said, severity, writing
from .downloads import derivative, file, look, original, release
from .transcripts import transcript

EXHIBIT = (
    ("look/", look, "case_look_at"),
    ("copies/<uuid:key>/", derivative, "case_derivative"),
    ("original/", original, "case_original"),
    ("file/", file, "case_file"),
    ("transcript/", transcript, "case_transcript"),
    ("release/", release, "case_release"),
)
BUNDLE = (
    ("", bundles.choose, "case_bundle"),
    ("<uuid:key>/", bundles.made, "case_bundle_made"),
    ("<uuid:key>/approve/", bundles.approve, "case_bundle_approve"),
    ("<uuid:key>/fetch/", bundles.fetch, "case_bundle_fetch"),
    ("<uuid:key>/file/", bundles.file, "case_bundle_file"),
    ("given/<uuid:key>/revoke/", bundles.revoke, "case_bundle_revoke"),
)


def urls(site: AdminSite) -> list[URLPattern]:
    """The addresses of a case. All require a sign-in at the desk."""
    views = {"begin": begin, "decide": deciding.decide, "reply": reply, "close": close}
    views |= {name: step(getattr(deciding, name)) for name in ("second", "undertake", "end", "refer")}
    views |= {"withdrawal": withdrawal, "write": step(writing.write), "read": step(writing.read)}
    views |= {name: step(view) for name, view in clocks.STEPS.items()}
    views |= {"note": step(writing.note), "task": step(writing.task), "task_done": step(writing.task_done)}
    views |= {**assigning.VIEWS, "severity": severity.show}

    def view_of(view: shown.View) -> shown.View:
        return site.admin_view(shown.marked(view))

    return [
        path("<int:pk>/", view_of(show), name="complaints_case_change"),
        *(path(f"<int:pk>/{name}/", view_of(view), name=f"case_{name}") for name, view in views.items()),
        *(path(f"<int:pk>/bundle/{route}", view_of(view), name=name) for route, view, name in BUNDLE),
        *enquiries.urls(view_of),
        path("<int:pk>/exhibits/look/", view_of(look), name="case_look"),
        *(
            path(f"<int:pk>/exhibits/<int:number>/{route}", view_of(view), name=name)
            for route, view, name in EXHIBIT
        ),
    ]


def step(view: Callable[[HttpRequest, Case], StepResult]) -> Callable[[HttpRequest, int], HttpResponse]:
    """Decorate a step that is taken by POST.

    If it succeeds, it redirects to the section of the case that it changed, where its sentence is; if it is
    refused or invalid, the page is shown again.
    """

    @wraps(view)
    def taken(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":  # for instance after signing in again
            if not hasattr(request, "in_language"):
                messages.error(request, _("You were signed out, so nothing was done. Please try again."))
            return HttpResponseRedirect(reverse("admin:complaints_case_change", args=[pk]))
        case = case_to_act_on(request, pk)
        try:
            result = _result(view, request, case)
        except Refused as refused:
            if not (result := once.before(request)):
                refuse(request, str(refused))
                return page(request, access.case_or_404(request.user, pk), status=409)
        if isinstance(result, forms.Form):
            return page(request, case, form=result, status=422 if result.errors else 200)
        return said.redirect(request, pk, result)

    return taken


def _result(view: Callable[[HttpRequest, Case], StepResult], request: HttpRequest, case: Case) -> StepResult:
    if getattr(view, "takes_files", False):  # it recognises a page that was sent before by itself
        return view(request, case)
    return once.kept(request, lambda: view(request, case))


@step
def begin(request: HttpRequest, case: Case) -> StepResult:
    """Begin the investigation. A case that is assigned to nobody is assigned to the reader."""
    user = reader(request)
    changes = {} if case.assignee_id else {"assignee": user}
    lifecycle.advance(case, "begin", by=access.actor(user), staff=user, changes=changes)
    return _("The investigation has begun. Look at the exhibits, then write the findings.")


@step
def reply(request: HttpRequest, case: Case) -> StepResult:
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return form
    overlooked.check_seen(Case.objects.locked(case), shown.last(request))
    messaging.reply(case, by=reader(request), text=form.cleaned_data["text"])
    return _("The reply is sent: the borrower reads it with the access code.")


@step
def close(request: HttpRequest, case: Case) -> StepResult:
    user = reader(request)
    lifecycle.advance(case, "close", by=access.actor(user), staff=user)
    return _("The case is closed.")


@step
def withdrawal(request: HttpRequest, case: Case) -> StepResult:
    """Decide on a withdrawal that needs a supervisor."""
    form = WithdrawalForm(request.POST, prefix="end")
    if not form.is_valid():
        return form
    keep = form.cleaned_data["decision"] == "keep"
    withdrawals.decide(case, by=reader(request), keep=keep, reasons=form.cleaned_data["reasons"])
    if keep:
        return _("The case stays open, and the borrower will see that.")
    return _("The case is closed as withdrawn.")
