"""The access code as a picture, for the browser that holds the draft just filed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from complaints.filing import filing
from complaints.models import Draft
from complaints.typesetting import qr
from complaints.views.opened import with_draft


@require_safe
@with_draft
def access_code(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """An address that opens the case. The code stands behind its #, which browsers send to nobody, so that no
    server's log ever has it."""
    if not draft.filed_at:
        raise Http404
    letters = filing.access_code(code).replace(" ", "")
    address = f"{request.build_absolute_uri(reverse('follow'))}#{letters}"
    return HttpResponse(qr.for_screen(address), content_type="image/svg+xml")
