"""The filed statement in words, for the desk and for the borrower."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from complaints.cases import wording
from complaints.models import Case
from complaints.reference import conduct, regions
from complaints.reference.choices import ORIGINALS, WAYS, Court, Relation
from complaints.reference.wishes import WISHES
from complaints.safety import urgent


@dataclass(frozen=True)
class Account:
    """The filed statement as pages show it. Unanswered parts are empty."""

    relation: str  # of the person who filed to the debt
    region: str
    court: dict[str, str]
    contacts: list[dict[str, str]]
    ways: list[str]  # by which the borrower can be reached
    amounts: list[str]
    originals: list[tuple[str, str]]  # kind, and who keeps it where
    parties: list[tuple[str, str]]  # name, and role
    debt: list[tuple[str, str]]  # label, and what the borrower said
    language: str  # name of the case's language
    conduct: list[str]
    wishes: list[str]
    other_wish: str
    safety: list[str]  # safety questions answered with yes


def of(case: Case) -> Account:
    complaint = case.complaint
    statement, reporter = json.loads(bytes(complaint.document)), json.loads(bytes(case.reporter.document))
    acts = conduct.labels(complaint.relation)
    parties = ((complaint.platform, ""), (complaint.lender, _("Lender")), (complaint.agency, _("Agency")))
    return Account(
        relation=str(Relation(complaint.relation).label) if complaint.relation else "",
        region=regions.name(complaint.region),
        court=_court(statement),
        contacts=[wording.row(contact) for contact in case.contacts.all()],
        ways=[str(WAYS[way]) for way in case.reporter.channels if way in WAYS],
        amounts=[f"{WISHES[one['wish']]}: {wording.money(one)}" for one in statement.get("amounts", [])],
        originals=[(str(ORIGINALS[one["kind"]]), one["kept"]) for one in statement.get("originals", [])],
        parties=[(name, label) for name, label in parties if name],
        debt=wording.debt(statement.get("debt", {})),
        language=get_language_info(case.language)["name_translated"],
        conduct=[str(acts[code]) for code in complaint.conduct if code in acts],
        wishes=[str(WISHES.get(code, code)) for code in complaint.wishes],
        other_wish=statement.get("other_wish", ""),
        safety=[str(urgent.IN_SHORT[name]) for name in reporter.get("safety", []) if name in urgent.IN_SHORT],
    )


def _court(statement: dict[str, Any]) -> dict[str, str]:
    """The answers about a court; empty if there is nothing from one."""
    court = statement.get("court", {})
    if court.get("court", "") in ("", Court.NONE):
        return {}
    return {
        "label": str(Court(court["court"]).label),
        "on": wording.day_and_time(court["on"]),
        "note": court["note"],
    }
