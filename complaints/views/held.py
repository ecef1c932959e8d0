"""What a browser holds: a draft by its code in a cookie; a case, an enquiry and more in its session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from complaints.models import Case, Enquiry
from complaints.web import NOTHING_KEPT

COOKIE = "draft"
SEEN = "draft_seen"  # the cookie that says when the browser last sent a request while it held the draft
IDLE_MINUTES = 30  # without a request, after which a draft or a case closes in this browser
NOTED_EVERY = 60  # seconds between two notes of the time of a request
ANOTHER = "another"  # session key: before the draft that it holds now, this browser held another one
KINDS = ("draft", "case", "enquiry", "callback", "lost")  # the draft is in a cookie, the others in the session


def held_code(request: HttpRequest) -> str:
    """The draft code in this browser's cookie; "" without a cookie that we signed."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or ""


def hold(response: HttpResponse, code: str) -> HttpResponse:
    """Set the cookie with the draft's code. Scripts cannot read it."""
    _set(response, COOKIE, code)
    return response


def _set(response: HttpResponseBase, name: str, value: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=settings.DRAFT_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def is_idle(request: HttpRequest) -> bool:
    """Whether both cookies of the draft were signed more than IDLE_MINUTES ago."""
    return not _signed_within(request, IDLE_MINUTES * 60)


def _signed_within(request: HttpRequest, seconds: int) -> bool:
    return any(request.get_signed_cookie(name, default="", salt=name, max_age=seconds) for name in (COOKIE, SEEN))


def close_idle(request: HttpRequest) -> None:
    """Take the draft from this request. `note_request` takes it from the browser."""
    del request.COOKIES[COOKIE]
    request.closed_idle = True  # type: ignore[attr-defined]
    request.session[ANOTHER] = True  # tabs may still show it
    if not request.user.is_authenticated:
        request.session.set_expiry(0)


def was_idle(request: HttpRequest) -> bool:
    """Whether this request came so late that it found its draft closed."""
    return hasattr(request, "closed_idle")


def note_request(request: HttpRequest, response: HttpResponseBase) -> None:
    """Record the time in a cookie of its own, at most once in NOTED_EVERY.

    The code is not in it. So an answer that arrives after the way out was taken brings no draft back.
    """
    if COOKIE in response.cookies:  # set or deleted by the view
        return
    if was_idle(request):
        response.delete_cookie(COOKIE, samesite="Lax")
        response.headers["Clear-Site-Data"] = NOTHING_KEPT
    elif "no-store" in response.get("Cache-Control", "") and not _signed_within(request, NOTED_EVERY):
        _set(response, SEEN, "1")


def let_go(response: HttpResponse) -> HttpResponse:
    """Delete the cookies of the draft."""
    response.delete_cookie(COOKIE, samesite="Lax")
    response.delete_cookie(SEEN, samesite="Lax")
    return response


def held_another(request: HttpRequest) -> bool:
    """Whether this browser held another draft before, so that one of its tabs may still show that one."""
    return ANOTHER in request.session


def remember_another(request: HttpRequest, response: HttpResponseBase) -> None:
    """Record in the session that this answer takes a draft from the browser or gives it another one."""
    if COOKIE not in response.cookies:
        return
    after = HttpRequest()
    after.COOKIES = {COOKIE: response.cookies[COOKIE].value}
    if held_code(request) not in ("", held_code(after)):
        request.session[ANOTHER] = True
        if not request.user.is_authenticated:
            request.session.set_expiry(0)  # until the browser is closed, and with it the tabs


def named(request: HttpRequest, kind: str) -> str:
    """The identifier of the held thing of this kind; "" if none is held."""
    if kind == "draft":
        return held_code(request)
    session = getattr(request, "session", {})  # a request with a wrong Host has none
    return str(session.get(kind, ""))


def shown(request: HttpRequest, kind: str) -> str:
    """What its owner calls it: the draft's code, or the reference of the case or enquiry; "" for other kinds."""
    if kind == "draft":
        return held_code(request)
    rows: dict[str, Any] = {"case": Case.objects, "enquiry": Enquiry.objects}
    row = rows[kind].filter(pk=request.session[kind]).first() if kind in rows else None
    return row.reference if row else ""
