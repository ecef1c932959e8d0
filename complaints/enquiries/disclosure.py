"""What leaves the portal for the other side: what tells them which acts are meant, and no word of who complained.

Without the borrower's yes for just this recipient only the collectors' numbers, the dates and the conduct leave.
"""

import json
import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.cases import consents
from complaints.models import Case, Enquiry, Reporter
from complaints.reference import folding, numbers

# What the other side may learn of a contact; nothing that the borrower wrote in words of their own.
OF_A_CONTACT = ("contact", "when", "precision", "channel", "direction")
A_NUMBER = re.compile(r"[\w@.+*#() -]{3,60}", re.ASCII)  # a telephone number or an account, not a sentence
OF_THE_REPORTER: dict[str, Promise] = {
    "name": _("the borrower’s name"),
    "acting_for": _("the name of the person they file for"),
    "phone": _("the borrower’s phone number"),
    "email": _("the borrower’s e-mail address"),
}
FEWEST_DIGITS = 7  # of a phone number worth looking for


def may_be_named(case: Case, recipient: str) -> bool:
    """Whether the borrower agreed that this recipient learns who they are.

    Each recipient (lender, platform, agency) needs its own consent.
    """
    return recipient in consents.in_force(case)


def facts(case: Case, recipient: str, *, contacts: bool) -> dict[str, Any]:
    """What an enquiry carries besides what is asked. `contacts`: whether the times of the single contacts too."""
    statement = json.loads(bytes(case.complaint.document))
    listed = [_contact(one, case) for one in statement.get("contacts", [])] if contacts else []
    return {
        **{
            name: _unless_revealing(case, getattr(case.complaint, name))
            for name in ("lender", "platform", "agency")
        },
        "conduct": case.complaint.conduct,
        "numbers": [number for number in case.complaint.numbers if _is_theirs(case, number)],
        "contacts": listed,
        "reporter": case.reporter.sha256 if may_be_named(case, recipient) else "",
    }


def _unless_revealing(case: Case, typed: str) -> str:
    """What the borrower typed as an organisation's name, unless they wrote their own beside it."""
    return "" if revealing(case, typed) else typed


def _contact(contact: dict[str, Any], case: Case) -> dict[str, str]:
    number = str(contact.get("number", ""))
    shown = {name: str(contact.get(name, "")) for name in OF_A_CONTACT}
    return {**shown, "number": number if _is_theirs(case, number) else ""}


def _is_theirs(case: Case, number: str) -> bool:
    """Whether it is a number that collectors used: neither the borrower's own nor words about it."""
    return bool(A_NUMBER.fullmatch(number)) and not revealing(case, number)


def identity(case: Case, reporter: str) -> dict[str, str]:
    """What identifies the debt, from the reporter's document of this digest: names, and the phone number's last
    four digits. Empty without one."""
    if not reporter:
        return {}
    versions: list[Any] = [case.reporter, *case.former_reporters.all()]
    documents = (json.loads(bytes(one.document)) for one in versions if one.sha256 == reporter)
    content: dict[str, str] = next(documents, {})
    names = {name: content.get(name, "") for name in ("name", "acting_for")}
    return {**names, "phone": folding.digits(content.get("phone", ""))[-4:]}


def named(enquiry: Enquiry) -> dict[str, str]:
    """The same as the other side gets to see it now: no more once the borrower has taken their yes back."""
    agreed = may_be_named(enquiry.case, enquiry.recipient)
    return identity(enquiry.case, enquiry.content["reporter"]) if agreed else {}


def revealing(case: Case, text: str) -> list[str]:
    """Which of the borrower's own details stand in the text, however they are spaced: keys of OF_THE_REPORTER."""
    reporter: Reporter = case.reporter
    letters, digits = folding.folded(text), folding.digits(text)
    known = {name: folding.folded(getattr(reporter, name)) for name in ("name", "acting_for", "email")}
    found = [name for name, words in known.items() if _contains(letters, words)]
    number = numbers.national(reporter.phone)
    return [*found, *(["phone"] if len(number) >= FEWEST_DIGITS and number in digits else [])]


def _contains(text: str, part: str) -> bool:
    return len(part) > 1 and part in text
