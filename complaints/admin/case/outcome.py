"""What came of a case, for the case page: findings, the proposal that waits, redress, measures, referrals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Prefetch, prefetch_related_objects

from complaints.admin.timeline import Moment
from complaints.decisions import findings, undertakings
from complaints.models import Case, Exhibit, Finding, Proposal, Undertaking

from .decision_forms import EndForm, ReferralForm, SecondForm, UndertakingForm

UNDERTAKEN = {"measure.ordered", "redress.promised"}


def look_up(case: Case, kinds: set[str]) -> None:
    """What several parts of the page need, once. What the ledger has no entry of (`kinds`) is not asked for."""
    if "case.decided" in kinds:
        found = Finding.objects.select_related("found_by", "confirmed_by")
        prefetch_related_objects([case], Prefetch("findings", found))
    if "case.proposed" in kinds:
        prefetch_related_objects([case], "proposals")
    if kinds & UNDERTAKEN:
        undertaken = Undertaking.objects.select_related("ordered_by", "ended_by", "proof_exhibit")
        prefetch_related_objects([case], Prefetch("undertakings", undertaken))


def told(
    case: Case,
    form: forms.Form | None,
    offered: list[str],
    kinds: set[str],
    moments: list[Moment],
    exhibits: Sequence[Exhibit],
) -> dict[str, Any]:
    """What the case page shows of the decision, with the forms of the steps that are `offered`; the one that needs
    mending as it was sent."""
    undertaken = _undertaken(case, form, offered, exhibits) if kinds & UNDERTAKEN else []
    proposal = findings.last_proposal(case) if "case.proposed" in kinds else None
    return {
        "found": _found(case) if "case.decided" in kinds else [],
        "proposal": proposal,
        "came_since": _came_since(proposal, moments) if proposal and not proposal.outcome else [],
        "second_form": _second_form(form, proposal, moments) if proposal and "confirm" in offered else None,
        "sorts": [
            {
                "sort": sort,
                "undertakings": [one for one in undertaken if one.sort == sort],
                "form": _undertaking_form(form, sort) if undertakings.ORDERED[sort] in offered else None,
            }
            for sort in (Undertaking.Sort.REDRESS, Undertaking.Sort.MEASURE)
        ],
        "referrals": case.referrals.select_related("referred_by") if "case.referred" in kinds else [],
        "referral_form": _referral_form(form) if "refer" in offered else None,
    }


def _found(case: Case) -> list[Finding]:
    return sorted(case.findings.all(), key=lambda finding: (-finding.round, finding.pk))


def _undertaken(
    case: Case, form: forms.Form | None, offered: list[str], exhibits: Sequence[Exhibit]
) -> list[Undertaking]:
    """Each with the form to settle it, where it is open."""
    found = list(case.undertakings.all())
    for one in found:
        mine = isinstance(form, EndForm) and form.undertaking == one
        may_end = not one.outcome and undertakings.ENDED[Undertaking.Sort(one.sort)] in offered
        fresh = EndForm(undertaking=one, exhibits=exhibits) if may_end else None
        vars(one)["end_form"] = form if may_end and mine else fresh
    return found


def _came_since(proposal: Proposal, moments: list[Moment]) -> list[Moment]:
    """What whoever proposed it cannot have seen, oldest first."""
    return [moment for moment in moments if moment.came and moment.at > proposal.proposed_at][::-1]


def _second_form(form: forms.Form | None, proposal: Proposal, moments: list[Moment]) -> forms.Form:
    if isinstance(form, SecondForm):
        return form
    seen = max(index for moment in moments for index in moment.indexes)  # `arrivals.mark` of what the page shows
    return SecondForm(prefix="second", initial={"proposal": proposal.sha256, "seen": seen})


def _referral_form(form: forms.Form | None) -> forms.Form:
    return form if isinstance(form, ReferralForm) else ReferralForm()


def _undertaking_form(form: forms.Form | None, sort: Undertaking.Sort) -> forms.Form:
    return form if isinstance(form, UndertakingForm) and form.sort == sort else UndertakingForm(sort=sort)
