"""What a borrower adds to a case after filing: a message, an answer, an addendum, or more evidence.

Each button keeps what was typed and chosen; only Send sends it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from complaints import digits
from complaints.conversation import messaging
from complaints.decisions import undertakings
from complaints.drafts import additions, files, saving
from complaints.drafts.files import Refusal
from complaints.drafts.forms import AdditionForm
from complaints.models import Case, Draft
from complaints.refusal import Refused
from complaints.views import adding, autosaved, with_files
from complaints.views.draft import evidence
from complaints.views.draft.understood import say_back
from complaints.views.language import speak
from complaints.views.opened import not_open, with_case
from complaints.views.typed import sent_already
from evidence.receiving.multipart import takes_files

TITLES: dict[str, Promise] = {
    "message": gettext_lazy("Write to us"),
    "answer": gettext_lazy("Your answer"),
    "addendum": gettext_lazy("Add to your statement"),
    "evidence": gettext_lazy("Add evidence"),
}


def kind_of(addition: Draft) -> str:
    """`message`, `answer`, `addendum` or `evidence`."""
    return addition.slot.partition("-")[0]


@require_POST
@with_case
def begin(request: HttpRequest, case: Case) -> HttpResponseBase:
    """Begin an addition, or continue it."""
    try:
        begun = additions.begin(case, request.POST.get("what", ""))
        _name_promise(case, begun, digits.key(request.POST.get("promise", "")))
        return redirect("addition", begun.pk)
    except additions.Unknown:  # for instance, the question was answered in another tab
        return redirect("follow_case")


def _name_promise(case: Case, begun: Draft, key: int) -> None:
    """Write into the text which promise has not been kept, in front of what was typed before."""
    promise = undertakings.shown_to_the_borrower(case).filter(pk=key).first() if key else None
    if promise is None:
        return
    named = _("This was promised to me by %(day)s and has not happened: %(what)s") % {
        "day": date_format(promise.due_on, "DATE_FORMAT"),
        "what": f"{promise.get_kind_display()}. {promise.what}",
    }
    text = with_files.text_of(begun)
    if named not in text:
        additions.keep(begun, f"{named}\n\n{text}")


@takes_files(adding.to_addition)
@with_case
def addition(request: HttpRequest, case: Case, key: UUID) -> HttpResponseBase:
    """Write, choose files, keep, send."""
    found = additions.find(case, key)
    if found is None:
        return not_open(request)
    if found.filed_at:
        return _sent(request, found)
    if request.method != "POST":
        return _show(request, case, found)
    if autosaved.is_typing(request):
        return with_files.while_typing(request, found, _form(found, request.POST))
    if "whole" not in request.POST:  # the form's last field is missing, so the form was cut off
        return _show(request, case, found, [files.cut_off()], request.POST)
    return _keep(request, case, found)


def _sent(request: HttpRequest, found: Draft) -> HttpResponse:
    message = found.message
    form = _form(found, request.POST)
    same = form.is_valid() and form.text_kept("") == message.text
    where = f"{reverse('follow_case')}#message-{message.pk}"
    return sent_already(request, "follow/late.html", where, same=same)


def _keep(request: HttpRequest, case: Case, found: Draft) -> HttpResponse:
    form = _form(found, request.POST)
    savable = form.is_valid()
    refusals, elsewhere = with_files.keep(request, found, form)
    if elsewhere:
        return _show(request, case, found, refusals, request.POST, **elsewhere)
    if request.POST.get("go") == "forget":
        additions.forget(found)
        return redirect("follow_case")
    if refusals and saving.sent_meanwhile(found):  # by the same button, pressed twice
        return _sent(request, found)
    if refusals or not savable:
        return _show(request, case, found, refusals, None if savable else request.POST)
    say_back(request, form)
    if language := request.POST.get("language"):
        return speak(redirect(request.path), language)
    return _onward(request, case, found)


def _onward(request: HttpRequest, case: Case, found: Draft) -> HttpResponse:
    """Redirect to where the pressed button leads, after everything is kept."""
    go = request.POST.get("go", "stay")
    if go == "stop":
        return redirect("follow_case")
    if go != "send":
        return redirect(f"{request.path}{evidence.place_of(request)}")
    try:
        messaging.send(found)
    except Draft.DoesNotExist:
        return not_open(request)
    except Refused as refused:
        return _show(request, case, found, problem=str(refused))
    messages.success(request, _("Sent. We have received it."))
    return redirect(request.path)  # which redirects to what was sent


def _form(found: Draft, typed: QueryDict | None) -> AdditionForm:
    return AdditionForm(
        typed, initial={"text": with_files.text_of(found)}, kind=kind_of(found), exhibits=evidence.kept(found)
    )


def _show(
    request: HttpRequest,
    case: Case,
    found: Draft,
    refusals: Sequence[Refusal] = (),
    typed: QueryDict | None = None,
    problem: str = "",
    **more: Any,
) -> HttpResponse:
    context = {
        "title": TITLES[kind_of(found)],
        "case": case,
        "kind": kind_of(found),
        "question": additions.question_of(case, found.slot),
    }
    template, form = "follow/addition.html", _form(found, typed)
    return with_files.page(request, template, found, form, context, refusals=refusals, problem=problem, **more)
