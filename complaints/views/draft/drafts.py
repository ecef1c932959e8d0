"""Begin a draft, find it again by its code, see how far it is, take it off this device, delete it."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import codes, throttle
from complaints.drafts import drafts
from complaints.forms.base import CodeForm
from complaints.models import Case, Draft
from complaints.safety import urgent
from complaints.views.held import IDLE_MINUTES, held_code, hold, let_go, was_idle
from complaints.views.language import reworded
from complaints.views.opened import held_draft, held_filed, open_case
from complaints.views.whose import acts_on, from_anothers_page
from complaints.web import NOTHING_KEPT

TITLES = {
    "who": gettext_lazy("Your connection to the debt"),
    "parties": gettext_lazy("Who is involved"),
    "conduct": gettext_lazy("What they did"),
    "court": gettext_lazy("Court papers"),
    "story": gettext_lazy("What happened"),
    "contacts": gettext_lazy("Calls, messages, visits"),
    "evidence": gettext_lazy("Evidence"),
    "wishes": gettext_lazy("What you want"),
    "reach": gettext_lazy("How to reach you"),
    "names": gettext_lazy("Who may see your name"),
    "check": gettext_lazy("Check your answers"),
}


@acts_on()
@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft, continue one by its code, or return to the one that this browser holds.

    A browser without a draft first gets the two questions about danger.
    """
    if request.method == "POST":
        return begin(request) if "begin" in request.POST else _continue(request)
    code = held_code(request)
    draft = held_draft(code)
    if draft is None:
        return redirect(f"{reverse('start')}?idle=1") if was_idle(request) else ask(request)
    return redirect("filed") if draft.filed_at else _overview(request, draft, code)


def ask(request: HttpRequest) -> HttpResponse:
    """The page with the two questions about danger."""
    return render(
        request, "safety/questions.html", {"questions": urgent.QUESTIONS, "title": _("Before you start")}
    )


@acts_on()
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What to know before the first answer is saved, and the button that begins."""
    if held_draft(held_code(request)):
        return redirect("new")
    return _offer(request, CodeForm(label=_("Draft code")))


def begin(request: HttpRequest) -> HttpResponse:
    """Begin a new draft. If this browser has an open one, add the answers about danger to it instead."""
    code = held_code(request)
    draft = held_draft(code)
    if draft and draft.filed_at:
        return redirect("filed")  # the borrower has not saved the access code yet
    fresh = draft is None
    if draft is None:
        draft, code = drafts.begin(translation.get_language() or settings.LANGUAGE_CODE)
    answered_yes = urgent.yes(request.POST)
    if answered_yes and not from_anothers_page(request, "draft"):
        drafts.save(draft, "safety", answered_yes)
    return hold(redirect("step", drafts.STEPS[0]) if fresh else redirect("new"), code)


def _continue(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST, label=_("Draft code"))
    if "language" in request.POST:
        return reworded(request, form, partial(_offer, request))
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            drafts.find(code)
            return hold(redirect("new"), code)
        except drafts.Expired:
            form.add_error("code", _("This draft has expired. Its answers and files have been deleted."))
        except Draft.DoesNotExist:
            if case := Case.objects.filter(code_digest=codes.digest(code)).first():  # it is an access code
                open_case(request, case)
                return redirect("follow_case")
            unknown = _("There is no draft with this code. If you have already filed, use your access code.")
            form.add_error("code", throttle.wrong_code(request) or unknown)
    return _offer(request, form)


def _offer(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "days": settings.DRAFT_DAYS, "idle_minutes": IDLE_MINUTES, "title": _("Start")}
    return render(request, "draft/new.html", {**context, "was_idle": "idle" in request.GET})


def _overview(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    steps = [(step, TITLES[step], state_of(draft, step)) for step in drafts.STEPS[:-1]]
    at = draft.at or next((step for step, _title, state in steps if state != "done"), "check")
    lacking = [(step, TITLES[step]) for step in drafts.missing(draft)]
    context = {"draft": draft, "code": code, "steps": steps, "at": at, "lacking": lacking, "title": _("Draft")}
    return render(request, "draft/overview.html", context)


def state_of(draft: Draft, step: str) -> str:
    """`done`, `unfinished` or `open`."""
    if step not in draft.answers:
        return "open"
    return "unfinished" if draft.answers[step].get("unfinished") or draft.at == step else "done"


@acts_on("draft")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take the draft off this device or delete it. A filed draft stays until its access code is saved."""
    if held_filed(request):
        return redirect("filed")
    request.session.pop("callback", None)
    if "forget" in request.POST:
        _forget(held_code(request))
    response = redirect("home")
    response.headers["Clear-Site-Data"] = NOTHING_KEPT
    return let_go(response)


def _forget(code: str) -> None:
    try:
        draft = drafts.find(code)
    except (Draft.DoesNotExist, drafts.Expired):
        return
    if not draft.filed_at:
        drafts.forget(draft)
