"""What happens to a case, put on the ledger in the transaction that keeps it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from complaints import documents
from complaints.models import Case, StaffMember
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Actor, Event

Document = bytes | memoryview


def note(case: Case, kind: str, /, *, by: StaffMember | Actor, document: Document = b"", **data: Any) -> None:
    """Append one entry of an `event_kinds` to the history of the case. Call it last in the transaction."""
    ledger.append(event(case, kind, by=by, document=document, **data))


def event(
    case: Case,
    kind: str,
    /,
    *,
    by: StaffMember | Actor,
    at: datetime | None = None,
    document: Document = b"",
    **data: Any,
) -> Event:
    """The same, not yet appended, for what goes on the ledger together with other entries.

    `by` is somebody of the office, or an actor as the ledger names one. `at` is now unless it is given. `data` are
    ids, digests and codes. The parts of a frozen `document` are named too, so that it can leave masked.
    """
    actor = access.actor(by) if isinstance(by, StaffMember) else by
    entry, at = {**data, **(documents.parts(document) if document else {})}, at or timezone.now()
    return Event(kind=kind, thread=case.thread, subject=case.thread, by=actor, data=entry, at=at)
