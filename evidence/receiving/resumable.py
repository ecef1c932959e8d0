"""Resumable uploads: begin, find, finish and give up files that arrive in pieces. `pieces` adds the bytes."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.conf import settings
from django.db import transaction

from evidence import names
from evidence.models import EvidenceItem, PendingUpload
from evidence.storage import item_keys, vault
from evidence.storage.frames import FRAME, SEALED, Frames

from . import refusals, room, uploads
from .pieces import expiry, staged_path, turn_at, turn_path
from .turns import exclusive
from .uploads import Attach

log = logging.getLogger(__name__)


def begin(holder: str, name: str, size: int, metadata: str = "", sender: str = "") -> PendingUpload:
    """Begin the upload of a file of `size` bytes, and reserve room for them. Raises refusals.FileRefused if it is
    empty or too large, or if there is no room for it."""
    if not size:
        raise refusals.FileRefused("empty")
    if size > settings.MAX_FILE_BYTES:
        raise refusals.FileRefused("too_large")
    with transaction.atomic():
        room.lock()
        room.check_room(size)
        upload = PendingUpload.objects.create(
            holder=holder,
            sender=sender,
            name=names.storable(name),
            size=size,
            metadata=metadata,
            expires_at=expiry(),
        )
        item_keys.keep(upload.pk, item_keys.new_key())
    return upload


def find(holder: str, upload_id: UUID) -> PendingUpload:
    """The holder's unexpired upload with this id. It begins again from 0 if its staged bytes are lost.

    Raises PendingUpload.DoesNotExist.
    """
    upload: PendingUpload = PendingUpload.objects.unexpired().get(pk=upload_id, holder=holder)
    if _staged_size(upload_id) < upload.offset // FRAME * SEALED:
        log.error("upload %s: its staged bytes are gone, so it begins anew", upload_id)
        PendingUpload.objects.filter(pk=upload_id, offset=upload.offset).update(offset=0, tail=b"")
        upload.refresh_from_db()
    return upload


def _staged_size(upload_id: UUID) -> int:
    try:
        return staged_path(upload_id).stat().st_size
    except FileNotFoundError:
        return 0


@dataclass
class _CompleteUpload:
    """An upload whose bytes are all in staging, in the form that `uploads.finalise` expects."""

    id: UUID
    seen: vault.Stored | None

    def finish(self) -> vault.Stored:
        """Size and digests. If the file came in several pieces, they are computed now from the staged bytes."""
        if self.seen is None:
            tally = vault.Tally()
            for block in self.frames.read():
                tally.add(block)
            self.seen = tally.stored()
        return self.seen

    @cached_property
    def frames(self) -> Frames:
        return vault.staged_frames(staged_path(self.id), self.id, item_keys.of(self.id))

    def keep(self) -> None:
        vault.keep_staged(staged_path(self.id), self.id)

    def undo_keep(self) -> None:
        """Do nothing: the next attempt uses the file that is in the vault."""


def finish(upload_id: UUID, attach: Attach, seen: vault.Stored | None = None) -> EvidenceItem:
    """Make a complete upload an evidence item. `attach` connects it to its owner in the same transaction.

    Can be repeated after an interruption. Raises refusals.FileRefused (the upload is then deleted unless the cause
    is temporary), DoesNotExist when another request has finished it, or what `attach` raises.
    """
    PendingUpload.objects.complete().get(pk=upload_id)
    with exclusive(staged_path(upload_id)):
        upload = PendingUpload.objects.complete().get(pk=upload_id)  # again: another request may have finished it
        try:
            return uploads.finalise(
                upload.name, _CompleteUpload(upload_id, seen), lambda item: _replace_upload(item, attach)
            )
        except refusals.FileRefused as refused:
            if not refused.is_temporary:
                give_up(upload)
            raise


def _replace_upload(item: EvidenceItem, attach: Attach) -> None:
    PendingUpload.objects.filter(pk=item.pk).delete()
    transaction.on_commit(lambda: _clear(item.pk), robust=True)
    attach(item)


def give_up(upload: PendingUpload) -> None:
    """Delete an upload and its bytes, even while somebody is still sending."""
    with turn_at(upload.pk):
        PendingUpload.objects.filter(pk=upload.pk).delete()
        _clear(upload.pk)
    with suppress(vault.Unreachable):  # the key stays, so the sweep tries again
        vault.delete(upload.pk)


def give_up_all(holder: str) -> None:
    for upload in PendingUpload.objects.filter(holder=holder):
        give_up(upload)


def _clear(upload_id: UUID) -> None:
    for path in (staged_path(upload_id), turn_path(upload_id)):
        path.unlink(missing_ok=True)
