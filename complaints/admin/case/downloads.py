"""Originals and copies for viewing at the desk. Each is on the ledger before its first byte is sent.

Case bundles are in `bundles.py`.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from complaints.admin.case.page import page
from complaints.admin.forms import OriginalForm, ReleaseForm
from complaints.admin.reading import came_from, reader, refuse
from complaints.exhibits import serving, showing
from complaints.models import Exhibit
from complaints.staff import access
from evidence import wake
from evidence.checking import scanning
from evidence.models import Derivative
from evidence.storage import vault

from . import exhibits, visits


@require_POST
def original(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Ask for the original file of an exhibit. The ledger records who and why before the first byte is sent."""
    exhibit = access.exhibit_or_404(request.user, pk, number)
    form = OriginalForm(request.POST)
    if not form.is_valid():
        refuse(request, _("Say why you open the original: it is recorded."))
        return page(request, access.case_or_404(request.user, pk), status=422)
    if sentence := _closed(exhibit):
        refuse(request, sentence)
        return page(request, access.case_or_404(request.user, pk), status=410)
    visits.begin(request, exhibit.item, visits.DOWNLOADED, form.cleaned_data["reason"])
    return _to("admin:case_file", pk, number)


def _closed(exhibit: Exhibit) -> str:
    """Why the original cannot be downloaded, or ""."""
    if exhibit.item.is_quarantined:
        return _("%(exhibit)s is in quarantine. A supervisor can release it.") % {"exhibit": exhibit.label}
    if not vault.exists(exhibit.item_id):
        return _("The stored file of %(exhibit)s is missing.") % {"exhibit": exhibit.label}
    return ""


def _to(name: str, *args: object) -> HttpResponseRedirect:
    """Redirect from a POST to a GET, so that the browser can resume the download."""
    response = HttpResponseRedirect(reverse(name, args=args))
    response.status_code = 303
    return response


@require_safe
def file(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The original or a range of it, during a visit that `original` began."""
    exhibit = access.exhibit_or_404(request.user, pk, number)
    visits.needed(request, exhibit.item, visits.DOWNLOADED)
    if exhibit.item.is_quarantined:
        raise PermissionDenied
    return serving.respond(request, serving.original(exhibit.item))


@require_safe
def derivative(request: HttpRequest, pk: int, number: int, key: UUID) -> HttpResponseBase:
    """A copy for viewing, during a visit."""
    exhibit = access.exhibit_or_404(request.user, pk, number)
    made = get_object_or_404(Derivative, pk=key, item=exhibit.item)
    visits.needed(request, exhibit.item)
    if exhibit.item.is_quarantined:
        raise PermissionDenied
    return serving.respond(request, serving.derivative(made))


@require_POST
def look(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponseBase:
    """Begin a visit for the copies of one exhibit, or of all, and return to the case page."""
    case = access.case_or_404(request.user, pk)
    chosen = [access.exhibit_or_404(request.user, pk, number)] if number else list(exhibits.of_case(case))
    form = OriginalForm(request.POST)
    if not form.is_valid():
        refuse(request, _("Say why you open it: the reason is recorded."))
        return page(request, case, status=422)
    for exhibit in chosen:
        if showing.viewing(exhibit, None).can_be_shown:
            visits.begin(request, exhibit.item, visits.VIEWED, form.cleaned_data["reason"])
    place = chosen[0].label if number else "exhibits"
    return HttpResponseRedirect(
        f"{reverse('admin:complaints_case_change', args=[pk])}{came_from(request)}#{place}"
    )


@require_POST
def release(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """Release a file from quarantine. Only supervisors can."""
    case, form = access.case_or_404(request.user, pk), ReleaseForm(request.POST)
    exhibit = access.exhibit_or_404(request.user, pk, number)
    if not access.may_release(request.user, case):
        raise PermissionDenied
    if not form.is_valid():
        refuse(request, _("Say why it is released: the reason is recorded."))
        return page(request, case, status=422)
    scanning.release(exhibit.item, by=access.actor(reader(request)), reason=form.cleaned_data["reason"])
    wake.examine(exhibit.item_id)
    messages.success(request, _("%(exhibit)s is released.") % {"exhibit": exhibit.label})
    return HttpResponseRedirect(f"{reverse('admin:complaints_case_change', args=[pk])}#{exhibit.label}")


def download(chunks: Any, filename: str, media_type: str) -> StreamingHttpResponse:
    """An attachment made on request: sandboxed and not cached."""
    return StreamingHttpResponse(
        chunks,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, filename) or "attachment",
            "Content-Security-Policy": serving.CSP,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
