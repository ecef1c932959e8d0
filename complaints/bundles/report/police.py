"""The first page of the report for the police: who reports what, of whom, and when it happened.

What the portal does not know, such as an identity document, is left to be filled in by hand.
"""

from typing import Any

from complaints.bundles.papers import Papers

from . import front, words
from .acts import act
from .words import Both, both, line, row

NEEDED = ("Borrower", "Telephone", "E-mail", "Files for")
TO_FILL = [
    both("身份证件号码", "Identity document"),
    both("住址", "Address"),
    both("工作单位", "Employer"),
    both("接收单位", "Received by"),
    both("受案回执编号", "Number of the receipt of acceptance"),
    both("报案人签名与日期", "Signature and date"),
]


def facts(
    papers: Papers, statement: dict[str, Any], who: list[dict[str, str]], others: list[dict[str, str]]
) -> dict[str, Any]:
    """The template's values: rows with what is known, and labels of lines to fill in. Empty for other readers.

    `who` are the rows of the report about the person who reports, `others` those about the other side.
    """
    if papers.audience != "police":
        return {"rows": [], "to_fill": []}
    reached = [one for one in who if one["en"] in NEEDED]
    return {"rows": [*reached, *others, *_what_happened(papers, statement)], "to_fill": TO_FILL}


def _what_happened(papers: Papers, statement: dict[str, Any]) -> list[dict[str, str]]:
    acts = [line(act(code)) for code in statement["conduct"]]
    return [
        row("反映的行为", "Acts reported", "\n".join(acts) or line(words.NONE, " ")),
        row("发生次数与时间", "How often, and when", front.contacts_in_short(statement)),
        row("证据", "Exhibits", front.sealed_in_short(papers)),
    ]


def heading(papers: Papers) -> Both:
    """The title on the cover."""
    if papers.audience == "police":
        return both("报案材料", "Report to the police")
    return both("案卷报告", "Case file")
