"""How a recipient outside opens a bundle: a link, a passphrase, then to read it or to download it.

Without both secrets, nothing is shown. `reading` has the pages to read.
"""

import time
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import throttle
from complaints.bundles import age_encryption, exports, grants, reading
from complaints.exhibits import serving
from complaints.models import Grant
from complaints.refusal import Refused
from complaints.rights.forms import PhraseForm
from complaints.views.public import pages
from complaints.views.whose import acts_on
from complaints.web import note_sent, waiting, was_sent

OPENED = "grants"  # session key: the grants opened with their passphrases
COUNTED = "counted"  # session key: grant -> when its download was counted
USES = {"read": "handed_read", "fetch": "handed_file"}  # button -> page
LONGEST = 6 * 60 * 60  # seconds during which a counted download may be resumed


@acts_on()  # the address names the grant
@never_cache
def handed(request: HttpRequest, link: str) -> HttpResponseBase:
    """Ask for the passphrase. The form is the same for every link, known or not."""
    grant = opened(request, link)
    if request.method == "POST" and request.POST.get("go") in USES:
        return _fetch(request, link, grant, request.POST["go"])
    if grant:
        context = {
            "title": _("A case bundle"),
            "grant": grant,
            "export": grant.export,
            "link": link,
            "is_counted": counted(request, grant) is not None,
            "can_be_read": reading.is_possible(grant),
        }
        return waiting(request, render(request, "handed/open.html", context), grant.export)
    form = PhraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if grant := grants.entered(link, form.cleaned_data["phrase"]):
            request.session.cycle_key()
            request.session[OPENED] = {**request.session.get(OPENED, {}), link: str(grant.pk)}
            return redirect("handed", link)
        unknown = _(
            "This did not open. The passphrase may be wrong, or the link may be used up, withdrawn or expired."
            " Ask the person who gave it to you."
        )
        form.add_error("phrase", throttle.too_many(request, throttle.WRONG_PHRASES) or unknown)
    context = {"title": _("Enter the passphrase"), "form": form}
    return render(request, "handed/enter.html", context, status=422 if form.errors else 200)


def opened(request: HttpRequest, link: str) -> Grant | None:
    """The grant that this browser opened, unless it was taken back or is over."""
    key = request.session.get(OPENED, {}).get(link)
    grant = Grant.objects.select_related("export__case").filter(pk=key).first() if key else None
    if grant is None or grant.revoked_at:
        return None
    return grant if grant.is_open or counted(request, grant) else None


def was_opened(request: HttpRequest, link: str) -> bool:
    """Whether this browser opened the link, be it over now or not."""
    return link in request.session.get(OPENED, {})


def counted(request: HttpRequest, grant: Grant) -> dict[str, Any] | None:
    """The download that this browser may still resume, or read."""
    mine: dict[str, Any] | None = request.session.get(COUNTED, {}).get(str(grant.pk))
    return mine if mine and time.time() < mine["at"] + LONGEST else None


def _fetch(request: HttpRequest, link: str, grant: Grant | None, go: str) -> HttpResponse:
    """Count a download, to read it here or as a ZIP. One that was counted is read without another count."""
    if grant is None or (go == "read" and not reading.is_possible(grant)):
        return redirect("handed", link)
    if go == "read" and counted(request, grant):
        return redirect(USES[go], link)
    try:
        _count(request, grant, to_read=go == "read")
    except Refused:
        return over(request)
    return redirect(USES[go], link)


@transaction.atomic
def _count(request: HttpRequest, grant: Grant, *, to_read: bool) -> None:
    """Count a download, unless this page has counted one. Raises Refused."""
    grants.lock(grant)
    if not was_sent(request):
        grants.fetch(grant, to_read=to_read)
        now = {"at": time.time()}
        request.session[COUNTED] = {**request.session.get(COUNTED, {}), str(grant.pk): now}
        note_sent(request)


def over(request: HttpRequest) -> HttpResponse:
    """The page for a grant that is over.

    It gives no reason: the recipient must ask the person who gave the link.
    """
    sentence = _("The link may be used up, withdrawn or expired. Ask the person who gave it to you.")
    return pages.failed(request, 409, _("This did not open"), sentence)


@never_cache
@require_safe
def file(request: HttpRequest, link: str) -> HttpResponseBase:
    grant = opened(request, link)
    if grant is None or counted(request, grant) is None:
        return redirect("handed", link)
    try:
        served = exports.served(grant.export)
        return counted_bytes(request, served, grant)
    except Refused:
        return over(request)


def counted_bytes(request: HttpRequest, served: serving.Served, grant: Grant) -> HttpResponseBase:
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
