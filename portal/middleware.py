"""Middleware and the context processor: security headers, valid staff sessions, the sender's address."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.functional import SimpleLazyObject

from evidence.connections import give_back

from .desk import staff_session
from .look import site as site_look
from .static_files import CSP


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Add the site's Content-Security-Policy, unless the view has set one, as those that serve evidence do."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        own = hasattr(response, "plays_recordings")  # the page plays a recording that was made on it
        policy = CSP.replace("media-src 'self'", "media-src 'self' blob:") if own else CSP
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def no_connection_while_sending(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Keep no database connection while a file is sent, which takes as long as its reader's network takes."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if isinstance(response, StreamingHttpResponse) and not response.is_async:
            response.streaming_content = _without_connection(iter(response))
        return response

    return middleware


def _without_connection(blocks: Iterator[bytes]) -> Iterator[bytes]:
    for block in blocks:
        give_back()
        yield block


class SignedInByBothFactors(AuthenticationMiddleware):
    """`request.user` is anonymous unless the session was begun by both factors and has not expired."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        user = request.user
        request.user = SimpleLazyObject(
            lambda: user if staff_session.is_valid(request.session) else AnonymousUser()
        )  # type: ignore[assignment]


def the_senders_address(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Behind the portal's own proxy, take the sender's address from the end of X-Forwarded-For.

    The proxy adds it there. Everything before it comes from the sender and cannot be trusted.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if forwarded := request.headers.get("X-Forwarded-For", ""):
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        return get_response(request)

    return middleware


def site(request: HttpRequest) -> dict[str, object]:
    """Context processor: the site's name, colour and exit address, for every template."""
    return {"site_name": settings.SITE_NAME, "exit_url": settings.EXIT_URL, **site_look.addresses()}
