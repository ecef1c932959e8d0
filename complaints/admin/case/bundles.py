"""Case bundles at the desk: choose, preview, make, download, grant to somebody outside."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.admin.reading import case_to_act_on, reader
from complaints.bundles import exports, fetching, grants, preview
from complaints.bundles.forms import Audience, ChoicesForm, GrantForm
from complaints.bundles.grants import page_context
from complaints.exhibits import serving
from complaints.models import Case, Export, Grant
from complaints.refusal import Refused
from complaints.staff import access
from complaints.web import may_take, page_token, waiting


def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """The choices and a preview. `make` and `give` use exactly the choices that are shown."""
    case, data = case_to_act_on(request, pk), request.POST if request.method == "POST" else None
    audience = request.GET.get("audience", "")
    audience = audience if audience in Audience.values else "legal_aid"
    choices = ChoicesForm(data, case=case, audience=audience, at_the_desk=True)
    go = data.get("go", "") if data is not None else ""
    grant = GrantForm(data if go == "give" else None)
    if go == "make" and _is_of_the_desk(choices):
        try:
            export = exports.ask(case, choices.options().kept(), by=reader(request), language=_language())
        except Refused as refused:
            choices.add_error(None, str(refused))
        else:
            return HttpResponseRedirect(reverse("admin:case_bundle_made", args=[pk, export.pk]))
    if go == "give" and _is_of_the_desk(choices) and grant.is_valid():
        try:
            options = choices.options().kept()
            by, page = reader(request), page_token(request)
            given = grants.give(case, options, grant.terms(), by=by, language=_language(), page=page)
        except Refused as refused:
            grant.add_error(None, str(refused))
        else:
            return _page(request, case, "given", page_context(request, given, case))
    status = 422 if grant.errors or choices.errors else 200
    return _page(request, case, "choose", _context(case, choices, grant), status)


def _is_of_the_desk(choices: ChoicesForm) -> bool:
    return choices.is_valid() and choices.cleaned_data["audience"] in Audience.values


def _language() -> str:
    return get_language() or "en"


def _context(case: Case, choices: ChoicesForm, grant: GrantForm) -> dict[str, Any]:
    ready = _is_of_the_desk(choices)
    return {
        "title": _("Case bundle"),
        "choices": choices,
        "form": grant,
        "audience": choices.data.get("audience", ""),
        "audiences": [(one.value, one.label) for one in Audience],
        "preview": preview.of(case, choices.options()) if ready else None,
        "exports": case.exports.select_related("asked_by", "approved_by")[:20],
        "grants": grants.of(case),
    }


def _page(request: HttpRequest, case: Case, name: str, own: dict[str, Any], status: int = 200) -> HttpResponse:
    context = {**admin.site.each_context(request), "case": case, **own}
    return render(request, f"admin/complaints/bundle/{name}.html", context, status=status)


@require_safe
def made(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """The progress of a bundle and, when it is ready, the download button."""
    case = case_to_act_on(request, pk)
    export = get_object_or_404(case.exports.select_related("asked_by"), pk=key)
    may_approve = export.state == Export.State.UNAPPROVED and export.asked_by != request.user
    context = {"title": _("Case bundle"), "export": export, "may_approve": may_approve}
    return waiting(request, _page(request, case, "made", context), export)


@require_POST
def approve(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    case = case_to_act_on(request, pk)
    export, user = get_object_or_404(case.exports, pk=key), reader(request)
    try:
        if export.approved_by != user:  # else the button was pressed twice
            exports.approve(export, by=user)
    except Refused as refused:
        messages.error(request, str(refused))
    return HttpResponseRedirect(reverse("admin:case_bundle_made", args=[pk, key]))


@require_POST
def fetch(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    """Download a bundle. A POST records it; then a GET sends it, so that the browser can resume the download."""
    case, user = case_to_act_on(request, pk), reader(request)
    try:
        fetching.once(request, get_object_or_404(case.exports, pk=key), by=access.actor(user))
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:case_bundle_made", args=[pk, key]))
    response = HttpResponseRedirect(reverse("admin:case_bundle_file", args=[pk, key]))
    response.status_code = 303
    return response


@require_safe
def file(request: HttpRequest, pk: int, key: UUID) -> HttpResponseBase:
    case = case_to_act_on(request, pk)
    export = get_object_or_404(case.exports, pk=key)
    if not may_take(request, key):
        raise PermissionDenied
    try:
        return serving.respond(request, exports.served(export))
    except Refused as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("admin:case_bundle_made", args=[pk, key]))


@require_POST
def revoke(request: HttpRequest, pk: int, key: UUID) -> HttpResponse:
    case = case_to_act_on(request, pk)
    grants.revoke(get_object_or_404(Grant, pk=key, export__case=case), by=reader(request))
    messages.success(request, _("Taken back. What was downloaded before cannot be called back."))
    return HttpResponseRedirect(reverse("admin:case_bundle", args=[pk]))
