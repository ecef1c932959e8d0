"""Serves stored bytes: originals, and copies made for viewing. No other code does.

The caller checks the permission. The bytes are served with the type found in them, cannot run scripts, and are
streamed with constant memory; a single range can be requested. Browsers keep none of them but small pictures and
waveforms: see `asked_again`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from evidence import names
from evidence.models import Derivative, EvidenceItem
from evidence.storage import vault

CSP = "sandbox; default-src 'none'"
HEADERS = {
    "Accept-Ranges": "bytes",
    "Content-Security-Policy": CSP,
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
# Small pictures and waveforms, in which hardly a word can be read: a browser may keep them, but asks before each
# use and is answered only while the case is open in it.
ASKED_AGAIN = "private, no-cache"
MAY_BE_KEPT = (Derivative.Kind.SMALL, Derivative.Kind.WAVEFORM)
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Served:
    """Bytes in the vault, with their size, digest, type and file name."""

    key: UUID
    size: int
    sha256: str
    media_type: str
    filename: str
    attached: bool
    read: Callable[[int, int], Iterator[bytes]] | None = None  # if the vault does not have them under `key`

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'


def original(item: EvidenceItem) -> Served:
    """The original, for download only, never shown in a page."""
    return Served(item.pk, item.size, item.sha256, item.media_type, file_name(item), attached=True)


def derivative(made: Derivative) -> Served:
    """A copy, to be shown in a page."""
    text = made.media_type.startswith("text/")
    media_type = f"{made.media_type}; charset=utf-8" if text else made.media_type
    return Served(made.pk, made.size, made.sha256, media_type, f"{made.kind}-{made.number}", attached=False)


def file_name(item: EvidenceItem) -> str:
    """The given name without invisible characters, with the extension of the file's real type."""
    name, ending = names.displayable(item.name), f".{item.extension}"
    return name if name.lower().endswith(ending) else f"{name}{ending}"


def respond(request: HttpRequest, served: Served) -> HttpResponseBase:
    """Respond with all bytes, the requested range, or 416. Raises Http404 if the bytes are missing.

    Other errors of `vault.read` are raised before the first byte is sent.
    """
    wanted = part(request, served)
    if wanted is None:
        return _head(HttpResponse(status=416, headers={"Content-Range": f"bytes */{served.size}"}), served)
    start, end = wanted
    partial = _asked(request, served) is not None  # also for all bytes: players take 200 for “no ranges”
    try:
        blocks = served.read(start, end) if served.read else vault.read(served.key, start, end)
    except vault.Missing:
        raise Http404 from None
    response = StreamingHttpResponse(
        _closing(blocks), status=206 if partial else 200, content_type=served.media_type
    )
    response.headers["Content-Length"] = str(end - start)
    if partial:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{served.size}"
    return _head(response, served)


def asked_again(request: HttpRequest, made: Derivative) -> HttpResponseBase:
    """As `respond`, for a copy that a page shows. What the browser has kept of it is not sent again (304)."""
    served = derivative(made)
    if made.kind not in MAY_BE_KEPT:
        return respond(request, served)
    if request.headers.get("If-None-Match") == served.etag:
        unchanged = {"ETag": served.etag, "Content-Security-Policy": CSP}
        response: HttpResponseBase = HttpResponse(status=304, headers=unchanged)
        del response.headers["Content-Type"]
    else:
        response = respond(request, served)
    response.may_be_kept = True  # type: ignore[attr-defined]  # for `kept_if_small`
    return response


def kept_if_small(view: View) -> View:
    """Decorate a view, outside of what forbids all keeping: what `asked_again` allows to be kept may be kept."""

    @wraps(view)
    def answered(request: HttpRequest, **named: Any) -> HttpResponseBase:
        response = view(request, **named)
        if hasattr(response, "may_be_kept"):
            response.headers["Cache-Control"] = ASKED_AGAIN
        return response

    return answered  # type: ignore[return-value]


def _closing(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """A generator: if the client disconnects, closing it closes `blocks`."""
    yield from blocks


def _head(response: HttpResponseBase, served: Served) -> HttpResponseBase:
    disposition = content_disposition_header(served.attached, served.filename)
    headers = {**HEADERS, "ETag": served.etag, "Content-Disposition": disposition or "inline"}
    for name, value in headers.items():
        response.headers[name] = value
    return response


def part(request: HttpRequest, served: Served) -> tuple[int, int] | None:
    """Which bytes `respond` sends, however the request is spelt: the first and the one after the last (RFC 9110,
    14). None if the range is outside the bytes.

    It is all bytes unless the request has a single valid range.
    """
    asked = _asked(request, served)
    if asked is None:
        return 0, served.size
    first, last = asked
    if not first:
        start, end = max(0, served.size - int(last)), served.size
    else:
        start, end = int(first), min(int(last) + 1 if last else served.size, served.size)
    return (start, end) if start < end else None


def _asked(request: HttpRequest, served: Served) -> tuple[str, str] | None:
    """First and last byte as in the header, of which one may be empty. None if the header is missing or malformed,
    has several ranges, or If-Range names another version."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if not found or request.headers.get("If-Range", served.etag) != served.etag:
        return None
    first, last = found.groups()
    backwards = first and last and int(last) < int(first)
    return None if backwards or not (first or last) else (first, last)
