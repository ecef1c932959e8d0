"""Changes the language of a page and keeps what was typed on it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from complaints.forms.base import Step


def reworded(request: HttpRequest, form: Step, page: Callable[[Any], HttpResponse]) -> HttpResponse:
    """Show the same page with what was typed, in the language of the pressed button."""
    given = request.POST["language"]
    language = given if given in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    translation.activate(language)
    return speak(page(form.retyped()), language)


def speak(response: HttpResponse, language: str) -> HttpResponse:
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
