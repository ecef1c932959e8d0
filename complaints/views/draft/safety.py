"""The first page asks whether the borrower is in danger. A yes shows numbers to call and offers a call-back.

A no is not stored. A yes is stored only when the borrower continues, which is always possible.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints import throttle
from complaints.models import CallBack
from complaints.safety import callbacks, helplines, urgent
from complaints.safety.forms import CallBackForm
from complaints.views.language import reworded
from complaints.views.whose import acts_on, from_anothers_page, refused

from .drafts import ask, begin


@acts_on()
@never_cache
def safety(request: HttpRequest) -> HttpResponse:
    """Ask the two questions, then go where the answers lead."""
    if request.method != "POST":
        return ask(request)
    answered_yes = urgent.yes(request.POST)
    return numbers(request, answered_yes, CallBackForm()) if answered_yes else begin(request)


def numbers(request: HttpRequest, answered_yes: Mapping[str, bool], form: CallBackForm) -> HttpResponse:
    """The numbers to call in large type, then the offer of a call-back, then the button to continue."""
    context = {
        "answered_yes": answered_yes,
        "form": form,
        "numbers": helplines.at_once(answered_yes),
        "title": _("Helplines"),
    }
    return render(request, "safety/numbers.html", context)


@acts_on()
@never_cache
def callback(request: HttpRequest) -> HttpResponse:
    """Ask for a call-back, see by when somebody calls, take it back."""
    if request.method != "POST":
        own = _own(request)
        return _promise(request, own) if own else redirect("safety")
    if request.POST.keys() & {"away", "withdraw"} and from_anothers_page(request, "callback"):
        return refused(request, "callback")
    if "away" in request.POST:
        request.session.pop("callback", None)
        return redirect("home")
    if "withdraw" in request.POST:
        return _withdrawn(request)
    if "language" in request.POST:
        answered_yes = urgent.yes(request.POST)
        return reworded(request, CallBackForm(request.POST), partial(numbers, request, answered_yes))
    return _asked(request, CallBackForm(request.POST))


def _asked(request: HttpRequest, form: CallBackForm) -> HttpResponse:
    answered_yes = urgent.yes(request.POST)
    if form.is_valid() and throttle.CALL_BACKS.passed(request):
        form.add_error(None, _("Too many people are asking for a call. Please call one of the numbers above."))
    if not form.is_valid():
        return numbers(request, answered_yes, form)
    given: dict[str, Any] = {**form.cleaned_data, **answered_yes}
    asked = callbacks.ask(language=translation.get_language() or "en", **given)
    request.session["callback"] = str(asked.uid)
    return redirect("callback")


def _promise(request: HttpRequest, asked: CallBack) -> HttpResponse:
    answered_yes = [name for name in urgent.QUESTIONS if getattr(asked, name)]
    context = {
        "asked": asked,
        "answered_yes": answered_yes,
        "numbers": helplines.at_once(answered_yes),
        "title": _("Saved"),
    }
    return render(request, "safety/callback.html", context)


def _own(request: HttpRequest) -> CallBack | None:
    """The call-back that this browser asked for, until it is erased or the session ends."""
    uid = request.session.get("callback")
    own: CallBack | None = CallBack.objects.filter(uid=uid).first() if uid else None
    return own


def _withdrawn(request: HttpRequest) -> HttpResponse:
    if own := _own(request):
        callbacks.withdraw(own)
    return redirect("callback")
