"""Writing from the case page: messages to the borrower, the mark that theirs were read, notes and tasks."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from complaints import digits
from complaints.admin.forms import ReadForm, StepResult, WriteForm
from complaints.admin.reading import may_add_files, reader
from complaints.cases import notes, todo
from complaints.conversation import messaging, phrases
from complaints.drafts import additions, files, saving
from complaints.models import Case, Draft, Message, Task
from complaints.refusal import Refused
from evidence.receiving.multipart import takes_files

from .notes import NoteForm, TaskForm


@takes_files(may_add_files)
def write(request: HttpRequest, case: Case) -> StepResult:
    """Send a message or a question, completely or not at all; or insert a phrase into the field."""
    if "insert" in request.POST:
        return _with_phrase(request, case)
    form = WriteForm(request.POST)
    if not form.is_valid():
        return form
    given = form.cleaned_data
    addition = additions.begin_at_the_desk(case, given["once"], f"office-{given['kind']}")
    if addition.filed_at is None:
        additions.keep(addition, given["text"])
        if not takes_all_files(request, addition, form):
            return form
    return _sent(request, addition, given)


def takes_all_files(request: HttpRequest, draft: Draft, form: Form) -> bool:
    """Whether every file of the form is in the draft, or the same button, pressed twice, has sent it meanwhile.

    Otherwise the form says which file was refused, and the draft is deleted.
    """
    refusals = files.receive(draft, request.FILES.getlist("files"))
    if not refusals or saving.sent_meanwhile(draft):
        return True
    additions.forget(draft)
    form.add_error(None, [f"{name}: {sentence}" for name, sentence in refusals])
    return False


def _with_phrase(request: HttpRequest, case: Case) -> StepResult:
    """The form with the chosen phrase, in the language of the case, below what was typed."""
    typed, phrase = request.POST.copy(), phrases.all_of_them().get(request.POST.get("phrase", ""))
    if phrase:
        before = typed.get("text", "").strip()
        typed["text"] = "\n\n".join(filter(None, [before, phrase.in_the_language_of(case.language)]))
        typed["kind"] = phrase.kind
    return WriteForm(typed)


def _sent(request: HttpRequest, addition: Draft, given: dict[str, Any]) -> StepResult:
    try:
        message = messaging.send(addition, by=reader(request), up_to=given["seen"])
    except Refused:
        additions.forget(addition)
        raise
    if message.text != given["text"].strip():
        raise Refused(_("This page was already sent. What you wrote now was not sent: copy it and start again."))
    if message.kind == Message.Kind.QUESTION:
        return _("The question is sent. It stays open until the borrower answers.")
    return _("The message is sent: the borrower reads it with the access code.")


def read(request: HttpRequest, case: Case) -> StepResult:
    """Record that the office has read the borrower's messages."""
    form = ReadForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    now = messaging.read(case, by=reader(request), up_to=seen)
    if now.news_at:
        return _("The borrower has written again. That message is still marked as new.")
    return _("Marked as read. The borrower sees that somebody has read it.")


def note(request: HttpRequest, case: Case) -> StepResult:
    form = NoteForm(request.POST)
    if not form.is_valid():
        return form
    notes.write(case, form.cleaned_data["text"], by=reader(request), once=form.cleaned_data["once"])
    return _("The note is kept.")


def task(request: HttpRequest, case: Case) -> StepResult:
    form = TaskForm(request.POST, people=todo.owners(case))
    if not form.is_valid():
        return form
    todo.give(case, by=reader(request), **form.cleaned_data)
    return _("The task is set.")


def task_done(request: HttpRequest, case: Case) -> StepResult:
    found = get_object_or_404(Task, case=case, pk=digits.key(request.POST.get("task", "")))
    todo.done(found, by=reader(request))
    return _("The task is done.")
