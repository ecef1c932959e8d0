"""The way through the list from which somebody came to a case."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from complaints.admin.filters import SieveForm
from complaints.cases import queues
from complaints.models import Case, StaffMember


@dataclass(frozen=True)
class Way:
    """The list's address and name, and where the case is in it."""

    query: str
    label: str
    place: queues.Place


def of(request: HttpRequest, case: Case, user: StaffMember) -> Way | None:
    """None where the address names no list; its filters and its order are those of the list."""
    query = request.GET.get("_changelist_filters", "")
    if not query:
        return None
    asked = SieveForm(QueryDict(query), user=user).asked
    label = str(queues.QUEUES[asked.queue].label) if asked.queue else _("All cases")
    return Way(query, label, queues.place(user, asked, case))
