"""Serves a stylesheet and a logo in the site's own colour. They are files, because the CSP allows no inline
style."""

import hashlib
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import colour

SELECTOR = ':root, html[data-theme="light"]'
MARK = settings.BASE_DIR / "static" / "mark.svg"
DAY, NIGHT = "#0a5a5c", "#7fcbc6"  # the colours of the shipped mark


@cache
def stylesheet(chosen: str) -> str:
    by_day, by_night = (
        SELECTOR + " { " + " ".join(f"--{role}: {value};" for role, value in roles.items()) + " }"
        for roles in colour.roles(chosen)
    )
    return f"{by_day}\n@media (prefers-color-scheme: dark) {{ {by_night} }}\n"


@cache
def version(chosen: str) -> str:
    """A digest of stylesheet and logo, for their addresses, so that browsers may cache them for a year."""
    return hashlib.sha256((stylesheet(chosen) + MARK.read_text()).encode()).hexdigest()[:12]


def addresses() -> dict[str, str]:
    """The addresses of the site's own stylesheet and logo; empty if SITE_COLOUR is not set."""
    chosen = settings.SITE_COLOUR
    if not chosen:
        return {}
    asked = f"?v={version(chosen)}"
    return {"site_css": reverse("site_css") + asked, "site_mark": reverse("site_mark") + asked}


@require_safe
@cache_control(public=True, max_age=365 * 86400, immutable=True)
def site_css(request: HttpRequest) -> HttpResponse:
    return HttpResponse(stylesheet(_chosen()), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=365 * 86400, immutable=True)
def site_mark(request: HttpRequest) -> HttpResponse:
    chosen = _chosen()
    mark = MARK.read_text().replace(DAY, chosen).replace(NIGHT, colour.by_night(chosen))
    return HttpResponse(mark, content_type="image/svg+xml")


def _chosen() -> str:
    if not settings.SITE_COLOUR:
        raise Http404
    chosen: str = settings.SITE_COLOUR
    return chosen
