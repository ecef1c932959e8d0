"""The ledger's history of a case, as sentences. Nothing is told here that is not an entry there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.assignment import routing
from complaints.clocks import book
from complaints.decisions import overlooked
from complaints.models import Asked, Case, Consent, Enquiry, Exhibit, Finding, Review, Routing, StaffMember
from complaints.reference import conduct
from evidence import ledger
from evidence.models import LedgerEntry

from .forms import Reason, ReleaseReason
from .words import name_of, spoken

TONES = {
    "evidence.sealed": "green",
    "evidence.fault": "red",
    "evidence.quarantined": "red",
    "retaliation.reported": "red",
    "clock.overdue": "red",
    "enquiry.overdue": "red",
}
CLOCKS = ("clock.overdue", "clock.extension_asked", "clock.extended", "clock.extension_declined")
IN_ONE_LINE = {"evidence.received", "evidence.sealed", "evidence.derived"}  # several in a row are told as one


@dataclass(frozen=True)
class Moment:
    """One line of the timeline: what happened, more about it, when, and the entries that say so."""

    kind: str
    text: str
    at: datetime
    note: str = ""
    indexes: list[int] = field(default_factory=list)
    came: bool = False  # from outside, after filing

    @property
    def tone(self) -> str:
        return TONES.get(self.kind, "teal")


@dataclass(frozen=True)
class Context:
    """What is needed to turn codes into words."""

    reader: StaffMember
    names: dict[str, str]  # uid -> name
    labels: dict[str, str]  # item -> E-1
    routing: Routing | None

    def who(self, content: dict[str, Any]) -> str:
        by = content["by"]
        if by.get("id") == str(self.reader.uid):
            return _("You")
        roles = {
            "borrower": _("The borrower"),
            "system": _("The portal"),
            "recipient": _("A recipient"),
            "respondent": _("Somebody with the link"),
        }
        return self.names.get(by.get("id", "")) or roles.get(by["role"], by["role"])

    def label(self, content: dict[str, Any]) -> str:
        return self.labels.get(content["data"].get("item", ""), "?")


def of(
    case: Case,
    exhibits: Iterable[Exhibit],
    reader: StaffMember,
    routed: Routing | None,
    people: Iterable[StaffMember] = (),
) -> list[Moment]:
    """The case's moments, newest first; `routed` is how it was routed last, `people` those known already."""
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
    return [_moment(list(pairs), context) for _key, pairs in grouped][::-1]


def told_of(case: Case, entries: Iterable[LedgerEntry], reader: StaffMember) -> list[Moment]:
    """These entries of the case alone, oldest first."""
    indexes = {entry.index for entry in entries}
    return [moment for moment in of(case, [], reader, None)[::-1] if indexes & {*moment.indexes}]


def _kind(pair: tuple[LedgerEntry, dict[str, Any]]) -> str:
    """The entry's kind; a typed transcript is told apart from the copies that the portal makes."""
    entry, content = pair
    typed = entry.kind == "evidence.derived" and content["data"].get("kind") == "transcript"
    return "evidence.transcribed" if typed else entry.kind


def _moment(pairs: list[tuple[LedgerEntry, dict[str, Any]]], context: Context) -> Moment:
    entry, content = pairs[-1]
    words = {
        "who": context.who(content),
        "exhibits": _(", ").join(dict.fromkeys(context.label(one) for _entry, one in pairs)),
        "routed": routing.explain_team(context.routing) if context.routing else _("Routed to a team"),
    }
    kind = _kind(pairs[-1])
    sentence = SENTENCES.get(kind)
    return Moment(
        kind=kind,
        text=str(sentence) % words if sentence else kind,
        at=entry.at,
        note=NOTES.get(entry.kind, _no_note)(content["data"], context),
        indexes=[one.index for one, _content in pairs],
        came=overlooked.is_one(content),
    )


def _no_note(data: dict[str, Any], context: Context) -> str:
    return ""


def _reason(data: dict[str, Any], context: Context) -> str:
    return (
        str(Reason(data["reason"]).label) if data.get("reason") in Reason.values else str(data.get("reason", ""))
    )


def _found(data: dict[str, Any], context: Context) -> str:
    return str(data.get("found", ""))


def _released(data: dict[str, Any], context: Context) -> str:
    code = data.get("reason", "")
    return str(ReleaseReason(code).label) if code in ReleaseReason.values else str(code)


def _routed(data: dict[str, Any], context: Context) -> str:
    if context.routing is None:
        return ""
    member, why = context.routing.investigator, routing.explain_investigator(context.routing)
    return _("Assigned to %(name)s. %(why)s") % {"name": name_of(member), "why": why} if member else why


def _assigned(data: dict[str, Any], context: Context) -> str:
    why = {
        "left": _("Whoever had it is no longer in its team"),
        "conflict": _("Whoever had it may not go on with it"),
    }
    return why.get(data.get("why", ""), "")


def _made(data: dict[str, Any], context: Context) -> str:
    kind = conduct.BY_CODE.get(data["allegation"])
    return f"{kind.label if kind else data['allegation']}: {Finding.Outcome(data['outcome']).label}"


def _decided(data: dict[str, Any], context: Context) -> str:
    """In old ledgers the one finding; of a review, what came of it."""
    if "allegation" in data:
        return _made(data, context)
    return str(Review.Result(data["result"]).label) if "result" in data else ""


def _reopened(data: dict[str, Any], context: Context) -> str:
    why = {"review.asked": _("For a review"), "retaliation.reported": _("Because of retaliation")}
    return why.get(data["why"], "")


def _recipient(data: dict[str, Any], context: Context) -> str:
    return str(Consent.Recipient(data["recipient"]).label)


def _clock(data: dict[str, Any], context: Context) -> str:
    rule = book.in_force().rule("", data["clock"])
    return str(rule.label) if rule else str(data["clock"])


def _asked(data: dict[str, Any], context: Context) -> str:
    """Whom, and until when."""
    to, day = Enquiry.Recipient(data["recipient"]).label, spoken(data["due"])
    return _("%(to)s, answer due %(day)s") % {"to": to, "day": day}


def _to(data: dict[str, Any], context: Context) -> str:
    return str(Enquiry.Recipient(data["recipient"]).label)


def _assessed(data: dict[str, Any], context: Context) -> str:
    return f"{data['asked']}: {Asked.State(data['state']).label}"


def _fault(data: dict[str, Any], context: Context) -> str:
    found = {
        "missing": _("The stored file is missing."),
        "altered": _("The stored file is not what was received."),
        "unreadable": _("The stored file cannot be read."),
    }
    return found.get(data.get("found", ""), "")


SENTENCES = {
    "complaint.filed": gettext_lazy("Complaint filed, receipt given"),
    "evidence.received": gettext_lazy("%(exhibits)s received"),
    "evidence.sealed": gettext_lazy("%(exhibits)s sealed"),
    "evidence.fault": gettext_lazy("%(exhibits)s: fault in storage"),
    "evidence.restored": gettext_lazy("%(exhibits)s: the stored file is whole again"),
    "evidence.copy_fault": gettext_lazy("A copy of %(exhibits)s for viewing: fault in storage"),
    "evidence.copy_restored": gettext_lazy("A copy of %(exhibits)s for viewing is whole again"),
    "evidence.downloaded": gettext_lazy("%(who)s opened %(exhibits)s"),
    "evidence.viewed": gettext_lazy("%(who)s looked at %(exhibits)s"),
    "evidence.derived": gettext_lazy("%(who)s made copies for viewing of %(exhibits)s"),
    "evidence.transcribed": gettext_lazy("%(who)s typed a transcript of %(exhibits)s"),
    "evidence.quarantined": gettext_lazy("%(exhibits)s: the malware scanner found something"),
    "evidence.released": gettext_lazy("%(who)s released %(exhibits)s from quarantine"),
    "case.routed": "%(routed)s",
    "case.assigned": gettext_lazy("%(who)s gave the case into other hands"),
    "case.begun": gettext_lazy("%(who)s began the investigation"),
    "finding.made": gettext_lazy("Finding"),
    "case.proposed": gettext_lazy("%(who)s proposed a decision"),
    "case.sent_back": gettext_lazy("%(who)s sent the proposed decision back"),
    "case.decided": gettext_lazy("%(who)s decided"),
    "measure.ordered": gettext_lazy("%(who)s ordered a measure"),
    "measure.ended": gettext_lazy("%(who)s settled a measure"),
    "redress.promised": gettext_lazy("%(who)s promised redress"),
    "redress.ended": gettext_lazy("%(who)s settled a promise of redress"),
    "case.referred": gettext_lazy("%(who)s referred the case to an authority"),
    "case.replied": gettext_lazy("%(who)s replied to the borrower"),
    "case.closed": gettext_lazy("%(who)s closed the case"),
    "message.written": gettext_lazy("%(who)s wrote a message"),
    "message.read": gettext_lazy("%(who)s marked the borrower’s messages as read"),
    "question.asked": gettext_lazy("%(who)s asked the borrower a question"),
    "question.answered": gettext_lazy("The borrower answered the question"),
    "addendum.added": gettext_lazy("The borrower added to the statement"),
    "evidence.added": gettext_lazy("The borrower added evidence"),
    "case.withdrawn": gettext_lazy("%(who)s closed the case: the borrower has withdrawn"),
    "case.reopened": gettext_lazy("The case is open again"),
    "withdrawal.asked": gettext_lazy("The borrower asked to withdraw"),
    "withdrawal.taken_back": gettext_lazy("The borrower took the withdrawal back"),
    "withdrawal.declined": gettext_lazy("%(who)s kept the case open after the withdrawal"),
    "review.asked": gettext_lazy("The borrower asked that somebody else look again"),
    "retaliation.reported": gettext_lazy("The borrower told of retaliation"),
    "reporter.changed": gettext_lazy("The borrower changed how to be reached"),
    "consent.given": gettext_lazy("The borrower agreed that somebody may know who they are"),
    "consent.withdrawn": gettext_lazy("The borrower took a consent back"),
    "code.renewed": gettext_lazy("The borrower renewed the access code"),
    "clock.overdue": gettext_lazy("A clock ran out; supervisors are told"),
    "clock.extension_asked": gettext_lazy("%(who)s asked for more time"),
    "clock.extended": gettext_lazy("%(who)s gave more time"),
    "clock.extension_declined": gettext_lazy("%(who)s gave no more time"),
    "bundle.exported": gettext_lazy("%(who)s exported the case bundle"),
    "bundle.approved": gettext_lazy("%(who)s approved a case bundle"),
    "bundle.downloaded": gettext_lazy("%(who)s downloaded the case bundle"),
    "grant.given": gettext_lazy("%(who)s allowed somebody outside to fetch a case bundle"),
    "grant.opened": gettext_lazy("%(who)s opened the link to a case bundle"),
    "grant.revoked": gettext_lazy("%(who)s took a grant back"),
    "enquiry.sent": gettext_lazy("%(who)s asked the other side"),
    "enquiry.printed": gettext_lazy("%(who)s took the enquiry’s letter"),
    "enquiry.opened": gettext_lazy("The enquiry was opened by its link"),
    "enquiry.reminded": gettext_lazy("The portal reminded of the enquiry"),
    "enquiry.answered": gettext_lazy("The other side answered"),
    "enquiry.overdue": gettext_lazy("Not everything that was asked came in time"),
    "enquiry.assessed": gettext_lazy("%(who)s said what became of something asked"),
    "enquiry.revoked": gettext_lazy("%(who)s ended the enquiry’s link"),
    "enquiry.renewed": gettext_lazy("%(who)s gave the enquiry a new link"),
    "note.written": gettext_lazy("%(who)s wrote a note"),
    "task.set": gettext_lazy("%(who)s set a task"),
    "task.done": gettext_lazy("%(who)s did a task"),
}
NOTES: dict[str, Callable[[dict[str, Any], Context], str]] = {
    "evidence.downloaded": _reason,
    "evidence.viewed": _reason,
    "evidence.quarantined": _found,
    "evidence.released": _released,
    "evidence.fault": _fault,
    "case.routed": _routed,
    "finding.made": _made,
    "case.assigned": _assigned,
    "case.decided": _decided,
    "case.reopened": _reopened,
    **dict.fromkeys(CLOCKS, _clock),
    "consent.given": _recipient,
    "consent.withdrawn": _recipient,
    "enquiry.sent": _asked,
    **dict.fromkeys(("enquiry.opened", "enquiry.reminded", "enquiry.answered", "enquiry.overdue"), _to),
    "enquiry.assessed": _assessed,
}


def in_short(kind: str) -> str:
    """What an entry says in a list, where neither who nor which exhibit is looked up."""
    words = {"who": _("The office"), "exhibits": _("An exhibit"), "routed": _("Routed to a team")}
    return str(SENTENCES.get(kind, kind)) % words
