"""Writing to the borrower from the case page, besides the reply; and that what they wrote was read."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _

from evidence.multipart import takes_files

from .. import additions, messaging
from ..lifecycle import Refused
from ..models import Case, Draft, Message
from ..views import exhibits
from .case import reader
from .forms import ReadForm, WriteForm

Said = str | forms.Form


@takes_files
def write(request: HttpRequest, case: Case) -> Said:
    """Send a message or a question, all of it or nothing."""
    form = WriteForm(request.POST)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    addition = additions.begin_at_the_desk(case, given["once"], f"office-{given['kind']}")
    if addition.filed_at is None:
        additions.keep(addition, given["text"])
        if refusals := exhibits.receive(addition, request.FILES.getlist("files")):
            additions.forget(addition)
            form.add_error(None, [f"{name}: {sentence}" for name, sentence in refusals])
            return form
    return _sent(request, addition, given)


def _sent(request: HttpRequest, addition: Draft, given: dict[str, Any]) -> Said:
    try:
        message = messaging.send(addition, by=reader(request), up_to=given["seen"])
    except Refused:
        additions.forget(addition)
        raise
    if message.text != given["text"].strip():
        raise Refused(_("This page was sent before. What you wrote now was not sent: copy it and write it anew."))
    if message.kind == Message.Kind.QUESTION:
        return _("The question is sent. It stays open until the borrower answers.")
    return _("The message is sent: the borrower reads it with the access code.")


def read(request: HttpRequest, case: Case) -> Said:
    """What the borrower wrote is no longer new."""
    form = ReadForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    now = messaging.read(case, by=reader(request), up_to=seen)
    if now.news_at:
        return _("The borrower wrote again meanwhile. That is still marked as new.")
    return _("Marked as read. The borrower sees that somebody has read it.")
