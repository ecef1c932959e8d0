"""The life of a case: one table of steps, and `advance()`, the only door to a case's state."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence import ledger
from evidence.ledger import Actor, Event

from . import access
from .models import Case, StaffMember

State = Case.State


class Refused(Exception):
    """A step that the case's state, its papers or the person rules out. Its text is a sentence for the reader."""


@dataclass(frozen=True)
class Step:
    """From which states an action is possible, and where it leads. `past` names it in the ledger."""

    past: str
    sources: frozenset[str]
    target: str = ""  # "": the state stays


STEPS: dict[str, Step] = {
    "route": Step("routed", frozenset({State.FILED}), State.ROUTED),
    "assign": Step("assigned", frozenset({State.ROUTED, State.INVESTIGATING})),
    "begin": Step("begun", frozenset({State.ROUTED}), State.INVESTIGATING),
    "decide": Step("decided", frozenset({State.INVESTIGATING}), State.DECIDED),
    "reply": Step("replied", frozenset({State.DECIDED}), State.REPLIED),
    "close": Step("closed", frozenset({State.REPLIED}), State.CLOSED),
}
BY_SYSTEM = frozenset({"route"})  # the other steps are always somebody's


def possible(case: Case, user: access.User) -> list[str]:
    """The steps that lead on from the case's state, for this user. A page offers them; `advance()` decides."""
    if not access.may_act(user, case):
        return []
    return [action for action, step in STEPS.items() if step.target and case.state in step.sources]


def hold(case: Case, action: str, *, staff: StaffMember | None = None) -> Case:
    """Lock the case for the rest of the transaction; refuse what its state or the person rules out.

    Whoever writes a finding or a message calls this first: of two who act at once, the second is told and
    nothing is overwritten. Raises Refused.
    """
    row = Case.objects.select_for_update().get(pk=case.pk)
    _person_may(row, action, staff)
    if row.state not in STEPS[action].sources:
        raise Refused(
            _("This step is not possible now: the case is “%(state)s”. Somebody may have acted before you.")
            % {"state": row.get_state_display()}
        )
    if (row.state, row.assignee_id) != (case.state, case.assignee_id):
        raise Refused(_("Somebody changed this case while you were looking at it. Look again, then decide."))
    return row


@transaction.atomic
def advance(
    case: Case,
    action: str,
    *,
    by: Actor,
    staff: StaffMember | None = None,
    data: dict[str, Any] | None = None,
    changes: dict[str, Any] | None = None,
) -> Case:
    """Take one step: the new state, the `changes` of other columns and the ledger entry commit together.

    `staff` is None for the system's own steps. `data` goes into the entry. Returns the case as it is now;
    raises Refused and leaves everything as it was.
    """
    row = hold(case, action, staff=staff)
    for name, value in (changes or {}).items():
        setattr(row, name, value)
    GUARDS.get(action, _nothing)(row, data or {})
    step, now = STEPS[action], timezone.now()
    row.state = step.target or row.state
    row.closed_at = now if row.state == State.CLOSED else None
    row.save(update_fields=["state", "closed_at", *(changes or {})])
    kind = f"case.{step.past}"
    ledger.append(Event(kind=kind, thread=row.thread, subject=row.thread, by=by, data=data or {}, at=now))
    return row


def _person_may(case: Case, action: str, staff: StaffMember | None) -> None:
    if staff is None and action in BY_SYSTEM:
        return
    if staff is None or not access.may_act(staff, case):
        raise Refused(_("Only investigators of the case's team and supervisors can do this."))


def _nothing(case: Case, data: dict[str, Any]) -> None:
    """No more to ask than the state and the person."""


def _has_a_team(case: Case, data: dict[str, Any]) -> None:
    if case.team_id is None:
        raise Refused(_("A case is routed to a team: none was named."))


def _has_this_finding(case: Case, data: dict[str, Any]) -> None:
    written = case.findings.filter(sha256=data.get("finding", ""), allegation__in=case.complaint.allegations)
    if not written.exists():
        raise Refused(_("A decision needs a finding, with its reasons, on something the borrower complained of."))


def _has_this_message(case: Case, data: dict[str, Any]) -> None:
    if not case.messages.replies().filter(sha256=data.get("message", "")).exists():
        raise Refused(_("Write the reply to the borrower first."))


def _is_finished(case: Case, data: dict[str, Any]) -> None:
    if not case.findings.exists() or not case.messages.replies().exists():
        raise Refused(_("A case closes only with a finding and a reply to the borrower."))


GUARDS: dict[str, Callable[[Case, dict[str, Any]], None]] = {
    "route": _has_a_team,
    "assign": _has_a_team,
    "decide": _has_this_finding,
    "reply": _has_this_message,
    "close": _is_finished,
}
