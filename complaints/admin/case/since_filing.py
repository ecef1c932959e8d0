"""What the borrower did after filing, on the case page. Each reader gets only what they may know."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from complaints.admin.forms import WithdrawalForm
from complaints.cases import guards
from complaints.models import Retaliation, Review, Withdrawal, event_kinds
from complaints.reference.conduct import Severity
from complaints.rights import withdrawals
from complaints.staff import access

from .section import Opened, Section


@dataclass(frozen=True)
class SinceFiling(Section):
    """Withdrawals, reviews and retaliation.

    `withdrawals` say what the borrower said about pressure, so they are empty for readers who may not know that.
    All readers get the open one as `waiting`, for its dates.
    """

    waiting: Withdrawal | None
    is_due: bool  # whether the time to take it back is over
    ends_by_decision: bool | None  # only after a supervisor's decision; None if the reader may not know that
    form: forms.Form | None  # the form to decide on it
    may_hear_pressure: bool
    withdrawals: list[Withdrawal]
    reviews: list[Review]
    retaliations: list[Retaliation]

    @property
    def is_something(self) -> bool:
        return bool(self.waiting or self.withdrawals or self.reviews or self.retaliations)

    @property
    def ids(self) -> list[str]:
        return ["since"] if self.is_something else []


def of(opened: Opened) -> SinceFiling:
    """Prepare the section. A refused form is shown as it was sent."""
    case, kinds = opened.case, opened.kinds
    supervises = access.may_hear_pressure(opened.user, case)
    looks = event_kinds.WITHDRAWAL_ASKED in kinds and (supervises or case.withdraw_at)
    asked = list(case.withdrawals.select_related("decided_by")) if looks else []
    waiting = next((one for one in asked if not one.outcome), None)
    is_due = waiting is not None and waiting.due_at <= timezone.now()
    return SinceFiling(
        opened,
        waiting=waiting,
        is_due=is_due,
        ends_by_decision=_needs_a_decision(waiting, supervises) if waiting else None,
        form=_form(opened) if supervises and is_due else None,
        may_hear_pressure=supervises,
        withdrawals=asked if supervises else [],
        reviews=list(case.reviews.all()) if case.round > 1 else [],
        retaliations=list(case.retaliations.all()) if event_kinds.RETALIATION_REPORTED in kinds else [],
    )


def _needs_a_decision(waiting: Withdrawal, supervises: bool) -> bool | None:
    """Whether a supervisor must decide first. Unless the case is urgent, that tells of pressure."""
    needed = withdrawals.needs_a_supervisor(waiting)
    return needed if supervises or waiting.case.severity >= Severity.URGENT else None


def _form(opened: Opened) -> forms.Form:
    """The form to decide on a withdrawal. Somebody who decided the case before can only keep it open."""
    form = opened.mended(WithdrawalForm) or WithdrawalForm(prefix="end")
    if guards.is_barred(opened.case, opened.user):
        decision: Any = form.fields["decision"]
        decision.choices = [choice for choice in decision.choices if choice[0] == "keep"]
    return form
