"""Files of a draft that come in pieces, from any tus client."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from complaints.drafts import files
from complaints.models import Draft
from evidence.models import PendingUpload
from evidence.receiving import pieces, refusals, resumable

from .tus import BEYOND_US, PIECE, Refusal, address, checksum, length, metadata, number, place, speaks_tus


@speaks_tus
def collection(request: HttpRequest, method: str, draft: Draft) -> HttpResponse:
    """Announce a file; its first piece may come along."""
    if method != "POST":
        raise Refusal(405, Allow="OPTIONS, POST")
    for name in BEYOND_US:  # or the parts of one file would be taken for files of their own
        if name in request.headers:
            raise Refusal(400, f"{name} is not understood here.")
    header = request.headers.get("Upload-Metadata", "")
    given = metadata(header)
    name = given.get("filename") or given.get("name") or ""
    size = number(request, "Upload-Length")
    known = "fingerprint" in given and not length(request)
    begun = (_known(draft, size, header) if known else None) or files.begin_upload(draft, name, size, header)
    if request.content_type == PIECE and length(request):
        begun = _first(request, begun)
    response = _where(begun, 201)
    response.headers["Location"] = address(draft, begun.pk)
    return response


def _known(draft: Draft, size: int, header: str) -> PendingUpload | None:
    """The same file, announced already by a sender who never got our answer."""
    return files.coming_to(draft).filter(size=size, metadata=header).first()


def _first(request: HttpRequest, begun: PendingUpload) -> PendingUpload:
    """A sender whose first piece fails never learns where to go on."""
    try:
        return _take(request, begun, 0)
    except Exception:
        resumable.give_up(begun)
        raise


@speaks_tus
def upload(request: HttpRequest, method: str, draft: Draft, upload_id: UUID) -> HttpResponse:
    """Ask how far a file has come, go on with it, or give it up."""
    if method not in ("HEAD", "PATCH", "DELETE"):
        raise Refusal(405, Allow="OPTIONS, HEAD, PATCH, DELETE")
    try:
        found = resumable.find(files.holder(draft), upload_id)
    except PendingUpload.DoesNotExist:
        return _kept(draft, upload_id, method)
    if method == "DELETE":
        resumable.give_up(found)
        return HttpResponse(status=204)
    return _where(_patched(request, found), 204) if method == "PATCH" else _asked(found)


def _asked(found: PendingUpload) -> HttpResponse:
    if found.offset == found.size:  # a server that was killed did not come to it
        files.finish_upload(found)
    response = _where(found, 200)
    response.headers["Upload-Length"] = str(found.size)
    if found.metadata:
        response.headers["Upload-Metadata"] = found.metadata
    return response


def _kept(draft: Draft, upload_id: UUID, method: str) -> HttpResponse:
    """An upload that has become an exhibit: to a sender who never got our last answer it has arrived."""
    exhibit = draft.exhibits.select_related("item").filter(item_id=upload_id).first()
    if exhibit is None or method != "HEAD":
        raise Refusal(404)
    size = str(exhibit.item.size)
    return HttpResponse(headers={"Upload-Offset": size, "Upload-Length": size})


def _patched(request: HttpRequest, found: PendingUpload) -> PendingUpload:
    if request.content_type != PIECE:
        raise Refusal(415)
    return _take(request, found, number(request, "Upload-Offset"))


def _take(request: HttpRequest, found: PendingUpload, offset: int) -> PendingUpload:
    """Add the request's body; the file that is whole by that becomes an exhibit."""
    if not request.META.get("CONTENT_LENGTH"):
        raise Refusal(411)
    with place() as free:
        if not free:
            raise Refusal(503, str(refusals.MESSAGES["busy"]), Retry_After="5")
        resumable.check_room()
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
