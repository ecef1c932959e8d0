"""The way out that every page has: closes what this browser has open, and leads to another site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from complaints.views.held import let_go
from complaints.views.opened import close_all
from complaints.views.whose import acts_on
from complaints.web import NOTHING_KEPT


@acts_on()  # whatever the page was made for: its reader wants nothing to be open here
@csrf_exempt  # the page is left by the same step, so only a page of this site may send it: see below
@never_cache
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Close the draft, the case and all else that was opened in this browser. Staff stay signed in.

    A link without script leads on to EXIT_URL; a script posts, and has gone there already. Nothing stored is
    deleted: a draft opens again with its code, a case with its access code, and so does, for a day, the page that
    shows a new access code with the code of its draft. A request that another site caused closes nothing.
    """
    response = HttpResponse(status=204) if request.method == "POST" else HttpResponseRedirect(settings.EXIT_URL)
    if not comes_from_here(request):
        return response
    if request.method == "POST":  # the page is left already: clearing may take a browser seconds
        response.headers["Clear-Site-Data"] = NOTHING_KEPT
    if request.user.is_authenticated:
        close_all(request)
    else:
        request.session.flush()
    return let_go(response)


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent it. Older ones say so by the address alone."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.get_host()
