"""The ledger entries of a case as sentences for its borrower. They name roles, never people."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.bundles import exports
from complaints.models import Case, Consent, event_kinds
from complaints.reference.bilingual import in_chinese
from evidence import ledger
from evidence.ledger import kinds

ROLES: dict[str, Promise] = {
    "borrower": _("You"),
    "investigator": _("An investigator"),
    "supervisor": _("A supervisor"),
    "auditor": _("An auditor"),
    "administrator": _("An administrator"),
    "system": _("The portal"),
    "recipient": _("The recipient"),
}
RECIPIENTS = dict(Consent.Recipient.choices)
SENTENCES: dict[str, Promise] = {
    event_kinds.COMPLAINT_FILED: _("You filed your complaint"),
    kinds.EVIDENCE_RECEIVED: _("%(exhibits)s received whole"),
    kinds.EVIDENCE_SEALED: _("%(exhibits)s sealed"),
    kinds.EVIDENCE_FAULT: _(
        "Our own check found a fault with %(exhibits)s. Your receipt still proves what you sent"
    ),
    kinds.EVIDENCE_RESTORED: _("%(exhibits)s is whole again in our storage"),
    event_kinds.DOCUMENT_FAULT: _(
        "Our own check found a fault with a document of your case. Your receipt still proves what you filed"
    ),
    event_kinds.DOCUMENT_RESTORED: _("The documents of your case are whole again in our records"),
    event_kinds.EVIDENCE_DOWNLOADED: _("%(who)s opened %(exhibits)s"),
    event_kinds.EVIDENCE_VIEWED: _("%(who)s looked at %(exhibits)s"),
    kinds.EVIDENCE_QUARANTINED: _("The malware scanner found something in %(exhibits)s. It is kept and sealed"),
    kinds.EVIDENCE_RELEASED: _("%(who)s released %(exhibits)s from quarantine"),
    event_kinds.CASE_ROUTED: _("Handed to the team that will look into it"),
    event_kinds.CASE_ASSIGNED: _("The person in charge has changed"),
    event_kinds.CASE_BEGUN: _("%(who)s began to look into it"),
    event_kinds.CASE_PROPOSED: _("%(who)s proposed a decision. A second person looks at it"),
    event_kinds.CASE_SENT_BACK: _("%(who)s asked that the decision be weighed again"),
    event_kinds.CASE_DECIDED: _("%(who)s reached a decision"),
    event_kinds.MEASURE_ORDERED: _("%(who)s ordered something so that it does not happen again"),
    event_kinds.MEASURE_ENDED: _("%(who)s noted what became of that order"),
    event_kinds.REDRESS_PROMISED: _("%(who)s noted what is to be done for you"),
    event_kinds.REDRESS_ENDED: _("%(who)s noted what became of it"),
    event_kinds.CASE_REFERRED: _("%(who)s handed the matter to an authority"),
    event_kinds.CASE_REPLIED: _("%(who)s replied to you"),
    event_kinds.CASE_CLOSED: _("%(who)s closed the case"),
    event_kinds.MESSAGE_WRITTEN: _("%(who)s wrote a message"),
    event_kinds.MESSAGE_READ: _("%(who)s read what you wrote"),
    event_kinds.QUESTION_ASKED: _("%(who)s asked you a question"),
    event_kinds.QUESTION_ANSWERED: _("You answered the question"),
    event_kinds.ADDENDUM_ADDED: _("You added to your account"),
    event_kinds.EVIDENCE_ADDED: _("You added evidence"),
    event_kinds.CASE_WITHDRAWN: _("The case was closed, as you asked"),
    event_kinds.CASE_REOPENED: _("The case is open again"),
    event_kinds.WITHDRAWAL_ASKED: _("You asked to withdraw"),
    event_kinds.WITHDRAWAL_TAKEN_BACK: _("You took the withdrawal back"),
    event_kinds.WITHDRAWAL_DECLINED: _("%(who)s decided to keep the case open"),
    event_kinds.REVIEW_ASKED: _("You asked that somebody else look again"),
    event_kinds.RETALIATION_REPORTED: _("You told us what they did since"),
    event_kinds.REPORTER_CHANGED: _("You changed how we can reach you"),
    event_kinds.CONSENT_GIVEN: _("You agreed that somebody may know who you are: %(recipient)s"),
    event_kinds.CONSENT_WITHDRAWN: _("You took a consent back: %(recipient)s"),
    event_kinds.CODE_RENEWED: _("You got a new access code; the old one no longer works"),
    event_kinds.CLOCK_OVERDUE: _("Something took longer than it should; a supervisor is told"),
    event_kinds.CLOCK_EXTENDED: _("%(who)s put the date of your reply off"),
    event_kinds.BUNDLE_EXPORTED: _("%(who)s had a case bundle made"),
    event_kinds.BUNDLE_APPROVED: _("%(who)s approved a case bundle"),
    event_kinds.BUNDLE_DOWNLOADED: _("%(who)s downloaded the case bundle"),
    event_kinds.GRANT_GIVEN: _("%(who)s allowed somebody to fetch your case bundle"),
    event_kinds.GRANT_OPENED: _("%(who)s opened the link to your case bundle"),
    event_kinds.GRANT_REVOKED: _("%(who)s took back that somebody may fetch your case bundle"),
    event_kinds.ENQUIRY_SENT: _("%(recipient)s was asked for recordings and records, answer due %(day)s"),
    event_kinds.ENQUIRY_ANSWERED: _("%(recipient)s answered"),
    event_kinds.ENQUIRY_OVERDUE: _("%(recipient)s has not sent everything in time"),
}

READ_HERE = _("%(who)s opened the case bundle to read it on this site")  # a bundle.downloaded of that way


@dataclass(frozen=True)
class TimelineRow:
    kind: str
    text: str
    at: datetime


def read(case: Case, labels: dict[str, str]) -> list[TimelineRow]:
    """The rows of the timeline, newest first. `labels` maps items to exhibit labels ("E-1").

    Entries in a row that have the same kind and role and are about evidence become one row, with the time of the
    last.
    """
    contents = [ledger.content_of(entry) for entry in ledger.history(case.thread)]
    known = [content for content in contents if content["kind"] in SENTENCES]
    runs = groupby(known, key=_run)
    return [_row(list(run), labels) for _key, run in runs][::-1]


def _run(content: dict[str, Any]) -> tuple[str, ...]:
    """A key for `groupby`. It differs for every entry that must have a row of its own."""
    alone = () if content["data"].get("item") else (content["id"],)
    return (content["kind"], content["by"]["role"], *alone)


def _named(data: dict[str, Any]) -> dict[str, object]:
    """The organisation that an entry is about and the day by which it should answer; never the contents."""
    due = data.get("due")
    return {
        "recipient": RECIPIENTS.get(data.get("recipient", ""), ""),
        "day": date_format(timezone.localtime(datetime.fromisoformat(due)), "DATE_FORMAT") if due else "",
    }


def _row(run: list[dict[str, Any]], labels: dict[str, str]) -> TimelineRow:
    last = run[-1]
    role = ROLES.get(last["by"]["role"], ROLES["system"])
    items = {content["data"].get("item") for content in run}
    exhibits = [label for item, label in labels.items() if item in items]  # ordered by exhibit number
    comma = "、" if in_chinese() else ", "
    words = {"who": role, "exhibits": comma.join(exhibits), **_named(last["data"])}
    sentence = READ_HERE if exports.is_reading(last) else SENTENCES[last["kind"]]
    text, at = str(sentence) % words, datetime.fromisoformat(last["at"])
    return TimelineRow(kind=last["kind"], text=text, at=at)
