"""What an enquiry discloses to the other side: which acts are meant, and not who complained.

Without the borrower's consent to this recipient, only the collectors' numbers, the dates and the conduct leave.
"""

import json
import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.cases import consents
from complaints.models import Case, Enquiry, Reporter
from complaints.reference import folding, numbers, orders
from evidence.holdfast_verify import IN_A_ROW

# The fields of a contact that the other side may see. None has the borrower's own words.
OF_A_CONTACT = ("contact", "when", "precision", "channel", "direction")
A_NUMBER = re.compile(r"[\w@.+*#() -]{3,60}", re.ASCII)  # a telephone number or an account, not a sentence
OF_THE_REPORTER: dict[str, Promise] = {
    "name": _("the borrower’s name"),
    "acting_for": _("the name of the person they file for"),
    "phone": _("the borrower’s phone number"),
    "email": _("the borrower’s e-mail address"),
}
FEWEST_DIGITS = 7  # of a phone number that is looked for


def may_be_named(case: Case, recipient: str) -> bool:
    """Whether the borrower agreed that this recipient learns who they are.

    Each recipient (lender, platform, agency) needs its own consent.
    """
    return recipient in consents.in_force(case)


def facts(case: Case, recipient: str, *, contacts: bool) -> dict[str, Any]:
    """The facts of the case in an enquiry, with the single contacts if `contacts`."""
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
    """The organisation's name as typed; an empty string if it contains details of the borrower."""
    return "" if revealing(case, typed) else typed


def _contact(contact: dict[str, Any], case: Case) -> dict[str, str]:
    number = str(contact.get("number", ""))
    shown = {name: str(contact.get(name, "")) for name in OF_A_CONTACT}
    shown |= {name: str(contact[name]) for name in IN_A_ROW if name in contact}
    return {**shown, "number": number if _is_theirs(case, number) else ""}


def _is_theirs(case: Case, number: str) -> bool:
    """Whether this is a collectors' number: not a sentence, and without details of the borrower."""
    return bool(A_NUMBER.fullmatch(number)) and not revealing(case, number)


def identity(case: Case, reporter: str) -> dict[str, str]:
    """The names and the last four digits of the phone number, from the reporter's document with this digest. Empty
    if the digest is empty."""
    if not reporter:
        return {}
    versions: list[Any] = [case.reporter, *case.former_reporters.all()]
    documents = (json.loads(bytes(one.document)) for one in versions if one.sha256 == reporter)
    content: dict[str, str] = next(documents, {})
    names = {name: content.get(name, "") for name in ("name", "acting_for")}
    return {**names, "phone": folding.digits(content.get("phone", ""))[-4:]}


def named(enquiry: Enquiry) -> dict[str, str]:
    """The identity that the other side may see now; empty if the borrower has withdrawn the consent."""
    agreed = may_be_named(enquiry.case, enquiry.recipient)
    return identity(enquiry.case, enquiry.content["reporter"]) if agreed else {}


def revealing(case: Case, text: str) -> list[str]:
    """Which of the borrower's details the text contains, ignoring spaces: keys of OF_THE_REPORTER."""
    reporter: Reporter = case.reporter
    letters = folding.folded(text)
    known = {name: orders.folded(getattr(reporter, name)) for name in ("name", "acting_for")}
    known["email"] = frozenset([folding.folded(reporter.email)])
    found = [name for name, written in known.items() if any(_contains(letters, one) for one in written)]
    number = numbers.national(reporter.phone)
    is_there = len(number) >= FEWEST_DIGITS and any(number in digits for digits in _digits(text))
    return [*found, *(["phone"] if is_there else [])]


def _digits(text: str) -> tuple[str, str]:
    """The digits of the text, and the same with all Chinese numerals, which may also be words."""
    return folding.digits(text), folding.digits(folding.in_figures(folding.simplified(folding.clean(text))))


def _contains(text: str, part: str) -> bool:
    return len(part) > 1 and part in text
