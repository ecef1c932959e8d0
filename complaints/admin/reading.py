"""Who reads a page of the desk, which case they may change, and the queue they came from."""

from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from complaints.models import Case, StaffMember
from complaints.staff import access


def reader(request: HttpRequest) -> StaffMember:
    """Who is at the desk."""
    if not access.has_role(request.user):
        raise PermissionDenied
    return request.user


def case_to_act_on(request: HttpRequest, pk: int) -> Case:
    """The case, for those who may change it: 404 for outsiders, 403 for those who only read."""
    case = access.case_or_404(request.user, pk)
    if not access.may_act(request.user, case):
        raise PermissionDenied
    return case


def came_from(request: HttpRequest) -> str:
    """The queue somebody came from, carried along as the changelist does it."""
    filters = request.GET.get("_changelist_filters", "")
    return f"?_changelist_filters={quote(filters)}" if filters else ""
