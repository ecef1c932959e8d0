"""The other side answers an enquiry with a secret link. It sees nothing of the complaint but the questions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from complaints import throttle
from complaints.drafts import files, saving
from complaints.drafts.files import Refusal
from complaints.enquiries import answers, disclosure
from complaints.enquiries.forms import ResponseForm
from complaints.forms.base import CodeForm
from complaints.models import Draft, Enquiry
from complaints.refusal import Refused
from complaints.views import adding, autosaved, with_files
from complaints.views.draft import evidence
from complaints.views.draft.understood import say_back
from complaints.views.language import speak
from complaints.views.opened import not_open_to_answers, opened_enquiry, with_enquiry
from complaints.views.typed import sent_already
from complaints.views.whose import acts_on
from complaints.web import NOTHING_KEPT, attached
from evidence.receiving.multipart import takes_files


@acts_on()
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the link. The link itself brings it behind the #."""
    form = CodeForm(request.POST if request.method == "POST" else None, label=_("The code of the enquiry"))
    if form.is_valid():
        if enquiry := answers.find(form.cleaned_data["code"]):
            _open(request, enquiry)
            return redirect("respond_enquiry")
        ended = _("No enquiry has this code. It may have expired: please ask the office that sent it.")
        form.add_error("code", throttle.wrong_code(request) or ended)
    return render(request, "respond/enter.html", {"form": form, "title": _("Answer an enquiry")})


def _open(request: HttpRequest, enquiry: Enquiry) -> None:
    """Let this browser answer the enquiry until its link or the session ends."""
    if opened_enquiry(request) != enquiry:
        if request.session.session_key:  # somebody else may know it
            request.session.cycle_key()
        request.session["enquiry"], request.session["enquiry_code"] = enquiry.pk, enquiry.code_digest
    answers.opened(enquiry)


@with_enquiry
def show(request: HttpRequest, enquiry: Enquiry) -> HttpResponse:
    """The questions, earlier answers, and the button to answer."""
    return _page(request, enquiry)


def _page(request: HttpRequest, enquiry: Enquiry, problem: str = "", status: int = 200) -> HttpResponse:
    context = {**_context(enquiry), "answers": _answers(enquiry), "problem": problem}
    return render(request, "respond/enquiry.html", context, status=status)


def _context(enquiry: Enquiry) -> dict[str, Any]:
    content = enquiry.content
    named, asked = disclosure.named(enquiry), list(enquiry.asked.all())
    return {"title": enquiry.reference, "enquiry": enquiry, "content": content, "named": named, "asked": asked}


def _answers(enquiry: Enquiry) -> Any:
    return enquiry.answers.prefetch_related("exhibits__item")


@require_POST
@with_enquiry
def begin(request: HttpRequest, enquiry: Enquiry) -> HttpResponseBase:
    try:
        return redirect("respond_write", answers.begin(enquiry).pk)
    except Refused as refused:
        return _page(request, enquiry, str(refused), 409)


@require_safe
@with_enquiry
def receipt(request: HttpRequest, enquiry: Enquiry, number: int) -> HttpResponseBase:
    answer = get_object_or_404(enquiry.answers.select_related("case", "enquiry"), pk=number)
    return attached(answers.receipt(answer), f"{enquiry.reference}-receipt.json")


@acts_on("enquiry")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the enquiry on this device."""
    for name in ("enquiry", "enquiry_code"):
        request.session.pop(name, None)
    response = redirect("respond")
    response.headers["Clear-Site-Data"] = NOTHING_KEPT
    return response


@takes_files(adding.to_answer)
@with_enquiry
def write(request: HttpRequest, enquiry: Enquiry, key: UUID) -> HttpResponseBase:
    """Write the answer, choose files, state what is supplied, keep, send."""
    draft = answers.draft_of(enquiry, key)
    if draft is None:
        return not_open_to_answers(request)
    if draft.filed_at:
        return _sent(request, draft)
    if request.method != "POST":
        return _show(request, enquiry, draft)
    if autosaved.is_typing(request):
        form = _form(enquiry, draft, request.POST)
        form.is_valid()
        return with_files.while_typing(request, draft, form, says=form.says(draft.answers.get("says", {})))
    if "whole" not in request.POST:  # the form's last field is missing, so the form was cut off
        return _show(request, enquiry, draft, [files.cut_off()], request.POST)
    return _keep(request, enquiry, draft)


def _sent(request: HttpRequest, draft: Draft) -> HttpResponse:
    words = request.POST.get("text", "").replace("\r\n", "\n").strip()
    same = words == draft.enquiry_answer.text
    return sent_already(request, "respond/late.html", reverse("respond_enquiry"), same=same)


def _keep(request: HttpRequest, enquiry: Enquiry, draft: Draft) -> HttpResponse:
    form = _form(enquiry, draft, request.POST)
    savable = form.is_valid()
    refusals, elsewhere = with_files.keep(request, draft, form, says=form.says(draft.answers.get("says", {})))
    if elsewhere:
        return _show(request, enquiry, draft, refusals, request.POST, **elsewhere)
    if refusals and saving.sent_meanwhile(draft):  # by the same button, pressed twice
        return _sent(request, draft)
    if refusals or not savable:
        return _show(request, enquiry, draft, refusals, None if savable else request.POST)
    say_back(request, form)
    if language := request.POST.get("language"):
        return speak(redirect(request.path), language)
    return _onward(request, enquiry, draft)


def _onward(request: HttpRequest, enquiry: Enquiry, draft: Draft) -> HttpResponse:
    """Where the pressed button leads, once everything is kept."""
    if request.POST.get("go") != "send":
        return redirect("respond_enquiry" if request.POST.get("go") == "stop" else request.path)
    try:
        answers.send(draft, enquiry)
    except Refused as refused:
        return _show(request, enquiry, draft, problem=str(refused))
    return redirect("respond_enquiry")


def _form(enquiry: Enquiry, draft: Draft, typed: QueryDict | None) -> ResponseForm:
    return ResponseForm(
        typed,
        initial={"text": with_files.text_of(draft)},
        exhibits=evidence.kept(draft),
        asked=enquiry.asked.all(),
        says=draft.answers.get("says", {}),
    )


def _show(
    request: HttpRequest,
    enquiry: Enquiry,
    draft: Draft,
    refusals: Sequence[Refusal] = (),
    typed: QueryDict | None = None,
    problem: str = "",
    **more: Any,
) -> HttpResponse:
    template, form = "respond/write.html", _form(enquiry, draft, typed)
    context = {"refusals": refusals, "problem": problem, **more}
    return with_files.page(request, template, draft, form, _context(enquiry), **context)
