"""Stop a decision made without seeing what arrived meanwhile.

A page for deciding a case carries the ledger position at which it was shown; the decision is refused if
something came after it.
"""

from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from complaints.models import Case, Role, event_kinds
from complaints.refusal import Refused
from evidence import ledger
from evidence.models import LedgerEntry

CAME = (
    *(
        event_kinds.MESSAGE_WRITTEN,
        event_kinds.QUESTION_ANSWERED,
        event_kinds.ADDENDUM_ADDED,
        event_kinds.EVIDENCE_ADDED,
    ),
    *(event_kinds.ENQUIRY_ANSWERED, event_kinds.RETALIATION_REPORTED, event_kinds.WITHDRAWAL_ASKED),
)


class Overlooked(Refused):
    """Something came that the page had not shown; `came` are the ledger's entries of it, oldest first, and
    `mark` is that of a page that shows them."""

    def __init__(self, came: list[LedgerEntry]) -> None:
        super().__init__(_("Something new came since this page was shown. Look at it, then decide."))
        self.came, self.mark = came, came[-1].index


def mark(case: Case) -> int:
    """The position in the ledger of the case's newest entry."""
    newest: int = LedgerEntry.objects.filter(thread=case.thread).aggregate(newest=Max("index"))["newest"]
    return newest


def check_seen(case: Case, seen: int | None) -> None:
    """Raises Overlooked where something came after this mark. `case` is locked, so nothing comes meanwhile; None
    is for who decides without a page."""
    if seen is None:
        return
    later = LedgerEntry.objects.filter(thread=case.thread, index__gt=seen, kind__in=CAME)
    if came := [entry for entry in later if is_one(ledger.content_of(entry))]:
        raise Overlooked(came)


def is_one(content: dict[str, Any]) -> bool:
    """Whether an entry tells of something that came. A message of the office is its own; an answer of the other
    side that the office entered is still theirs."""
    ours = content["kind"] == event_kinds.MESSAGE_WRITTEN and content["by"]["role"] in Role.values
    return content["kind"] in CAME and not ours
