"""The borrower follows their case with its access code. They need no account and can see no other case."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from complaints import codes, throttle
from complaints.cases import numbers
from complaints.clocks import deadlines
from complaints.conversation import messaging
from complaints.decisions import undertakings
from complaints.drafts import additions
from complaints.filing import account, receipt_pdf, receipts
from complaints.forms.base import CodeForm
from complaints.models import Case, Message, event_kinds
from complaints.reference.conduct import Severity
from complaints.views.held import IDLE_MINUTES, hold, let_go
from complaints.views.language import reworded
from complaints.views.opened import (
    close_all,
    held_draft,
    held_filed,
    open_case,
    opened_case,
    with_case,
)
from complaints.views.whose import acts_on
from complaints.web import NOTHING_KEPT, attached

from . import news, timeline
from .own_evidence import shown_exhibits

State = Case.State
IN_PLAIN_WORDS: dict[str, tuple[Promise, Promise]] = {
    State.FILED: (
        gettext_lazy("We have your complaint"),
        gettext_lazy("It will be passed to a team soon. You do not need to do anything."),
    ),
    State.ROUTED: (
        gettext_lazy("A team has your complaint"),
        gettext_lazy("An investigator will start soon. You do not need to do anything."),
    ),
    State.INVESTIGATING: (
        gettext_lazy("An investigator is working on it"),
        gettext_lazy("They are reading what you wrote and checking your evidence."),
    ),
    State.PROPOSED: (
        gettext_lazy("A decision is being checked"),
        gettext_lazy(
            "It is written, and a second person checks it before it is final. You do not need to do anything."
        ),
    ),
    State.DECIDED: (
        gettext_lazy("There is a decision"),
        gettext_lazy("It is below. The reply that explains it is being written."),
    ),
    State.REPLIED: (
        gettext_lazy("You have a reply"),
        gettext_lazy("Read it below, when you have a quiet moment."),
    ),
    State.CLOSED: (
        gettext_lazy("The case is closed"),
        gettext_lazy("The reply, your receipt and your case bundle stay here for you."),
    ),
}
AGAIN = (
    gettext_lazy("Your case is open again"),
    gettext_lazy("Someone in the office will handle it. You do not need to do anything."),
)
WITHDRAWN = (
    gettext_lazy("The case is closed, as you asked"),
    gettext_lazy("Your receipt and your case bundle stay here for you. If they have not stopped, tell us below."),
)


class Report(NamedTuple):
    """A review or a retaliation that the borrower reported, with its page."""

    at: datetime
    what: str
    text: str


@acts_on()
@never_cache
def enter(request: HttpRequest) -> HttpResponse:
    """Ask for the access code."""
    form = CodeForm(request.POST if request.method == "POST" else None, label=_("Your access code"))
    if "language" in request.POST:
        return reworded(request, form, partial(_enter, request))
    if form.is_valid():
        code = form.cleaned_data["code"]
        if case := Case.objects.filter(code_digest=codes.digest(code)).first():
            open_case(request, case)
            return redirect("follow_case")
        if held_draft(code):  # it is a draft code
            return hold(redirect("new"), code)
        form.add_error("code", throttle.wrong_code(request) or _unknown())
    return _enter(request, form)


def _unknown() -> str:
    """That no complaint has this code; after an older backup was put back, what else may have happened."""
    unknown = _("There is no complaint with this code. Please compare it with the one you saved.")
    if not (day := numbers.put_back_on()):
        return unknown
    lost = _(
        "If it is right: on %(day)s we restored an older copy of our records, and complaints filed "
        "shortly before that were lost. File yours again and add your receipt. The receipt proves when "
        "it was first filed."
    ) % {"day": date_format(timezone.localtime(day), "DATE_FORMAT")}
    return f"{unknown} {lost}"


def _enter(request: HttpRequest, form: CodeForm) -> HttpResponse:
    context = {"form": form, "opened": opened_case(request), "idle_minutes": IDLE_MINUTES}
    return render(request, "follow/enter.html", {**context, "title": _("Enter a code")})


def plain_words(case: Case) -> tuple[Promise, Promise]:
    """The state of the case: a heading and a sentence."""
    if case.withdrawn:
        return WITHDRAWN
    return AGAIN if case.round > 1 and case.state == State.ROUTED else IN_PLAIN_WORDS[case.state]


@with_case
def follow_case(request: HttpRequest, case: Case) -> HttpResponse:
    """The page of the case: its state, its history, the reply, and everything to download."""
    exhibits = list(shown_exhibits(case))
    prefetch_related_objects([case], "clocks")
    heading, sentence = plain_words(case)
    talk = messaging.written(case, exhibits)
    timeline_rows = timeline.read(case, {str(exhibit.item_id): exhibit.label for exhibit in exhibits})
    kinds = {row.kind for row in timeline_rows}  # tables are queried only if the ledger has an entry of the kind
    context = {
        "title": case.reference,
        "case": case,
        "heading": heading,
        "sentence": sentence,
        "retaliated": case.severity == Severity.URGENT and case.retaliations.exists(),
        "urgent": case.severity == Severity.URGENT,
        "early": case.severity == Severity.HIGH,
        "waiting": case.state not in deadlines.ANSWERED,
        "dates": deadlines.ahead(case),
        "waits_since": deadlines.waits_for_the_borrower_since(case),
        "may_review": deadlines.may_be_reviewed(case),
        "may_withdraw": case.state != State.CLOSED and case.withdraw_at is None,
        "exhibits": exhibits,
        "faulty": any(one.item.is_quarantined or one.item.fault for one in exhibits),
        "timeline_rows": timeline_rows,
        **news.context(request, timeline_rows),
        "talk": talk,
        "letters": [message for message in reversed(talk) if message.kind == Message.Kind.REPLY],
        "code_shown": held_filed(request),
        "idle_minutes": IDLE_MINUTES,
        "reports": reports_since(case),
        "unsent": list(additions.worth_showing(case)),
        "findings": case.findings.order_by("-round", "allegation"),
        "redress": undertakings.shown_to_the_borrower(case) if event_kinds.REDRESS_PROMISED in kinds else [],
        "referrals": case.referrals.all() if event_kinds.CASE_REFERRED in kinds else [],
    }
    return render(request, "follow/case.html", context)


def reports_since(case: Case) -> list[Report]:
    """Reviews and retaliations that the borrower reported, oldest first.

    What they said about pressure is left out.
    """
    reviews = case.reviews.all() if case.round > 1 else ()  # each review begins a new round
    reports = case.retaliations.all() if case.severity == Severity.URGENT else ()  # each makes the case urgent
    asked = [Report(one.asked_at, _("You asked for a review"), one.reasons) for one in reviews]
    reported = [Report(one.reported_at, _("You told us what has happened since"), one.text) for one in reports]
    return sorted([*asked, *reported], key=lambda report: report.at)


@with_case
def statement(request: HttpRequest, case: Case) -> HttpResponse:
    """Show the filed statement."""
    return render(
        request, "follow/statement.html", {"account": account.of(case), "title": case.reference, "case": case}
    )


@with_case
def receipt(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt as it was issued at filing, byte for byte."""
    return attached(bytes(case.receipt), f"{case.reference}-receipt.json")


@with_case
def receipt_of_today(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt under the newest checkpoint, with the timestamps that have come since filing."""
    return attached(receipts.extended(case), f"{case.reference}-receipt-extended.json")


@with_case
def receipt_on_paper(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt of today as a PDF."""
    paper = receipt_pdf.printed(receipts.extended(case))
    return attached(paper, f"{case.reference}-receipt.pdf", "application/pdf")


@with_case
def receipt_as_picture(request: HttpRequest, case: Case) -> HttpResponse:
    """The receipt of today as one picture, for browsers that open no PDF and save pictures alone."""
    return HttpResponse(receipt_pdf.pictured(receipts.extended(case)), content_type="image/png")


@acts_on("case")
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Close the case on this device with all else that was opened here, and delete the page that shows the access
    code. Staff stay signed in."""
    close_all(request)
    response = redirect("home")
    response.headers["Clear-Site-Data"] = NOTHING_KEPT
    return let_go(response) if held_filed(request) else response
