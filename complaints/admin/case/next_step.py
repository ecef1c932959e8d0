"""The next step of a case, on the case page."""

from dataclasses import dataclass

from complaints.assignment import routing
from complaints.models import Case, Proposal
from complaints.staff import access

from .section import Opened, Section


@dataclass(frozen=True)
class NextStep(Section):
    """The section. `is_taken` says whether a routing rule takes a case that was just filed."""

    proposal: Proposal | None
    is_taken: bool
    may_edit_rules: bool


def of(opened: Opened, proposal: Proposal | None) -> NextStep:
    case = opened.case
    return NextStep(
        opened,
        proposal=proposal,
        is_taken=case.state == Case.State.FILED and routing.first_rule(case) is not None,
        may_edit_rules=access.may_edit_rules(opened.user),
    )
