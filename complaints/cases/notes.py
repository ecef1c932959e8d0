"""Notes of the office on a case: frozen documents with their digests in the ledger. Only the office reads them,
unless it includes them in a bundle."""

from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.models import Case, Note, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access
from evidence.ledger import rfc3339

from . import record


@transaction.atomic
def write(case: Case, text: str, *, by: StaffMember, once: UUID) -> Note:
    """Save a note, which cannot be changed later. `once` is the page's key: sending it twice saves one. Raises
    Refused."""
    access.must_act(by, case)
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
    record.note(case, event_kinds.NOTE_WRITTEN, by=by, document=document, note=sha256)
    return note
