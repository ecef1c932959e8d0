"""What the borrower can do after filing besides writing. Each page states the consequences first."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.cases import consents
from complaints.clocks import calendar_file, deadlines
from complaints.forms.base import Step
from complaints.models import Case, Consent
from complaints.refusal import Refused
from complaints.rights import contact_details, retaliations, reviews, withdrawals
from complaints.rights.forms import RetaliationForm, ReviewForm, WithdrawForm, reach_form
from complaints.views.language import reworded
from complaints.views.opened import with_case
from complaints.views.public import pages
from complaints.web import attached


def asked(
    request: HttpRequest,
    case: Case,
    form: Step,
    do: Callable[..., object],
    done: str,
    *,
    template: str,
    **page: Any,
) -> HttpResponse:
    """A page with one form: call `do` and redirect to the case with the message `done`, or show the form again.

    `page` has further values for the template.
    """

    def shown(form: Step) -> HttpResponse:
        context = {"case": case, "form": form, **page}
        return render(request, template, context, status=422 if form.errors else 200)

    if "language" in request.POST:
        return reworded(request, form, shown)
    if request.method == "POST" and form.is_valid():
        try:
            do(case, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, done)
            return redirect("follow_case")
    return shown(form)


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@with_case
def withdraw(request: HttpRequest, case: Case) -> HttpResponse:
    return asked(
        request,
        case,
        WithdrawForm(posted(request)),
        withdrawals.ask,
        _("We have recorded that you want to withdraw. You can change your mind until the time below."),
        title=_("Withdraw"),
        template="follow/withdraw.html",
        possible=case.state != Case.State.CLOSED and case.withdraw_at is None,
    )


@require_POST
@with_case
def take_back(request: HttpRequest, case: Case) -> HttpResponse:
    try:
        withdrawals.take_back(case)
    except Refused as refused:
        return pages.failed(request, 409, _("This has already ended"), str(refused))
    messages.success(request, _("You cancelled your withdrawal. Your case continues."))
    return redirect("follow_case")


@with_case
def review(request: HttpRequest, case: Case) -> HttpResponse:
    return asked(
        request,
        case,
        ReviewForm(posted(request)),
        reviews.ask,
        _("Someone else will review your case."),
        title=_("Ask for a review"),
        template="follow/review.html",
        possible=deadlines.may_be_reviewed(case),
        until=deadlines.review_until(case),
    )


@with_case
def retaliation(request: HttpRequest, case: Case) -> HttpResponse:
    return asked(
        request,
        case,
        RetaliationForm(posted(request)),
        retaliations.report,
        _("We have received it. Your case is now marked urgent."),
        title=_("Since then"),
        template="follow/retaliation.html",
        possible=True,
    )


@with_case
def reach(request: HttpRequest, case: Case) -> HttpResponse:
    return asked(
        request,
        case,
        reach_form(case.reporter, posted(request)),
        contact_details.change,
        _("We have saved your new contact details."),
        title=_("How to reach you"),
        template="follow/reach.html",
        possible=True,
    )


@with_case
def who_may_know(request: HttpRequest, case: Case) -> HttpResponse:
    """Each recipient, the borrower's consent with its date, and what was already passed on."""
    if request.method == "POST":
        return _change_consent(request, case)
    in_force, given = consents.in_force(case), consents.handed_over(case)
    recipients = [(one, in_force.get(one), given.get(one, [])) for one in Consent.Recipient]
    context = {"title": _("Who may know"), "case": case, "recipients": recipients, "past": _withdrawn(case)}
    return render(request, "follow/who_may_know.html", context)


def _withdrawn(case: Case) -> Any:
    return case.consents.exclude(withdrawn_at=None)


def _change_consent(request: HttpRequest, case: Case) -> HttpResponse:
    give, withdrawn = request.POST.get("give", ""), request.POST.get("withdraw", "")
    if give in Consent.Recipient.values:
        consents.give(case, give)
        messages.success(request, _("Saved: they may know who you are."))
    elif withdrawn in Consent.Recipient.values:
        consents.withdraw(case, withdrawn)
        messages.success(request, _("Saved: from now on we do not tell them who you are."))
    return redirect("follow_consents")


@require_safe
@with_case
def dates(request: HttpRequest, case: Case) -> HttpResponse:
    """The dates as a calendar file whose name reveals nothing."""
    return attached(calendar_file.of(case, deadlines.ahead(case)), "dates.ics", calendar_file.CONTENT_TYPE)
