"""What shows who filed: names, telephone numbers and e-mail addresses, in all versions of the reporter.

The number of an account, and that of a complaint to the company, show it to the company.
"""

import re
from collections.abc import Iterable
from typing import Any

from complaints.reference import numbers

SHORT = 3  # characters that are in too many other words to be looked for
FEWEST_DIGITS = 7  # of a telephone number that is looked for
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
    dialled = [number] if len(number) >= FEWEST_DIGITS else [phone]
    return [named, acted_for, *APART.split(acted_for), email, *dialled]
