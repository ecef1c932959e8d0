"""Who may see and do what: the one room of object-level permission. Everything in admin asks here.

`is_superuser` and Django's model permissions open nothing: the role alone decides, and for investigators the team.
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
    """Whether the user is active staff in one of the roles; in any role when none is named."""
    return (
        isinstance(user, StaffMember) and user.is_active and user.is_staff and user.role in (roles or Role.values)
    )


def may_sign_in(user: User) -> TypeGuard[StaffMember]:
    """Staff with a role, and those whose role waits for a supervisor: they set up their sign-in first."""
    return (
        isinstance(user, StaffMember) and user.is_active and user.is_staff and bool(user.role or user.asked_role)
    )


def actor(user: StaffMember) -> Actor:
    """How the ledger names somebody of the office: role and uid, never a name."""
    return {"role": user.role, "id": str(user.uid)}


def may_read_cases(user: User) -> TypeGuard[StaffMember]:
    """Whether there is a queue for this user at all."""
    return has_role(user, *READERS)


def may_see(user: User, case: Case) -> bool:
    """Supervisors and auditors see every case, investigators those of their teams, administrators none; and nobody
    one in which they have a conflict of interest. Of a case that `case_or_404` gave them this is known; a step
    reads the case again, and so asks again."""
    if not may_read_cases(user):
        return False
    return case.found_for == user.pk or Case.objects.visible_to(user).filter(pk=case.pk).exists()


def may_act(user: User, case: Case) -> TypeGuard[StaffMember]:
    """Who may investigate, decide, reply, close and export: those who see the case, except auditors."""
    return has_role(user, *ACTORS) and may_see(user, case)


def must_act(user: User, case: Case) -> None:
    """Refuse who may not act on the case; raises Refused."""
    if not may_act(user, case):
        raise Refused(str(FOR_ACTORS))


def may_be_assigned(member: StaffMember, case: Case) -> bool:
    """Who can be given the case: a supervisor, or an investigator of its team, without a conflict of interest."""
    investigates = has_role(member, Role.INVESTIGATOR) and case.team in member.teams.all()
    return (investigates or has_role(member, Role.SUPERVISOR)) and not conflicts.has_conflict(case, member)


def may_balance(user: User) -> TypeGuard[StaffMember]:
    """Who deals the cases of somebody who is away to the others."""
    return has_role(user, Role.SUPERVISOR)


def may_plan_absences(user: User) -> TypeGuard[StaffMember]:
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR)


def may_declare_for_others(user: User) -> TypeGuard[StaffMember]:
    """Who records a conflict of interest of somebody else."""
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR)


def may_end_declarations(user: User) -> TypeGuard[StaffMember]:
    """Who lets somebody else see cases again that a conflict kept from them."""
    return has_role(user, Role.SUPERVISOR)


def may_read_declarations(user: User) -> TypeGuard[StaffMember]:
    """Who reads what others declared; their own everybody reads."""
    return has_role(user, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)


def hears_alarms(user: User) -> TypeGuard[StaffMember]:
    """Who is told that something of the whole portal is wrong."""
    return has_role(user, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


def may_release(user: User, case: Case) -> bool:
    """Who decides that a quarantined file may be opened after all."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_call_back(user: User) -> TypeGuard[StaffMember]:
    """Who sees where somebody in danger can be reached, and calls them: those who investigate, of any team."""
    return has_role(user, *ACTORS)


def may_hear_pressure(user: User, case: Case) -> bool:
    """Who reads whether a borrower was pressed to withdraw, and decides on it."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_decide_extension(user: User, case: Case) -> TypeGuard[StaffMember]:
    """Who gives more time: a supervisor; that it is not the one who asked is `extensions`' business."""
    return has_role(user, Role.SUPERVISOR) and may_see(user, case)


def may_edit_staff(user: User) -> TypeGuard[StaffMember]:
    """Staff and teams: administrators, who for that see no case."""
    return has_role(user, Role.ADMINISTRATOR)


def may_confirm_roles(user: User) -> TypeGuard[StaffMember]:
    """Who confirms that somebody gets a role that opens evidence; never an administrator, who asks for it."""
    return has_role(user, Role.SUPERVISOR)


def may_read_appointments(user: User) -> bool:
    """Who reads which roles wait, and what was changed about who may do what."""
    return has_role(user, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


def may_read_rules(user: User) -> bool:
    return has_role(user, Role.ADMINISTRATOR, Role.SUPERVISOR, Role.AUDITOR)


def may_edit_rules(user: User) -> TypeGuard[StaffMember]:
    return has_role(user, Role.ADMINISTRATOR, Role.SUPERVISOR)


def case_or_404(user: User, pk: int) -> Case:
    """The case if the user may see it; what they may not see does not exist for them."""
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
    """An exhibit of a case that the user may see."""
    case = case_or_404(user, case_pk)
    exhibit = Exhibit.objects.select_related("item").filter(case=case, number=number).first()
    if exhibit is None:
        raise Http404
    return exhibit
