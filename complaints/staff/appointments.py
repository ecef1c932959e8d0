"""Roles that open evidence: an administrator asks for one, and a supervisor confirms it.

Otherwise an administrator could make an account for a person who does not exist, and read cases with it. The
person first signs in and sets up a second factor. Then a supervisor confirms the role for the owner of that
factor.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.models import OPENS_EVIDENCE, StaffMember
from complaints.refusal import Refused

from . import access, role_log, second_factor


def defer_role(member: StaffMember, before: str, *, by: StaffMember) -> None:
    """Turn a changed role that opens evidence into `asked_role`, on a member that is not saved yet. Any other role
    takes effect at once, and cancels an earlier request."""
    if member.role == before:
        return
    if member.role in OPENS_EVIDENCE:
        member.asked_role, member.role, member.asked_by = member.role, before, by
    else:
        member.asked_role, member.asked_by = "", None


@transaction.atomic
def confirm(member: StaffMember, *, by: StaffMember) -> None:
    """Give the member the role that was asked for. Raises Refused."""
    waiting = _waiting(member, by)
    if not waiting.is_active:
        raise Refused(_("They are deactivated. An administrator activates them first."))
    if waiting.must_change_password or not second_factor.is_set_up(waiting):
        raise Refused(_("They have not set up their sign-in yet. Confirm them once they have."))
    waiting.role = waiting.asked_role
    _decide(waiting, by)


@transaction.atomic
def refuse(member: StaffMember, *, by: StaffMember) -> None:
    """Cancel the request for the role. Raises Refused."""
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
