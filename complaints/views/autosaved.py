"""The answers to pages that save themselves during typing (`static/autosave.js`): each is one sentence."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from complaints.drafts import saving
from complaints.forms.base import Step

BY_SCRIPT = "text/plain"  # what the script accepts, and no browser asks for when a button is pressed


def is_typing(request: HttpRequest) -> bool:
    """Whether the page's script saves what is typed, and no button was pressed."""
    return request.headers.get("Accept") == BY_SCRIPT


def seen(request: HttpRequest, answers: Callable[[QueryDict], dict[str, Any]]) -> str | None:
    """The marks of what the page may replace: of the answers that it saw and, when it got no answer to its last
    save, of the answers that this save sent. They may have arrived."""
    seen, unanswered = request.POST.get("seen"), request.POST.get("unanswered")
    return f"{seen} {saving.mark(answers(QueryDict(unanswered)))}" if seen and unanswered else seen


def wrong(form: Step) -> str:
    """The questions whose answers must be corrected before they can be saved."""
    return ", ".join(str(form[name].label) for name in form.errors if name in form.fields)


def saved(mark: str, *, wrong: str = "") -> HttpResponse:
    """What was typed is saved, and now has this mark; without the answers of the questions `wrong`."""
    at = time_format(timezone.localtime(), "H:i")
    if wrong:
        text = _("Saved at %(time)s. Still to correct: %(questions)s") % {"time": at, "questions": wrong}
    else:
        text = _("Saved at %(time)s") % {"time": at}
    response = sentence(text, 200)
    response.headers["ETag"] = f'"{mark}"'
    return response


def changed_elsewhere() -> HttpResponse:
    return sentence(_("Another tab or phone has changed this page. Press “Continue” to compare."), 409)


def changed_elsewhere_unsent() -> HttpResponse:
    """The same, for a page whose first button sends."""
    text = _("Another tab or phone has changed this page. Press “Save it for later” to compare.")
    return sentence(text, 409)


def refused(form: Step) -> HttpResponse:
    """Nothing of the form can be saved, and why."""
    return sentence(" ".join(str(error) for errors in form.errors.values() for error in errors), 422)


def sentence(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, f"{BY_SCRIPT}; charset=utf-8", status)
