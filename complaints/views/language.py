"""Changes the language of a page and keeps what was typed on it.

A page whose view keeps its answers has buttons called `language`, which that view reads. On every other page with
a form the buttons are called `in_language`: `WordsKept` shows the page again in that language, with what was typed
in its forms. Nothing else is done with it.
"""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import refill
from complaints.forms.base import Step
from complaints.views import whose
from complaints.views.whose import at_the_desk

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Response = TypeVar("Response", bound=HttpResponseBase)
HOPS = 4  # redirects that are followed to the page


def shown_again_without(button: str) -> Callable[[View], View]:
    """Decorate a view that, sent a form without this button, changes nothing: it only shows more of the form."""

    def declared(view: View) -> View:
        view.shown_again_without = button  # type: ignore[attr-defined]
        return view

    return declared


class WordsKept:
    """Middleware after Django's check of the form token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        return speak(response, getattr(request, "chosen_language", ""))

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if request.method != "POST":
            return None
        language = request.POST.get("in_language", "")
        words, chosen = request.POST.getlist("typed_words"), language or request.POST.get("language", "")
        if chosen and (words or "whose" in request.POST):
            return _given_back(request, words, chosen)
        if language not in dict(settings.LANGUAGES):
            _speak_at_once(request)
            return None
        translation.activate(language)
        response: HttpResponseBase = _page_again(request, view, args, kwargs)
        for action, typed in _sent(request):
            refill.into(response, typed, action=action, page=request.path)
        return speak(response, language)


def _speak_at_once(request: HttpRequest) -> None:
    """Use the language of a pressed `language` button before the view runs.

    So a page that cannot be left yet, because an answer must be corrected, is in that language too.
    """
    found = request.resolver_match
    given = request.POST.get("language", "")
    own = found is None or at_the_desk(request) or found.url_name in ("follow_give", "set_language")
    if not own and given in dict(settings.LANGUAGES):
        translation.activate(given)
        request.chosen_language = given  # type: ignore[attr-defined]


def _given_back(request: HttpRequest, words: list[str], language: str) -> HttpResponse:
    """What a page had given back to be copied, on a page in the other language."""
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
    typed = [(_("What you wrote"), text) for text in words]
    if (kind := request.POST.get("whose", "")) in whose.LEADS_TO:
        return speak(whose.page(request, kind, typed, request.POST.get("code", "")), language)
    context = {"title": _("Your words"), "heading": _("Your words"), "typed": typed}
    return speak(render(request, "error.html", context), language)


def _sent(request: HttpRequest) -> Iterator[tuple[str, QueryDict]]:
    """The forms that were sent: one, or all of the page, which its script collects as JSON."""
    try:
        forms = json.loads(request.POST.get("typed", "null"))
        if forms is None:
            yield request.path, request.POST
        for action, fields in forms or ():
            yield str(action), QueryDict(str(fields))
    except (ValueError, TypeError):
        return


def _page_again(request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The page that the form is on, as a GET shows it, or as its view shows it without the button that acts."""
    if button := getattr(view, "shown_again_without", ""):
        again = copy.copy(request)
        typed = request.POST.copy()
        typed.pop(button, None)
        again.POST = typed  # type: ignore[assignment]
        return view(again, *args, **kwargs)
    response: HttpResponseBase = view(_as_get(request, request.path), *args, **kwargs)
    where = urlsplit(response.get("Location", ""))
    for _hop in range(HOPS):
        if response.status_code in (301, 302, 303) and not where.netloc:
            path, query = where.path, where.query
        elif response.status_code in (404, 405):  # an address to which forms are only sent: the list above it
            path, query = request.path.rstrip("/").rpartition("/")[0] + "/", ""
        else:
            return response
        response = _got(request, path, query) or response
        where = urlsplit(response.get("Location", ""))
    return response


def _got(request: HttpRequest, path: str, query: str) -> HttpResponseBase | None:
    try:
        match = resolve(path)
    except Resolver404:
        return None
    again = _as_get(request, path, query)
    again.resolver_match = match
    found: HttpResponseBase = match.func(again, *match.args, **match.kwargs)
    return found


def _as_get(request: HttpRequest, path: str, query: str | None = None) -> HttpRequest:
    """The same reader's request of a page. It shares the session, and what Django notes about cookies."""
    again = copy.copy(request)
    again.method, again.POST = "GET", QueryDict()
    again.in_language = True  # type: ignore[attr-defined]
    again.path = again.path_info = path
    if query is not None:
        again.GET = QueryDict(query)
    return again


def reworded(request: HttpRequest, form: Step, page: Callable[[Any], HttpResponse]) -> HttpResponse:
    """Show the same page with what was typed, in the language of the pressed button."""
    given = request.POST["language"]
    language = given if given in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    return speak(page(form.retyped()), language)


def speak(response: Response, language: str) -> Response:
    """Use this language from now on, as /i18n/setlang/ does."""
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
