"""Decorators that pass a view the draft, case or enquiry that a browser has open."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints.drafts import drafts
from complaints.models import Case, Draft, Enquiry
from complaints.views.held import IDLE_MINUTES, NOTED_EVERY, held_code, was_idle
from complaints.views.typed import typed_words
from complaints.views.whose import acts_on

# What the session keeps of things opened in this browser: the case, a request for a new code, a call-back, an
# enquiry, and the bundles that may be fetched. A sign-in to the desk is not among them.
OPENED = (
    "case",
    "code",
    "case_seen",
    "looked",
    "lost",
    "callback",
    "enquiry",
    "enquiry_code",
    "grants",
    "counted",
    "fetched",
)

LOOKED = "looked"  # session key: when the borrower looked before, as an ISO date; empty if never
SEEN = "case_seen"  # session key: Unix time of the last request for the case

# Views that take the request, the row, and the parameters of the address.
DraftView = Callable[..., HttpResponse]
CaseView = Callable[..., HttpResponseBase]
EnquiryView = Callable[..., HttpResponseBase]


def with_draft(view: DraftView) -> DraftView:
    """Pass the held draft and its code to the view. Without one, say so and give back what was typed."""

    @acts_on("draft")
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, **where: str) -> HttpResponse:
        code = held_code(request)
        try:
            draft = drafts.find(code)
        except Draft.DoesNotExist:
            return gone(request, expired=False)
        except drafts.Expired:
            return gone(request, expired=True)
        return view(request, draft, code, **where)

    return found


def with_open_draft(view: DraftView) -> DraftView:
    """As `with_draft`, for a draft that is not filed yet.

    For a filed draft, redirect to the receipt, and give back text that was typed into an old page.
    """

    @wraps(view)
    def not_filed(request: HttpRequest, draft: Draft, code: str, **where: str) -> HttpResponse:
        if not draft.filed_at:
            return view(request, draft, code, **where)
        if typed := typed_words(request):
            return render(request, "draft/late.html", {"typed": typed, "title": _("Already filed")}, status=409)
        return redirect("filed")

    return with_draft(not_filed)


def gone(request: HttpRequest, *, expired: bool) -> HttpResponse:
    """The page for a draft that expired (410) or does not exist (404), with what was typed."""
    held, typed = bool(held_code(request)), typed_words(request)
    context = {"expired": expired, "held": held, "typed": typed, "title": _("Draft not found")}
    context |= {"idle_minutes": IDLE_MINUTES if was_idle(request) else 0}
    return render(request, "draft/gone.html", context, status=410 if expired else 404)


def held_draft(code: str) -> Draft | None:
    """The draft with this code; None without a code or if the draft no longer exists."""
    try:
        return drafts.find(code) if code else None
    except (Draft.DoesNotExist, drafts.Expired):
        return None


def held_filed(request: HttpRequest) -> bool:
    """Whether this browser holds a filed draft, and so can still show the access code."""
    draft = held_draft(held_code(request))
    return draft is not None and draft.filed_at is not None


def open_case(request: HttpRequest, case: Case) -> None:
    """Let this browser follow the case until it closes it or the session ends."""
    if opened_case(request) != case:
        if request.session.session_key:  # somebody else may know it
            request.session.cycle_key()
        request.session["case"], request.session["code"] = case.pk, case.code_digest
        request.session[SEEN] = int(time.time())
        request.session[LOOKED] = case.looked_at.isoformat() if case.looked_at else ""
        _note_look(case)
        if not request.user.is_authenticated:
            request.session.set_expiry(0)  # until the browser is closed, since others may use this device


def _note_look(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(looked_at=timezone.now())


def close_all(request: HttpRequest) -> None:
    """Forget everything that this browser has opened; a sign-in to the desk stays."""
    for name in OPENED:
        request.session.pop(name, None)


def opened_case(request: HttpRequest) -> Case | None:
    """The case that this browser follows. None if its code has changed since it was opened, or after IDLE_MINUTES
    without a request."""
    if "case" not in request.session:
        return None
    now = int(time.time())
    idle = now - request.session.get(SEEN, now)
    is_due = idle >= NOTED_EVERY or SEEN not in request.session
    if idle > IDLE_MINUTES * 60:
        close_all(request)
        return None
    if is_due:
        request.session[SEEN] = now
    opened: Case | None = (
        Case.objects.select_related("complaint")
        .filter(pk=request.session["case"], code_digest=request.session.get("code", ""))
        .first()
    )
    if opened and is_due:
        _note_look(opened)
    return opened


def with_case(view: CaseView) -> CaseView:
    """Pass the followed case to the view. Without one, ask for the code and give back what was typed."""

    @acts_on("case")
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, **named: Any) -> HttpResponseBase:
        case = opened_case(request)
        if case:
            return view(request, case, **named)
        return not_open(request) if typed_words(request) else redirect("follow")

    return found


def not_open(request: HttpRequest) -> HttpResponse:
    """The page for a case that is no longer open here, with what was typed."""
    context = {"title": _("Not open here"), "typed": typed_words(request)}
    return render(request, "follow/gone.html", context, status=404)


def with_enquiry(view: EnquiryView) -> EnquiryView:
    """Pass the opened enquiry to the view. Without one, ask for the code and give back what was typed."""

    @acts_on("enquiry")
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, **named: Any) -> HttpResponseBase:
        enquiry = opened_enquiry(request)
        if enquiry:
            return view(request, enquiry, **named)
        return not_open_to_answers(request) if typed_words(request) else redirect("respond")

    return found


def not_open_to_answers(request: HttpRequest) -> HttpResponse:
    """Say that the enquiry is not open here any more, and give back what was typed."""
    context = {"title": _("Not open here"), "typed": typed_words(request)}
    return render(request, "respond/gone.html", context, status=404)


def opened_enquiry(request: HttpRequest) -> Enquiry | None:
    """The enquiry that this browser answers, unless its link has ended."""
    if "enquiry" not in request.session:
        return None
    opened: Enquiry | None = (
        Enquiry.objects.open_to_answers()
        .select_related("case")
        .filter(pk=request.session["enquiry"], code_digest=request.session.get("enquiry_code", ""))
        .first()
    )
    return opened
