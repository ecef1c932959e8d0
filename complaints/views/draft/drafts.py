"""A draft in somebody's hands: begun, held by this browser, found again by its code, overviewed, left, deleted."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import throttle
from complaints.filing import filing
from complaints.forms.base import CodeForm
from complaints.models import Draft
from complaints.safety import urgent
from complaints.views.typed import typed_words

COOKIE = "draft"
TITLES = {
    "who": gettext_lazy("Who you are"),
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

DraftView = Callable[..., HttpResponse]


def held_code(request: HttpRequest) -> str:
    """The draft code this browser holds; empty when it holds none that we signed."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or ""


def hold(response: HttpResponse, code: str) -> HttpResponse:
    """Let this browser hold the draft's code, where no script can read it."""
    response.set_signed_cookie(
        COOKIE,
        code,
        salt=COOKIE,
        max_age=settings.DRAFT_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def let_go(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def with_draft(view: DraftView) -> DraftView:
    """Hand the held draft and its code to the view; without one, say so and give back what was typed."""

    @never_cache
    @wraps(view)
    def found(request: HttpRequest, **where: str) -> HttpResponse:
        code = held_code(request)
        try:
            draft = filing.find(code)
        except Draft.DoesNotExist:
            return gone(request, expired=False)
        except filing.Expired:
            return gone(request, expired=True)
        return view(request, draft, code, **where)

    return found


def with_open_draft(view: DraftView) -> DraftView:
    """Hand over a draft that is not filed yet. After filing the way leads to the receipt, and what somebody typed
    into an old page is given back."""

    @wraps(view)
    def not_filed(request: HttpRequest, draft: Draft, code: str, **where: str) -> HttpResponse:
        if not draft.filed_at:
            return view(request, draft, code, **where)
        if typed := typed_words(request):
            return render(request, "draft/late.html", {"typed": typed, "title": _("Filed already")}, status=409)
        return redirect("filed")

    return with_draft(not_filed)


def gone(request: HttpRequest, *, expired: bool) -> HttpResponse:
    held, typed = bool(held_code(request)), typed_words(request)
    context = {"expired": expired, "held": held, "typed": typed, "title": _("Draft not found")}
    return render(request, "draft/gone.html", context, status=410 if expired else 404)


@never_cache
def new(request: HttpRequest) -> HttpResponse:
    """Begin a draft, continue one by its code, or come back to the one this browser holds. Whoever has none is
    first asked whether they are in danger."""
    if request.method == "POST":
        return _begin(request) if "begin" in request.POST else _continue(request)
    code = held_code(request)
    draft = _held(code)
    if draft is None:
        return ask(request)
    return redirect("filed") if draft.filed_at else _overview(request, draft, code)


def ask(request: HttpRequest) -> HttpResponse:
    """The two questions before everything."""
    return render(request, "safety/questions.html", {"questions": urgent.QUESTIONS, "title": _("First")})


def _held(code: str) -> Draft | None:
    try:
        return filing.find(code) if code else None
    except (Draft.DoesNotExist, filing.Expired):
        return None


def held_filed(request: HttpRequest) -> bool:
    """Whether this browser still holds a draft that was filed, and so can show the access code."""
    draft = _held(held_code(request))
    return draft is not None and draft.filed_at is not None


@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """What to know before the first answer is saved, and the button that begins."""
    if _held(held_code(request)):
        return redirect("new")
    return _offer(request, CodeForm(label=_("Draft code")))


def _begin(request: HttpRequest) -> HttpResponse:
    """A draft of its own; or the one that is open here, where somebody answered the two questions again."""
    code = held_code(request)
    draft = _held(code)
    if draft and draft.filed_at:
        return redirect("filed")  # whose code is not saved yet
    if draft is None:
        draft, code = filing.begin(translation.get_language() or settings.LANGUAGE_CODE)
    if said := urgent.yes(request.POST):
        filing.save(draft, "safety", said)
    return hold(redirect("new"), code)


def _continue(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST, label=_("Draft code"))
    if form.is_valid():
        code = form.cleaned_data["code"]
        try:
            filing.find(code)
            return hold(redirect("new"), code)
        except filing.Expired:
            form.add_error("code", _("This draft has expired, and its answers and files are deleted."))
        except Draft.DoesNotExist:
            unknown = _("There is no draft with this code. If you have filed already, use your access code.")
            form.add_error("code", throttle.missed(request) or unknown)
    return _offer(request, form)


def _offer(request: HttpRequest, form: CodeForm) -> HttpResponse:
    return render(request, "draft/new.html", {"form": form, "days": settings.DRAFT_DAYS, "title": _("Begin")})


def _overview(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    steps = [(step, TITLES[step], state_of(draft, step)) for step in filing.STEPS[:-1]]
    at = next((step for step, _title, state in steps if state != "done"), "check")
    context = {"draft": draft, "code": code, "steps": steps, "at": at, "title": _("Draft")}
    return render(request, "draft/overview.html", context)


def state_of(draft: Draft, step: str) -> str:
    """`done`, `unfinished` or `open`."""
    if step not in draft.answers:
        return "open"
    return "unfinished" if draft.answers[step].get("unfinished") else "done"


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take the draft off this device, or delete it for good; not the code of a filed one that nobody saved yet."""
    if held_filed(request):
        return redirect("filed")
    request.session.pop("callback", None)
    if "forget" in request.POST:
        _forget(held_code(request))
    return let_go(redirect("home"))


def _forget(code: str) -> None:
    try:
        draft = filing.find(code)
    except (Draft.DoesNotExist, filing.Expired):
        return
    if not draft.filed_at:
        filing.forget(draft)
