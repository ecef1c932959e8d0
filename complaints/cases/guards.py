"""What a step of a case needs besides its state and the person, by the step's name. Each check raises Refused.

`lifecycle.advance()` asks here after it has locked the case and applied the changes.
"""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.models import Case, Finding
from complaints.refusal import Refused
from complaints.staff import access

from . import decision_rules

State = Case.State


def is_barred(case: Case, member: access.User) -> bool:
    """Whether the borrower asked for a review of what this member decided or answered."""
    return any(member in review.barred.all() for review in case.reviews.all())  # from the prefetched reviews


def _has_a_team(case: Case, data: dict[str, Any]) -> None:
    if case.team_id is None:
        raise Refused(_("A case is routed to a team: none was named."))
    if case.round > 1 and case.assignee and is_barred(case, case.assignee):
        raise Refused(_("This person decided or answered the case before. Choose somebody else."))
    if case.assignee and not access.may_be_assigned(case.assignee, case):
        raise Refused(
            _("This person cannot take the case: they are not of its team, or have a conflict of interest.")
        )


def _found(case: Case) -> list[Finding]:
    return list(case.findings.filter(round=case.round).order_by("pk"))


def _has_these_findings(case: Case, data: dict[str, Any]) -> None:
    found = _found(case)
    if not found or data.get("findings") != [finding.sha256 for finding in found]:
        raise Refused(_("A decision needs a finding, with its reasons."))
    if refusal := decision_rules.lacks(case, [finding.content for finding in found]):
        raise Refused(refusal)


def _takes_one_person(case: Case, data: dict[str, Any]) -> None:
    _has_these_findings(case, data)
    if decision_rules.needs_two(case, [finding.content for finding in _found(case)]):
        raise Refused(_("This decision takes two people: propose it, and somebody else confirms it."))


def _has_this_proposal(case: Case, data: dict[str, Any]) -> None:
    proposal = case.proposals.open().filter(round=case.round, sha256=data.get("proposal", "")).first()
    if proposal is None:
        raise Refused(_("A decision needs a finding, with its reasons."))
    if refusal := decision_rules.lacks(case, proposal.findings):
        raise Refused(refusal)


def _is_what_was_proposed(case: Case, data: dict[str, Any]) -> None:
    _has_this_proposal(case, data)
    _has_these_findings(case, data)
    found, proposed = _found(case), case.proposals.open().get(round=case.round).findings
    made = [{name: finding.content.get(name) for name in proposed[0]} for finding in found]
    if made != proposed:
        raise Refused(_("The findings are not the ones that were proposed."))


def _one_person_may_promise(case: Case, data: dict[str, Any]) -> None:
    if case.state != State.INVESTIGATING and decision_rules.exceeds(case):
        raise Refused(_("A sum of this size takes two people: promise it before the case is decided."))


def _is_not_paid_alone(case: Case, data: dict[str, Any]) -> None:
    """A sum that takes two people is not paid before the decision is confirmed."""
    paid = case.undertakings.paid().filter(round=case.round, sha256=data.get("of", ""))
    decided = case.findings.filter(round=case.round)
    if paid.exists() and not decided.exists() and decision_rules.exceeds(case):
        raise Refused(_("A sum of this size takes two people: it is paid once the decision is confirmed."))


def _has_this_message(case: Case, data: dict[str, Any]) -> None:
    if not case.messages.replies().filter(sha256=data.get("message", "")).exists():
        raise Refused(_("Write the reply to the borrower first."))


def _is_finished(case: Case, data: dict[str, Any]) -> None:
    if refusal := decision_rules.unanswered(case, (finding.allegation for finding in _found(case))):
        raise Refused(refusal)
    if case.replied_at is None or not case.messages.replies().exists():
        raise Refused(_("The borrower has no reply yet: send it first."))
    if case.withdraw_at:
        raise Refused(_("The borrower has asked to withdraw. Wait until that has ended."))


def _has_waited(case: Case, data: dict[str, Any]) -> None:
    asked = case.withdrawals.open().first()
    if asked is None:
        raise Refused(_("The borrower has not asked to withdraw, or has taken that back."))
    if asked.due_at > timezone.now():
        raise Refused(_("The borrower can still take the withdrawal back. Nothing ends before that time is over."))


GUARDS: dict[str, Callable[[Case, dict[str, Any]], None]] = {
    "route": _has_a_team,
    "assign": _has_a_team,
    "decide": _takes_one_person,
    "propose": _has_this_proposal,
    "confirm": _is_what_was_proposed,
    "promise_redress": _one_person_may_promise,
    "end_redress": _is_not_paid_alone,
    "reply": _has_this_message,
    "close": _is_finished,
    "keep": _has_waited,
    "withdraw": _has_waited,
}
