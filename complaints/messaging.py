"""Write to the borrower: the reply, frozen as a document whose digest the ledger keeps."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.ledger import rfc3339

from . import access, committed, lifecycle
from .lifecycle import Refused
from .models import Case, Message, StaffMember


@transaction.atomic
def reply(case: Case, *, by: StaffMember, text: str) -> Message:
    """Send the reply the borrower reads with the access code, and take the case to replied; raises Refused."""
    case = lifecycle.hold(case, "reply", staff=by)
    text = text.strip()
    if not text:
        raise Refused(_("Write the reply first: it is empty."))
    now = timezone.now()
    document, sha256 = committed.document(
        "message", reference=case.reference, text=text, written_by=str(by.uid), written_at=rfc3339(now)
    )
    message: Message = Message.objects.create(
        case=case, text=text, written_by=by, written_at=now, document=document, sha256=sha256
    )
    lifecycle.advance(case, "reply", by=access.actor(by), staff=by, data={"message": sha256})
    return message
