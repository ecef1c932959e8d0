"""What the borrower did after filing, for the case page: each reader gets what they may know of it."""

from typing import Any

from django.utils import timezone

from .. import access
from ..models import Case, StaffMember


def told(case: Case, user: StaffMember, kinds: set[str]) -> dict[str, Any]:
    """The page's words on withdrawals, reviews, retaliation, consents and changes of contact. What the ledger has
    no entry of (`kinds`) is not asked for."""
    supervises = access.may_hear_pressure(user, case)
    looks = "withdrawal.asked" in kinds and (supervises or case.withdraw_at)
    asked = list(case.withdrawals.select_related("decided_by")) if looks else []
    waiting = next((one for one in asked if not one.outcome), None)
    return {
        "waiting_withdrawal": waiting,
        "may_end_it": supervises and waiting is not None and waiting.due_at <= timezone.now(),
        "may_hear_pressure": supervises,
        "withdrawals": asked if supervises else [],
        "reviews": list(case.reviews.all()) if case.round > 1 else [],
        "retaliations": list(case.retaliations.all()) if "retaliation.reported" in kinds else [],
        "consents": list(case.consents.all()) if "consent.given" in kinds else [],
        "contact_changes": list(case.former_reporters.all()) if "reporter.changed" in kinds else [],
    }
