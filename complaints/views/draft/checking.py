"""The last page of a draft, and the first page after filing."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from complaints.clocks import deadlines
from complaints.drafts import drafts, files, saving
from complaints.filing import filing
from complaints.forms.base import Step
from complaints.models import Draft
from complaints.rights import recovery
from complaints.views.draft.drafts import TITLES, state_of
from complaints.views.held import held_code, let_go
from complaints.views.opened import held_filed, open_case, opened_case, with_draft
from complaints.views.public import pages
from complaints.views.whose import acts_on
from evidence import troubles
from evidence.ledger import checkpoints

from .answers import answer_rows
from .steps import onward, show

log = logging.getLogger(__name__)


@with_draft
def check(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """Show all answers, with the button that files them."""
    if request.method == "POST" and "language" in request.POST:
        return onward(request, "check")
    if request.method == "POST" or draft.filed_at:
        return _file(request, draft, code)
    return _review(request, draft)


def _file(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    try:
        case = filing.file(draft, code, translation.get_language(), seen=request.POST.get("seen"))
    except drafts.Incomplete:
        return _review(request, draft, incomplete=True)
    except saving.ChangedMeanwhile:
        return _review(request, drafts.find(code), changed=True)
    except checkpoints.Inconsistent as why:
        log.error("no complaint can be filed: %s", why)
        troubles.report("signing", "signing-stopped")
        return pages.failed(
            request,
            503,
            _("We cannot give you a receipt at the moment"),
            _("We do not accept a complaint without giving a receipt. Your draft and its files are safe."),
            _("We have been notified. Please try again later with your draft code."),
        )
    open_case(request, case)
    return redirect("filed")


def _review(request: HttpRequest, draft: Draft, **why: Any) -> HttpResponse:
    shown = {*draft.answers, *drafts.REQUIRED, *(["evidence"] if draft.exhibits.exists() else [])}
    left = [step for step in drafts.STEPS[:-1] if state_of(draft, step) != "done" and step not in drafts.REQUIRED]
    return show(
        request,
        draft,
        "check",
        Step(),
        sections=[(step, TITLES[step], answer_rows(draft, step)) for step in drafts.STEPS if step in shown],
        seen=drafts.mark(draft),
        left_open=[(step, TITLES[step]) for step in left],
        code=held_code(request),
        coming=files.coming_to(draft).count(),
        doubtful=files.doubtful(draft),
        **why,
    )


@acts_on("draft")
@never_cache
def filed(request: HttpRequest) -> HttpResponse:
    """The receipt and, until it is saved, the access code.

    A borrower who returns later is sent to their case.
    """
    saved = not held_filed(request) and opened_case(request)
    return redirect("follow_case") if saved else _receipt(request)


@with_draft
def _receipt(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    if not draft.filed_at:
        return redirect("step", "check")
    case = draft.case
    open_case(request, case)
    if request.method == "POST":
        drafts.forget(draft)  # after this, no page can show the access code again
        return let_go(redirect("follow_case"))
    exhibits = case.exhibits.select_related("item__seal").prefetch_related("item__tokens")
    context = {
        "case": case,
        "code": filing.access_code(code),
        "renewable": recovery.is_possible(case),
        "dates": deadlines.ahead(case),
        "exhibits": exhibits,
        "title": _("Receipt"),
    }
    return render(request, "draft/filed.html", context)
