"""Checks that this browser may add files to a draft, an addition or an answer, before the first byte
of a file is stored."""

from uuid import UUID

from django.http import HttpRequest

from complaints import throttle
from complaints.drafts import additions, files
from complaints.enquiries import answers
from complaints.models import Draft
from complaints.views.held import held_code
from complaints.views.opened import held_draft, opened_case, opened_enquiry
from evidence.receiving.multipart import Allowance


def to_draft(request: HttpRequest) -> Allowance | None:
    """For the draft that this browser holds."""
    return _unsent(request, held_draft(held_code(request)))


def to_addition(request: HttpRequest, key: UUID) -> Allowance | None:
    """For an addition to the case that is open in this browser."""
    case = opened_case(request)
    return _unsent(request, additions.find(case, key) if case else None)


def to_answer(request: HttpRequest, key: UUID) -> Allowance | None:
    """For an answer to the enquiry that is open in this browser."""
    enquiry = opened_enquiry(request)
    return _unsent(request, answers.draft_of(enquiry, key) if enquiry else None)


def _unsent(request: HttpRequest, draft: Draft | None) -> Allowance | None:
    if draft is None or draft.filed_at:
        return None
    return files.allowance(draft, throttle.sender(request))
