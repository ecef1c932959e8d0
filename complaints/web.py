"""What both faces, the borrower's and the office's, share of requests and downloads."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from complaints.models import Export

AGAIN = "2"  # seconds until a page that waits asks again, without any script
FETCHED = "fetched"  # of the session: the bundles that were asked for here


def attached(content: bytes, name: str, content_type: str = "application/json") -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def waiting(response: HttpResponse, export: Export) -> HttpResponse:
    if export.is_under_way:
        response["Refresh"] = AGAIN
    return response


def remember(request: HttpRequest, key: UUID) -> None:
    request.session[FETCHED] = [*request.session.get(FETCHED, [])[-20:], str(key)]


def may_take(request: HttpRequest, key: UUID) -> bool:
    """Whether this browser asked for it by a recorded step."""
    return str(key) in request.session.get(FETCHED, [])
