"""Messages between the borrower and the office."""

import uuid
from collections.abc import Iterable

from complaints.conversation import messaging
from complaints.drafts import additions
from complaints.drafts import files as draft_files
from complaints.models import Case, Draft, Message, StaffMember


def an_addition(case: Case, slot: str, text: str = "", files: Iterable[tuple[str, bytes]] = ()) -> Draft:
    """An addition that the borrower has begun and not sent."""
    addition = additions.begin(case, slot)
    for name, content in files:
        draft_files.add_exhibit(addition, name, [content], description=f"What {name} shows")
    additions.keep(addition, text)
    return addition


def sent(case: Case, slot: str, text: str = "", files: Iterable[tuple[str, bytes]] = ()) -> Message:
    """A message that the borrower has sent."""
    return messaging.send(an_addition(case, slot, text, files))


def from_the_office(
    case: Case, by: StaffMember, text: str, slot: str = "office-message", files: Iterable[tuple[str, bytes]] = ()
) -> Message:
    addition = additions.begin_at_the_desk(case, uuid.uuid4(), slot)
    for name, content in files:
        draft_files.add_exhibit(addition, name, [content])
    additions.keep(addition, text)
    return messaging.send(addition, by=by)


def a_question(case: Case, by: StaffMember, text: str) -> Message:
    return from_the_office(case, by, text, "office-question")
