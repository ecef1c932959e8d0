"""Files that arrive in pieces over bad networks: begun, found again, finished, given up. `pieces` adds to them."""

import logging
import shutil
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

from . import formats, uploads
from .pieces import expiry, staged_path, turn_at, turn_path
from .turns import exclusive
from .uploads import Attach

log = logging.getLogger(__name__)


def begin(holder: str, name: str, size: int, metadata: str = "") -> PendingUpload:
    """Announce a file of `size` bytes. Raises formats.Refused where it is known already that it will be."""
    if not size:
        raise formats.FileRefused("empty")
    if size > settings.MAX_FILE_BYTES:
        raise formats.FileRefused("too_large")
    check_room(size)
    with transaction.atomic():
        upload = PendingUpload.objects.create(
            holder=holder, name=names.storable(name), size=size, metadata=metadata, expires_at=expiry()
        )
        item_keys.keep(upload.pk, item_keys.new_key())
    return upload


def has_room(size: int = 0) -> bool:
    """Whether so many bytes more would leave the disk above its floor."""
    folder = next(each for each in (vault.staging(), *vault.staging().parents) if each.is_dir())
    return shutil.disk_usage(folder).free - size >= settings.MIN_FREE_BYTES


def check_room(size: int = 0) -> None:
    """Raises formats.Refused("full") where there is none."""
    if not has_room(size):
        log.error(
            "An upload was refused: less than MIN_FREE_BYTES would be left on the disk of %s", vault.staging()
        )
        raise formats.FileRefused("full")


def find(holder: str, upload_id: UUID) -> PendingUpload:
    """An upload of this holder that still goes on. Raises PendingUpload.DoesNotExist."""
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
    """An upload of which all bytes are in staging, for `uploads.finalise`."""

    id: UUID
    seen: vault.Stored | None

    def finish(self) -> vault.Stored:
        """Size and digests: of the receiving pass where there was only one, else of a pass over the bytes."""
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
        """It stays as it is for the next attempt, which finds it kept already."""


def finish(upload_id: UUID, attach: Attach, seen: vault.Stored | None = None) -> EvidenceItem:
    """Make an upload that has arrived an evidence item, which `attach` gives its place in the same transaction.

    Can be repeated after an interruption. Raises formats.Refused, and then the upload is gone; DoesNotExist where
    another has finished it meanwhile; or what `attach` raises.
    """
    PendingUpload.objects.complete().get(pk=upload_id)
    with exclusive(staged_path(upload_id)):
        upload = PendingUpload.objects.complete().get(pk=upload_id)  # again: another may have just finished it
        try:
            return uploads.finalise(
                upload.name, _CompleteUpload(upload_id, seen), lambda item: _replace_upload(item, attach)
            )
        except formats.FileRefused as refused:
            if not refused.is_temporary:
                give_up(upload)
            raise


def _replace_upload(item: EvidenceItem, attach: Attach) -> None:
    PendingUpload.objects.filter(pk=item.pk).delete()
    transaction.on_commit(lambda: _clear(item.pk), robust=True)
    attach(item)


def give_up(upload: PendingUpload) -> None:
    """Forget an upload and its bytes, whoever is still sending them."""
    with turn_at(upload.pk):
        PendingUpload.objects.filter(pk=upload.pk).delete()
        _clear(upload.pk)
    with suppress(vault.Unreachable):  # its key stays until the sweep has another try
        vault.delete(upload.pk)


def give_up_all(holder: str) -> None:
    for upload in PendingUpload.objects.filter(holder=holder):
        give_up(upload)


def _clear(upload_id: UUID) -> None:
    for path in (staged_path(upload_id), turn_path(upload_id)):
        path.unlink(missing_ok=True)
