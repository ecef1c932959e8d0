"""Enquiries at the desk: the page to ask the other side, with a preview, and the page of one enquiry."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.admin import shown
from complaints.admin.forms import StepResult
from complaints.admin.reading import came_from, case_to_act_on, may_add_files, reader, refuse
from complaints.drafts import additions, saving
from complaints.enquiries import answers, asking, disclosure
from complaints.enquiries import letter as enquiry_letter
from complaints.models import Asked, Case, Draft, Enquiry
from complaints.refusal import Refused
from complaints.staff import access
from evidence.receiving.multipart import takes_files

from . import downloads
from .enquiry_forms import AskForm, AssessForm, ReceiveForm
from .writing import takes_all_files


def urls(view_of: Callable[[shown.View], shown.View]) -> list[URLPattern]:
    """`view_of` wraps each view for the desk."""
    views = {
        "letter": letter,
        "read": read,
        "revoke": revoke,
        "renew": renew,
        "assess": assess,
        "receive": receive,
    }
    one = "<int:pk>/enquiries/<int:number>/"
    return [
        path("<int:pk>/enquiries/ask/", view_of(ask), name="case_ask"),
        path(one, view_of(show), name="case_enquiry"),
        *(path(f"{one}{name}/", view_of(view), name=f"enquiry_{name}") for name, view in views.items()),
    ]


def enquiry_or_404(case: Case, number: int) -> Enquiry:
    """The enquiry with this number in its case, counted from 1. Raises Http404."""
    found = asking.of(case)
    if not 0 < number <= len(found):
        raise Http404
    found[number - 1].case = case
    return found[number - 1]


def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in an enquiry, preview it, send it."""
    case = case_to_act_on(request, pk)
    if request.method != "POST":
        return _ask_page(request, case, AskForm(case=case))
    form = AskForm(request.POST, case=case)
    if not form.is_valid():
        return _ask_page(request, case, form, status=422)
    wanted = form.wanted()
    seen = saving.mark({**wanted.leaving(case), "way": wanted.way, "email": wanted.email})
    if request.POST.get("go") != "send" or request.POST.get("seen") != seen:
        return _ask_page(request, case, form, wanted=wanted, seen=seen)
    given = {"once": form.cleaned_data["once"], "all_the_same": form.cleaned_data["all_the_same"]}
    portal = request.build_absolute_uri(reverse("respond"))
    try:
        enquiry = asking.send(case, wanted, by=reader(request), portal=portal, **given)
    except Refused as refused:
        refuse(request, str(refused))
        return _ask_page(request, case, form, wanted=wanted, seen=seen, status=409)
    number = case.enquiries.filter(pk__lte=enquiry.pk).count()
    if enquiry.way == Enquiry.Way.EMAIL:
        messages.success(request, _("The enquiry is recorded, and the e-mail is on its way."))
    else:
        messages.success(request, _("The enquiry is recorded. Print the letter and send it."))
    return _to(request, pk, number)


def _to(request: HttpRequest, pk: int, number: int) -> HttpResponseRedirect:
    """Redirect to the page of an enquiry, keeping the queue that the reader came from."""
    return HttpResponseRedirect(f"{reverse('admin:case_enquiry', args=[pk, number])}{came_from(request)}")


def _ask_page(
    request: HttpRequest,
    case: Case,
    form: AskForm,
    *,
    wanted: asking.PlannedEnquiry | None = None,
    seen: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Ask the other side"),
        "came_from": came_from(request),
        "case": case,
        "form": form,
        "agreed": [one for one in Enquiry.Recipient if disclosure.may_be_named(case, one)],
        "seen": seen,
        **(_preview(case, wanted) if wanted else {}),
    }
    return render(request, "admin/complaints/case/ask.html", context, status=status)


def _preview(case: Case, wanted: asking.PlannedEnquiry) -> dict[str, Any]:
    """What the other side would see, in the same template, and what is wrong with it."""
    content = wanted.leaving(case)
    asked = [Asked(number=one["number"], kind=one["kind"], note=one["note"]) for one in content["asked"]]
    enquiry = Enquiry(
        case=case, organisation=wanted.organisation, language=wanted.language, sent_at=timezone.now()
    )
    found = [disclosure.OF_THE_REPORTER[name] for name in wanted.revealing(case)]
    named = disclosure.identity(case, content["reporter"])
    said = {"revealing": found, "blind": wanted.is_blind(case)}
    return {"preview": enquiry, "content": content, "asked": asked, "named": named, **said}


@require_safe
def show(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    case = access.case_or_404(request.user, pk)
    return _page(request, enquiry_or_404(case, number), number)


def _page(
    request: HttpRequest, enquiry: Enquiry, number: int, form: ReceiveForm | None = None, status: int = 200
) -> HttpResponse:
    asked, content = list(enquiry.asked.all()), enquiry.content
    context = {
        **admin.site.each_context(request),
        "title": enquiry.reference,
        "came_from": came_from(request),
        "case": enquiry.case,
        "enquiry": enquiry,
        "number": number,
        "content": content,
        "named": disclosure.identity(enquiry.case, content["reporter"]),
        "asked": asked,
        "states": [choice for choice in Asked.State.choices if choice[0]],
        "answers": enquiry.answers.select_related("entered_by").prefetch_related("exhibits__item"),
        "may_act": access.may_act(request.user, enquiry.case),
        "receive_form": form or ReceiveForm(asked=asked, initial={"on": timezone.localdate()}),
    }
    return render(request, "admin/complaints/case/enquiry.html", context, status=status)


@require_POST
def letter(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The letter as a PDF. It needs a POST, because it holds the code and its printing is recorded."""
    enquiry = enquiry_or_404(case_to_act_on(request, pk), number)
    asking.letter_taken(enquiry, by=reader(request))
    return downloads.download([enquiry_letter.printed(enquiry)], f"{enquiry.reference}.pdf", "application/pdf")


def step(view: Callable[[HttpRequest, Enquiry], StepResult]) -> Callable[[HttpRequest, int, int], HttpResponse]:
    """Decorate a step that is taken by POST.

    If it succeeds, it redirects to the enquiry; if it is refused or invalid, the page is shown again.
    """

    @wraps(view)
    def taken(request: HttpRequest, pk: int, number: int) -> HttpResponse:
        here = _to(request, pk, number)
        if request.method != "POST":  # for instance after signing in again
            return here
        enquiry = enquiry_or_404(case_to_act_on(request, pk), number)
        try:
            result = view(request, enquiry)
        except Refused as refused:
            refuse(request, str(refused))
            return _page(request, enquiry, number, status=409)
        if isinstance(result, ReceiveForm):
            return _page(request, enquiry, number, result, status=422)
        messages.success(request, str(result))
        return here

    return taken


@step
def read(request: HttpRequest, enquiry: Enquiry) -> StepResult:
    asking.read(enquiry, by=reader(request))
    return _("Marked as read.")


@step
def revoke(request: HttpRequest, enquiry: Enquiry) -> StepResult:
    asking.revoke(enquiry, by=reader(request))
    return _("The link has ended. The other side still has to answer.")


@step
def renew(request: HttpRequest, enquiry: Enquiry) -> StepResult:
    asking.renew(enquiry, by=reader(request))
    return _("There is a new link, and the old one has ended. Send the letter again unless it goes by e-mail.")


@step
def assess(request: HttpRequest, enquiry: Enquiry) -> StepResult:
    form = AssessForm(request.POST)
    if not form.is_valid():
        raise Refused(_("Choose what became of it."))
    asking.assess(enquiry, form.cleaned_data["number"], form.cleaned_data["state"], by=reader(request))
    return _("It is recorded what became of it.")


@step
@takes_files(may_add_files)
def receive(request: HttpRequest, enquiry: Enquiry) -> StepResult:
    """Enter an answer that came by post or e-mail, completely or not at all."""
    form = ReceiveForm(request.POST, asked=list(enquiry.asked.all()))
    if not form.is_valid():
        return form
    given, by = form.cleaned_data, reader(request)
    draft = answers.begin_at_the_desk(enquiry, given["once"])
    if draft.filed_at is None:
        additions.keep(draft, given["text"], says=form.says())
        if not takes_all_files(request, draft, form):
            return form
    return _received(draft, enquiry, answers.Arrival(by, given["way"], given["on"]))


def _received(draft: Draft, enquiry: Enquiry, arrival: answers.Arrival) -> StepResult:
    try:
        answers.send(draft, enquiry, arrival=arrival)
    except Refused:
        additions.forget(draft)
        raise
    return _("It is kept and sealed as what the other side sent.")
