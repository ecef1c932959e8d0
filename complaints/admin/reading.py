"""Who reads a page of the desk, which case they may change, and which queue they came from."""

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from complaints.models import Case, StaffMember
from complaints.staff import access


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
    return case


def came_from(request: HttpRequest) -> str:
    """The query string that names the queue the reader came from, in the form Django's changelist uses."""
    filters = request.GET.get("_changelist_filters", "")
    return f"?_changelist_filters={quote(filters)}" if filters else ""
