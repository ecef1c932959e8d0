"""A case's ledger entries as sentences for its borrower: who did it by role, never by name."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Consent
from evidence import ledger

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
    "complaint.filed": _("You filed your complaint"),
    "evidence.received": _("%(exhibits)s received whole"),
    "evidence.sealed": _("%(exhibits)s sealed"),
    "evidence.fault": _("Our own check found a fault with %(exhibits)s. Your receipt still proves what you sent"),
    "evidence.restored": _("%(exhibits)s is whole again in our storage"),
    "evidence.downloaded": _("%(who)s opened %(exhibits)s"),
    "evidence.viewed": _("%(who)s looked at %(exhibits)s"),
    "evidence.quarantined": _("The malware scanner found something in %(exhibits)s. It is kept and sealed"),
    "evidence.released": _("%(who)s released %(exhibits)s from quarantine"),
    "case.routed": _("Handed to the team that will look into it"),
    "case.assigned": _("The person in charge has changed"),
    "case.begun": _("%(who)s began to look into it"),
    "case.proposed": _("%(who)s proposed a decision. A second person looks at it"),
    "case.sent_back": _("%(who)s asked that the decision be weighed again"),
    "case.decided": _("%(who)s reached a decision"),
    "measure.ordered": _("%(who)s ordered something so that it does not happen again"),
    "measure.ended": _("%(who)s noted what became of that order"),
    "redress.promised": _("%(who)s noted what is to be done for you"),
    "redress.ended": _("%(who)s noted what became of it"),
    "case.referred": _("%(who)s handed the matter to an authority"),
    "case.replied": _("%(who)s replied to you"),
    "case.closed": _("%(who)s closed the case"),
    "message.written": _("%(who)s wrote a message"),
    "message.read": _("%(who)s read what you wrote"),
    "question.asked": _("%(who)s asked you a question"),
    "question.answered": _("You answered the question"),
    "addendum.added": _("You added to your account"),
    "evidence.added": _("You added evidence"),
    "case.withdrawn": _("The case was closed, as you asked"),
    "case.reopened": _("The case is open again"),
    "withdrawal.asked": _("You asked to withdraw"),
    "withdrawal.taken_back": _("You took the withdrawal back"),
    "withdrawal.declined": _("%(who)s decided to keep the case open"),
    "review.asked": _("You asked that somebody else look again"),
    "retaliation.reported": _("You told us what they did since"),
    "reporter.changed": _("You changed how we can reach you"),
    "consent.given": _("You agreed that somebody may know who you are: %(recipient)s"),
    "consent.withdrawn": _("You took a consent back: %(recipient)s"),
    "code.renewed": _("You got a new access code; the old one no longer works"),
    "clock.overdue": _("Something took longer than it should; a supervisor is told"),
    "clock.extended": _("%(who)s put the date of your reply off"),
    "bundle.exported": _("%(who)s had a case bundle made"),
    "bundle.approved": _("%(who)s approved a case bundle"),
    "bundle.downloaded": _("%(who)s downloaded the case bundle"),
    "grant.given": _("%(who)s allowed somebody to fetch your case bundle"),
    "grant.opened": _("%(who)s opened the link to your case bundle"),
    "grant.revoked": _("%(who)s took back that somebody may fetch your case bundle"),
    "enquiry.sent": _("%(recipient)s was asked for recordings and records, answer due %(day)s"),
    "enquiry.answered": _("%(recipient)s answered"),
    "enquiry.overdue": _("%(recipient)s has not sent everything in time"),
}


@dataclass(frozen=True)
class Moment:
    kind: str
    text: str
    at: datetime


def read(case: Case, labels: dict[str, str]) -> list[Moment]:
    """The case's moments, newest first; `labels` has each item's exhibit number ("E-1"). Several of one kind
    about evidence by one role in a row are told as one, at the time of the last."""
    contents = [ledger.content_of(entry) for entry in ledger.history(case.thread)]
    known = [content for content in contents if content["kind"] in SENTENCES]
    runs = groupby(known, key=_run)
    return [_moment(list(run), labels) for _key, run in runs][::-1]


def _run(content: dict[str, Any]) -> tuple[str, ...]:
    """What is told as one: each message is told by itself."""
    alone = () if content["data"].get("item") else (content["id"],)
    return (content["kind"], content["by"]["role"], *alone)


def _named(data: dict[str, Any]) -> dict[str, object]:
    """Which organisation an entry names, and by when it is to answer; nothing of what was asked or sent."""
    due = data.get("due")
    return {
        "recipient": RECIPIENTS.get(data.get("recipient", ""), ""),
        "day": date_format(timezone.localtime(datetime.fromisoformat(due)), "DATE_FORMAT") if due else "",
    }


def _moment(run: list[dict[str, Any]], labels: dict[str, str]) -> Moment:
    last = run[-1]
    role = ROLES.get(last["by"]["role"], ROLES["system"])
    items = {content["data"].get("item") for content in run}
    exhibits = [label for item, label in labels.items() if item in items]  # in the order of their numbers
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    words = {"who": role, "exhibits": comma.join(exhibits), **_named(last["data"])}
    text, at = str(SENTENCES[last["kind"]]) % words, datetime.fromisoformat(last["at"])
    return Moment(kind=last["kind"], text=text, at=at)
