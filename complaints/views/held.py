"""What this browser holds: a draft by its code in a cookie; a case, an enquiry and more in its session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from complaints.models import Case, Enquiry

COOKIE = "draft"
KINDS = ("draft", "case", "enquiry", "callback", "lost")  # all but the draft are keys of the session


def held_code(request: HttpRequest) -> str:
    """The draft code this browser holds; empty when it holds none that we signed."""
    return request.get_signed_cookie(COOKIE, default="", salt=COOKIE) or ""


def hold(response: HttpResponse, code: str) -> HttpResponse:
    """Let this browser hold the draft's code, where no script can read it."""
    response.set_signed_cookie(
        COOKIE,
        code,
        salt=COOKIE,
        max_age=settings.DRAFT_DAYS * 86400,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def let_go(response: HttpResponse) -> HttpResponse:
    response.delete_cookie(COOKIE, samesite="Lax")
    return response


def named(request: HttpRequest, kind: str) -> str:
    """What tells the held one of this kind from others; empty when none is held."""
    if kind == "draft":
        return held_code(request)
    session = getattr(request, "session", {})  # a request with a wrong Host is answered before it gets one
    return str(session.get(kind, ""))


def shown(request: HttpRequest, kind: str) -> str:
    """How its owner knows it: the draft's code, the reference of the case or enquiry; empty for the rest."""
    if kind == "draft":
        return held_code(request)
    rows: dict[str, Any] = {"case": Case.objects, "enquiry": Enquiry.objects}
    row = rows[kind].filter(pk=request.session[kind]).first() if kind in rows else None
    return row.reference if row else ""
