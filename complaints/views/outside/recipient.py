"""What a recipient outside sees: a link, a passphrase, a download. Without both secrets, nothing is shown."""

import time
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import throttle
from complaints.bundles import age_encryption, exports, grants
from complaints.exhibits import serving
from complaints.models import Grant
from complaints.refusal import Refused
from complaints.rights.forms import PhraseForm
from complaints.views.public import pages
from complaints.views.whose import acts_on
from complaints.web import waiting

OPENED = "grants"  # session key: the grants opened with their passphrases
COUNTED = "counted"  # session key: grant -> when its download was counted
LONGEST = 6 * 60 * 60  # seconds during which a counted download may be resumed


@acts_on()  # the address names the grant
@never_cache
def handed(request: HttpRequest, link: str) -> HttpResponseBase:
    """Ask for the passphrase. The form is the same for every link, known or not."""
    grant = _opened(request, link)
    if request.method == "POST" and request.POST.get("go") == "fetch":
        return _fetch(request, link, grant)
    if grant:
        context = {"title": _("A case bundle"), "grant": grant, "export": grant.export, "link": link}
        return waiting(request, render(request, "handed/open.html", context), grant.export)
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if grant := grants.entered(link, form.cleaned_data["phrase"]):
            request.session.cycle_key()
            request.session[OPENED] = {**request.session.get(OPENED, {}), link: str(grant.pk)}
            return redirect("handed", link)
        unknown = _(
            "Nothing opens here. It may be mistyped, used up, taken back, or over. Ask who gave it to you."
        )
        form.add_error("phrase", throttle.too_many(request, throttle.WRONG_PHRASES) or unknown)
    context = {"title": _("Enter the passphrase"), "form": form}
    return render(request, "handed/enter.html", context, status=422 if form.errors else 200)


def _opened(request: HttpRequest, link: str) -> Grant | None:
    """The grant that this browser opened, unless it was taken back or is over."""
    key = request.session.get(OPENED, {}).get(link)
    grant = Grant.objects.select_related("export__case").filter(pk=key).first() if key else None
    if grant is None or grant.revoked_at:
        return None
    return grant if grant.is_open or _counted(request, grant) else None


def _counted(request: HttpRequest, grant: Grant) -> dict[str, Any] | None:
    """The download that this browser may still resume."""
    counted: dict[str, Any] | None = request.session.get(COUNTED, {}).get(str(grant.pk))
    return counted if counted and time.time() < counted["at"] + LONGEST else None


def _fetch(request: HttpRequest, link: str, grant: Grant | None) -> HttpResponse:
    if grant is None:
        return redirect("handed", link)
    try:
        grants.fetch(grant)
    except Refused:
        return _over(request)
    counted = {"at": time.time()}
    request.session[COUNTED] = {**request.session.get(COUNTED, {}), str(grant.pk): counted}
    return redirect("handed_file", link)


def _over(request: HttpRequest) -> HttpResponse:
    """The page for a grant that is over.

    It gives no reason: the recipient must ask the person who gave the link.
    """
    sentence = _("It may be used up, taken back, or over. Ask who gave it to you.")
    return pages.failed(request, 409, _("This cannot be downloaded now"), sentence)


@never_cache
@require_safe
def file(request: HttpRequest, link: str) -> HttpResponseBase:
    grant = _opened(request, link)
    if grant is None or _counted(request, grant) is None:
        return redirect("handed", link)
    try:
        served = exports.served(grant.export)
        return _counted_bytes(request, served, grant)
    except Refused:
        return _over(request)


def _counted_bytes(request: HttpRequest, served: serving.Served, grant: Grant) -> HttpResponseBase:
    """The response. Its bytes are counted before they are sent. Those that were not sent are given back."""
    part = (0, served.size) if grant.age_key else serving.part(request, served)
    length = part[1] - part[0] if part and request.method == "GET" else 0
    if length:
        grants.take(grant, length)
    response = _encrypted(served, grant) if grant.age_key else serving.respond(request, served)
    if length and isinstance(response, StreamingHttpResponse):
        response.streaming_content = _until_it_breaks(response.streaming_content, length, grant)
    return response


def _until_it_breaks(blocks: Any, length: int, grant: Grant) -> Iterator[bytes]:
    left = length
    try:
        for block in blocks:
            left -= len(block)
            yield block
    finally:
        if left > 0:
            grants.give_back(grant, left)


def _encrypted(served: serving.Served, grant: Grant) -> StreamingHttpResponse:
    """The bundle, encrypted while it is sent. The bytes differ each time, so parts of it cannot be requested."""
    blocks: Any = age_encryption.encrypted(served.read(0, served.size), grant.age_key) if served.read else ()
    headers = {**serving.HEADERS, "Content-Disposition": f'attachment; filename="{served.filename}.age"'}
    del headers["Accept-Ranges"]
    return StreamingHttpResponse(blocks, content_type="application/octet-stream", headers=headers)
