"""What the borrower did after filing, for the case page: each reader gets what they may know of it."""

from typing import Any

from django import forms
from django.utils import timezone

from complaints.admin.forms import WithdrawalForm
from complaints.cases import lifecycle
from complaints.models import Case, StaffMember
from complaints.staff import access


def told(case: Case, user: StaffMember, kinds: set[str], form: forms.Form | None) -> dict[str, Any]:
    """The page's words on withdrawals, reviews, retaliation, consents and changes of contact, and the form to end
    a withdrawal, as it was sent where it needs mending. What the ledger has no entry of (`kinds`) is not asked
    for."""
    supervises = access.may_hear_pressure(user, case)
    looks = "withdrawal.asked" in kinds and (supervises or case.withdraw_at)
    asked = list(case.withdrawals.select_related("decided_by")) if looks else []
    waiting = next((one for one in asked if not one.outcome), None)
    is_due = waiting is not None and waiting.due_at <= timezone.now()
    return {
        "waiting_withdrawal": waiting,
        "withdrawal_is_due": is_due,
        "withdrawal_form": _form(case, user, form) if supervises and is_due else None,
        "may_hear_pressure": supervises,
        "withdrawals": asked if supervises else [],
        "reviews": list(case.reviews.all()) if case.round > 1 else [],
        "retaliations": list(case.retaliations.all()) if "retaliation.reported" in kinds else [],
        "consents": list(case.consents.all()) if "consent.given" in kinds else [],
        "contact_changes": list(case.former_reporters.all()) if "reporter.changed" in kinds else [],
    }


def _form(case: Case, user: StaffMember, form: forms.Form | None) -> forms.Form:
    """Whoever decided the case before can keep a review open, and no more."""
    found = form if isinstance(form, WithdrawalForm) else WithdrawalForm(prefix="end")
    if lifecycle.is_barred(case, user):
        decision: Any = found.fields["decision"]
        decision.choices = [choice for choice in decision.choices if choice[0] == "keep"]
    return found
