"""The access code and the draft code as pictures, each only for the browser that holds it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.filing import filing
from complaints.models import Draft
from complaints.views import pictures
from complaints.views.opened import with_draft, with_open_draft


@require_safe
@with_draft
def access_code(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """For the browser that has just filed the draft, until the code is saved."""
    if not draft.filed_at:
        raise Http404
    return pictures.of_code(request, draft.case.reference, filing.access_code(code), "follow")


@require_safe
@with_open_draft
def draft_code(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    """With the day until which the code works, and nothing about what it is for."""
    until = date_format(timezone.localtime(draft.expires_at), "DATE_FORMAT")
    return pictures.of_code(request, _("until %(day)s") % {"day": until}, code, "start")
