"""Receiving files into staging: bytes in the vault, then a row without a thread. Nothing refused stays behind."""

import logging
import uuid
from collections.abc import Iterable
from functools import partial

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
    item_id = uuid.uuid4()
    stored = _store(item_id, chunks)
    try:
        found = formats.identify(stored.size, partial(vault.piece, item_id))
        with transaction.atomic():
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
    except BaseException:
        vault.delete(item_id)
        raise


def _store(item_id: uuid.UUID, chunks: Iterable[bytes]) -> vault.Stored:
    try:
        return vault.store(item_id, chunks, limit=settings.MAX_FILE_BYTES)
    except vault.TooLarge:
        raise formats.Refused("too_large") from None
    except vault.Full:
        logger.exception("An upload was refused: the vault's disk is full")
        raise formats.Refused("full") from None


def discard(item: EvidenceItem) -> None:
    """Forget a staged item, its bytes once that is committed. Raises ValueError for one that was admitted."""
    with transaction.atomic():
        current = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        if current.thread:
            raise ValueError(f"Item {item.pk} is evidence of {current.thread}; it cannot be discarded.")
        item_id = current.pk
        current.delete()
        transaction.on_commit(lambda: vault.delete(item_id), robust=True)
