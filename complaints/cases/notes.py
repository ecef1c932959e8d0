"""Notes of the office on a case: frozen, their digest on the ledger, read by the office alone unless it
puts them into a bundle."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.models import Case, Note, StaffMember
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Event, rfc3339


@transaction.atomic
def write(case: Case, text: str, *, by: StaffMember, once: UUID) -> Note:
    """Keep a note for good. The same page sent twice (`once`) keeps one. Raises Refused."""
    if not access.may_act(by, case):
        raise Refused(_("Only investigators of the case's team and supervisors can do this."))
    case, now, uid, text = Case.objects.locked(case), timezone.now(), uuid5(case.uid, str(once)), text.strip()
    if not text:
        raise Refused(_("Write the note first: it is empty."))
    if found := Note.objects.filter(uid=uid).first():
        return found
    document, sha256 = documents.document(
        "note", reference=case.reference, text=text, written_by=str(by.uid), written_at=rfc3339(now)
    )
    note: Note = Note.objects.create(
        uid=uid, case=case, text=text, written_by=by, written_at=now, document=document, sha256=sha256
    )
    data = {"note": sha256, **documents.parts(document)}
    ledger.append(
        Event(kind="note.written", thread=case.thread, subject=case.thread, by=access.actor(by), data=data)
    )
    return note
