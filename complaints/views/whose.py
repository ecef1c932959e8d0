"""Checks that a form comes from a page made for the draft, case or enquiry that the browser holds now.

A browser holds one of each at a time, but may show pages of several in its tabs. The form token of a page says
what the browser held when the page was made. A form from a page of another draft or case changes nothing:
`PagesKeptApart` answers it before any view runs.

Django's form token is a random mask of 32 letters, followed by the browser's secret shifted by that mask. Here
eight letters of the mask are random; the others are keyed marks of what the browser held. So each form with
Django's token also has the marks, Django still checks the token itself, and no two tokens are alike.
"""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from complaints.forms.base import CodeForm
from complaints.views import autosaved, held
from complaints.views.held import KINDS
from complaints.views.typed import Typed, typed_words
from complaints.web import page_token

OURS = "ours"  # the mark that only tokens made here have
LEADS_TO = {  # kind -> page of the held one, page on which another one is opened
    "draft": ("new", "new"),
    "case": ("follow_case", "follow"),
    "enquiry": ("respond_enquiry", "respond"),
    "callback": ("callback", "safety"),
    "lost": ("follow_lost_code", "follow_lost"),
}
PART = 4  # letters of a mark
RANDOM = CSRF_SECRET_LENGTH - PART * len((OURS, *KINDS))  # letters
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def acts_on(*kinds: str) -> Callable[[View], View]:
    """Decorate a view whose POST changes only these kinds.

    Without it, a POST must come from a page made for everything that the browser holds.
    """

    def declared(view: View) -> View:
        view.acts_on = kinds  # type: ignore[attr-defined]
        return view

    return declared


def form_token(request: HttpRequest) -> dict[str, object]:
    """The form token of this page, with the marks of what the browser holds now."""
    return {"csrf_token": SimpleLazyObject(lambda: _marked(request))}


def from_anothers_page(request: HttpRequest, kind: str) -> bool:
    """Whether the form was made while the browser held another thing of this kind than now.

    False for a page made while it held none, and for a token that was not made here.
    """
    now = held.named(request, kind)
    mask = page_token(request)[:CSRF_SECRET_LENGTH]
    parts = dict(zip((OURS, *KINDS), _cut(mask[RANDOM:]), strict=False))
    ours = parts.get(OURS) == mark(mask, OURS, "")
    return bool(now) and ours and parts[kind] not in (mark(mask, kind, now), mark(mask, kind, ""))


class PagesKeptApart:
    """Middleware after Django's own check of the token, inside that of the sessions."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        held.remember_another(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, _args: object, _kwargs: object
    ) -> HttpResponseBase | None:
        if request.method != "POST" or at_the_desk(request):
            return None
        kinds: tuple[str, ...] = getattr(view, "acts_on", KINDS)
        mixed_up = next((kind for kind in kinds if from_anothers_page(request, kind)), None)
        return refused(request, mixed_up) if mixed_up else None


def at_the_desk(request: HttpRequest) -> bool:
    """Whether the page is one of the desk, where the address names the case."""
    return request.resolver_match is not None and "admin" in request.resolver_match.namespaces


def refused(request: HttpRequest, kind: str) -> HttpResponse:
    """Say that nothing was changed, give back what was typed, and link to both."""
    if autosaved.is_typing(request):
        draft = _("Not saved: another draft is open in this browser now. Press “Continue”.")
        case = _("Not saved: another case is open in this browser now. Copy what you typed.")
        return autosaved.sentence(draft if kind == "draft" else case, 409)
    return page(request, kind, typed_words(request))


def page(request: HttpRequest, kind: str, typed: Typed, code: str = "") -> HttpResponse:
    """The page with these words, and a code that was typed into it already."""
    label = {"draft": _("Draft code"), "case": _("Your access code"), "enquiry": _("The code of the enquiry")}
    here, there = LEADS_TO[kind]
    context = {
        "kind": kind,
        "typed": typed,
        "form": CodeForm(label=label[kind], initial={"code": code}) if kind in label else None,
        "shown": held.shown(request, kind),
        "here": reverse(here),
        "there": reverse(there),
        "title": _("A page of another enquiry") if kind == "enquiry" else _("A page of another complaint"),
    }
    return render(request, "whose.html", context, status=409)


def _marked(request: HttpRequest) -> str:
    start = fresh_start()
    held_now = {OURS: "", **{kind: held.named(request, kind) for kind in KINDS}}
    return token_with(request, start + "".join(mark(start, kind, name) for kind, name in held_now.items()))


def fresh_start() -> str:
    """The random beginning of a mask."""
    return get_random_string(RANDOM, CSRF_ALLOWED_CHARS)


def token_with(request: HttpRequest, mask: str) -> str:
    """Django's token under this mask, which has CSRF_SECRET_LENGTH letters."""
    token = get_token(request)
    secret = _shifted(token[CSRF_SECRET_LENGTH:], token[:CSRF_SECRET_LENGTH], -1)
    return mask + _shifted(secret, mask, 1)


def _shifted(text: str, mask: str, direction: int) -> str:
    letters = CSRF_ALLOWED_CHARS
    places = (letters.index(one) + direction * letters.index(by) for one, by in zip(text, mask, strict=True))
    return "".join(letters[place % len(letters)] for place in places)


def mark(mask: str, kind: str, name: str, letters: int = PART) -> str:
    """A keyed mark, computed from the random beginning of the token, the kind and its identifier."""
    message = "\0".join((mask[:RANDOM], kind, name))
    keyed = hmac.digest(settings.SECRET_KEY.encode(), b"whose page:" + message.encode(), hashlib.sha256)
    return "".join(CSRF_ALLOWED_CHARS[byte % len(CSRF_ALLOWED_CHARS)] for byte in keyed[:letters])


def _cut(marks: str) -> list[str]:
    return [marks[at : at + PART] for at in range(0, len(marks), PART)]
