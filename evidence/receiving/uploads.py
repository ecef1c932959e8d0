"""Receiving files into staging: bytes in the vault, then a row without a thread. Nothing refused stays behind."""

import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence import names
from evidence.models import EvidenceItem
from evidence.storage import vault
from evidence.storage.frames import Frames

from . import formats

logger = logging.getLogger(__name__)

Attach = Callable[[EvidenceItem], object]


class StagedWhole(Protocol):
    """A file of which all bytes have arrived in staging."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def frames(self) -> Frames: ...
    def finish(self) -> vault.Stored: ...
    def keep(self) -> None: ...
    def undo_keep(self) -> None:
        """It was kept, but no row came of it."""


def leave_unattached(item: EvidenceItem) -> None:
    """It gets its place later."""


def receive(name: str, chunks: Iterable[bytes], attach: Attach = leave_unattached) -> EvidenceItem:
    """Store a file and say what it is; when this returns, bytes and row are kept (the row once committed).

    Raises formats.Refused with a sentence for the sender; then, as after any other error, nothing is left behind.
    """
    with stage() as file:
        with storage_errors_as_refusals():
            for chunk in chunks:
                file.write(chunk)
        return finalise(name, file, attach)


def stage() -> vault.Incoming:
    """Staging for one file. Raises formats.Refused."""
    with storage_errors_as_refusals():
        return vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES)


def finalise(name: str, file: StagedWhole, attach: Attach) -> EvidenceItem:
    """Judge a file and take it into the vault; `attach` gives the item its place in the transaction that makes it.

    Every file comes through here. Raises formats.Refused, or what `attach` raises.
    """
    with storage_errors_as_refusals():
        stored = file.finish()
        found = formats.identify(stored.size, file.frames.piece)
        formats.check_size(found, stored.size)
        file.keep()
    try:
        with transaction.atomic():
            item = _row(file.id, name, stored, found)
            attach(item)
            return item
    except BaseException:
        file.undo_keep()
        raise


def _row(item_id: uuid.UUID, name: str, stored: vault.Stored, found: formats.Format) -> EvidenceItem:
    """The row of what is in the vault."""
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
    """What the vault cannot take, in a sentence for the sender and a line for the operator."""
    try:
        yield
    except vault.TooLarge:
        raise formats.FileRefused("too_large") from None
    except vault.Full:
        logger.exception("An upload was refused: the vault's disk is full")
        raise formats.FileRefused("full") from None
    except vault.Unreachable:
        logger.exception("An upload was refused: the vault does not answer")
        raise formats.FileRefused("away") from None
    except vault.Altered:
        logger.exception("An upload was refused: its bytes in staging are not those that arrived")
        raise formats.FileRefused("damaged") from None


def discard(item: EvidenceItem) -> None:
    """Forget a staged item, its bytes once that is committed. Raises ValueError for one that was admitted."""
    with transaction.atomic():
        current = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        if current.thread:
            raise ValueError(f"Item {item.pk} is evidence of {current.thread}; it cannot be discarded.")
        item_id = current.pk
        current.delete()
        transaction.on_commit(lambda: vault.delete(item_id), robust=True)
