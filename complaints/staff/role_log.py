"""Records permissions of staff in the ledger: each change of a role, a team, a password or a second factor, also
changes that were made directly in the database."""

from typing import Any

from django.db import transaction
from django.db.models import F

from complaints.models import OPENS_EVIDENCE, StaffMember, event_kinds
from evidence import ledger
from evidence.ledger import Actor, Event
from evidence.models import LedgerEntry, LedgerHead

THREAD = "portal"  # the ledger's history of the portal itself
CHANGED = event_kinds.STAFF_CHANGED


def record(member: StaffMember, *, by: Actor) -> None:
    """Append the member's current permissions if they differ from those last recorded. If the role changed, or the
    member became active or inactive, all their sessions end."""
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get_or_create(pk=1)  # or two processes would both append it
        now, before = _grant(member), _last_recorded(member)
        if now != before:
            if before and (before["role"], before["active"]) != (now["role"], now["active"]):
                end_sessions(member)
            ledger.append(_about(member, CHANGED, by, now))


def record_all() -> None:
    """The sweep: record changes that were made directly in the database."""
    for member in StaffMember.objects.prefetch_related("teams").order_by("pk"):
        if _grant(member) != _last_recorded(member):
            record(member, by=ledger.SYSTEM)


def record_password(member: StaffMember, *, by: Actor) -> None:
    """Record that somebody else set the member's password. The member must choose a new one at the next
    sign-in."""
    with transaction.atomic():
        StaffMember.objects.filter(pk=member.pk).update(must_change_password=True)
        ledger.append(_about(member, event_kinds.STAFF_PASSWORD_SET, by, {}))


def ask_again(member: StaffMember, *, by: Actor, asked_by: StaffMember | None) -> None:
    """Make the member's role wait for a supervisor's confirmation, if it opens evidence: somebody else could now
    sign in as this member."""
    with transaction.atomic():
        if member.role in OPENS_EVIDENCE:
            member.asked_role, member.role, member.asked_by = member.role, "", asked_by
            member.save(update_fields=["asked_role", "role", "asked_by"])
        record(member, by=by)


def record_second_factor(member: StaffMember, kind: str, *, by: Actor) -> None:
    """Record that the member's second factor was set up or removed; `kind` is one of `event_kinds`."""
    with transaction.atomic():
        ledger.append(_about(member, kind, by, {}))


def end_sessions(member: StaffMember) -> None:
    """End all sessions of the member."""
    StaffMember.objects.filter(pk=member.pk).update(signed_out=F("signed_out") + 1)


def _grant(member: StaffMember) -> dict[str, Any]:
    return {
        "role": member.role,
        "teams": sorted(team.pk for team in member.teams.all()),
        "active": member.is_active and member.is_staff,
        **({"asked": member.asked_role} if member.asked_role else {}),
    }


def _last_recorded(member: StaffMember) -> dict[str, Any] | None:
    last = LedgerEntry.objects.filter(subject=_subject(member), kind=CHANGED).order_by("-seq").first()
    return ledger.content_of(last)["data"] if last else None


def _about(member: StaffMember, kind: str, by: Actor, data: dict[str, Any]) -> Event:
    return Event(kind=kind, thread=THREAD, subject=_subject(member), by=by, data=data)


def _subject(member: StaffMember) -> str:
    return f"staff:{member.uid}"
