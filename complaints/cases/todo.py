"""Tasks on a case. The ledger records that one was set and done, but not its title."""

from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Case, Role, StaffMember, Task, event_kinds
from complaints.refusal import Refused
from complaints.staff import access

from . import record


def owners(case: Case) -> QuerySet[StaffMember]:
    """The members to whom a task can be offered: the case's team and the supervisors. `give` checks whether they
    may act on the case."""
    team = Q(role=Role.INVESTIGATOR, teams=case.team_id)
    found = StaffMember.objects.filter(team | Q(role=Role.SUPERVISOR), is_active=True, is_staff=True)
    return found.distinct().order_by("first_name", "username")


@transaction.atomic
def give(case: Case, *, title: str, owner: StaffMember, due_on: date, by: StaffMember, once: UUID) -> Task:
    """Make a task. `once` is the page's key: sending it twice makes one. Raises Refused."""
    access.must_act(by, case)
    if not access.may_act(owner, case):
        raise Refused(_("This person cannot work on this case. Choose somebody else."))
    if due_on < timezone.localdate():
        raise Refused(_("The day lies in the past."))
    case, uid = Case.objects.locked(case), uuid5(case.uid, str(once))
    if found := Task.objects.filter(uid=uid).first():
        return found
    task: Task = Task.objects.create(
        uid=uid, case=case, title=title.strip(), owner=owner, due_on=due_on, set_by=by, set_at=timezone.now()
    )
    due = due_on.isoformat()
    record.note(case, event_kinds.TASK_SET, by=by, task=str(task.uid), owner=str(owner.uid), due=due)
    return task


@transaction.atomic
def done(task: Task, *, by: StaffMember) -> None:
    """Mark the task as done, if it is not yet. Raises Refused."""
    access.must_act(by, task.case)
    row = Task.objects.select_for_update().get(pk=task.pk)
    if row.done_at is None:
        row.done_by, row.done_at = by, timezone.now()
        row.save(update_fields=["done_by", "done_at"])
        record.note(row.case, event_kinds.TASK_DONE, by=by, task=str(row.uid))
