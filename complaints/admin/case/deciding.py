"""Deciding a case at the desk: findings, the second person's answer, measures and redress, referrals."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints import digits
from complaints.admin import once, timeline
from complaints.admin.forms import StepResult
from complaints.admin.reading import came_from, case_to_act_on, reader, refuse
from complaints.cases import lifecycle, notes
from complaints.decisions import findings, referrals, undertakings
from complaints.decisions import overlooked as late_arrivals
from complaints.decisions.overlooked import Overlooked
from complaints.enquiries import asking
from complaints.models import Case, Undertaking
from complaints.refusal import Refused
from evidence.models import LedgerEntry

from . import beside, exhibits, said, unopened
from .decision_forms import DecisionForms, EndForm, ReferralForm, SecondForm, UndertakingForm


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The page with a finding on each allegation.

    A refused form is shown again with everything that was written.
    """
    case = case_to_act_on(request, pk)
    # The mark is taken before the page's contents are queried. A form without one has seen nothing since filing.
    seen = digits.key(request.POST.get("seen", "")) if request.method == "POST" else late_arrivals.mark(case)
    offered = exhibits.of_case(case)
    if request.method != "POST":
        return _page(request, case, DecisionForms(case, offered, before=_sent_back(case)), seen)
    written = DecisionForms(case, offered, request.POST)
    if request.POST.get("go") == "note":
        return _left_as_a_note(request, case, written)
    if not written.are_valid():
        refuse(request, _("Something is missing below. Nothing has been recorded yet."))
        return _page(request, case, written, seen, status=422)
    try:
        done = _decided(request, case, written, seen)
    except Overlooked as overlooked:
        return _page(request, case, written, overlooked.mark, overlooked.came, status=409)
    except Refused as refused:
        if not (done := once.before(request)):
            refuse(request, str(refused))
            return _page(request, case, written, seen, status=409)
    messages.success(request, done)
    return HttpResponseRedirect(f"{reverse('admin:complaints_case_change', args=[pk])}{came_from(request)}")


def _left_as_a_note(request: HttpRequest, case: Case, written: DecisionForms) -> HttpResponse:
    """Keep what was written as a note, for those who have the case now."""

    def keep() -> str:
        notes.write(case, written.in_words, by=reader(request), once=uuid4())
        return _("Your findings are kept as a note. They are no decision.")

    try:
        done = once.before(request) or once.kept(request, keep)
    except Refused as refused:
        refuse(request, str(refused))
        return _page(request, case, written, late_arrivals.mark(case), status=409)
    messages.success(request, done, extra_tags="inside")
    return HttpResponseRedirect(f"{reverse('admin:complaints_case_change', args=[case.pk])}#said")


def _decided(request: HttpRequest, case: Case, written: DecisionForms, seen: int) -> str:
    """Record the findings. Returns the sentence that says what that led to."""

    def decide() -> str:
        decided = findings.decide(case, by=reader(request), written=written.written, seen=seen)
        if decided.state == Case.State.PROPOSED:
            return _("The findings are proposed. They are final once someone else confirms them.")
        return _("The findings are recorded. Now write the reply to the borrower.")

    return once.kept(request, decide)


def _sent_back(case: Case) -> list[dict[str, Any]]:
    proposal = findings.last_proposal(case)
    return proposal.findings if proposal else []


def _page(
    request: HttpRequest,
    case: Case,
    written: DecisionForms,
    seen: int,
    came: Sequence[LedgerEntry] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of findings. `came` are entries that came while the findings were written."""
    context = {
        **admin.site.each_context(request),
        "beside": beside.of(request, case, written.exhibits, came_from(request)),
        "seen": seen,
        "came": timeline.rows_of(case, came, reader(request)) if came else [],
        "title": _("Findings"),
        "case": case,
        "written": written,
        "unopened": unopened.of(case, list(written.exhibits), reader(request)),
        "proposal": findings.last_proposal(case),
        "not_supplied": asking.unanswered(case),
        "sent": request.method == "POST",
        "may_leave_a_note": status == 409 and not came,
        "possible": "decide" in lifecycle.possible(case, request.user),
        "came_from": came_from(request),
    }
    return render(request, "admin/complaints/case/decide.html", context, status=status)


def second(request: HttpRequest, case: Case) -> StepResult:
    """Confirm a proposal of another person, or send it back."""
    form = SecondForm(request.POST, prefix="second")
    if not form.is_valid():
        return form
    given = form.cleaned_data
    if given["says"] == "confirm":
        try:
            findings.confirm(case, by=reader(request), proposal=given["proposal"], seen=given["seen"] or 0)
        except Overlooked as overlooked:
            return _look_again(request, case, overlooked)
        return _("The decision is confirmed. Now the reply to the borrower can be written.")
    findings.send_back(case, by=reader(request), proposal=given["proposal"], reasons=given["reasons"])
    return _("The proposal went back, with your reasons.")


def _look_again(request: HttpRequest, case: Case, overlooked: Overlooked) -> SecondForm:
    """The form as it was sent, with what has come since and a mark that includes it."""
    form = SecondForm({**request.POST.dict(), "second-seen": overlooked.mark}, prefix="second")
    came = timeline.rows_of(case, overlooked.came, reader(request))
    form.add_error(None, [str(overlooked), *(moment.text for moment in came)])
    return form


def undertake(request: HttpRequest, case: Case) -> StepResult:
    """Record a measure or a promise of redress, depending on the form that was sent."""
    sort = Undertaking.Sort.REDRESS if "redress-kind" in request.POST else Undertaking.Sort.MEASURE
    form = UndertakingForm(request.POST, sort=sort)
    if not form.is_valid():
        return form
    said.at(request, sort)
    undertakings.order(case, by=reader(request), wanted=form.wanted)
    return _("Recorded, with its day and who sees to it.")


def end(request: HttpRequest, case: Case) -> StepResult:
    """Record the end of a measure or a promise, with its proof."""
    one = case.undertakings.filter(pk=digits.key(request.POST.get("undertaking", ""))).first()
    if one is None:
        raise Http404
    form = EndForm(request.POST, undertaking=one, exhibits=list(case.exhibits.select_related("item")))
    if not form.is_valid():
        return form
    said.at(request, one.sort)
    undertakings.end(one, by=reader(request), **form.cleaned_data)
    return _("Settled, with its proof.")


def refer(request: HttpRequest, case: Case) -> StepResult:
    form = ReferralForm(request.POST)
    if not form.is_valid():
        return form
    referrals.refer(case, by=reader(request), handed=referrals.Handed(**form.cleaned_data))
    return _("The referral is recorded.")
