"""What a recipient reads of a bundle in the browser, under the same grant as its ZIP.

Reading counts as a download. Each exhibit that is opened is on the ledger once in each counted download, and the
bytes of its files are counted as those of the ZIP.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints.bundles import grants, reading
from complaints.bundles.reading import Reading
from complaints.exhibits import serving
from complaints.models import Grant, event_kinds
from complaints.reference.bilingual import in_chinese
from complaints.refusal import Refused

from . import recipient

SEEN = "seen"  # in the session's counted download: what was opened of it


def with_reading(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give the view the grant and its bundle, if this browser has a counted download of it."""

    @never_cache
    @require_safe
    @wraps(view)
    def shown(request: HttpRequest, link: str, **where: Any) -> HttpResponseBase:
        grant = recipient.opened(request, link)
        if grant is None and recipient.was_opened(request, link):
            return recipient.over(request)
        if grant is None or recipient.counted(request, grant) is None:
            return redirect("handed", link)
        try:
            found = reading.of(grant.export, "zh" if in_chinese() else "en")
            return view(request, link, grant, found, **where) if found else redirect("handed", link)
        except Refused:
            return recipient.over(request)

    return shown


@with_reading
def case(request: HttpRequest, link: str, grant: Grant, found: Reading) -> HttpResponse:
    """The report, what was checked, and the list of exhibits."""
    return render(request, "handed/read.html", _context(link, grant, found))


def _context(link: str, grant: Grant, found: Reading) -> dict[str, Any]:
    reference = grant.export.case.reference
    return {"title": reference, "page": found.page, "grant": grant, "export": grant.export, "link": link}


@with_reading
def exhibit(request: HttpRequest, link: str, grant: Grant, found: Reading, number: int) -> HttpResponse:
    """One exhibit with its player, pictures, pages and texts."""
    shown = found.exhibit(number)
    if shown is None:
        raise Http404
    _record(request, grant, number, event_kinds.EVIDENCE_VIEWED)
    numbers = [one["number"] for one in found.page["exhibits"] if one["file"]]
    at = numbers.index(number)
    copies = {kind: [name.partition("/")[2] for name in names] for kind, names in reading.copies(shown).items()}
    context = {
        **_context(link, grant, found),
        "title": f"{grant.export.case.reference} · {shown['label']}",
        "one": shown,
        "copies": copies,
        "texts": [*copies["text"], *copies["table"], *copies["transcript"]],
        "original": shown["file"].partition("/")[2],
        "before": numbers[at - 1] if at else None,
        "after": numbers[at + 1] if at + 1 < len(numbers) else None,
    }
    return render(request, "handed/exhibit.html", context)


@with_reading
def thumbnail(request: HttpRequest, link: str, grant: Grant, found: Reading, number: int) -> HttpResponseBase:
    served = reading.thumbnail(found, number)
    if served is None:
        raise Http404
    return serving.respond(request, served)


@with_reading
def file(request: HttpRequest, link: str, grant: Grant, found: Reading, name: str) -> HttpResponseBase:
    """The report, a copy or an original, by its name below the bundle's data/ folder."""
    served, owner = reading.file(found, f"data/{name}"), found.owner(f"data/{name}")
    if served is None:
        raise Http404
    if owner and request.method == "GET":
        kind = event_kinds.EVIDENCE_DOWNLOADED if served.attached else event_kinds.EVIDENCE_VIEWED
        _record(request, grant, owner["number"], kind)
    return recipient.counted_bytes(request, served, grant)


def _record(request: HttpRequest, grant: Grant, number: int, kind: str) -> None:
    """Record it on the ledger, once in each counted download."""
    mine = recipient.counted(request, grant) or {}
    mark = f"{kind} {number}"
    if mark not in mine.get(SEEN, ()):
        grants.look_at(grant, number, kind)
        mine[SEEN] = [*mine.get(SEEN, ()), mark]
        request.session.modified = True
