"""What the borrower's pages and the desk share for downloads and doubled clicks, and headers of public pages."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints import codes
from complaints.models import Export

AGAIN = "2"  # seconds after which a waiting page reloads, without a script
ANY_SITE = {"Access-Control-Allow-Origin": "*"}  # headers of what pages of other sites may read, too
KEPT_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}  # headers of what never changes
# What the browser inside an app writes into its User-Agent, and the app's name. Such browsers save no files but
# pictures.
APPS: dict[str, Promise] = {
    "MicroMessenger": _("WeChat"),
    "AlipayClient": _("Alipay"),
    "DingTalk": _("DingTalk"),
    "Weibo": _("Weibo"),
    "aweme": _("Douyin"),
    "xhsdiscover": _("Xiaohongshu"),
    " QQ/": _("QQ"),  # with the blank: QQ's own browser, which saves files, is “MQQBrowser/”
}
NOTHING_KEPT = '"cache"'  # value of Clear-Site-Data: the browser deletes what it has kept of this site
SENT = "sent"  # session key: digests of the pages whose button was pressed
FETCHED = "fetched"  # session key: ids of the bundles that this browser asked for


def page_token(request: HttpRequest) -> str:
    """The form token of the page that was sent, which no other page has; an empty string if none was sent."""
    sent: str = request.POST.get("csrfmiddlewaretoken", "") or request.headers.get("X-CSRFToken", "")
    return sent


def app_around(request: HttpRequest) -> Promise | str:
    """The name of the app in whose own browser the page is read; "" in a browser of its own."""
    agent = request.headers.get("User-Agent", "")
    return next((name for sign, name in APPS.items() if sign in agent), "")


def was_sent(request: HttpRequest) -> bool:
    """Whether this very page was sent before, as by a doubled click, and `note_sent` was called. Call it while a
    lock is held for which the other request waits."""
    now = type(request.session)(request.session.session_key)  # the other request may have changed it meanwhile
    return bool(page_token(request)) and _sent(request) in now.get(SENT, [])


def note_sent(request: HttpRequest) -> None:
    """Record in the session, before the lock is let go, what this page did. Only the newest 21 pages are kept."""
    if page_token(request):
        request.session[SENT] = [*request.session.get(SENT, [])[-20:], _sent(request)]
        request.session.save()


def _sent(request: HttpRequest) -> str:
    return codes.digest(f"{request.path} {page_token(request)}")


def attached(content: bytes, name: str, content_type: str = "application/json") -> HttpResponse:
    """A response that browsers save as a file of this name."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def waiting(request: HttpRequest, response: HttpResponse, export: Export) -> HttpResponse:
    """The response; the page reloads until the export is made."""
    if export.is_under_way:  # with its address: at a #fragment, browsers only scroll without one
        response["Refresh"] = f"{AGAIN}; url={request.get_full_path()}"
    return response


def remember(request: HttpRequest, key: UUID) -> None:
    """Record in the session that this browser asked for the bundle. Only the newest 21 are kept."""
    request.session[FETCHED] = [*request.session.get(FETCHED, [])[-20:], str(key)]


def may_take(request: HttpRequest, key: UUID) -> bool:
    """Whether this browser asked for the bundle by a recorded step."""
    return str(key) in request.session.get(FETCHED, [])
