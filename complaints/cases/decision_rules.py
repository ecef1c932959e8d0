"""Rules for decisions: whether findings are complete, and whether two people must decide.

`lifecycle` asks here before a case is decided or closed. A refusal is a sentence for the investigator.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from complaints.models import Case, Finding, Undertaking
from complaints.reference.conduct import BY_CODE, Severity, named

FindingContent = dict[str, Any]  # the content of a finding's document, frozen or not
Outcome = Finding.Outcome
FOUND = (Outcome.SUBSTANTIATED, Outcome.PARTLY)
UNPROVEN = (Outcome.NOT, Outcome.INSUFFICIENT)


def allegations(case: Case) -> list[str]:
    """The kinds of conduct that need a finding: those the borrower named, and those of findings in earlier
    rounds."""
    added = case.findings.filter(round__lt=case.round).order_by("pk").values_list("allegation", flat=True)
    return list(dict.fromkeys([*case.complaint.conduct, *added]))


def unanswered(case: Case, found: Iterable[str]) -> str:
    """A refusal if an allegation is not in `found`, or `found` is empty; else an empty string."""
    found = set(found)
    if missing := [code for code in allegations(case) if code not in found]:
        return _("There is no finding yet on: %(allegations)s") % {"allegations": "; ".join(map(named, missing))}
    return "" if found else _("A decision needs a finding, with its reasons.")


def lacks(case: Case, findings: Sequence[FindingContent]) -> str:
    """A refusal that names the first fault of these findings; an empty string if they make a decision."""
    codes = [one["allegation"] for one in findings]
    if refusal := unanswered(case, codes):
        return refusal
    if len(set(codes)) < len(codes):
        return _("There are two findings on one allegation.")
    known = {*case.complaint.allegations, *allegations(case)}
    refusals = (_lacks(one, added=one["allegation"] not in known) for one in findings)
    return next((refusal for refusal in refusals if refusal), "")


def _lacks(one: FindingContent, *, added: bool) -> str:
    """The fault of one finding. `added` if the borrower did not name its allegation."""
    relied_on, set_aside = ({each["exhibit"] for each in one[which]} for which in ("relied_on", "set_aside"))
    insufficient = one["outcome"] == Outcome.INSUFFICIENT
    names_rule = one["norms"] or one["other_rule"]
    names = {"allegation": named(one["allegation"])}
    refusals = (
        (not one["reasons"], _("Write the reasons of the finding on: %(allegation)s")),
        (
            added and not one["added_because"],
            _("The borrower did not name this. Say where you found it: %(allegation)s"),
        ),
        (
            insufficient and not (one["missing"] and one["missing_from"]),
            _("Insufficient evidence names what is missing and who did not supply it: %(allegation)s"),
        ),
        (one["outcome"] in FOUND and not names_rule, _("Say which rule was departed from: %(allegation)s")),
        (set_aside and not one["why_set_aside"], _("Say why exhibits were set aside: %(allegation)s")),
        (relied_on & set_aside, _("An exhibit is either relied on or set aside: %(allegation)s")),
    )
    return next((sentence % names for refused, sentence in refusals if refused), "")


def needs_two(case: Case, findings: Sequence[FindingContent]) -> bool:
    """Whether a second person must confirm: the case is or was urgent, an urgent allegation is unproven, or the
    promised sums exceed the limit."""
    unproven = [one["allegation"] for one in findings if one["outcome"] in UNPROVEN]
    grave = any(BY_CODE[code].severity == Severity.URGENT for code in unproven if code in BY_CODE)
    return was_urgent(case) or grave or exceeds(case)


def was_urgent(case: Case) -> bool:
    """Whether the case is urgent, or was before somebody lowered its severity: that takes no protection away."""
    return case.severity == Severity.URGENT or case.severity_changes.filter(before=Severity.URGENT).exists()


def exceeds(case: Case) -> bool:
    """Whether the sums promised in this round exceed COMPENSATION_BY_ONE in their currency. A currency without a
    limit allows none."""
    sums: dict[str, Decimal] = {}
    promised = case.undertakings.redress().filter(round=case.round, kind__in=Undertaking.PAID)
    kept = promised.exclude(outcome=Undertaking.Outcome.DROPPED).values_list("currency", "amount")
    for currency, amount in kept:
        sums[currency] = sums.get(currency, Decimal(0)) + (amount or 0)
    return any(total > settings.COMPENSATION_BY_ONE.get(currency, 0) for currency, total in sums.items())
