"""A lost access code. Only the borrower can ask for a new one, and a stranger gets the same answers."""

from functools import partial
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import codes, throttle
from complaints.models import Case
from complaints.notices import notify
from complaints.rights import recovery
from complaints.rights.forms import LostForm, OneTimeForm
from complaints.views import pictures
from complaints.views.language import reworded
from complaints.views.opened import open_case, with_case
from complaints.views.whose import acts_on

SESSION = "lost"  # the session key of the request that this browser has begun


@acts_on()
@never_cache
def lost(request: HttpRequest) -> HttpResponse:
    """Ask for reference and address. Neither the answer nor its time shows whether they belong to a case."""
    form = LostForm(request.POST if request.method == "POST" else None)
    shown = partial(_page, request, template="follow/lost.html", ways=notify.set_up())
    if "language" in request.POST:
        return reworded(request, form, shown)
    if form.is_valid():
        if sentence := throttle.too_many(request, throttle.LOST_CODES):
            form.add_error(None, sentence)
        else:
            request.session[SESSION] = str(recovery.ask(**form.cleaned_data).pk)
            return redirect("follow_lost_code")
    return shown(form)


@acts_on("lost")
@never_cache
def one_time_code(request: HttpRequest) -> HttpResponse:
    """Ask for the number that was sent. For the right one, show the new access code once."""
    begun = request.session.get(SESSION)
    if begun is None:
        return redirect("follow_lost")
    if "saved" in request.POST:
        recovery.finish(UUID(request.session.pop(SESSION)))
        return redirect("follow_case")
    form = OneTimeForm(request.POST if request.method == "POST" else None)
    shown = partial(_page, request, template="follow/lost_code.html")
    if "language" in request.POST:
        return reworded(request, form, shown)
    if form.is_valid():
        if access_code := recovery.redeem(UUID(begun), form.cleaned_data["code"]):
            return _renewed(request, access_code)
        unknown = _("This verification code is wrong or has expired. You can ask for another one.")
        form.add_error("code", throttle.wrong_code(request) or unknown)
    return shown(form)


def _renewed(request: HttpRequest, access_code: str) -> HttpResponse:
    case = Case.objects.get(code_digest=codes.digest(access_code))
    open_case(request, case)
    context = {"title": _("A new code"), "case": case, "code": access_code}
    return render(request, "follow/renewed.html", context)


@require_safe
@with_case
def picture(request: HttpRequest, case: Case) -> HttpResponse:
    """The new code as a picture, for the browser that asked for it, until the code is saved."""
    begun = request.session.get(SESSION)
    access_code = recovery.shown(UUID(begun)) if begun else None
    if access_code is None or codes.digest(access_code) != case.code_digest:
        raise Http404
    return pictures.of_code(request, case.reference, access_code, "follow")


def _page(request: HttpRequest, form: LostForm | OneTimeForm, template: str, **context: object) -> HttpResponse:
    context |= {"form": form, "title": _("A new code")}
    return render(request, template, context, status=422 if form.errors else 200)
