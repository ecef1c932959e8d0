"""The protocol part of tus 1.0 (tus.io/protocols/resumable-upload): versions, headers, status codes.

A sender must hold the cookie of the draft, follow the case that is added to, or answer the enquiry. Such clients
know no form token. Three things protect against other sites: cookies are SameSite=Lax, browsers state where a
request comes from, and they must ask before they send such headers. Refusals are sentences (text/plain) in the
sender's language.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from complaints import digits, throttle
from complaints.drafts import additions, drafts
from complaints.drafts.unwelcome import Filed, SameFile, Unwelcome
from complaints.enquiries import answers
from complaints.models import Draft
from complaints.views.held import held_another, held_code
from complaints.views.opened import held_draft, opened_case, opened_enquiry
from complaints.views.whose import acts_on
from evidence.models import PendingUpload
from evidence.receiving import pieces, places, refusals, turns
from evidence.storage import vault

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
DIGESTS: dict[str, Callable[[], pieces.Digest]] = {
    "sha256": hashlib.sha256,
    "sha1": lambda: hashlib.sha1(
        usedforsecurity=False
    ),  # SHA-1 is required by the protocol; it protects against accidents only
}
ABLE = {
    "Tus-Version": VERSION,
    "Tus-Extension": "creation,creation-with-upload,checksum,expiration,termination",
    "Tus-Checksum-Algorithm": ",".join(DIGESTS),
}
REASONS = {460: "Checksum Mismatch"}  # status codes that only tus has
MOST_METADATA = 4096  # characters
BEYOND_US = ("Upload-Concat", "Upload-Defer-Length")  # headers of extensions that we do not support

INTO = "to"  # the query parameter that names the draft, addition or answer

View = Callable[..., HttpResponse]


class Refusal(Exception):
    """A request that is refused, with its status code and sentence."""

    def __init__(self, status: int, sentence: str = "", **headers: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def speaks_tus(view: View) -> Callable[..., HttpResponseBase]:
    """Decorate a view with the rules of the protocol. The view gets the method and the draft."""

    @acts_on()  # the address names the draft
    @csrf_exempt
    @never_cache
    @wraps(view)
    def answered(request: HttpRequest, **where: Any) -> HttpResponse:
        method = request.headers.get("X-HTTP-Method-Override", request.method or "").upper()
        try:
            with _refusing():
                response = _able() if method == "OPTIONS" else _asked(view, request, method, **where)
        except Refusal as refusal:
            reason = REASONS.get(refusal.status)
            response = HttpResponse(str(refusal), "text/plain; charset=utf-8", refusal.status, reason)
            for name, value in refusal.headers.items():
                response.headers[name] = value
            _drain(request)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return answered


def _able() -> HttpResponse:
    return HttpResponse(status=204, headers={**ABLE, "Tus-Max-Size": str(settings.MAX_FILE_BYTES)})


def _asked(view: View, request: HttpRequest, method: str, **where: Any) -> HttpResponse:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refusal(412, Tus_Version=VERSION)
    if _comes_from_elsewhere(request):
        raise Refusal(403)
    return view(request, method, _draft(request), **where)


def _comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that a page of another site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin")
    ours = origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin or "").netloc == request.get_host()
    return origin is not None and not ours


def _draft(request: HttpRequest) -> Draft:
    """The draft that gets the file: the draft, addition or answer that the address names.

    Without a name it is the held draft, if this browser held no other one before.
    """
    if INTO in request.GET:
        return _named(request)
    if held_another(request):  # a tab may still send what belongs to that one
        sentence = _(
            "More than one draft was opened in this browser. Upload the file from the page of its own draft."
        )
        raise Refusal(409, sentence)
    try:
        return drafts.find(held_code(request))
    except Draft.DoesNotExist:
        raise Refusal(404, _("Draft not found")) from None
    except drafts.Expired:
        raise Refusal(410, _("This draft has expired. Its answers and files have been deleted.")) from None


def _named(request: HttpRequest) -> Draft:
    """The draft that the page names, if it is open in this browser. Raises Refusal (404) for any other."""
    if (found := named(request)) is None:
        raise Refusal(404, _("This is no longer open here. Enter its code again."))
    return found


def named(request: HttpRequest) -> Draft | None:
    """The draft, addition or answer that the address names, if it is open in this browser."""
    draft, case, enquiry = held_draft(held_code(request)), opened_case(request), opened_enquiry(request)
    try:
        key = UUID(request.GET.get(INTO, ""))
    except ValueError:
        return None
    found = draft if draft and draft.pk == key else None
    found = found or (additions.find(case, key) if case else None)
    return found or (answers.draft_of(enquiry, key) if enquiry else None)


def address(draft: Draft, upload_id: UUID | None = None) -> str:
    """The address for announcing files of a draft or addition, or that of one of its uploads."""
    path = reverse("upload", args=[upload_id]) if upload_id else reverse("uploads")
    return f"{path}?{INTO}={draft.pk}"


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn exceptions of lower rooms into refusals with the protocol's status codes."""
    try:
        yield
    except PendingUpload.DoesNotExist:
        raise Refusal(404) from None
    except (pieces.WrongOffset, turns.Superseded):
        raise Refusal(409) from None
    except pieces.Cut:
        raise Refusal(400) from None
    except pieces.TooMuch:
        raise Refusal(413) from None
    except pieces.Mismatch:
        raise Refusal(460) from None
    except Filed as filed:
        raise Refusal(410, str(filed)) from None
    except SameFile as same:
        raise Refusal(422, str(same)) from None
    except Unwelcome as unwelcome:
        raise Refusal(413, str(unwelcome)) from None
    except vault.Full:
        raise Refusal(507, str(refusals.MESSAGES["full"])) from None
    except refusals.FileRefused as refused:
        raise Refusal(
            {"full": 507, "away": 503, "too_large": 413}.get(refused.code, 422), refused.message
        ) from None


def _drain(request: HttpRequest) -> None:
    """Read what a refused sender is sending, up to the size of a usual piece, so that it then reads the answer."""
    if 0 < length(request) <= 4 * 1024 * 1024 and request.method in ("POST", "PATCH"):
        network = throttle.sender(request)
        with places.uploads.take(f"refused {network}", network) as free:
            while free and request.read(pieces.BLOCK):
                pass


def length(request: HttpRequest) -> int:
    """The length of the body in bytes; 0 if the request does not state it."""
    return digits.number(request.META.get("CONTENT_LENGTH") or "") or 0


def number(request: HttpRequest, header: str) -> int:
    """The number in this header. Raises Refusal."""
    found = digits.number(request.headers.get(header, ""))
    if found is None:
        raise Refusal(400, f"{header} is missing or is not a number.")
    return found


def checksum(request: HttpRequest) -> tuple[pieces.Digest, bytes] | None:
    """A new hash and the digest that Upload-Checksum names, or None without the header. Raises Refusal."""
    header = request.headers.get("Upload-Checksum")
    if header is None:
        return None
    name, _space, encoded = header.partition(" ")
    if name not in DIGESTS:
        raise Refusal(400, f"Upload-Checksum may be by {' or '.join(DIGESTS)}.")
    return DIGESTS[name](), _decoded(encoded)


def metadata(header: str) -> dict[str, str]:
    """Parse Upload-Metadata: keys, each with its text. Raises Refusal."""
    if len(header) > MOST_METADATA:
        raise Refusal(400, "Upload-Metadata is too long.")
    pairs = (pair.strip().partition(" ") for pair in header.split(",") if pair.strip())
    return {key: _decoded(encoded).decode(errors="replace") for key, _space, encoded in pairs}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "This is not base64.") from None
