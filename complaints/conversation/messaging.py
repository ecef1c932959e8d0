"""Messages between the borrower and the office: frozen documents, whose digests are in the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import lifecycle, links, record, search, waiting
from complaints.clocks import running
from complaints.drafts import additions
from complaints.drafts import files as draft_files
from complaints.exhibits import numbering
from complaints.models import Case, Draft, Exhibit, Message, MessageQuerySet, StaffMember, event_kinds
from complaints.models.messages import ENTRIES, Kind
from complaints.notices import notify
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import rfc3339
from evidence.wake import seal_and_examine


def written(case: Case, exhibits: Sequence[Exhibit], *related: str) -> list[Message]:
    """The messages of a case, the oldest first, each with its exhibits in `files`. `related` names foreign keys to
    read in the same query."""
    found = list(case.messages.select_related("answer", *related))
    for message in found:
        message.files = [exhibit for exhibit in exhibits if exhibit.came_with_id == message.pk]
    return found


@transaction.atomic
def reply(case: Case, *, by: StaffMember, text: str) -> Message:
    """Send the reply to the borrower, and set the case to “replied”. Raises Refused."""
    case = lifecycle.lock_for(case, "reply", staff=by)
    text = text.strip()
    if not text:
        raise Refused(_("Write the reply first: it is empty."))
    message = _freeze(case, Kind.REPLY, text, by)
    lifecycle.advance(case, "reply", by=access.actor(by), staff=by, data=_entry_data(message))
    return message


@transaction.atomic
def send(addition: Draft, *, by: StaffMember | None = None, up_to: int = 0) -> Message:
    """Send an addition as the borrower, or as `by` of the office, in any state of the case.

    A message of the office also marks the borrower's messages as read, up to the one with the key `up_to`. A
    second call returns the same message. Raises Refused, and Draft.DoesNotExist if the addition was deleted
    meanwhile.
    """
    if addition.adds_to is None:
        raise ValueError("a complaint is filed, not sent")
    case = Case.objects.select_for_update().get(pk=addition.adds_to.pk)
    addition = Draft.objects.select_for_update().get(pk=addition.pk)
    if addition.filed_at is not None:
        return addition.message
    _may_be_sent(addition, case, by)
    addition.filed_at = timezone.now()
    addition.save(update_fields=["filed_at"])
    message = _sent(addition, case, by)
    case.news_at = _unread(case, up_to) if by else case.news_at or message.written_at
    case.save(update_fields=["news_at"])
    waiting.update(case)
    if by:
        notify.tell(case, message.kind)
    else:
        search.write(case)
    links.write(case)
    seal_and_examine(case.thread)
    return message


def _may_be_sent(addition: Draft, case: Case, by: StaffMember | None) -> None:
    if by is not None:
        access.must_act(by, case)
    if draft_files.coming_to(addition).exists():
        raise Refused(
            _("A file is still uploading. Let it finish or remove it, then send. What you wrote is saved.")
        )
    kind, _question = additions.becomes(addition)
    written, files = addition.answers.get("text", "").strip(), addition.exhibits.exists()
    if kind == Kind.EVIDENCE and not files:
        raise Refused(_("Choose a file first. If you only want to write, send a message instead."))
    if kind in (Kind.ADDENDUM, Kind.QUESTION) and not written:
        raise Refused(_("There is nothing to send yet. Write something first."))
    if not written and not files:
        raise Refused(_("There is nothing to send yet. Write something or add a file."))


def _sent(addition: Draft, case: Case, by: StaffMember | None) -> Message:
    """Make the message, number its exhibits on, and append the ledger entries of both."""
    kind, question = additions.becomes(addition)
    numbered = numbering.number(addition, case, after=numbering.last_number(case))
    message = _freeze(case, kind, addition.answers.get("text", "").strip(), by, numbered, question, addition)
    numbering.attach(numbered, message)
    data = {**_entry_data(message), "exhibits": numbering.listed(numbered)}
    if question:
        data["question"] = question.sha256
    data |= running.move(case, ENTRIES[kind], at=message.written_at)
    numbering.record(record.event(case, ENTRIES[kind], by=by or ledger.BORROWER, **data), numbered)
    return message


def _entry_data(message: Message) -> dict[str, Any]:
    return {"message": message.sha256, **documents.parts(message.document)}


def _freeze(
    case: Case,
    kind: Message.Kind,
    text: str,
    by: StaffMember | None,
    numbered: Sequence[Exhibit] = (),
    question: Message | None = None,
    addition: Draft | None = None,
) -> Message:
    now = timezone.now()
    document, sha256 = documents.document(
        kind.value,
        reference=case.reference,
        text=text,
        written_by=str(by.uid) if by else ledger.BORROWER["role"],
        written_at=rfc3339(now),
        exhibits=[numbering.described(exhibit) for exhibit in numbered],
        answers=question.sha256 if question else "",
    )
    message: Message = Message.objects.create(
        case=case,
        kind=kind,
        text=text,
        written_by=by,
        written_at=now,
        answers=question,
        addition=addition,
        document=document,
        sha256=sha256,
    )
    return message


@transaction.atomic
def read(case: Case, *, by: StaffMember, up_to: int) -> Case:
    """Record that the office has read the borrower's messages up to the one with this key. Later ones stay unread.
    The borrower sees this on their timeline. Raises Refused."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    access.must_act(by, case)
    last = _theirs(case).filter(pk__lte=up_to).last()
    if last is None or case.news_at is None or last.written_at < case.news_at:
        return case
    case.news_at = _unread(case, up_to)
    case.save(update_fields=["news_at"])
    record.note(case, event_kinds.MESSAGE_READ, by=by, read=last.sha256)
    return case


def _theirs(case: Case) -> MessageQuerySet:
    found: MessageQuerySet = case.messages.filter(written_by=None)
    return found


def _unread(case: Case, up_to: int) -> datetime | None:
    """The time of the first message that is still unread after reading up to this one; None if there is none."""
    if case.news_at is None:
        return None
    rest = _theirs(case).filter(pk__gt=up_to, written_at__gte=case.news_at)
    first: datetime | None = rest.values_list("written_at", flat=True).first()
    return first
