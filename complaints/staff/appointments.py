"""Who gets a role that opens evidence: an administrator asks for it, and a supervisor confirms the person.

An administrator could otherwise make an account, give it a role and read as somebody who does not exist. The
person signs in first and sets up their second factor; a supervisor confirms the role of whoever holds that one.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import OPENS_EVIDENCE, StaffMember
from complaints.refusal import Refused

from . import access, role_log, second_factor


def defer_role(member: StaffMember, before: str, *, by: StaffMember) -> None:
    """Turn a new role that opens evidence, on a member not saved yet, into one that is asked for. Any other role,
    or none, is theirs at once, and what was asked for before is asked no more."""
    if member.role == before:
        return
    if member.role in OPENS_EVIDENCE:
        member.asked_role, member.role, member.asked_by = member.role, before, by
    else:
        member.asked_role, member.asked_by = "", None


@transaction.atomic
def confirm(member: StaffMember, *, by: StaffMember) -> None:
    """Give the role that was asked for, to the person who signs in with this second factor."""
    waiting = _waiting(member, by)
    if not waiting.is_active:
        raise Refused(_("They are deactivated. An administrator activates them first."))
    if waiting.must_change_password or not second_factor.is_set_up(waiting):
        raise Refused(_("They have not set up their sign-in yet. Confirm them once they have."))
    waiting.role = waiting.asked_role
    _decide(waiting, by)


@transaction.atomic
def refuse(member: StaffMember, *, by: StaffMember) -> None:
    _decide(_waiting(member, by), by)


def _waiting(member: StaffMember, by: StaffMember) -> StaffMember:
    waiting = StaffMember.objects.select_for_update().get(pk=member.pk)
    if not waiting.asked_role:
        raise Refused(_("Nothing is asked for this person any more."))
    if not access.may_confirm_roles(by) or by.pk in (waiting.pk, waiting.asked_by_id):
        raise Refused(_("Somebody else has to decide: a supervisor who did not ask for it themselves."))
    return waiting


def _decide(member: StaffMember, by: StaffMember) -> None:
    member.asked_role, member.asked_by = "", None
    member.save(update_fields=["role", "asked_role", "asked_by"])
    role_log.record(member, by=access.actor(by))
