"""Refuses a decision by somebody who has not seen what came in the meantime.

A page on which a case is decided carries a mark: the ledger position of the newest entry that it shows. The
decision is refused if something from outside came after that position.
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
    """Something came that the page did not show.

    `came` has its ledger entries, oldest first; `mark` is the mark of a page that shows them.
    """

    def __init__(self, came: list[LedgerEntry]) -> None:
        super().__init__(_("Something new came since this page was shown. Look at it, then decide."))
        self.came, self.mark = came, came[-1].index


def mark(case: Case) -> int:
    """The ledger position of the newest entry of the case."""
    newest: int = LedgerEntry.objects.filter(thread=case.thread).aggregate(newest=Max("index"))["newest"]
    return newest


def check_seen(case: Case, seen: int | None) -> None:
    """Raises Overlooked if something came after the mark `seen`. None skips the check, for code without a page.

    The caller has locked the case, so that nothing can come during the check.
    """
    if seen is None:
        return
    later = LedgerEntry.objects.filter(thread=case.thread, index__gt=seen, kind__in=CAME)
    if came := [entry for entry in later if is_one(ledger.content_of(entry))]:
        raise Overlooked(came)


def is_one(content: dict[str, Any]) -> bool:
    """Whether the entry records something that came from outside.

    A message from the office does not count. An answer of the other side counts, even if the office entered it.
    """
    ours = content["kind"] == event_kinds.MESSAGE_WRITTEN and content["by"]["role"] in Role.values
    return content["kind"] in CAME and not ours
