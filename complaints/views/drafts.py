"""The steps from an empty draft to a filed complaint. Each POST saves what can be saved, wherever it leads."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from evidence import checkpoints

from .. import filing, gathering, throttle, urgent
from ..forms import FORMS, CodeForm, Step, Words
from ..models import Draft
from . import pages
from .answers import told
from .follow import open_case

COOKIE = "draft"
TITLES = {
    "parties": gettext_lazy("Who is involved"),
    "story": gettext_lazy("What happened"),
    "evidence": gettext_lazy("Evidence"),
    "wishes": gettext_lazy("What you want"),
    "contact": gettext_lazy("How to reach you"),
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
            return gone(request, expired=False, **where)
        except filing.Expired:
            return gone(request, expired=True, **where)
        return view(request, draft, code, **where)

    return found


def gone(request: HttpRequest, *, expired: bool, step: str = "") -> HttpResponse:
    typed = typed_words(request.POST, step)
    told = {"expired": expired, "held": bool(held_code(request)), "typed": typed, "title": _("Draft not found")}
    return render(request, "draft/gone.html", told, status=410 if expired else 404)


def typed_words(data: QueryDict, step: str) -> list[tuple[object, str]]:
    """What somebody typed into a step's text fields, with the labels, for them to copy."""
    fields = FORMS[step].base_fields if step in FORMS else {}
    words = ((field.label, data.get(name, "")) for name, field in fields.items() if isinstance(field, Words))
    return [(label, text) for label, text in words if text]


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
        return filing.find(code)
    except (Draft.DoesNotExist, filing.Expired):
        return None


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
    if draft is None or draft.filed_at:
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
    told = {"draft": draft, "code": code, "steps": steps, "at": at, "title": _("Draft")}
    return render(request, "draft/overview.html", told)


def state_of(draft: Draft, step: str) -> str:
    """`done`, `unfinished` or `open`."""
    if step not in draft.answers:
        return "open"
    return "unfinished" if draft.answers[step].get("unfinished") else "done"


@with_draft
def step(request: HttpRequest, draft: Draft, code: str, step: str) -> HttpResponse:
    """One page of questions."""
    if step not in FORMS:
        raise Http404
    if draft.filed_at:
        return redirect("filed")
    if request.method != "POST":
        return show(request, draft, step, FORMS[step](initial=draft.answers.get(step)))
    form = FORMS[step](request.POST)
    if form.keepable():
        filing.save(draft, step, form.answers())
        if form.is_valid() or not goes_on(request):
            return onward(request, step)
    return show(request, draft, step, form)


def show(
    request: HttpRequest, draft: Draft, step: str, form: Step, template: str = "draft/step.html", **more: Any
) -> HttpResponse:
    place = filing.STEPS.index(step) + 1
    where = {"draft": draft, "step": step, "title": TITLES[step], "place": place, "places": len(filing.STEPS)}
    return render(request, template, {**where, "form": form, "back": before(step), **more})


def goes_on(request: HttpRequest) -> bool:
    """Whether the reader pressed Continue; going back, stopping or changing the language demands no answer."""
    return request.POST.get("go", "on") == "on" and "language" not in request.POST


def before(step: str) -> str:
    """The address of the page before."""
    place = filing.STEPS.index(step)
    return reverse("step", args=[filing.STEPS[place - 1]]) if place else reverse("new")


def onward(request: HttpRequest, step: str) -> HttpResponse:
    """Where the pressed button leads, once everything is saved."""
    if language := request.POST.get("language"):
        return speak(redirect(request.get_full_path()), language)
    go = request.POST.get("go", "on")
    if go in ("back", "stop"):
        return redirect(before(step) if go == "back" else "new")
    if go == "stay":
        return redirect(request.get_full_path())
    after = "check" if request.GET.get("then") == "check" else filing.STEPS[filing.STEPS.index(step) + 1]
    return redirect("step", after)


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Answer in this language from now on, as /i18n/setlang/ does."""
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response


@with_draft
def check(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """All answers once more, and the button that files them."""
    if request.method == "POST" and "language" in request.POST:
        return onward(request, "check")
    if request.method == "POST" or draft.filed_at:
        return _file(request, draft, code)
    return _review(request, draft)


def _file(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    Draft.objects.filter(pk=draft.pk, filed_at=None).update(language=translation.get_language())
    try:
        case = filing.file(draft, code)
    except filing.Incomplete:
        return _review(request, draft)
    except checkpoints.Inconsistent:
        return pages.failed(
            request,
            503,
            _("We cannot give you a receipt just now"),
            _("Without a receipt we do not take a complaint. Your draft is safe, with its files."),
            _("We have been told. Please try again later with your draft code."),
        )
    open_case(request, case)
    return redirect("filed")


def _review(request: HttpRequest, draft: Draft) -> HttpResponse:
    told_so_far = [(step, TITLES[step], told(draft, step)) for step in filing.STEPS[:-1]]
    missing = filing.missing_step(draft)
    return show(
        request,
        draft,
        "check",
        Step(),
        "draft/check.html",
        sections=told_so_far,
        missing=missing,
        coming=gathering.coming_to(draft).count(),
        missing_title=TITLES.get(missing or ""),
    )


@with_draft
def filed(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """The receipt and, until it is saved, the access code."""
    if not draft.filed_at:
        return redirect("step", "check")
    case = draft.case
    open_case(request, case)
    if request.method == "POST":
        filing.forget(draft)  # with it goes the last way to show the access code again
        return let_go(redirect("follow_case"))
    exhibits = case.exhibits.select_related("item__seal").prefetch_related("item__tokens")
    told = {"case": case, "code": filing.access_code(code), "exhibits": exhibits, "title": _("Receipt")}
    return render(request, "draft/filed.html", told)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Take the draft off this device, or delete it for good."""
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
