"""Celery's doors into the evidence house."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db.models import F

from .checking import integrity, scanning, sealing
from .ledger import checkpoints
from .models import EvidenceItem
from .receiving import leftovers
from .timestamps import anchoring, proof_settings
from .viewing import previews

log = logging.getLogger(__name__)
SWEEP_AT_ONCE = 100  # items a sweep takes, so that one sweep ends before many more begin
EXAMINED_AT_ONCE = 10  # these can take minutes each


def each(items: Iterable[EvidenceItem], do: Callable[[EvidenceItem], object]) -> None:
    """Do it to each item; one that fails, as when its disk does, holds up none of the others."""
    for item in items:
        try:
            do(item)
        except Exception:
            log.exception("item %s: %s failed; it will be tried again", item.pk, do.__name__)


@shared_task
def seal_thread(thread: str) -> None:
    """Seal what was just admitted to a thread."""
    each(EvidenceItem.objects.awaiting_seal().filter(thread=thread), sealing.seal)


@shared_task
def sweep() -> None:
    """Seal what no message reached: a random part of it, so that what cannot be sealed never stands in the way."""
    each(EvidenceItem.objects.awaiting_seal().order_by("?")[:SWEEP_AT_ONCE], sealing.seal)


@shared_task
def examine_item(item_id: str) -> None:
    """Scan and derive; in a queue of its own, for it can take long."""
    _examine(EvidenceItem.objects.get(pk=UUID(item_id)))


@shared_task
def examine_thread(thread: str) -> None:
    each(EvidenceItem.objects.filter(thread=thread), _examine)


def _examine(item: EvidenceItem) -> None:
    scanning.scan(item)
    previews.derive(item)


@shared_task
def examine_rest() -> None:
    """Scan and derive what no message reached; those at which a worker has ended before come last."""
    if scanning.is_set_up():
        each(EvidenceItem.objects.awaiting_scan().order_by("?")[:SWEEP_AT_ONCE], scanning.scan)
    waiting = EvidenceItem.objects.awaiting_inspection()
    least_tried = waiting.order_by(F("inspection__attempts").asc(nulls_first=True), "received_at")
    each(least_tried[:EXAMINED_AT_ONCE], previews.derive)


@shared_task
def sign_checkpoint() -> None:
    proof_settings.record()
    checkpoints.current()
    anchoring.anchor()


@shared_task
def clear_away() -> None:
    leftovers.clear_away()


@shared_task
def recheck() -> None:
    """The integrity sweep: a rolling re-hash of everything stored."""
    integrity.sweep(settings.RECHECK_BYTES)
