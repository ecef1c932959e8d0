"""The Celery tasks of the evidence. Each may run twice or late: the rows say what is still to be done."""

import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db.models import F

from . import counting
from .checking import integrity, scanning, sealing
from .ledger import checkpoints
from .models import EvidenceItem
from .receiving import leftovers
from .timestamps import anchoring, proof_settings
from .viewing import first_look, previews
from .viewing.confined import calls

log = logging.getLogger(__name__)
SWEEP_AT_ONCE = 100  # items in one sweep, so that it ends before the next sweeps begin
EXAMINED_AT_ONCE = 10  # each can take minutes


def for_each(items: Iterable[EvidenceItem], do: Callable[[EvidenceItem], object]) -> None:
    """Call `do` with each item. An exception is logged and does not stop the others."""
    for item in items:
        try:
            do(item)
        except Exception:
            log.exception("item %s: %s failed; it will be tried again", item.pk, do.__name__)


@worker_ready.connect
def say_what_is_missing(**_kwargs: object) -> None:
    """Once, when a worker starts: previews are made without a filter of system calls where the kernel has none."""
    if problem := calls.missing():
        log.warning("the preview child can make any system call here: %s", problem)


@shared_task
def seal_thread(thread: str) -> None:
    """Seal the items that were just admitted to a thread."""
    if integrity.storage_is_ours():
        for_each(EvidenceItem.objects.awaiting_seal().filter(thread=thread), sealing.seal)


@shared_task
def sweep() -> None:
    """Seal items whose message was lost, in random order, so that those that cannot be sealed block no others."""
    if integrity.storage_is_ours():
        for_each(EvidenceItem.objects.awaiting_seal().order_by("?")[:SWEEP_AT_ONCE], sealing.seal)


@shared_task
def examine_item(item_id: str) -> None:
    """Scan an item and make its copies for viewing. It can take minutes, so it has a queue of its own."""
    _examine(EvidenceItem.objects.get(pk=UUID(item_id)))


@shared_task
def examine_early(item_id: str) -> None:
    """Open a file that is not filed yet. It may have been removed meanwhile."""
    for item in EvidenceItem.objects.filter(pk=UUID(item_id), thread=""):
        first_look.look(item)


@shared_task
def examine_thread(thread: str) -> None:
    for_each(EvidenceItem.objects.filter(thread=thread), _examine)


def _examine(item: EvidenceItem) -> None:
    scanning.scan(item)
    previews.derive(item)


@shared_task
def examine_rest() -> None:
    """Scan items whose message was lost and make their copies. Items that killed a worker before come last."""
    if scanning.is_set_up():
        for_each(EvidenceItem.objects.awaiting_scan().order_by("?")[:SWEEP_AT_ONCE], scanning.scan)
    waiting = EvidenceItem.objects.awaiting_inspection()
    least_tried = waiting.order_by(F("inspection__attempts").asc(nulls_first=True), "received_at")
    for_each(least_tried[:EXAMINED_AT_ONCE], previews.derive)


@shared_task
def sign_checkpoint() -> None:
    proof_settings.record()
    checkpoints.current()
    anchoring.anchor()


@shared_task
def clear_away() -> None:
    leftovers.clear_away()
    counting.forget_ended()


@shared_task
def recheck() -> None:
    """Re-hash RECHECK_BYTES of the stored files, those checked longest ago first."""
    integrity.sweep(settings.RECHECK_BYTES)
