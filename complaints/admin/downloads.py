"""What leaves the desk as a file: originals and case bundles. Each is on the ledger before its first byte."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evidence import custody, names, vault

from .. import access
from ..models import Case, Exhibit
from .case import case_to_act_on, page, reader
from .forms import ExportForm, OriginalForm

ORIGINAL_CSP = "sandbox; default-src 'none'"


@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponseBase:
    case, form = case_to_act_on(request, pk), ExportForm(request.POST)
    if not form.is_valid():
        return page(request, case, status=422)
    return bundle_of(request, case, form.cleaned_data["audience"])


def bundle_of(request: HttpRequest, case: Case, audience: str) -> HttpResponseBase:
    """The case bundle as a download; the export is on the ledger before the first byte."""
    from .. import bundle  # the typesetter and its fonts are for those who export, not for each start

    user = reader(request)
    if not access.may_act(user, case):
        raise PermissionDenied
    try:
        filename, chunks = bundle.stream(case, audience=audience, by=access.actor(user))
    except bundle.NotWhole as fault:
        messages.error(request, str(fault))
        return page(request, access.case_or_404(user, case.pk), status=409)
    return download(chunks, filename, "application/zip")


@require_POST
def original(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """An exhibit's untouched bytes. Who opened it and why is on the ledger before the first byte leaves."""
    exhibit = access.exhibit_or_404(request.user, pk, number)
    form = OriginalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why you open the original: it is recorded."))
        return page(request, access.case_or_404(request.user, pk), status=422)
    try:
        chunks = vault.read(exhibit.item_id)
    except vault.Missing:
        messages.error(request, _("The stored file of %(exhibit)s is missing.") % {"exhibit": exhibit.label})
        return page(request, access.case_or_404(request.user, pk), status=410)
    by = access.actor(reader(request))
    custody.record(exhibit.item, "evidence.downloaded", by=by, reason=form.cleaned_data["reason"])
    response = download(chunks, safe_name(exhibit), exhibit.item.media_type)
    response.headers["Content-Length"] = str(exhibit.item.size)
    return response


def safe_name(exhibit: Exhibit) -> str:
    """The name as given, without hidden signs, and always ending as what the bytes are."""
    name, ending = names.shown(exhibit.item.name), f".{exhibit.item.extension}"
    return name if name.lower().endswith(ending) else f"{name}{ending}"


def download(chunks: Any, filename: str, media_type: str) -> StreamingHttpResponse:
    """Bytes to keep, never to run: an attachment of the sniffed type, sandboxed, kept by no cache."""
    return StreamingHttpResponse(
        chunks,
        content_type=media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, filename) or "attachment",
            "Content-Security-Policy": ORIGINAL_CSP,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
