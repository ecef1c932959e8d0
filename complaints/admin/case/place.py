"""The position of a case in the list that the reader came from."""

from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from complaints.admin.filters import SieveForm
from complaints.admin.reading import filters_of
from complaints.cases import queues
from complaints.models import Case, StaffMember


@dataclass(frozen=True)
class Way:
    """Address and name of the list, and the position of the case in it."""

    query: str
    label: str
    place: queues.Place


def of(request: HttpRequest, case: Case, user: StaffMember) -> Way | None:
    """The position, by the filters and order of the list. None if they opened none."""
    query = filters_of(request)
    if not query:
        return None
    asked = SieveForm(QueryDict(query), user=user).asked
    label = str(queues.QUEUES[asked.queue].label) if asked.queue else _("All cases")
    return Way(query, label, queues.place(user, asked, case))
