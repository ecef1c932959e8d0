"""The desk's sentence for each kind of entry in the history of a case, and notes below it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.assignment import routing
from complaints.bundles import exports
from complaints.clocks import book
from complaints.models import Asked, Consent, Enquiry, Finding, Review, Routing, StaffMember, event_kinds
from complaints.reference import conduct
from complaints.reference.conduct import Severity
from evidence.ledger import kinds

from .forms import Reason, ReleaseReason
from .words import day_of, name_of

CLOCKS = (
    event_kinds.CLOCK_OVERDUE,
    event_kinds.CLOCK_EXTENSION_ASKED,
    event_kinds.CLOCK_EXTENDED,
    event_kinds.CLOCK_EXTENSION_DECLINED,
)
ROLES = {  # of those who are not of the office
    "borrower": gettext_lazy("The borrower"),
    "system": gettext_lazy("The portal"),
    "recipient": gettext_lazy("A recipient"),
    "respondent": gettext_lazy("Somebody with the link"),
}


@dataclass(frozen=True)
class Context:
    """What is needed to put codes into words."""

    reader: StaffMember
    names: dict[str, str]  # uid -> name
    labels: dict[str, str]  # item -> label of its exhibit, such as E-1
    routing: Routing | None

    def who(self, content: dict[str, Any]) -> str:
        by = content["by"]
        if by.get("id") == str(self.reader.uid):
            return _("You")
        return self.names.get(by.get("id", "")) or str(ROLES.get(by["role"], by["role"]))

    def label(self, content: dict[str, Any]) -> str:
        return self.labels.get(content["data"].get("item", ""), "?")


def no_note(data: dict[str, Any], context: Context) -> str:
    return ""


def _reason(data: dict[str, Any], context: Context) -> str:
    return (
        str(Reason(data["reason"]).label) if data.get("reason") in Reason.values else str(data.get("reason", ""))
    )


def _way(data: dict[str, Any], context: Context) -> str:
    return _("To read it on this site") if data.get("way") == exports.READ else ""


def _found(data: dict[str, Any], context: Context) -> str:
    return str(data.get("found", ""))


def _released(data: dict[str, Any], context: Context) -> str:
    code = data.get("reason", "")
    return str(ReleaseReason(code).label) if code in ReleaseReason.values else str(code)


def _routed(data: dict[str, Any], context: Context) -> str:
    if context.routing is None or "reassignment" in data:
        return ""
    member, why = context.routing.investigator, routing.explain_investigator(context.routing)
    return _("Assigned to %(name)s. %(why)s") % {"name": name_of(member), "why": why} if member else why


def _assigned(data: dict[str, Any], context: Context) -> str:
    why = {
        "left": _("The person who had it is no longer in its team"),
        "conflict": _("The person who had it may not continue with it"),
    }
    return why.get(data.get("why", ""), "")


def _severity(data: dict[str, Any], context: Context) -> str:
    words = {"before": Severity(data["before"]).label, "now": Severity(data["severity"]).label}
    return _("From “%(before)s” to “%(now)s”") % words


def _made(data: dict[str, Any], context: Context) -> str:
    return f"{conduct.named(data['allegation'])}: {Finding.Outcome(data['outcome']).label}"


def _decided(data: dict[str, Any], context: Context) -> str:
    """In old ledgers the finding; after a review its result."""
    if "allegation" in data:
        return _made(data, context)
    return str(Review.Result(data["result"]).label) if "result" in data else ""


def _reopened(data: dict[str, Any], context: Context) -> str:
    why = {
        event_kinds.REVIEW_ASKED: _("For a review"),
        event_kinds.RETALIATION_REPORTED: _("Because of retaliation"),
    }
    return why.get(data["why"], "")


def _recipient(data: dict[str, Any], context: Context) -> str:
    return str(Consent.Recipient(data["recipient"]).label)


def _clock(data: dict[str, Any], context: Context) -> str:
    rule = book.in_force().rule("", data["clock"])
    return str(rule.label) if rule else str(data["clock"])


def _asked(data: dict[str, Any], context: Context) -> str:
    """Who was asked, and by when they should answer."""
    to, day = Enquiry.Recipient(data["recipient"]).label, day_of(data["due"])
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


def _document(data: dict[str, Any], _context: Context) -> str:
    return str(data.get("name", ""))


SENTENCES = {
    event_kinds.COMPLAINT_FILED: gettext_lazy("Complaint filed, receipt given"),
    kinds.EVIDENCE_RECEIVED: gettext_lazy("%(exhibits)s received"),
    kinds.EVIDENCE_SEALED: gettext_lazy("%(exhibits)s sealed"),
    kinds.EVIDENCE_FAULT: gettext_lazy("%(exhibits)s: fault in storage"),
    kinds.EVIDENCE_RESTORED: gettext_lazy("%(exhibits)s: the stored file is whole again"),
    kinds.EVIDENCE_COPY_FAULT: gettext_lazy("A copy of %(exhibits)s for viewing: fault in storage"),
    kinds.EVIDENCE_COPY_RESTORED: gettext_lazy("A copy of %(exhibits)s for viewing is whole again"),
    event_kinds.EVIDENCE_DOWNLOADED: gettext_lazy("%(who)s opened %(exhibits)s"),
    event_kinds.EVIDENCE_VIEWED: gettext_lazy("%(who)s looked at %(exhibits)s"),
    kinds.EVIDENCE_DERIVED: gettext_lazy("%(who)s made copies for viewing of %(exhibits)s"),
    "evidence.transcribed": gettext_lazy("%(who)s typed a transcript of %(exhibits)s"),
    kinds.EVIDENCE_QUARANTINED: gettext_lazy("%(exhibits)s: the malware scanner found something"),
    kinds.EVIDENCE_RELEASED: gettext_lazy("%(who)s released %(exhibits)s from quarantine"),
    event_kinds.CASE_ROUTED: "%(routed)s",
    event_kinds.CASE_ASSIGNED: gettext_lazy("%(who)s reassigned the case"),
    event_kinds.CASE_BEGUN: gettext_lazy("%(who)s began the investigation"),
    event_kinds.FINDING_MADE: gettext_lazy("Finding"),
    event_kinds.CASE_PROPOSED: gettext_lazy("%(who)s proposed a decision"),
    event_kinds.CASE_SENT_BACK: gettext_lazy("%(who)s sent the proposed decision back"),
    event_kinds.CASE_DECIDED: gettext_lazy("%(who)s decided"),
    event_kinds.MEASURE_ORDERED: gettext_lazy("%(who)s ordered a measure"),
    event_kinds.MEASURE_ENDED: gettext_lazy("%(who)s settled a measure"),
    event_kinds.REDRESS_PROMISED: gettext_lazy("%(who)s promised redress"),
    event_kinds.REDRESS_ENDED: gettext_lazy("%(who)s settled a promise of redress"),
    event_kinds.CASE_REFERRED: gettext_lazy("%(who)s referred the case to an authority"),
    event_kinds.SEVERITY_CHANGED: gettext_lazy("%(who)s changed the severity"),
    event_kinds.CASE_REPLIED: gettext_lazy("%(who)s replied to the borrower"),
    event_kinds.CASE_CLOSED: gettext_lazy("%(who)s closed the case"),
    event_kinds.MESSAGE_WRITTEN: gettext_lazy("%(who)s wrote a message"),
    event_kinds.MESSAGE_READ: gettext_lazy("%(who)s marked the borrower’s messages as read"),
    event_kinds.QUESTION_ASKED: gettext_lazy("%(who)s asked the borrower a question"),
    event_kinds.QUESTION_ANSWERED: gettext_lazy("The borrower answered the question"),
    event_kinds.ADDENDUM_ADDED: gettext_lazy("The borrower added to the statement"),
    event_kinds.EVIDENCE_ADDED: gettext_lazy("The borrower added evidence"),
    event_kinds.CASE_WITHDRAWN: gettext_lazy("%(who)s closed the case: the borrower has withdrawn"),
    event_kinds.CASE_REOPENED: gettext_lazy("The case is open again"),
    event_kinds.WITHDRAWAL_ASKED: gettext_lazy("The borrower asked to withdraw"),
    event_kinds.WITHDRAWAL_TAKEN_BACK: gettext_lazy("The borrower cancelled the withdrawal"),
    event_kinds.WITHDRAWAL_DECLINED: gettext_lazy("%(who)s kept the case open after the withdrawal"),
    event_kinds.REVIEW_ASKED: gettext_lazy("The borrower asked for a review by someone else"),
    event_kinds.RETALIATION_REPORTED: gettext_lazy("The borrower reported retaliation"),
    event_kinds.REPORTER_CHANGED: gettext_lazy("The borrower changed the contact details"),
    event_kinds.CONSENT_GIVEN: gettext_lazy("The borrower agreed that somebody may know who they are"),
    event_kinds.CONSENT_WITHDRAWN: gettext_lazy("The borrower withdrew a consent"),
    event_kinds.CODE_RENEWED: gettext_lazy("The borrower renewed the access code"),
    event_kinds.CLOCK_OVERDUE: gettext_lazy("A deadline passed; supervisors have been notified"),
    event_kinds.CLOCK_EXTENSION_ASKED: gettext_lazy("%(who)s asked for more time"),
    event_kinds.CLOCK_EXTENDED: gettext_lazy("%(who)s gave more time"),
    event_kinds.CLOCK_EXTENSION_DECLINED: gettext_lazy("%(who)s gave no more time"),
    event_kinds.BUNDLE_EXPORTED: gettext_lazy("%(who)s exported the case bundle"),
    event_kinds.BUNDLE_APPROVED: gettext_lazy("%(who)s approved a case bundle"),
    event_kinds.BUNDLE_DOWNLOADED: gettext_lazy("%(who)s downloaded the case bundle"),
    event_kinds.GRANT_GIVEN: gettext_lazy("%(who)s allowed somebody outside to fetch a case bundle"),
    event_kinds.GRANT_OPENED: gettext_lazy("%(who)s opened the link to a case bundle"),
    event_kinds.GRANT_REVOKED: gettext_lazy("%(who)s cancelled a link"),
    event_kinds.ENQUIRY_SENT: gettext_lazy("%(who)s asked the other side"),
    event_kinds.ENQUIRY_PRINTED: gettext_lazy("%(who)s took the enquiry’s letter"),
    event_kinds.ENQUIRY_OPENED: gettext_lazy("The enquiry was opened by its link"),
    event_kinds.ENQUIRY_REMINDED: gettext_lazy("The portal reminded of the enquiry"),
    event_kinds.ENQUIRY_ANSWERED: gettext_lazy("The other side answered"),
    event_kinds.ENQUIRY_OVERDUE: gettext_lazy("Not everything that was asked came in time"),
    event_kinds.ENQUIRY_ASSESSED: gettext_lazy("%(who)s recorded the answer to a request"),
    event_kinds.ENQUIRY_REVOKED: gettext_lazy("%(who)s ended the enquiry’s link"),
    event_kinds.ENQUIRY_RENEWED: gettext_lazy("%(who)s gave the enquiry a new link"),
    event_kinds.NOTE_WRITTEN: gettext_lazy("%(who)s wrote a note"),
    event_kinds.TASK_SET: gettext_lazy("%(who)s set a task"),
    event_kinds.TASK_DONE: gettext_lazy("%(who)s did a task"),
    event_kinds.DOCUMENT_FAULT: gettext_lazy("A document of the case is missing from the database or was altered"),
    event_kinds.DOCUMENT_RESTORED: gettext_lazy("A document of the case is whole again in the database"),
}
NOTES: dict[str, Callable[[dict[str, Any], Context], str]] = {
    event_kinds.EVIDENCE_DOWNLOADED: _reason,
    event_kinds.EVIDENCE_VIEWED: _reason,
    event_kinds.BUNDLE_DOWNLOADED: _way,
    kinds.EVIDENCE_QUARANTINED: _found,
    kinds.EVIDENCE_RELEASED: _released,
    kinds.EVIDENCE_FAULT: _fault,
    event_kinds.DOCUMENT_FAULT: _document,
    event_kinds.DOCUMENT_RESTORED: _document,
    event_kinds.CASE_ROUTED: _routed,
    event_kinds.FINDING_MADE: _made,
    event_kinds.CASE_ASSIGNED: _assigned,
    event_kinds.SEVERITY_CHANGED: _severity,
    event_kinds.CASE_DECIDED: _decided,
    event_kinds.CASE_REOPENED: _reopened,
    **dict.fromkeys(CLOCKS, _clock),
    event_kinds.CONSENT_GIVEN: _recipient,
    event_kinds.CONSENT_WITHDRAWN: _recipient,
    event_kinds.ENQUIRY_SENT: _asked,
    **dict.fromkeys(
        (
            event_kinds.ENQUIRY_OPENED,
            event_kinds.ENQUIRY_REMINDED,
            event_kinds.ENQUIRY_ANSWERED,
            event_kinds.ENQUIRY_OVERDUE,
        ),
        _to,
    ),
    event_kinds.ENQUIRY_ASSESSED: _assessed,
}


def in_short(kind: str, role: str) -> str:
    """The sentence for lists, with who did it by their role: names and exhibits would need more queries."""
    words = {"who": ROLES.get(role, _("The office")), "exhibits": _("An exhibit"), "routed": _("Routed to a team")}
    return str(SENTENCES.get(kind, kind)) % words
