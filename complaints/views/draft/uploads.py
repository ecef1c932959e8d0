"""Files of a draft that arrive in pieces, from any tus client."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import http_date
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from complaints import digits, throttle
from complaints.drafts import files
from complaints.drafts.unwelcome import Filed
from complaints.exhibits import serving
from complaints.models import Draft
from complaints.views.whose import acts_on
from evidence.models import Derivative, PendingUpload
from evidence.receiving import pieces, places, refusals, resumable, room

from .tus import BEYOND_US, PIECE, Refusal, address, checksum, length, metadata, named, number, speaks_tus


@speaks_tus
def collection(request: HttpRequest, method: str, draft: Draft) -> HttpResponse:
    """Announce a file. Its first piece may come with the announcement."""
    if method != "POST":
        raise Refusal(405, Allow="OPTIONS, POST")
    for name in BEYOND_US:  # else the parts of one file would be taken for separate files
        if name in request.headers:
            raise Refusal(400, f"{name} is not understood here.")
    header = request.headers.get("Upload-Metadata", "")
    given = metadata(header)
    name = given.get("filename") or given.get("name") or ""
    size = number(request, "Upload-Length")
    files.count_for(draft, throttle.sender(request))
    known = "fingerprint" in given and not length(request)
    begun = files.begin_upload(draft, name, size, header, once=known, place=_place(request))
    if request.content_type == PIECE and length(request):
        begun = _first(request, begun)
    response = _where(begun, 201)
    response.headers["Location"] = address(draft, begun.pk)
    return response


@serving.kept_if_small
@require_safe
@acts_on()  # the address names the draft
@never_cache
def copy(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A copy for viewing of a file that is not filed or sent yet, for those who hold its draft."""
    if (draft := named(request)) is None:
        raise Http404
    made = get_object_or_404(Derivative, pk=key, item__exhibit__draft=draft)
    return serving.asked_again(request, made)


def _place(request: HttpRequest) -> int:
    """When the file was chosen, as the page's script says it in microseconds; 0 without that."""
    return min(digits.number(request.headers.get("Upload-Place", "")) or 0, 2**53)


def _first(request: HttpRequest, begun: PendingUpload) -> PendingUpload:
    """Receive the first piece. If that fails, delete the upload, since the sender does not know its address."""
    try:
        return _take(request, begun, 0)
    except Exception:
        resumable.give_up(begun)
        raise


@speaks_tus
def upload(request: HttpRequest, method: str, draft: Draft, upload_id: UUID) -> HttpResponse:
    """Ask how much of a file has arrived, send the next piece, or cancel."""
    if method not in ("HEAD", "PATCH", "DELETE"):
        raise Refusal(405, Allow="OPTIONS, HEAD, PATCH, DELETE")
    try:
        found = resumable.find(files.holder(draft), upload_id)
    except PendingUpload.DoesNotExist:
        return _kept(draft, upload_id, method)
    if method == "DELETE":
        resumable.give_up(found)
        return HttpResponse(status=204)
    _check_open(draft, found)
    return _where(_patched(request, found), 204) if method == "PATCH" else _asked(found)


def _check_open(draft: Draft, found: PendingUpload) -> None:
    """Raises Filed if the draft was sent meanwhile: no further piece is worth its way."""
    try:
        files.check_open(draft)
    except Filed:
        resumable.give_up(found)
        raise


def _asked(found: PendingUpload) -> HttpResponse:
    if found.offset == found.size:  # the server was killed before it could finish
        files.finish_upload(found)
    response = _where(found, 200)
    response.headers["Upload-Length"] = str(found.size)
    if found.metadata:
        response.headers["Upload-Metadata"] = found.metadata
    return response


def _kept(draft: Draft, upload_id: UUID, method: str) -> HttpResponse:
    """The answer for an upload that is already an exhibit, for a sender that never received the last answer."""
    exhibit = draft.exhibits.select_related("item").filter(item_id=upload_id).first()
    if exhibit is None or method != "HEAD":
        files.check_open(draft)
        raise Refusal(404)
    size = str(exhibit.item.size)
    return HttpResponse(headers={"Upload-Offset": size, "Upload-Length": size})


def _patched(request: HttpRequest, found: PendingUpload) -> PendingUpload:
    if request.content_type != PIECE:
        raise Refusal(415)
    return _take(request, found, number(request, "Upload-Offset"))


def _take(request: HttpRequest, found: PendingUpload, offset: int) -> PendingUpload:
    """Append the request's body. If the file is then complete, it becomes an exhibit."""
    if not request.META.get("CONTENT_LENGTH"):
        raise Refusal(411)
    with places.uploads.take(found.holder, throttle.sender(request)) as free:
        if not free:
            raise Refusal(503, str(refusals.MESSAGES["busy"]), Retry_After="5")
        room.check_upload(found)
        piece = pieces.Piece(offset, length(request), request.read, checksum(request))
        found, seen = pieces.append(found.pk, piece)
        if found.offset == found.size:
            files.finish_upload(found, seen)
        return found


def _where(found: PendingUpload, status: int) -> HttpResponse:
    headers = {"Upload-Offset": str(found.offset)}
    if found.offset < found.size:
        headers["Upload-Expires"] = http_date(found.expires_at.timestamp())
    return HttpResponse(status=status, headers=headers)
