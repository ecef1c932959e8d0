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
    kinds.EVIDENCE_RECEIVED: _("%(exhibits)s received in full"),
    kinds.EVIDENCE_SEALED: _("%(exhibits)s sealed"),
    kinds.EVIDENCE_FAULT: _(
        "Our own check found a problem with %(exhibits)s. Your receipt still proves what you sent"
    ),
    kinds.EVIDENCE_RESTORED: _("%(exhibits)s is complete again in our storage"),
    event_kinds.DOCUMENT_FAULT: _(
        "Our own check found a problem with a document of your case. Your receipt still proves what you filed"
    ),
    event_kinds.DOCUMENT_RESTORED: _("The documents of your case are complete again in our records"),
    event_kinds.EVIDENCE_DOWNLOADED: _("%(who)s opened %(exhibits)s"),
    event_kinds.EVIDENCE_VIEWED: _("%(who)s looked at %(exhibits)s"),
    kinds.EVIDENCE_QUARANTINED: _("The malware scanner found something in %(exhibits)s. It is kept and sealed"),
    kinds.EVIDENCE_RELEASED: _("%(who)s released %(exhibits)s from quarantine"),
    event_kinds.CASE_ROUTED: _("Passed to the team that will investigate"),
    event_kinds.CASE_ASSIGNED: _("Someone else is now in charge"),
    event_kinds.CASE_BEGUN: _("%(who)s started to investigate"),
    event_kinds.CASE_PROPOSED: _("%(who)s proposed a decision. A second person checks it"),
    event_kinds.CASE_SENT_BACK: _("%(who)s asked for the decision to be reconsidered"),
    event_kinds.CASE_DECIDED: _("%(who)s reached a decision"),
    event_kinds.MEASURE_ORDERED: _("%(who)s ordered a step so that it does not happen again"),
    event_kinds.MEASURE_ENDED: _("%(who)s recorded the result of that step"),
    event_kinds.REDRESS_PROMISED: _("%(who)s recorded what will be done for you"),
    event_kinds.REDRESS_ENDED: _("%(who)s recorded the result"),
    event_kinds.CASE_REFERRED: _("%(who)s passed the matter to an authority"),
    event_kinds.CASE_REPLIED: _("%(who)s replied to you"),
    event_kinds.CASE_CLOSED: _("%(who)s closed the case"),
    event_kinds.MESSAGE_WRITTEN: _("%(who)s wrote a message"),
    event_kinds.MESSAGE_READ: _("%(who)s read what you wrote"),
    event_kinds.QUESTION_ASKED: _("%(who)s asked you a question"),
    event_kinds.QUESTION_ANSWERED: _("You answered the question"),
    event_kinds.ADDENDUM_ADDED: _("You added to your statement"),
    event_kinds.EVIDENCE_ADDED: _("You added evidence"),
    event_kinds.CASE_WITHDRAWN: _("The case was closed, as you asked"),
    event_kinds.CASE_REOPENED: _("The case is open again"),
    event_kinds.WITHDRAWAL_ASKED: _("You asked to withdraw"),
    event_kinds.WITHDRAWAL_TAKEN_BACK: _("You cancelled the withdrawal"),
    event_kinds.WITHDRAWAL_DECLINED: _("%(who)s decided to keep the case open"),
    event_kinds.REVIEW_ASKED: _("You asked for a review by someone else"),
    event_kinds.RETALIATION_REPORTED: _("You told us what has happened since"),
    event_kinds.REPORTER_CHANGED: _("You changed how we can reach you"),
    event_kinds.CONSENT_GIVEN: _("You agreed that they may know who you are: %(recipient)s"),
    event_kinds.CONSENT_WITHDRAWN: _("You withdrew your consent: %(recipient)s"),
    event_kinds.CODE_RENEWED: _("You got a new access code; the old one no longer works"),
    event_kinds.CLOCK_OVERDUE: _("Something took longer than it should. A supervisor has been notified"),
    event_kinds.CLOCK_EXTENDED: _("%(who)s moved the date of your reply"),
    event_kinds.BUNDLE_EXPORTED: _("%(who)s made a case bundle"),
    event_kinds.BUNDLE_APPROVED: _("%(who)s approved a case bundle"),
    event_kinds.BUNDLE_DOWNLOADED: _("%(who)s downloaded the case bundle"),
    event_kinds.GRANT_GIVEN: _("%(who)s shared your case bundle by a link"),
    event_kinds.GRANT_OPENED: _("%(who)s opened the link to your case bundle"),
    event_kinds.GRANT_REVOKED: _("%(who)s cancelled the link to your case bundle"),
    event_kinds.ENQUIRY_SENT: _("We asked %(recipient)s for recordings and records, answer due %(day)s"),
    event_kinds.ENQUIRY_ANSWERED: _("%(recipient)s answered"),
    event_kinds.ENQUIRY_OVERDUE: _("%(recipient)s has not sent everything in time"),
}

READ_HERE = _("%(who)s opened the case bundle to read it on this site")  # a bundle.downloaded of that way


@dataclass(frozen=True)
class TimelineRow:
    kind: str
    text: str
    at: datetime
    is_of_the_borrower: bool


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
    own = last["by"]["role"] == ledger.BORROWER["role"]
    return TimelineRow(kind=last["kind"], text=text, at=at, is_of_the_borrower=own)
