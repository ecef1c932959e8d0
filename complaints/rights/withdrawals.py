"""Withdrawals: the borrower can take one back for 72 hours, and pressure alone never closes a case."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import decision_rules, lifecycle
from complaints.clocks import book
from complaints.models import Case, StaffMember, Withdrawal
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger

Outcome = Withdrawal.Outcome
log = logging.getLogger(__name__)


@transaction.atomic
def ask(case: Case, *, pressed: str, pressure_words: str = "") -> Withdrawal:
    """Record the borrower's wish to withdraw. The 72 hours count from the first request.

    What the borrower says about pressure goes into a document of its own, which only supervisors read. Raises
    Refused.
    """
    case = Case.objects.locked(case)
    if open_now := case.withdrawals.open().first():
        if (open_now.pressed, open_now.pressure_words) == (pressed, pressure_words.strip()):
            return open_now
        raise Refused(_("You have already asked to withdraw. To change that, first cancel it on your case page."))
    withdrawal, pressure = _freeze(case, pressed, pressure_words.strip())
    lifecycle.advance(
        case,
        "ask_withdrawal",
        by=ledger.BORROWER,
        data={"withdrawal": withdrawal.sha256, "pressure": pressure, **documents.parts(withdrawal.document)},
        changes={"withdraw_at": withdrawal.due_at},
    )
    return withdrawal


def _freeze(case: Case, pressed: str, words: str) -> tuple[Withdrawal, str]:
    """Create the withdrawal with both documents. The digest is that of the document for supervisors."""
    now = timezone.now()
    due = book.due("withdrawal", now)
    dates = {"asked_at": ledger.rfc3339(now), "takes_effect": ledger.rfc3339(due)}
    document, sha256 = documents.document("withdrawal", reference=case.reference, **dates)
    pressure, digest = documents.document("pressure", reference=case.reference, pressed=pressed, words=words)
    withdrawal: Withdrawal = Withdrawal.objects.create(
        case=case,
        asked_at=now,
        due_at=due,
        pressed=pressed,
        pressure_words=words,
        pressure=pressure,
        document=document,
        sha256=sha256,
    )
    return withdrawal, digest


@transaction.atomic
def take_back(case: Case) -> None:
    """End the withdrawal because the borrower changed their mind. Does nothing if there is none.

    Raises Refused once the case is closed.
    """
    case = Case.objects.locked(case)
    withdrawal = case.withdrawals.open().first()
    if withdrawal:
        _end(withdrawal, Outcome.TAKEN_BACK)
        data = {"withdrawal": withdrawal.sha256}
        lifecycle.advance(case, "take_back", by=ledger.BORROWER, data=data, changes={"withdraw_at": None})
    elif case.withdrawn:
        raise Refused(
            _(
                "The case was closed as you asked. If they have not stopped, tell us below and it will be opened"
                " again."
            )
        )


def needs_a_supervisor(withdrawal: Withdrawal) -> bool:
    """Whether a supervisor must decide first: the case is urgent, or somebody may have put pressure on the
    borrower."""
    return decision_rules.was_urgent(withdrawal.case) or not withdrawal.was_free


def end_due() -> None:
    """Close every case whose 72 hours are over and that needs no supervisor.

    One failure does not stop the others.
    """
    for withdrawal in Withdrawal.objects.due().exclude(case__state=Case.State.FILED).select_related("case"):
        try:
            _take_effect(withdrawal.case)
        except Exception:
            log.exception("the withdrawal of case %s cannot take effect", withdrawal.case_id)


@transaction.atomic
def _take_effect(case: Case) -> None:
    case = Case.objects.locked(case)
    withdrawal = case.withdrawals.due().select_related("case").first()
    if withdrawal and not needs_a_supervisor(withdrawal):
        _close(case, withdrawal, ledger.SYSTEM, None, {"withdrawal": withdrawal.sha256})


@transaction.atomic
def decide(case: Case, *, by: StaffMember, keep: bool, reasons: str) -> Withdrawal:
    """Record that a supervisor keeps the case open or closes it.

    Only supervisors read the reasons. Raises Refused.
    """
    case = lifecycle.lock_for(case, "keep" if keep else "withdraw", staff=by)
    withdrawal = case.withdrawals.due().first()
    if withdrawal is None:
        raise Refused(_("There is no withdrawal to decide now."))
    if not reasons.strip():
        raise Refused(_("Write why you decide so."))
    frozen, digest = documents.document("decision", reference=case.reference, keep=keep, reasons=reasons.strip())
    withdrawal.decided_by, withdrawal.decision_reasons, withdrawal.decision = by, reasons.strip(), frozen
    data = {"withdrawal": withdrawal.sha256, "decision": digest}
    if keep:
        changes = {"withdraw_at": None}
        lifecycle.advance(case, "keep", by=access.actor(by), staff=by, data=data, changes=changes)
        _end(withdrawal, Outcome.DECLINED)
    else:
        _close(case, withdrawal, access.actor(by), by, data)
    return withdrawal


def _close(
    case: Case, withdrawal: Withdrawal, by: ledger.Actor, staff: StaffMember | None, data: dict[str, str]
) -> None:
    changes = {"withdraw_at": None, "withdrawn": True}
    lifecycle.advance(case, "withdraw", by=by, staff=staff, data=data, changes=changes)
    _end(withdrawal, Outcome.WITHDRAWN)


def _end(withdrawal: Withdrawal, outcome: Outcome) -> None:
    withdrawal.outcome, withdrawal.ended_at = outcome, timezone.now()
    withdrawal.save()
