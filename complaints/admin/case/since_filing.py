"""What the borrower did after filing, for the case page: each reader gets what they may know of it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from complaints.admin.forms import WithdrawalForm
from complaints.cases import lifecycle
from complaints.models import Retaliation, Review, Withdrawal, event_kinds
from complaints.staff import access

from .section import Opened, Section


@dataclass(frozen=True)
class SinceFiling(Section):
    """Withdrawals, reviews and retaliation. Only who may hear of pressure gets `withdrawals`, which say what the
    borrower said of it; others get the one that is `waiting`, for its dates."""

    waiting: Withdrawal | None
    is_due: bool  # the time to take it back is over
    form: forms.Form | None  # to end it
    may_hear_pressure: bool
    withdrawals: list[Withdrawal]
    reviews: list[Review]
    retaliations: list[Retaliation]

    @property
    def is_something(self) -> bool:
        return bool(self.waiting or self.withdrawals or self.reviews or self.retaliations)


def of(opened: Opened) -> SinceFiling:
    """With the form to end a withdrawal, as it was sent where it needs mending."""
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
        form=_form(opened) if supervises and is_due else None,
        may_hear_pressure=supervises,
        withdrawals=asked if supervises else [],
        reviews=list(case.reviews.all()) if case.round > 1 else [],
        retaliations=list(case.retaliations.all()) if event_kinds.RETALIATION_REPORTED in kinds else [],
    )


def _form(opened: Opened) -> forms.Form:
    """Who decided the case before can keep a review open, and no more."""
    form = opened.mended(WithdrawalForm) or WithdrawalForm(prefix="end")
    if lifecycle.is_barred(opened.case, opened.user):
        decision: Any = form.fields["decision"]
        decision.choices = [choice for choice in decision.choices if choice[0] == "keep"]
    return form
