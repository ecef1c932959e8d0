"""The filed statement in words, for the desk and for the borrower."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from complaints.cases import wording
from complaints.models import Case, Consent, Reporter
from complaints.reference import conduct, regions
from complaints.reference.choices import ORIGINALS, SAFE_WORDS, WAYS, Court, Relation
from complaints.reference.wishes import WISHES
from complaints.safety import urgent
from evidence import names

NOT_ASKED = ("id", "document", "sha256", "case")  # columns of a reporter
CODES: dict[str, dict[str, Any]] = {  # column of a reporter -> code -> words
    "channels": dict(WAYS),
    "notify": dict(WAYS),
    "safe_words": dict(SAFE_WORDS),
    "may_see_name": dict(Consent.Recipient.choices),
}


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
    asked: list[
        tuple[str, list[tuple[str, str]]]
    ]  # of each contact: time and channel, and its questions and answers
    wanted: list[str]  # wishes, each with its amount
    files: list[tuple[str, list[tuple[str, str]]]]  # of each file: label, name and description; what was declared
    reached: list[tuple[str, str]]  # what the borrower said of themselves: question and answer


def of(case: Case) -> Account:
    complaint = case.complaint
    statement, reporter = json.loads(bytes(complaint.document)), json.loads(bytes(case.reporter.document))
    acts = conduct.labels(complaint.relation)
    amounts = {one["wish"]: wording.money(one) for one in statement.get("amounts", [])}
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
        asked=[wording.answers(contact) for contact in case.contacts.all()],
        wanted=[_wanted(str(WISHES.get(code, code)), amounts.get(code, "")) for code in complaint.wishes],
        files=[_file(one) for one in statement["exhibits"]],
        reached=_reached(case.reporter),
    )


def _wanted(wish: str, amount: str) -> str:
    return _("%(wish)s: %(amount)s") % {"wish": wish, "amount": amount} if amount else wish


def _file(one: dict[str, Any]) -> tuple[str, list[tuple[str, str]]]:
    named = " · ".join(filter(None, [f"E-{one['number']} {names.displayable(one['name'])}", one["description"]]))
    return named, wording.declared(one["declared"])


def _reached(reporter: Reporter) -> list[tuple[str, str]]:
    """Each answer about the borrower, by the name of its column. So a new column is shown, too."""
    columns = [field for field in Reporter._meta.fields if field.name not in NOT_ASKED]
    shown = [
        (capfirst(str(field.verbose_name)), _in_words(field.name, getattr(reporter, field.name)))
        for field in columns
    ]
    return [(label, said) for label, said in shown if said]


def _in_words(name: str, said: Any) -> str:
    words = CODES.get(name, {})
    return " · ".join(str(words.get(one, one)) for one in (said if isinstance(said, list) else [said]) if one)


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
