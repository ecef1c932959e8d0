"""The files of a draft: received whole or in pieces, within its quota, and removed."""

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.forms.secret_codes import in_file_name
from complaints.models import Draft, Exhibit, RemovedFile
from evidence import names
from evidence.models import EvidenceItem, Inspection, PendingUpload
from evidence.receiving import resumable, room, uploads
from evidence.receiving.multipart import Allowance, StagedFile
from evidence.receiving.refusals import MESSAGES, FileRefused
from evidence.storage import vault
from evidence.wake import examine_early

from .unwelcome import Filed, SameFile, TooManyBytes, TooManyFiles, TooMuchFromHere, Unwelcome

HOLDER = "draft:"  # followed by the draft's id: the owner of an upload


class AlreadyHere(Exception):
    """The draft has this file already, under the same name."""

    def __init__(self, exhibit: Exhibit) -> None:
        super().__init__()
        self.exhibit = exhibit


def add_exhibit(
    draft: Draft, name: str, chunks: Iterable[bytes], description: str = "", **columns: Any
) -> Exhibit:
    """Receive one file into the draft. Raises refusals.FileRefused or Unwelcome, and then keeps nothing of it.
    `columns` are further columns of Exhibit."""
    check_quota(draft, 0)
    columns["description"] = description
    return _exhibit(uploads.receive(in_file_name(name), chunks, lambda item: _attach(draft.pk, item, **columns)))


def add_staged(draft: Draft, name: str, file: vault.Incoming, **columns: Any) -> Exhibit:
    """Move a form's file from staging into the draft. A form may be sent twice, so the same bytes under the same
    name come in once. Raises as `add_exhibit`, and AlreadyHere."""
    return _exhibit(
        uploads.finalise(in_file_name(name), file, lambda item: _attach(draft.pk, item, once=True, **columns))
    )


def _attach(draft_pk: UUID, item: EvidenceItem, *, once: bool = False, **columns: Any) -> None:
    """Make the exhibit, if the draft is not filed and has room. Runs in the caller's transaction."""
    draft = Draft.objects.select_for_update().get(pk=draft_pk)
    check_open(draft)
    same = draft.exhibits.filter(item__sha256=item.sha256, item__name=item.name)
    if once and (here := same.first()):
        raise AlreadyHere(here)
    check_quota(draft, item.size)
    check_network(draft, item.size)
    columns.setdefault("place", time.time_ns() // 1000)
    Exhibit.objects.create(draft=draft, item=item, **columns)
    item.sender = draft.sender or holder(draft)
    item.save(update_fields=["sender"])
    examine_early(item.pk)
    Draft.objects.filter(pk=draft_pk).exclude(emptied_at=None).update(emptied_at=None)


def _exhibit(item: EvidenceItem) -> Exhibit:
    return Exhibit.objects.get(item=item)


def check_quota(draft: Draft, size: int) -> None:
    """Raises TooManyFiles or TooManyBytes if one more file of `size` bytes does not fit into the draft, with its
    files and unfinished uploads."""
    files, taken = _totals(draft)
    check_totals(files, taken + size)


def _totals(draft: Draft) -> tuple[int, int]:
    """The number and the bytes of the draft's files and unfinished uploads."""
    present = draft.exhibits.aggregate(files=Count("pk"), bytes=Sum("item__size", default=0))
    coming = coming_to(draft).aggregate(files=Count("pk"), bytes=Sum("size", default=0))
    return present["files"] + coming["files"], present["bytes"] + coming["bytes"]


def check_open(draft: Draft) -> None:
    """Raises Filed if the draft was sent."""
    if draft.filed_at:
        raise Filed(is_complaint=draft.adds_to_id is None)


def check_network(draft: Draft, size: int) -> None:
    """Raises TooMuchFromHere if unsent files of this draft's network would have more than MAX_UNSENT_BYTES with
    `size` bytes more. Runs in the caller's transaction; networks are counted one after the other."""
    if not draft.sender:
        return
    room.lock()
    unsent = Exhibit.objects.filter(draft__sender=draft.sender, draft__filed_at=None)
    removed = RemovedFile.objects.filter(draft__sender=draft.sender)
    kept = sum(rows.aggregate(bytes=Sum("item__size", default=0))["bytes"] for rows in (unsent, removed))
    coming = PendingUpload.objects.unexpired().filter(sender=draft.sender)
    if kept + coming.aggregate(bytes=Sum("size", default=0))["bytes"] + size > settings.MAX_UNSENT_BYTES:
        raise TooMuchFromHere


def allowance(draft: Draft, sender: str) -> Allowance:
    """What `sender`, a network, may add to the draft in a form. The draft counts for the network of its first
    file."""
    count_for(draft, sender)
    _files, taken = _totals(draft)
    return Allowance(settings.MAX_DRAFT_BYTES - taken, holder(draft), sender)


def count_for(draft: Draft, sender: str) -> None:
    """Let the draft's files count for this network, unless they count for another one already."""
    if not draft.sender and Draft.objects.filter(pk=draft.pk, sender="").update(sender=sender):
        draft.sender = sender


def check_totals(files: int, size: int) -> None:
    """Raises TooManyFiles if `files` leave no room for one more, and TooManyBytes if `size` bytes are too many."""
    if files >= settings.MAX_DRAFT_FILES:
        raise TooManyFiles
    if size > settings.MAX_DRAFT_BYTES:
        raise TooManyBytes


def holder(draft: Draft) -> str:
    return f"{HOLDER}{draft.pk}"


def coming_to(draft: Draft) -> QuerySet[PendingUpload]:
    """The unfinished uploads of the draft."""
    return PendingUpload.objects.unexpired().filter(holder=holder(draft)).defer("tail")


def begin_upload(
    draft: Draft, name: str, size: int, metadata: str = "", *, once: bool = False, place: int = 0
) -> PendingUpload:
    """Begin an upload in pieces, before any bytes are sent. Raises as `add_exhibit`. `place` is when it was
    chosen by the page's reckoning, in microseconds; without it the file is the last for now.

    With `once`, the unfinished upload of the same size and metadata is returned: a sender announces it again who
    never received the answer.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=draft.pk)
        check_open(draft)
        if once and (begun := coming_to(draft).filter(size=size, metadata=metadata).first()):
            return begun
        check_quota(draft, size)
        check_network(draft, size)
        begun = resumable.begin(holder(draft), in_file_name(name), size, metadata, draft.sender)
        begun.place = place or time.time_ns() // 1000
        begun.save(update_fields=["place"])
        return begun


def finish_upload(upload: PendingUpload, seen: vault.Stored | None = None) -> Exhibit:
    """Make an exhibit of a complete upload. Raises as `add_exhibit`, SameFile if the draft has the same bytes
    under the same name, and PendingUpload.DoesNotExist if it was finished before."""
    draft_pk = UUID(upload.holder.removeprefix(HOLDER))

    def attach(item: EvidenceItem) -> None:
        _attach(draft_pk, item, once=True, place=upload.place)

    try:
        return _exhibit(resumable.finish(upload.pk, attach, seen))
    except AlreadyHere:
        resumable.give_up(upload)
        raise SameFile from None
    except Draft.DoesNotExist:
        resumable.give_up(upload)
        raise Filed from None
    except Unwelcome:
        resumable.give_up(upload)
        raise


def doubtful(draft: Draft) -> QuerySet[Exhibit]:
    """The files that seem to be damaged, empty or locked."""
    seen = draft.exhibits.filter(item__inspection__reason__in=Inspection.ADVICE)
    return seen.select_related("item__inspection").order_by("pk")


def end_uploads(draft: Draft) -> None:
    """After the commit that files the draft, end its unfinished uploads: their files cannot become part of it."""
    transaction.on_commit(lambda: resumable.give_up_all(holder(draft)), robust=True)


def finish_uploads() -> None:
    """Finish complete uploads that a killed server left unfinished."""
    for upload in PendingUpload.objects.complete().filter(holder__startswith=HOLDER):
        with suppress(FileRefused, Unwelcome, PendingUpload.DoesNotExist):
            finish_upload(upload)


def describe(draft: Draft, exhibit: Exhibit, description: str | None, declared: dict[str, str]) -> None:
    """Save the description and declared facts of a file. None, and facts not given, leave the old values."""
    facts = {name: fact for name, fact in {**exhibit.declared, **declared}.items() if fact}
    words = exhibit.description if description is None else description
    if (words, facts) != (exhibit.description, exhibit.declared):
        draft.exhibits.filter(pk=exhibit.pk).update(description=words, declared=facts)
        exhibit.description, exhibit.declared = words, facts


@transaction.atomic
def remove_exhibit(draft: Draft, exhibit_pk: int) -> bool:
    """Delete a file of the draft with its bytes. Returns False if it is not, or no longer, in the draft."""
    return _forget(draft, draft.exhibits.filter(pk=exhibit_pk))


@transaction.atomic
def remove_all(draft: Draft) -> None:
    """Delete all files, removed files and unfinished uploads of the draft. Files that were filed stay."""
    resumable.give_up_all(holder(draft))
    _forget(draft, draft.exhibits.all())
    for removed in draft.removed.select_related("item"):
        removed.delete()
        uploads.discard(removed.item)


def _forget(draft: Draft, exhibits: QuerySet[Exhibit]) -> bool:
    """Delete these exhibits under the draft's lock. Filing takes it too, so a filed exhibit is never deleted.
    Returns whether there was one."""
    list(Draft.objects.select_for_update().filter(pk=draft.pk))
    found = list(exhibits.select_related("item"))
    for exhibit in found:
        exhibit.delete()
        uploads.discard(exhibit.item)
    return bool(found)


def forget_strays(before: datetime) -> None:
    """Delete items that were received before this time and are in no draft or case."""
    for item in EvidenceItem.objects.filter(thread="", exhibit=None, removed=None, received_at__lt=before):
        uploads.discard(item)


Refusal = tuple[str, str]  # file name, and the sentence that says why and what to do


def cut_off() -> Refusal:
    """The message if a form with files ended before its last field."""
    cut = _("The connection broke before everything was received.")
    return cut, _("The files listed below are saved. Please choose the others again.")


def drop(draft: Draft, upload_id: str) -> None:
    """Delete an unfinished upload of the draft; does nothing if it is not the draft's."""
    with suppress(ValueError, PendingUpload.DoesNotExist):
        resumable.give_up(coming_to(draft).get(pk=UUID(upload_id)))


def receive(draft: Draft, files: "list[UploadedFile[bytes]]", **columns: Any) -> list[Refusal]:
    """Receive each file, and return the refusals. `columns` are columns of Exhibit."""
    sentences = [(_name_of(file) or _("File"), _receive_one(draft, file, columns)) for file in files]
    refusals = [(names.displayable(name), sentence) for name, sentence in sentences if sentence]
    if unnamed := sum(getattr(file, "unnamed", 0) for file in files):
        more = ngettext("%(count)d more file", "%(count)d more files", unnamed) % {"count": unnamed}
        refusals.append((more, str(MESSAGES["many"])))
    return refusals


def _name_of(file: "UploadedFile[bytes]") -> str:
    """The name as it was given."""
    return file.given if isinstance(file, StagedFile) else file.name or ""


def _receive_one(draft: Draft, file: "UploadedFile[bytes]", columns: dict[str, Any]) -> str:
    try:
        _taken(draft, file, columns)
    except FileRefused as refused:
        return refused.message
    except Unwelcome as unwelcome:
        return str(unwelcome)
    except AlreadyHere as already:
        draft.exhibits.filter(pk=already.exhibit.pk).update(**columns)
    return ""


def _taken(draft: Draft, file: "UploadedFile[bytes]", columns: dict[str, Any]) -> Exhibit:
    if not isinstance(file, StagedFile):
        return add_exhibit(draft, file.name or "", file.chunks(), **columns)
    if file.refused and file.refused.code == "too_large":
        check_quota(draft, file.size or 0)  # whose sentence says what to do, where the draft has no room
    if file.refused or not file.staged:
        raise file.refused or FileRefused("many")
    return add_staged(draft, file.given, file.staged, **columns)
