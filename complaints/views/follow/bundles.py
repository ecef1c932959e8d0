"""The borrower's own case bundle, and grants for other people. Neither needs the office."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints import throttle
from complaints.bundles import exports, fetching, grants, preview
from complaints.bundles.forms import OUTSIDE, AgreeForm, ChoicesForm
from complaints.bundles.grants import page_context
from complaints.bundles.options import Options
from complaints.cases.readers import BY_CONSENT
from complaints.exhibits import serving
from complaints.models import Case, Export, Grant
from complaints.refusal import Refused
from complaints.views.language import shown_again_without
from complaints.views.opened import with_case
from complaints.views.public import pages
from complaints.web import may_take, page_token, waiting
from evidence import ledger


def language() -> str:
    return get_language() or "zh-hans"


@with_case
def own(request: HttpRequest, case: Case) -> HttpResponseBase:
    """The list of the borrower's bundles. A POST asks for a new one, because an export is recorded."""
    if request.method == "POST":
        try:
            options = Options.usual("borrower", goes_on=True).kept()
            export = exports.ask(case, options, language=language(), sender=throttle.sender(request))
        except Refused as refused:
            return pages.failed(request, 409, _("The bundle cannot be made now"), str(refused))
        return redirect("follow_bundle_made", export.pk)
    context = {
        "title": _("Case bundle"),
        "case": case,
        "made": case.exports.filter(asked_by=None, audience="borrower").exclude(state=Export.State.GONE)[:5],
        "grants": grants.of(case),
        "audiences": [(one.value, one.label) for one in OUTSIDE],
    }
    return render(request, "follow/bundle.html", context)


def _own(case: Case, key: UUID) -> Export:
    return get_object_or_404(case.exports, pk=key, asked_by=None, audience="borrower")


@require_safe
@with_case
def made(request: HttpRequest, case: Case, key: UUID) -> HttpResponseBase:
    """The progress of a bundle and, when it is ready, the download button."""
    export = _own(case, key)
    response = render(
        request, "follow/bundle_made.html", {"title": _("Case bundle"), "case": case, "export": export}
    )
    return waiting(request, response, export)


@require_POST
@with_case
def fetch(request: HttpRequest, case: Case, key: UUID) -> HttpResponseBase:
    """Download a bundle. A POST records it; then a GET sends it, so that the browser can resume the download."""
    export = _own(case, key)
    try:
        fetching.once(request, export, by=ledger.BORROWER)
    except Refused as refused:
        return pages.failed(request, 409, _("The bundle cannot be made now"), str(refused))
    return redirect("follow_bundle_file", key)


@require_safe
@with_case
def file(request: HttpRequest, case: Case, key: UUID) -> HttpResponseBase:
    export = _own(case, key)
    if not may_take(request, key):
        return redirect("follow_bundle_made", key)
    try:
        return serving.respond(request, exports.served(export))
    except Refused as refused:
        return pages.failed(request, 409, _("The bundle cannot be made now"), str(refused))


@shown_again_without("go")
@with_case
def give(request: HttpRequest, case: Case) -> HttpResponse:
    """Choose a bundle, preview it, then grant it to a named person. The two secrets are shown once."""
    data = request.POST if request.method == "POST" else None
    audience = request.GET.get("audience", "")
    if data is None and audience not in [one.value for one in OUTSIDE]:
        return redirect("follow_bundle")
    choices = ChoicesForm(data, case=case, audience=audience)
    gives = data is not None and data.get("go") == "give"
    grant = AgreeForm(data if gives else None)
    if choices.is_valid() and choices.cleaned_data["audience"] not in [one.value for one in OUTSIDE]:
        return redirect("follow_bundle")
    if gives and choices.is_valid() and grant.is_valid():
        try:
            options, page, sender = choices.options().kept(), page_token(request), throttle.sender(request)
            given = grants.give(case, options, grant.terms(), language=language(), page=page, sender=sender)
        except Refused as refused:
            grant.add_error(None, str(refused))
        else:
            return render(request, "follow/given.html", page_context(request, given, case))
    return render(
        request,
        "follow/give.html",
        _context(case, choices, grant),
        status=422 if grant.errors or choices.errors else 200,
    )


def _context(case: Case, choices: ChoicesForm, grant: AgreeForm) -> dict[str, Any]:
    chosen = choices.is_valid()
    kind = choices.data.get("audience", "")
    if kind not in BY_CONSENT:
        grant.fields.pop("agreed", None)
    return {
        "title": _("Share it"),
        "case": case,
        "choices": choices,
        "form": grant,
        "preview": preview.of(case, choices.options()) if chosen else None,
        "label": {one.value: one.label for one in OUTSIDE}.get(kind, ""),
    }


@require_POST
@with_case
def revoke(request: HttpRequest, case: Case, key: UUID) -> HttpResponse:
    grants.revoke(get_object_or_404(Grant, pk=key, export__case=case))
    messages.success(request, _("Taken back. What was downloaded before cannot be called back."))
    return redirect("follow_bundle")
