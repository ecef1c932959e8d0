"""What is new in a case since its borrower last looked.

A look begins when the code opens the case in a browser. Until the case is closed there, the page marks what came
since the look before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from complaints.models import event_kinds
from complaints.views.opened import LOOKED
from evidence.ledger import kinds

from .timeline import TimelineRow

# Entries that are steps of the office's and portal's daily work: the history alone has them.
EVERYDAY = frozenset(
    {
        *(kinds.EVIDENCE_RECEIVED, kinds.EVIDENCE_SEALED),
        *(event_kinds.EVIDENCE_VIEWED, event_kinds.EVIDENCE_DOWNLOADED, event_kinds.MESSAGE_READ),
    }
)


def context(request: HttpRequest, rows: Sequence[TimelineRow]) -> dict[str, Any]:
    """`looked_at`: when the borrower looked before, None if never; `news`: what came since, newest first."""
    looked = request.session.get(LOOKED, "")
    since = datetime.fromisoformat(looked) if looked else None
    return {"looked_at": since, "news": [row for row in rows if since and _is_new(row, since)]}


def _is_new(row: TimelineRow, since: datetime) -> bool:
    return row.at > since and not row.is_of_the_borrower and row.kind not in EVERYDAY
