"""The steps of a case, in one table, and `advance()`, the only function that changes a case's state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.clocks import running
from complaints.models import Case, Role, StaffMember, event_kinds
from complaints.notices import notify
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Actor, Event

from . import guards, record

State = Case.State
OFFICE = frozenset({Role.INVESTIGATOR, Role.SUPERVISOR})
SUPERVISOR = frozenset({Role.SUPERVISOR})
SYSTEM, BORROWER = frozenset({"system"}), frozenset({"borrower"})
EVER = frozenset(State.values)
OPEN = EVER - {State.CLOSED}
ANSWERED = frozenset({State.REPLIED, State.CLOSED})
# In these states measures and redress can be added: not while a proposal waits for confirmation.
AT_WORK = frozenset({State.INVESTIGATING, State.DECIDED, State.REPLIED, State.CLOSED})
TAKEN_UP = EVER - {State.FILED}


@dataclass(frozen=True)
class Step:
    """A step: the states in which it is possible, the state it leads to, and who may take it. `kind` is that of
    its ledger entry."""

    kind: str
    sources: frozenset[str]
    target: str = ""  # empty: the state does not change
    by: frozenset[str] = OFFICE  # roles, by their names in the ledger


STEPS: dict[str, Step] = {
    "route": Step(event_kinds.CASE_ROUTED, frozenset({State.FILED}), State.ROUTED, SYSTEM | OFFICE),
    "assign": Step(event_kinds.CASE_ASSIGNED, OPEN - {State.FILED}, by=SYSTEM | OFFICE),
    "set_severity": Step(event_kinds.SEVERITY_CHANGED, OPEN),
    "begin": Step(event_kinds.CASE_BEGUN, frozenset({State.ROUTED}), State.INVESTIGATING),
    "enquire": Step(event_kinds.ENQUIRY_SENT, frozenset({State.ROUTED, State.INVESTIGATING})),
    "decide": Step(event_kinds.CASE_DECIDED, frozenset({State.INVESTIGATING}), State.DECIDED),
    "propose": Step(event_kinds.CASE_PROPOSED, frozenset({State.INVESTIGATING}), State.PROPOSED),
    "confirm": Step(event_kinds.CASE_DECIDED, frozenset({State.PROPOSED}), State.DECIDED),
    "send_back": Step(event_kinds.CASE_SENT_BACK, frozenset({State.PROPOSED}), State.INVESTIGATING),
    "reply": Step(event_kinds.CASE_REPLIED, frozenset({State.DECIDED}), State.REPLIED),
    "close": Step(event_kinds.CASE_CLOSED, frozenset({State.REPLIED}), State.CLOSED),
    "order_measure": Step(event_kinds.MEASURE_ORDERED, AT_WORK),
    "end_measure": Step(event_kinds.MEASURE_ENDED, TAKEN_UP),
    "promise_redress": Step(event_kinds.REDRESS_PROMISED, AT_WORK),
    "end_redress": Step(event_kinds.REDRESS_ENDED, TAKEN_UP),
    "refer": Step(event_kinds.CASE_REFERRED, TAKEN_UP),
    "ask_withdrawal": Step(event_kinds.WITHDRAWAL_ASKED, OPEN, by=BORROWER),
    "take_back": Step(event_kinds.WITHDRAWAL_TAKEN_BACK, OPEN, by=BORROWER),
    "keep": Step(event_kinds.WITHDRAWAL_DECLINED, OPEN, by=SUPERVISOR),
    "withdraw": Step(event_kinds.CASE_WITHDRAWN, OPEN - {State.FILED}, State.CLOSED, SYSTEM | SUPERVISOR),
    "ask_review": Step(event_kinds.REVIEW_ASKED, ANSWERED, by=BORROWER),
    "report_retaliation": Step(event_kinds.RETALIATION_REPORTED, EVER, by=BORROWER),
    "reopen": Step(event_kinds.CASE_REOPENED, ANSWERED, State.ROUTED, BORROWER),
}
# Those who decided or answered before a review may not take these steps after it. An investigator among them may
# not assign the case either.
OF_ANOTHER_PERSON = frozenset(
    {"begin", "enquire", "decide", "propose", "confirm", "send_back", "reply", "close"}
    | {"order_measure", "promise_redress", "refer", "withdraw", "set_severity"}
)
SECOND = frozenset({"confirm", "send_back"})  # not by the person who proposed
SAME_WITHIN = timedelta(hours=1)  # the same text again within this time is a double click


def possible(case: Case, user: access.User) -> list[str]:
    """The steps that this user can take and that change the state, for a page to offer. `advance()` checks
    again."""
    return leading_on(offered(case, user))


def leading_on(steps: list[str]) -> list[str]:
    """Those of the steps that change the state."""
    return [name for name in steps if STEPS[name].target]


def offered(case: Case, user: access.User) -> list[str]:
    """The steps of the office that this user can take in the case's state."""
    if not access.may_act(user, case):
        return []
    ruled_out = _ruled_out(case, user)
    ruled_out |= SECOND if has_proposed(case, user) else frozenset()
    open_to = (name for name, step in STEPS.items() if case.state in step.sources and step.by >= OFFICE)
    return [name for name in open_to if name not in ruled_out]


def _ruled_out(case: Case, member: access.User) -> frozenset[str]:
    """The steps after a review that this member may not take, because they decided before."""
    if case.round == 1 or not guards.is_barred(case, member):
        return frozenset()
    return OF_ANOTHER_PERSON | ({"assign"} if access.has_role(member, Role.INVESTIGATOR) else frozenset())


def has_proposed(case: Case, member: access.User) -> bool:
    """Whether the member made the proposal that waits for confirmation."""
    if case.state != State.PROPOSED or not isinstance(member, StaffMember):
        return False
    waiting = (one for one in case.proposals.all() if not one.outcome and one.round == case.round)
    return any(one.proposed_by_id == member.pk for one in waiting)


def lock_for(case: Case, action: str, *, staff: StaffMember | None = None) -> Case:
    """Lock the case for the rest of the transaction. Raises Refused if its state or the person rule the step out.

    Call it before you write anything for the step: if two members act at once, the second is refused and
    overwrites nothing. `staff` is None for the borrower and the system.
    """
    row = Case.objects.locked(case)
    _person_may(row, action, staff)
    if row.state not in STEPS[action].sources:
        raise Refused(
            _("This step is not possible now: the case is “%(state)s”. Somebody may have acted before you.")
            % {"state": row.get_state_display()}
        )
    if staff is not None and (row.state, row.assignee_id) != (case.shown_as or (case.state, case.assignee_id)):
        raise Refused(changed_meanwhile())
    return row


def changed_meanwhile() -> str:
    return _("Somebody changed this case while you were looking at it. Look again, then decide.")


@transaction.atomic
def advance(
    case: Case,
    action: str,
    *,
    by: Actor,
    staff: StaffMember | None = None,
    data: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
    first: Sequence[Event] = (),
) -> Case:
    """Take one step: change the state, apply `changes` to other columns, and append the ledger entry with `data`,
    after the events in `first`; all in one transaction.

    `staff` is None for steps of the borrower and the system. Notifies the borrower of some steps. Returns the case
    as it is now. Raises Refused, and then changes nothing.
    """
    if staff is None and by["role"] not in STEPS[action].by:
        raise Refused(_not_yours(action))
    row = lock_for(case, action, staff=staff)
    before = row.assignee_id
    for name, value in (changes or {}).items():
        setattr(row, name, value)
    if guard := guards.GUARDS.get(action):
        guard(row, data or {})
    step, now = STEPS[action], timezone.now()
    row.state = step.target or row.state
    row.closed_at = now if row.state == State.CLOSED else None
    if action == "reply":
        row.replied_at = now
    if row.assignee_id != before or action == "send_back":
        row.handed_at = now if row.assignee and row.assignee != staff else None
    if row.closed_at:
        row.handed_at = None
    row.save(update_fields=["state", "closed_at", "replied_at", "handed_at", *(changes or {})])
    if action in notify.NOTIFIED:
        notify.tell(row, action)
    data = {**(data or {}), **running.move(row, step.kind, (data or {}).get("why", ""), at=now)}
    ledger.append(*first, record.event(row, step.kind, by=by, at=now, **data))
    return row


def reopen(case: Case, *, why: str, assignee: StaffMember | None) -> Case:
    """Open an answered case for another round. `why` is the kind of the borrower's reason. Raises Refused."""
    changes = {"round": case.round + 1, "assignee": assignee, "replied_at": None, "withdrawn": False}
    data = {"why": why, "round": case.round + 1, "investigator": str(assignee.uid) if assignee else None}
    return advance(case, "reopen", by=ledger.BORROWER, data=data, changes=changes)


def _person_may(case: Case, action: str, staff: StaffMember | None) -> None:
    by = STEPS[action].by
    if staff is None and by & (SYSTEM | BORROWER):
        return
    if staff is None or staff.role not in by or not access.may_act(staff, case):
        raise Refused(_not_yours(action))
    if action in _ruled_out(case, staff):
        raise Refused(_("You decided or answered this case before. The borrower asked that somebody else look."))
    if action in SECOND and has_proposed(case, staff):
        raise Refused(_("You proposed this decision. Somebody else confirms it or sends it back."))


def _not_yours(action: str) -> str:
    by = STEPS[action].by
    if by == BORROWER:
        return _("Only the borrower can do this.")
    if Role.INVESTIGATOR not in by:
        return _("Only a supervisor can do this, and only when the time has come.")
    return str(access.FOR_ACTORS)
