"""Receiving files into staging: bytes in the vault, then a row without a thread. Nothing refused stays behind."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import formats, names, vault
from .models import EvidenceItem

logger = logging.getLogger(__name__)


def receive(name: str, chunks: Iterable[bytes]) -> EvidenceItem:
    """Store a file and say what it is; when this returns, bytes and row are kept (the row once committed).

    Raises formats.Refused with a sentence for the sender; then, as after any other error, nothing is left behind.
    """
    with refusing(), vault.Incoming(uuid.uuid4(), limit=settings.MAX_FILE_BYTES) as file:
        for chunk in chunks:
            file.write(chunk)
        return finalise(name, file)


def finalise(name: str, file: vault.Incoming) -> EvidenceItem:
    """Take what has arrived whole. Raises what `receive` raises."""
    with refusing():
        stored = file.finish()
        found = formats.identify(stored.size, file.frames().piece)
        file.keep()
    try:
        with transaction.atomic():
            return create(file.id, name, stored, found)
    except BaseException:
        vault.delete(file.id)
        raise


def create(item_id: uuid.UUID, name: str, stored: vault.Stored, found: formats.Format) -> EvidenceItem:
    """The row of what is in the vault."""
    return EvidenceItem.objects.create(
        id=item_id,
        name=names.kept(name) or f"file.{found.extension}",
        kind=found.kind,
        media_type=found.media_type,
        extension=found.extension,
        size=stored.size,
        sha256=stored.sha256,
        crc32=stored.crc32,
        received_at=timezone.now(),
    )


@contextmanager
def refusing() -> Iterator[None]:
    """What the vault cannot take, in a sentence for the sender and a line for the operator."""
    try:
        yield
    except vault.TooLarge:
        raise formats.Refused("too_large") from None
    except vault.Full:
        logger.exception("An upload was refused: the vault's disk is full")
        raise formats.Refused("full") from None
    except vault.Unreachable:
        logger.exception("An upload was refused: the vault does not answer")
        raise formats.Refused("away") from None


def discard(item: EvidenceItem) -> None:
    """Forget a staged item, its bytes once that is committed. Raises ValueError for one that was admitted."""
    with transaction.atomic():
        current = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        if current.thread:
            raise ValueError(f"Item {item.pk} is evidence of {current.thread}; it cannot be discarded.")
        item_id = current.pk
        current.delete()
        transaction.on_commit(lambda: vault.delete(item_id), robust=True)
