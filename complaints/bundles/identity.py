"""What shows who filed: names, telephone numbers and e-mail addresses, in all versions of the reporter.

The number of an account, and that of a complaint to the company, show it to the company.
"""

import re
from collections.abc import Iterable
from typing import Any

from complaints.reference import numbers

SHORT = 3  # characters that are in too many other words to be looked for
FEWEST_DIGITS = 7  # of a telephone number that is looked for
RELATIVE = re.compile(r"我|my\b", re.IGNORECASE)  # what the person is to the borrower, which names nobody
APART = re.compile(r"[,;()，、；（）]+")  # between a name and what the person is to the borrower


def words(statement: dict[str, Any], reporters: Iterable[dict[str, Any]]) -> list[str]:
    """The words to mask where the recipient may not learn who filed, or for whom."""
    found = dict.fromkeys(word.strip() for one in reporters for word in _of(one))
    return [word for word in found if len(word) > 1] + accounts(statement)


def accounts(statement: dict[str, Any]) -> list[str]:
    """The numbers under which the company has the borrower."""
    debt = statement.get("debt", {})
    return [debt[name] for name in ("account", "their_number") if len(debt.get(name, "")) > SHORT]


def _of(reporter: dict[str, Any]) -> list[str]:
    named, acted_for, phone, email = (reporter.get(one, "") for one in ("name", "acting_for", "phone", "email"))
    number = numbers.national(phone)
    people = [named, acted_for, *APART.split(acted_for)]
    return [*(one for one in people if not RELATIVE.match(one.strip())), email, *_dialled(phone, number)]


def _dialled(phone: str, number: str) -> list[str]:
    """The number, or the name in a messaging app that was given as one."""
    if len(number) >= FEWEST_DIGITS:
        return [number]
    return [phone] if len(phone) > SHORT and not phone.isdecimal() else []
