"""What came of a case, for the case page: findings, the proposal that waits, redress, measures, referrals."""

from typing import Any

from django import forms

from .. import access, findings, lifecycle, undertakings
from ..models import Case, Undertaking
from .decision_forms import EndForm, ReferralForm, SecondForm, UndertakingForm


def told(case: Case, user: access.User, form: forms.Form | None) -> dict[str, Any]:
    """What the case page shows of the decision, with its forms; the one that needs mending as it was sent."""
    may, proposal = lifecycle.besides(case, user), findings.last_proposal(case)
    ours = list(case.undertakings.select_related("ordered_by", "ended_by", "proof_exhibit"))
    choices = case.exhibits.select_related("item").order_by("number")
    for one in ours:
        mine = isinstance(form, EndForm) and form.undertaking == one
        may_end = not one.outcome and undertakings.ENDED[Undertaking.Sort(one.sort)] in may
        one.end_form = (form if mine else EndForm(undertaking=one, exhibits=choices)) if may_end else None
    return {
        "found": case.findings.select_related("found_by", "confirmed_by").order_by("-round", "pk"),
        "proposal": proposal,
        "second_form": form if isinstance(form, SecondForm) else SecondForm(prefix="second"),
        "sorts": [
            {
                "sort": sort,
                "undertakings": [one for one in ours if one.sort == sort],
                "form": _undertaking_form(form, sort) if undertakings.ORDERED[sort] in may else None,
            }
            for sort in (Undertaking.Sort.REDRESS, Undertaking.Sort.MEASURE)
        ],
        "referrals": list(case.referrals.select_related("referred_by")),
        "referral_form": (form if isinstance(form, ReferralForm) else ReferralForm()) if "refer" in may else None,
    }


def _undertaking_form(form: forms.Form | None, sort: Undertaking.Sort) -> forms.Form:
    return form if isinstance(form, UndertakingForm) and form.sort == sort else UndertakingForm(sort=sort)
