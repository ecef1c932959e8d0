"""The course of events: what the other side did, as the borrower says, and what was done here, by the ledger.

Each row names its source. The custody table has every entry, this has the steps of the case.
"""

from typing import Any

from django.utils.functional import lazy

from complaints.bundles.papers import Papers
from complaints.cases import wording
from complaints.models import event_kinds
from complaints.reference.choices import Channel, Reached
from evidence.holdfast_verify import Entry
from evidence.ledger import kinds

from . import words
from .words import Both, both, line, translated, when

STEPS = frozenset(
    {
        event_kinds.COMPLAINT_FILED,
        kinds.EVIDENCE_RECEIVED,
        *(event_kinds.CASE_ROUTED, event_kinds.CASE_ASSIGNED, event_kinds.CASE_BEGUN),
        *(event_kinds.ENQUIRY_SENT, event_kinds.ENQUIRY_ANSWERED, event_kinds.ENQUIRY_OVERDUE),
        *(event_kinds.CLOCK_OVERDUE, event_kinds.CLOCK_EXTENDED),
        *(event_kinds.CASE_DECIDED, event_kinds.CASE_REPLIED, event_kinds.CASE_REFERRED),
        *(event_kinds.CASE_CLOSED, event_kinds.CASE_WITHDRAWN, event_kinds.CASE_REOPENED),
        *(event_kinds.REVIEW_ASKED, event_kinds.RETALIATION_REPORTED, event_kinds.WITHDRAWAL_ASKED),
    }
)
CONTACT = both("催收联系", "Contact by the collectors")


def facts(papers: Papers, statement: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows in order of time. Contacts without a day are in the table of contacts alone."""
    told = [_contact(one) for one in statement.get("contacts", []) if one.get("when")]
    done = [_step(papers, entry) for entry in papers.entries if entry.kind in STEPS]
    return sorted([*told, *done], key=lambda one: one["at"])


def _contact(one: dict[str, Any]) -> dict[str, Any]:
    channel = Channel(one["channel"]).label if one.get("channel") else ""
    how = translated(channel) if channel else CONTACT
    several, number = times(one), f" · {one['number']}" if one.get("number") else ""
    whom = words.chosen(Reached(one["reached"])) if one.get("reached") else both("", "")
    return {
        "at": one["when"],
        "what": both(
            _joined(how["zh"] + number, several["zh"], whom["zh"]),
            _joined(how["en"] + number, several["en"], whom["en"]),
        ),
        "said": one.get("said", ""),
        "source": line(both(f"投诉人所述 C-{one['contact']}", f"the borrower, C-{one['contact']}"), " "),
    }


def span(one: dict[str, Any]) -> str:
    """The time of a contact; of several in a row that of the first and the last one."""
    when, until = str(one.get("when", "")), str(one.get("until", ""))
    last = until[11:] if until[:10] == when[:10] else until
    return _joined(when, last, between=" – ")


def times(one: dict[str, Any]) -> Both:
    """How many there were in a row, exactly or roughly; empty for one."""
    return translated(lazy(wording.times_of, str)(one))


def _joined(*parts: str, between: str = " · ") -> str:
    return between.join(filter(None, parts))


def _step(papers: Papers, entry: Entry) -> dict[str, Any]:
    exhibit = papers.exhibits.get(str(entry.content["subject"]).removeprefix("item:"))
    event: Both = words.EVENTS[entry.kind]
    label = f" {exhibit.label}" if exhibit else ""
    return {
        "at": when(entry.content["at"]),
        "what": both(event["zh"] + label, event["en"] + label),
        "said": "",
        "source": f"{line(both(f'存证账本 {entry.place}', f'ledger {entry.place}'), ' ')} · {words.by(entry)}",
    }
