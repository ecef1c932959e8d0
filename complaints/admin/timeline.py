"""The history of a case in sentences, each made from a ledger entry."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from complaints.assignment import routing
from complaints.decisions import overlooked
from complaints.models import Case, Exhibit, Routing, StaffMember, event_kinds
from evidence import ledger
from evidence.ledger import kinds
from evidence.models import LedgerEntry

from .sentences import NOTES, SENTENCES, Context, no_note
from .words import name_of

TONES = {
    kinds.EVIDENCE_SEALED: "green",
    kinds.EVIDENCE_FAULT: "red",
    kinds.EVIDENCE_QUARANTINED: "red",
    event_kinds.DOCUMENT_FAULT: "red",
    event_kinds.RETALIATION_REPORTED: "red",
    event_kinds.CLOCK_OVERDUE: "red",
    event_kinds.ENQUIRY_OVERDUE: "red",
}
# Entries of these kinds that follow each other become one row.
IN_ONE_LINE = {kinds.EVIDENCE_RECEIVED, kinds.EVIDENCE_SEALED, kinds.EVIDENCE_DERIVED}


@dataclass(frozen=True)
class TimelineRow:
    """One row of the timeline: what happened, a note, when, and the indexes of its ledger entries."""

    kind: str
    text: str
    at: datetime
    note: str = ""
    indexes: list[int] = field(default_factory=list)
    came: bool = False  # whether it came from outside after filing

    @property
    def tone(self) -> str:
        return TONES.get(self.kind, "teal")


def of(
    case: Case,
    exhibits: Iterable[Exhibit],
    reader: StaffMember,
    routed: Routing | None,
    people: Iterable[StaffMember] = (),
) -> list[TimelineRow]:
    """The rows, newest first.

    `routed` is the last routing; `people` are staff who are already loaded and need no query.
    """
    entries = [(entry, ledger.content_of(entry)) for entry in ledger.history(case.thread)]
    known = {str(member.uid): member for member in (reader, *people)}
    unknown = {content["by"]["id"] for _entry, content in entries if "id" in content["by"]} - {*known}
    others = StaffMember.objects.filter(uid__in=unknown) if unknown else []
    context = Context(
        reader=reader,
        names={str(member.uid): name_of(member) for member in (*known.values(), *others)},
        labels={str(exhibit.item_id): exhibit.label for exhibit in exhibits},
        routing=routed,
    )
    grouped = groupby(entries, key=lambda pair: _kind(pair) if _kind(pair) in IN_ONE_LINE else pair[0].index)
    return [_row(list(pairs), context) for _key, pairs in grouped][::-1]


def rows_of(case: Case, entries: Iterable[LedgerEntry], reader: StaffMember) -> list[TimelineRow]:
    """The rows for some entries of the case, oldest first."""
    indexes = {entry.index for entry in entries}
    return [moment for moment in of(case, [], reader, None)[::-1] if indexes & {*moment.indexes}]


def _routed(content: dict[str, Any], context: Context) -> str:
    if "reassignment" in content["data"]:
        return _("%(who)s gave the case to a team, as no rule took it") % {"who": context.who(content)}
    return routing.explain_team(context.routing) if context.routing else _("Routed to a team")


def _kind(pair: tuple[LedgerEntry, dict[str, Any]]) -> str:
    """The entry's kind. A typed transcript has a kind of its own here, apart from copies that the portal makes."""
    entry, content = pair
    typed = entry.kind == kinds.EVIDENCE_DERIVED and content["data"].get("kind") == "transcript"
    return "evidence.transcribed" if typed else entry.kind


def _row(pairs: list[tuple[LedgerEntry, dict[str, Any]]], context: Context) -> TimelineRow:
    entry, content = pairs[-1]
    words = {
        "who": context.who(content),
        "exhibits": _(", ").join(dict.fromkeys(context.label(one) for _entry, one in pairs)),
        "routed": _routed(content, context),
    }
    kind = _kind(pairs[-1])
    sentence = SENTENCES.get(kind)
    return TimelineRow(
        kind=kind,
        text=str(sentence) % words if sentence else kind,
        at=entry.at,
        note=NOTES.get(entry.kind, no_note)(content["data"], context),
        indexes=[one.index for one, _content in pairs],
        came=overlooked.is_one(content),
    )
