"""Tasks on a case: who does what by when. The ledger has that one was set and done, never what it was."""

from datetime import date
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Case, Role, StaffMember, Task
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Event


def owners(case: Case) -> QuerySet[StaffMember]:
    """To whom a task is offered: the case's team and the supervisors. Whether they may act on it is asked when one
    is given."""
    team = Q(role=Role.INVESTIGATOR, teams=case.team_id)
    found = StaffMember.objects.filter(team | Q(role=Role.SUPERVISOR), is_active=True, is_staff=True)
    return found.distinct().order_by("first_name", "username")


@transaction.atomic
def give(case: Case, *, title: str, owner: StaffMember, due_on: date, by: StaffMember, once: UUID) -> Task:
    """Set a task. The same page sent twice (`once`) sets one. Raises Refused."""
    if not access.may_act(by, case):
        raise Refused(_("Only investigators of the case's team and supervisors can do this."))
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
    _record(task, "set", by, owner=str(owner.uid), due=due_on.isoformat())
    return task


@transaction.atomic
def done(task: Task, *, by: StaffMember) -> None:
    """It is done; nothing happens where it was before. Raises Refused."""
    if not access.may_act(by, task.case):
        raise Refused(_("Only investigators of the case's team and supervisors can do this."))
    row = Task.objects.select_for_update().get(pk=task.pk)
    if row.done_at is None:
        row.done_by, row.done_at = by, timezone.now()
        row.save(update_fields=["done_by", "done_at"])
        _record(row, "done", by)


def _record(task: Task, past: str, by: StaffMember, **data: str) -> None:
    thread, told = task.case.thread, {"task": str(task.uid), **data}
    ledger.append(Event(kind=f"task.{past}", thread=thread, subject=thread, by=access.actor(by), data=told))
