"""What a page of a case showed, carried by each of its forms: state, investigator and last ledger entry.

So a step from a page that is no longer true is refused, whichever step it is. The mark is put into every form of
every page of a case by `marked`, which wraps their addresses; no view and no template has to know it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.html import escape

from complaints import digits
from complaints.models import Case
from evidence.models import LedgerEntry

FIELD = "shown"
BEFORE = b'<input type="hidden" name="csrfmiddlewaretoken"'  # in each form that is sent by POST
View = Callable[..., HttpResponseBase]


def marked(view: View) -> View:
    """Wrap a page or a step of a case: the forms of the answer carry the case as it was before that."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponseBase:
        now = _now(Case.objects.filter(pk=pk))
        response = view(request, *args, pk=pk, **kwargs)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            # Only a page that says what changed carries the new state. One that asks for a correction does not.
            if request.method == "POST" and response.status_code != 409:
                now = request.POST.get(FIELD, now)
            field = f'<input type="hidden" name="{FIELD}" value="{escape(now)}">'.encode()
            response.content = response.content.replace(BEFORE, field + BEFORE)
        return response

    return wrapped


def _now(case: QuerySet[Case, Case]) -> str:
    found = case.first()
    if found is None:
        return ""
    last = LedgerEntry.objects.filter(thread=found.thread).aggregate(last=Max("index"))["last"]
    return f"{found.state}.{found.assignee_id or ''}.{last or ''}"


def take(request: HttpRequest, case: Case) -> None:
    """Note on the case what the page of this form showed. A step that locks the case compares it then."""
    state, _, rest = request.POST.get(FIELD, "").partition(".")
    assignee, _, _last = rest.partition(".")
    if state in Case.State.values:
        case.shown_as = (state, digits.key(assignee) or None)


def last(request: HttpRequest) -> int | None:
    """The ledger position of the last entry that the page showed; None if the form does not say."""
    return digits.key(request.POST.get(FIELD, "").rpartition(".")[2]) or None
