"""Answers of the other side to an enquiry. They are written as a draft that nobody else sees; when one is sent,
its files become exhibits with the respondent as the source.

Anyone with the code in an enquiry's link can answer it. They see the enquiry and its answers, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import codes, documents
from complaints.cases import links, record, waiting
from complaints.drafts import additions, files
from complaints.exhibits import numbering
from complaints.models import Asked, Draft, Enquiry, EnquiryAnswer, Exhibit, StaffMember, event_kinds
from complaints.models.drafts import ENQUIRY
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Actor, checkpoints, rfc3339, signing
from evidence.models import LedgerEntry
from evidence.wake import seal_and_examine

from . import asking

RESPONDENT: Actor = {"role": "respondent"}
MOST_ANSWERS = 20
OLDEST = timedelta(days=366)  # how long ago an answer may have come another way
STATABLE = (Asked.State.SUPPLIED, Asked.State.PARTLY, Asked.State.REFUSED)  # the states that a respondent can give
GIVE_A_REASON = (Asked.State.PARTLY, Asked.State.REFUSED)
Says = dict[str, dict[str, str]]  # number of the item -> its state and reason


@dataclass(frozen=True)
class Arrival:
    """How and when an answer came that was not sent by the link, and who entered it."""

    by: StaffMember
    way: str
    on: date


def find(code: str) -> Enquiry | None:
    """The enquiry whose link has this code; None if there is none or its link has ended."""
    found: Enquiry | None = Enquiry.objects.open_to_answers().filter(code_digest=codes.digest(code)).first()
    return found


@transaction.atomic
def opened(enquiry: Enquiry) -> None:
    """Record that somebody with the code has opened the enquiry; only the first time."""
    row = asking.locked(enquiry)
    if row.opened_at is None:
        row.opened_at = timezone.now()
        row.save(update_fields=["opened_at"])
        asking.note(row, event_kinds.ENQUIRY_OPENED, RESPONDENT)


def slot(enquiry: Enquiry) -> str:
    return f"{ENQUIRY}{enquiry.pk}"


@transaction.atomic
def begin(enquiry: Enquiry) -> Draft:
    """The unsent answer, or a new one. Raises Refused after MOST_ANSWERS."""
    row = asking.locked(enquiry)
    begun: Draft | None = Draft.objects.unsent().filter(adds_to=row.case, slot=slot(row)).first()
    if begun:
        return begun
    if row.answers.count() >= MOST_ANSWERS:
        raise Refused(_("Too many answers have been sent already. Please write to the office."))
    return _new(row, slot(row))


def begin_at_the_desk(enquiry: Enquiry, key: UUID) -> Draft:
    """The answer that the office enters for them, with this key, made if there is none. A page has one key, so
    sending it twice gives one. Its slot is not that of answers by the link, so that the office never sees those
    unsent."""
    desk = f"{slot(enquiry)}-desk"
    found = Draft.objects.filter(pk=key, adds_to=enquiry.case, slot=desk).first()
    return found or _new(enquiry, desk, pk=key)


def _new(enquiry: Enquiry, name: str, **key: UUID) -> Draft:
    return additions.new(enquiry.case, name, language=enquiry.language, **key)


def draft_of(enquiry: Enquiry, key: UUID) -> Draft | None:
    """The answer by the link with this key, sent or not; None if there is none or it expired."""
    found: Draft | None = Draft.objects.filter(pk=key, adds_to=enquiry.case, slot=slot(enquiry)).first()
    return found if found and (found.filed_at or found.expires_at > timezone.now()) else None


@transaction.atomic
def send(draft: Draft, enquiry: Enquiry, *, arrival: Arrival | None = None) -> EnquiryAnswer:
    """Send the answer, or with `arrival` save one that came another way. A second call returns the same answer.
    Raises Refused, and Draft.DoesNotExist if it was deleted meanwhile."""
    row = asking.locked_by(enquiry, arrival.by) if arrival else asking.locked(enquiry)
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.filed_at is not None:
        return draft.enquiry_answer
    says = stated(draft)
    _may_be_sent(draft, row, says, arrival)
    draft.filed_at = row.news_at = timezone.now()
    draft.save(update_fields=["filed_at"])
    row.save(update_fields=["news_at"])
    numbered = numbering.number(draft, row.case, after=numbering.last_number(row.case))
    answer = _freeze(draft, row, says, numbered, arrival)
    mine = Exhibit.objects.filter(pk__in=[exhibit.pk for exhibit in numbered])
    mine.update(answer=answer, source=Exhibit.Source.RESPONDENT)
    for number, one in says.items():
        row.asked.filter(number=int(number)).update(state=one["state"], reason=one["reason"])
    waiting.update(row.case)
    links.write(row.case)
    _record(row, answer, numbered, access.actor(arrival.by) if arrival else RESPONDENT)
    seal_and_examine(row.case.thread)
    return answer


def stated(draft: Draft) -> Says:
    """The state and reason of each item about which the draft has an answer."""
    says: Says = draft.answers.get("says", {})
    return {number: one for number, one in says.items() if one["state"]}


def _may_be_sent(draft: Draft, enquiry: Enquiry, says: Says, arrival: Arrival | None) -> None:
    if arrival is None and not enquiry.is_open:
        raise Refused(_("This link has expired. Please write to the office; what you wrote is kept here."))
    if arrival and not timezone.localdate() - OLDEST <= arrival.on <= timezone.localdate():
        raise Refused(_("The date it was received cannot be in the future or too long ago."))
    if files.coming_to(draft).exists():
        raise Refused(
            _("A file is still uploading. Let it finish or remove it, then send. What you wrote is saved.")
        )
    for one in says.values():
        if one["state"] in GIVE_A_REASON and not one["reason"].strip():
            raise Refused(_("Say why something is not sent or not complete."))
    if not (draft.answers.get("text", "").strip() or says or draft.exhibits.exists()):
        raise Refused(_("There is nothing to send yet. Write something or add a file."))


def _freeze(
    draft: Draft, enquiry: Enquiry, says: Says, numbered: Sequence[Exhibit], arrival: Arrival | None
) -> EnquiryAnswer:
    now, text = timezone.now(), draft.answers.get("text", "").strip()
    way = arrival.way if arrival else EnquiryAnswer.Way.PORTAL.value
    document, sha256 = documents.document(
        "response",
        enquiry=enquiry.reference,
        answers=enquiry.sha256,
        text=text,
        says=[
            {"number": int(number), **one} for number, one in sorted(says.items(), key=lambda pair: int(pair[0]))
        ],
        way=way,
        came_on=arrival.on.isoformat() if arrival else "",
        entered_by=str(arrival.by.uid) if arrival else "",
        received_at=rfc3339(now),
        exhibits=[numbering.described(exhibit) for exhibit in numbered],
    )
    answer: EnquiryAnswer = EnquiryAnswer.objects.create(
        case=enquiry.case,
        enquiry=enquiry,
        text=text,
        way=way,
        entered_by=arrival.by if arrival else None,
        came_on=arrival.on if arrival else None,
        received_at=now,
        addition=draft,
        document=document,
        sha256=sha256,
    )
    return answer


def _record(enquiry: Enquiry, answer: EnquiryAnswer, numbered: Sequence[Exhibit], by: Actor) -> None:
    event = record.event(
        enquiry.case,
        event_kinds.ENQUIRY_ANSWERED,
        by=by,
        document=answer.document,
        enquiry=enquiry.sha256,
        recipient=enquiry.recipient,
        response=answer.sha256,
        way=answer.way,
        exhibits=numbering.listed(numbered),
    )
    numbering.record(event, numbered)


def receipt(answer: EnquiryAnswer) -> bytes:
    """The receipt of an answer, as signed JSON: what came and when, with a proof from the ledger. It does not name
    the case: of the ledger entry it has only the leaf's hash."""
    entries = LedgerEntry.objects.filter(thread=answer.case.thread, kind=event_kinds.ENQUIRY_ANSWERED)
    entry = next(one for one in entries if ledger.content_of(one)["data"]["response"] == answer.sha256)
    proofs = ledger.proofs([entry], checkpoints.current())
    return signing.sign(
        {
            "format": "holdfast-answer/1",
            "portal": settings.SITE_NAME,
            "enquiry": answer.enquiry.reference,
            "organisation": answer.enquiry.organisation,
            "received_at": rfc3339(answer.received_at),
            "issued_at": rfc3339(timezone.now()),
            "answer": answer.sha256,
            "files": [
                {"name": exhibit.item.name, "size": exhibit.item.size, "sha256": exhibit.item.sha256}
                for exhibit in answer.exhibits.select_related("item").order_by("number")
            ],
            "ledger": {
                "key": proofs["key"],
                "checkpoint": proofs["checkpoint"],
                "index": entry.index,
                "leaf": bytes(entry.leaf_hash).hex(),
                "proof": proofs["entries"][0]["proof"],
            },
        }
    )
