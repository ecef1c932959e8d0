"""The access code as a QR code, for the browser that has just filed the draft."""

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
    """A QR code of the address that opens the case.

    The code is behind the #, which browsers do not send, so that it is in no server's log.
    """
    if not draft.filed_at:
        raise Http404
    letters = filing.access_code(code).replace(" ", "")
    address = f"{request.build_absolute_uri(reverse('follow'))}#{letters}"
    return HttpResponse(qr.for_screen(address), content_type="image/svg+xml")
