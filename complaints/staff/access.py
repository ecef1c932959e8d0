"""Permissions of staff: who may see and do what. All pages of the desk ask here.

Only the role decides, and for investigators the team. `is_superuser` and Django's model permissions give nothing.
"""

from typing import TypeGuard

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.utils.translation import gettext_lazy

from complaints.models import Case, Exhibit, Role, StaffMember
from complaints.refusal import Refused
from evidence.ledger import Actor

from . import conflicts

User = StaffMember | AnonymousUser
READERS = (Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR)
ACTORS = (Role.INVESTIGATOR, Role.SUPERVISOR)
FOR_ACTORS = gettext_lazy("Only investigators of the case's team and supervisors can do this.")


def has_role(user: User, *roles: str) -> TypeGuard[StaffMember]:
    """Whether the user is active staff with one of these roles, or with any role if none is given."""
    return (
        isinstance(user, StaffMember) and user.is_active and user.is_staff and user.role in (roles or Role.values)
    )


def may_sign_in(user: User) -> TypeGuard[StaffMember]:
    """Whether the user is active staff with a role, or with one that waits for a supervisor's confirmation."""
    return (
        isinstance(user, StaffMember) and user.is_active and user.is_staff and bool(user.role or user.asked_role)
    )


def actor(user: StaffMember) -> Actor:
    """How the ledger names a member of staff: by role and uid, without their name."""
    return {"role": user.role, "id": str(user.uid)}


def may_read_cases(user: User) -> TypeGuard[StaffMember]:
    """Whether the user's role may read cases."""
    return has_role(user, *READERS)


def may_see(user: User, case: Case) -> bool:
    """Whether `Case.objects.visible_to(user)` has the case.

    A case that `case_or_404` found for this user is not looked up again. Steps read the case anew, so they check
    anew.
    """
    if not may_read_cases(user):
        return False
    return case.found_for == user.pk or Case.objects.visible_to(user).filter(pk=case.pk).exists()


def may_act(user: User, case: Case) -> TypeGuard[StaffMember]:
    """Whether the user may work on the case: they see it and are an investigator or supervisor."""
    return has_role(user, *ACTORS) and may_see(user, case)


def must_act(user: User, case: Case) -> None:
    """Raises Refused if the user may not act on the case."""
    if not may_act(user, case):
        raise Refused(str(FOR_ACTORS))


def may_be_assigned(member: StaffMember, case: Case) -> bool:
    """Whether the case can be assigned to the member: a supervisor, or an investigator of its team, and without a
    conflict of interest."""
    investigates = has_role(member, Role.INVESTIGATOR) and case.team in member.teams.all()
    return (investigates or has_role(member, Role.SUPERVISOR)) and not conflicts.has_conflict(case, member)


def may_balance(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may distribute the cases of an absent member to others."""
    return has_role(user, Role.SUPERVISOR)


def may_plan_absences(user: User) -> TypeGuard[StaffMember]:
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR)


def may_declare_for_others(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may declare a conflict of interest of somebody else."""
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR)


def may_end_declarations(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may end somebody else's declaration, so that they see its cases again."""
    return has_role(user, Role.SUPERVISOR)


def may_read_declarations(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may read the declarations of others. Everybody reads their own."""
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def hears_alarms(user: User) -> TypeGuard[StaffMember]:
    """Whether the user is shown alarms about the whole portal."""
    return has_role(user, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


def may_release(user: User, case: Case) -> bool:
    """Whether the user may release a quarantined file of the case."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_call_back(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may see the call-backs and call people in danger: investigators of any team,
    supervisors."""
    return has_role(user, *ACTORS)


def may_hear_pressure(user: User, case: Case) -> bool:
    """Whether the user may read whether the borrower was pressed to withdraw, and decide on the withdrawal."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_lower_severity(user: User, case: Case) -> bool:
    """Whether the user may make the case less severe. Everybody who acts on it may make it more severe."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_decide_extension(user: User, case: Case) -> TypeGuard[StaffMember]:
    """Whether the user may decide on extensions. `extensions` checks that they did not ask for it themselves."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_edit_staff(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may edit staff and teams: administrators, who see no case."""
    return has_role(user, Role.ADMINISTRATOR)


def may_confirm_roles(user: User) -> TypeGuard[StaffMember]:
    """Whether the user may confirm a role that opens evidence. Administrators, who ask for it, may not."""
    return has_role(user, Role.SUPERVISOR)


def may_read_appointments(user: User) -> bool:
    """Whether the user may read which roles wait and how permissions were changed."""
    return has_role(user, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


def may_read_rules(user: User) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR)


def may_edit_rules(user: User) -> TypeGuard[StaffMember]:
    return has_role(user, Role.ADMINISTRATOR, Role.SUPERVISOR)


def case_or_404(user: User, pk: int) -> Case:
    """The case if the user may see it. Raises Http404 otherwise, as for a case that does not exist."""
    if may_read_cases(user):
        found: Case | None = (
            Case.objects.visible_to(user)
            .select_related("complaint", "reporter", "team", "assignee")
            .filter(pk=pk)
            .first()
        )
        if found:
            found.found_for = user.pk
            return found
    raise Http404


def exhibit_or_404(user: User, case_pk: int, number: int) -> Exhibit:
    """An exhibit of a case that the user may see. Raises Http404."""
    case = case_or_404(user, case_pk)
    exhibit = Exhibit.objects.select_related("item").filter(case=case, number=number).first()
    if exhibit is None:
        raise Http404
    return exhibit
