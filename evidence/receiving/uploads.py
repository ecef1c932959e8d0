"""Receives files: stage the bytes, identify the format, move them into the vault, create the item's row.

Of a file that is refused nothing stays. A new item has no thread until it is admitted to a case.
"""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence import names, troubles
from evidence.models import EvidenceItem, Inspection
from evidence.storage import sentinel, vault
from evidence.storage.frames import Frames
from evidence.storage.rows import saving_row

from . import formats, known, refusals

logger = logging.getLogger(__name__)

Attach = Callable[[EvidenceItem], object]


class StagedWhole(Protocol):
    """A file whose bytes are all in staging."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def frames(self) -> Frames: ...
    def finish(self) -> vault.Stored: ...
    def keep(self) -> None: ...
    def undo_keep(self) -> None:
        """Called after `keep` when the item's row could not be saved."""


def leave_unattached(item: EvidenceItem) -> None:
    """An `attach` that does nothing: the caller connects the item later."""


def receive(name: str, chunks: Iterable[bytes], attach: Attach = leave_unattached) -> EvidenceItem:
    """Store a file as an evidence item. When this returns, the bytes are on disk and the row is saved.

    Raises refusals.FileRefused. After that, and after any other error, nothing stays.
    """
    with stage() as file:
        with storage_errors_as_refusals():
            for chunk in chunks:
                file.write(chunk)
        return finalise(name, file, attach)


def stage() -> vault.Incoming:
    """Staging for one file. Raises refusals.FileRefused."""
    with storage_errors_as_refusals():
        return vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES)


def finalise(name: str, file: StagedWhole, attach: Attach) -> EvidenceItem:
    """Identify a staged file, move it into the vault and create its item. Every file comes through here.

    `attach` connects the item to its owner in the same transaction. Raises refusals.FileRefused, or what `attach`
    raises.
    """
    with storage_errors_as_refusals():
        stored = file.finish()
        found = formats.identify(stored.size, file.frames.piece)
        formats.check_size(found, stored.size)
        sentinel.prove(making=False)  # in another storage nobody would find the file again
        file.keep()
    with saving_row(file.undo_keep):
        item = _row(file.id, name, stored, found)
        attach(item)
    return item


def _row(item_id: uuid.UUID, name: str, stored: vault.Stored, found: known.Format) -> EvidenceItem:
    return EvidenceItem.objects.create(
        id=item_id,
        name=names.storable(name) or f"file.{found.extension}",
        kind=found.kind,
        media_type=found.media_type,
        extension=found.extension,
        size=stored.size,
        sha256=stored.sha256,
        crc32=stored.crc32,
        received_at=timezone.now(),
    )


@contextmanager
def storage_errors_as_refusals() -> Iterator[None]:
    """Turn the vault's errors into FileRefused for the sender, and log those that the operator must know of."""
    try:
        yield
    except vault.TooLarge:
        raise refusals.FileRefused("too_large") from None
    except vault.Full:
        logger.exception("An upload was refused: the vault's disk is full")
        raise refusals.FileRefused("full") from None
    except vault.Unreachable:
        logger.exception("An upload was refused: the vault does not answer")
        raise refusals.FileRefused("away") from None
    except sentinel.Unproven as problem:
        troubles.report("storage", problem.code)
        raise refusals.FileRefused("away") from None
    except vault.Altered:
        logger.exception("An upload was refused: its bytes in staging are not those that arrived")
        raise refusals.FileRefused("damaged") from None


def discard(item: EvidenceItem) -> None:
    """Delete an item that no case has and its copies, and after the commit their bytes. Raises ValueError for an
    admitted item."""
    with transaction.atomic():
        current = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        if current.thread:
            raise ValueError(f"Item {item.pk} is evidence of {current.thread}; it cannot be discarded.")
        stored = [current.pk, *current.derivatives.values_list("pk", flat=True)]
        current.derivatives.all().delete()
        Inspection.objects.filter(item=current).delete()
        current.delete()
        transaction.on_commit(lambda: _delete_bytes(stored), robust=True)


def _delete_bytes(keys: Iterable[uuid.UUID]) -> None:
    for key in keys:
        vault.delete(key)
