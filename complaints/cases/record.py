"""Appends what happens to a case to the ledger, in the caller's transaction."""

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
    """Append an entry of this kind (of `event_kinds`) to the case's history. Call it last in the transaction."""
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
    """The same event, not appended yet, to append it together with others.

    `by` is a member of staff or an actor of the ledger. `at` is now by default. `data` may only have ids, digests
    and codes. If `document` is given, the entry names its parts too, so that masked copies can be verified.
    """
    actor = access.actor(by) if isinstance(by, StaffMember) else by
    entry, at = {**data, **(documents.parts(document) if document else {})}, at or timezone.now()
    return Event(kind=kind, thread=case.thread, subject=case.thread, by=actor, data=entry, at=at)
