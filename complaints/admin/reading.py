"""Who reads a page of the desk, which case they may change, and which queue they came from."""

from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from complaints import throttle
from complaints.models import Case, StaffMember
from complaints.staff import access
from evidence.receiving.multipart import Allowance

from . import shown

LAST_LIST = "desk-last-list"  # session key


def reader(request: HttpRequest) -> StaffMember:
    """The member of staff who is signed in."""
    if not access.has_role(request.user):
        raise PermissionDenied
    return request.user


def case_to_act_on(request: HttpRequest, pk: int) -> Case:
    """The case, if the reader may change it. Raises Http404 for outsiders, PermissionDenied for readers."""
    case = access.case_or_404(request.user, pk)
    if not access.may_act(request.user, case):
        raise PermissionDenied
    shown.take(request, case)
    return case


def may_add_files(request: HttpRequest, pk: int, **_address: object) -> Allowance | None:
    """Before a form of the desk stores a file: only those who may change the case add files to it."""
    try:
        case_to_act_on(request, pk)
    except (Http404, PermissionDenied):
        return None
    return Allowance(settings.MAX_DRAFT_BYTES, f"staff:{reader(request).pk}", throttle.sender(request))


def refuse(request: HttpRequest, sentence: str) -> None:
    """Say why a step was not taken. The sentence is shown at the form that was sent, with what was typed in it; at
    the top of the page if that form is gone."""
    request.refusal = sentence  # type: ignore[attr-defined]


def filters_of(request: HttpRequest) -> str:
    """The filters of the list that the reader came from: those in the address, or else those of the list that they
    opened last, so that no page between loses the way."""
    given = request.GET.get("_changelist_filters") or request.session.get(LAST_LIST, "")
    return str(given)


def remember_list(request: HttpRequest, filters: str) -> None:
    """Keep the filters of the list that the reader has open. It writes the session only if they changed."""
    if request.session.get(LAST_LIST) != filters:
        request.session[LAST_LIST] = filters


def came_from(request: HttpRequest) -> str:
    """The query string that names the queue the reader came from, in the form Django's changelist uses."""
    filters = filters_of(request)
    return f"?_changelist_filters={quote(filters)}" if filters else ""
