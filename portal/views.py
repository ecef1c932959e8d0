"""Health checks for load balancers: `healthz` (the process runs) and `readyz` (what works, by part)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import readiness


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 always. Database and broker are not asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """200 while complaints can be filed, else 503; the JSON says of each part what is wrong with it."""
    parts = readiness.parts()
    return JsonResponse(parts, status=200 if parts["filing"] == "ok" else 503)
