"""Additions: messages, answers and evidence that are written after filing and sent by `messaging.send`.

An addition is a Draft that belongs to a case. Its slot says what it will become, so that pressing the same button
twice gives the same addition.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from complaints import codes, digits
from complaints.models import Case, Draft, DraftQuerySet, Exhibit, Message

from . import files as draft_files
from . import saving

Kind = Message.Kind
SLOTS = {"message": Kind.MESSAGE, "addendum": Kind.ADDENDUM, "evidence": Kind.EVIDENCE}  # slots of the borrower
OF_THE_OFFICE = {"office-message": Kind.MESSAGE, "office-question": Kind.QUESTION}
ANSWER = "answer-"  # followed by the question's key


class Unknown(Exception):
    """There is no such slot, or its question is already answered."""


@transaction.atomic
def begin(case: Case, slot: str) -> Draft:
    """The borrower's unsent addition for this slot, or a new one. Raises Unknown."""
    case = Case.objects.select_for_update().get(pk=case.pk)
    if slot not in SLOTS and question_of(case, slot) is None:
        raise Unknown(slot)
    begun: Draft | None = unsent(case).filter(slot=slot).first()
    return begun or new(case, slot, language=case.language)


@transaction.atomic
def begin_at_the_desk(case: Case, key: UUID, slot: str) -> Draft:
    """The office's addition with this key, made if there is none. A page has one key, so sending it twice gives
    one."""
    values = {"code_digest": codes.digest(codes.fresh()), "expires_at": _until(), "language": case.language}
    of_the_office = Draft.objects.filter(slot__in=OF_THE_OFFICE)
    found: Draft = of_the_office.get_or_create(pk=key, adds_to=case, defaults={**values, "slot": slot})[0]
    return found


def new(case: Case, slot: str, **values: Any) -> Draft:
    """Make an addition. Nobody gets its code: it is found through the case, or the link of the enquiry."""
    digest = codes.digest(codes.fresh())
    made: Draft = Draft.objects.create(adds_to=case, slot=slot, code_digest=digest, expires_at=_until(), **values)
    return made


def _until() -> datetime:
    return timezone.now() + timedelta(days=settings.DRAFT_DAYS)


def unsent(case: Case) -> DraftQuerySet:
    """The borrower's unsent additions, the oldest first."""
    found: DraftQuerySet = Draft.objects.additions_to(case).unsent().order_by("created_at")
    return found


def worth_showing(case: Case) -> DraftQuerySet:
    """The unsent additions with a text or a file. Those without come from pages that were only opened."""
    files = Exhibit.objects.filter(draft=OuterRef("pk"))
    blank = Q(answers={}) | Q(answers={"text": ""})
    found: DraftQuerySet = unsent(case).exclude(blank & ~Exists(files))
    return found


def find(case: Case, key: UUID) -> Draft | None:
    """The borrower's addition to this case with this key, sent or not; None if there is none or it expired."""
    found: Draft | None = Draft.objects.additions_to(case).filter(pk=key).first()
    return found if found and (found.filed_at or found.expires_at > timezone.now()) else None


def question_of(case: Case, slot: str) -> Message | None:
    """The open question of the case that this slot answers, or None."""
    if not slot.startswith(ANSWER):
        return None
    key = digits.key(slot.removeprefix(ANSWER))
    found: Message | None = case.messages.open_questions().filter(pk=key).first()
    return found


def becomes(addition: Draft) -> tuple[Message.Kind, Message | None]:
    """The kind of message it will become, and the question it answers. A question has at most one addition, so it
    is still open."""
    kind = {**SLOTS, **OF_THE_OFFICE}.get(addition.slot, Kind.ANSWER)
    return kind, question_of(addition.adds_to, addition.slot) if addition.adds_to else None


@transaction.atomic
def keep(addition: Draft, text: str, *, seen: str | None = None, **more: Any) -> None:
    """Save the text and `more` answers of an addition, unless it was sent meanwhile.

    `seen` is the `saving.mark` of what the writer saw. Raises saving.ChangedMeanwhile if another tab has saved
    something else since.
    """
    kept, new = saving.locked(addition), {"text": text, **more}
    if kept.filed_at:
        return
    saving.check_seen(kept.answers, new, seen)
    kept.answers = new
    kept.save(update_fields=["answers", "saved_at"])
    addition.answers, addition.saved_at = kept.answers, kept.saved_at


@transaction.atomic
def forget(addition: Draft) -> None:
    """Delete the addition with its files, unless it was sent."""
    current = Draft.objects.select_for_update().filter(pk=addition.pk, filed_at=None).first()
    if current:
        draft_files.remove_all(current)
        current.delete()
