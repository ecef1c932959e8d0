"""The step with the list of calls, messages and visits, and the page for one of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.drafts import contacts, saving
from complaints.drafts.questions import TAKEN_OVER, ActForm, act_form
from complaints.forms.base import Step
from complaints.models import Draft
from complaints.views.draft.steps import goes_on, onward, show
from complaints.views.language import speak
from complaints.views.opened import with_open_draft

from .answers import act_rows
from .understood import say_back

LONGEST_KEY = 16


@with_open_draft
def listing(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """The list of contacts. It may be empty."""
    if request.method == "POST":
        contacts.seen(draft)
        if key := request.POST.get("remove"):
            contacts.remove(draft, key)
            return redirect(request.get_full_path())
        return onward(request, contacts.STEP)
    acts = [(act["key"], act_rows(act)) for act in contacts.listed(draft)]
    fresh = contacts.fresh_key()
    return show(request, draft, contacts.STEP, Step(), acts=acts, fresh=fresh, full=len(acts) >= contacts.MOST)


@with_open_draft
def act(request: HttpRequest, draft: Draft, code: str, key: str) -> HttpResponse:
    """Add one call, message or visit, or change it."""
    if len(key) > LONGEST_KEY:
        raise Http404
    kept = contacts.found(draft, key)
    asked = act_form(draft.answers)
    last = {} if kept else _taken_over(draft, request.GET.get("from", ""))
    if request.method != "POST":
        return _page(request, draft, asked(initial=_as_typed(kept), taken_over=last), kept, key)
    form = asked(request.POST, taken_over=last)
    if form.is_valid() and (act := form.act()):
        try:
            contacts.put(draft, key, act, seen=request.POST.get("seen"))
            say_back(request, form)
            return _left(request, key)
        except contacts.TooMany as full:
            form.add_error(None, str(full))
        except saving.ChangedMeanwhile as other:
            return _page(request, draft, form, other.kept, key, elsewhere=act_rows(other.kept))
    elif form.is_valid() and goes_on(request):
        form.add_error(None, ValidationError(_("There is nothing here yet. Fill in what you know.")))
    elif form.is_valid():
        return _left(request, key)
    return _page(request, draft, form, kept, key)


def _taken_over(draft: Draft, key: str) -> contacts.Act:
    """The answers of this contact that the next one begins with, since they usually repeat."""
    last = contacts.found(draft, key) or {}
    return {name: last[name] for name in TAKEN_OVER if name in last}


def _left(request: HttpRequest, key: str) -> HttpResponse:
    """Redirect to the list, to another act, or to the same page after a change of language."""
    if language := request.POST.get("language"):
        return speak(redirect(request.get_full_path()), language)
    if request.POST.get("go") == "another":
        return redirect(reverse("act", args=[contacts.fresh_key()], query={"from": key}))
    return redirect("step", contacts.STEP)


def _as_typed(kept: contacts.Act | None) -> contacts.Act:
    if not kept:
        return {}
    rough = {"times": _("about %(count)s") % {"count": kept["times"]}} if kept.get("times_about") else {}
    return {**kept, **rough, "about": kept.get("precision") == "about"}


def _page(
    request: HttpRequest, draft: Draft, form: ActForm, kept: contacts.Act | None, key: str, **more: Any
) -> HttpResponse:
    seen = saving.mark(kept or {"key": key})
    return show(request, draft, contacts.STEP, form, "draft/act.html", known=kept is not None, seen=seen, **more)
