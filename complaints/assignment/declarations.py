"""Declare and end conflicts of interest. They take effect on all cases at once and are recorded in the ledger."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.models import Case, Declaration, StaffMember, event_kinds
from complaints.reference import folding
from complaints.refusal import Refused
from complaints.staff import access, conflicts
from complaints.staff.role_log import THREAD
from evidence import ledger

from . import reassignment

Kind = Declaration.Kind


@transaction.atomic
def declare(member: StaffMember, *, by: StaffMember, kind: str, name: str, reason: str = "") -> Declaration:
    """Hide the cases concerned from the member, who can no longer be assigned them. Those they have go back to
    their team's queue.

    Members declare for themselves; supervisors and administrators also for others, with a reason. Raises Refused.
    """
    name, reason = checked(member, by=by, kind=kind, name=name, reason=reason), reason.strip()
    now = timezone.now()
    document, sha256 = documents.document(
        "declaration",
        member=str(member.uid),
        declared=Kind(kind).value,
        name=name,
        reason=reason,
        declared_by=str(by.uid),
        declared_at=ledger.rfc3339(now),
    )
    declared = Declaration.objects.create(
        member=member,
        kind=kind,
        name=name,
        reason=reason,
        declared_by=by,
        declared_at=now,
        document=document,
        sha256=sha256,
    )
    conflicts.record_for_declaration(declared)
    reassignment.release_stranded(member)
    _record(declared, event_kinds.CONFLICT_DECLARED, by)
    return declared


def checked(member: StaffMember, *, by: StaffMember, kind: str, name: str, reason: str = "") -> str:
    """The name as it will be saved. Raises Refused if this cannot be declared."""
    if by != member and not access.may_declare_for_others(by):
        raise Refused(_("You can only declare a conflict of your own."))
    if by != member and not reason.strip():
        raise Refused(_("Write why you declare this for somebody else."))
    if kind == Kind.CASE:
        return _case_named(name, by).reference
    if name.strip() and kind in (Kind.ORGANISATION, Kind.COLLECTOR) and conflicts.is_general(name):
        raise Refused(_("This name is too general: it would be found in too many cases. Say which one it is."))
    if len(folding.folded(name).encode()) < conflicts.LEAST:
        raise Refused(_("This name is too short: it would be found in too many cases."))
    return name.strip()


@transaction.atomic
def end(declared: Declaration, *, by: StaffMember) -> None:
    """End the declaration: the member may see the cases again, unless another declaration hides them. A supervisor
    cannot end their own. Raises Refused."""
    row: Declaration = Declaration.objects.select_for_update().get(pk=declared.pk)
    if not access.may_end_declarations(by) or row.member == by:
        raise Refused(_("Another supervisor ends this: nobody lifts their own conflict."))
    if row.ended_at:
        return
    row.ended_at, row.ended_by = timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    row.conflicts.all().delete()
    _record(row, event_kinds.CONFLICT_ENDED, by)


def _case_named(reference: str, by: StaffMember) -> Case:
    """The case with this reference. Raises Refused if there is none that `by` may see."""
    found: Case | None = Case.objects.visible_to(by).filter(pk=Case.key_in(reference) or 0).first()
    if found is None:
        raise Refused(_("There is no case with this reference."))
    return found


def _record(declared: Declaration, kind: str, by: StaffMember) -> None:
    data, subject = {"declaration": declared.sha256, "about": declared.kind}, f"staff:{declared.member.uid}"
    ledger.append(ledger.Event(kind=kind, thread=THREAD, subject=subject, by=access.actor(by), data=data))
