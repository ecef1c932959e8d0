"""The Celery tasks of the evidence. Each may run twice or late: the rows say what is still to be done."""

import logging
from collections.abc import Callable, Iterable

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings

from . import counting, wake
from .checking import integrity, order, scanning, sealing
from .ledger import checkpoints
from .models import EvidenceItem, Scan
from .receiving import leftovers
from .timestamps import anchoring, proof_settings
from .viewing import previews
from .viewing.confined import calls
from .witnesses import asking

log = logging.getLogger(__name__)
SWEEP_AT_ONCE = 100  # items in one sweep, so that it ends before the next sweeps begin


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
    """Make the viewing copies of the item whose turn it is; the id is only a hint. Every `examine` task does the
    same. It can take minutes, so previews have a queue of their own."""
    _view_next()


@shared_task
def examine_early(item_id: str) -> None:
    """Do as `examine_item`, for a file that is not filed yet. It may have been removed meanwhile."""
    _view_next()


@shared_task
def examine_thread(thread: str) -> None:
    """Do as `examine_item`, after a whole thread was received."""
    _view_next()


@shared_task
def examine_rest() -> None:
    """Make the copies of items whose message was lost."""
    _view_next()


def _view_next() -> None:
    """Take one turn. If others wait, the next turn is a task of its own, behind what was sent meanwhile."""
    if (item := order.next_to_view()) is None:
        return
    for_each([item], previews.derive)
    following = order.next_to_view()
    if following and following != item:  # the same one again: it failed, and the sweep tries it later
        wake.examine_rest()


@shared_task
def scan_thread(thread: str) -> None:
    """Scan one item. As with previews, a message only says that something waits."""
    _scan_next()


@shared_task
def scan_rest() -> None:
    _scan_next()


def _scan_next() -> None:
    """Scan one item, and have its copies made. Without a scanner nothing is scanned."""
    item = order.next_to_scan() if scanning.is_set_up() else None
    if item is None:
        return
    for_each([item], scanning.scan)
    if Scan.objects.filter(item=item).exists():  # else the scanner is away, and the sweep tries again
        wake.examine_rest()
        wake.scan_rest()


@shared_task
def sign_checkpoint() -> None:
    proof_settings.record()
    checkpoints.current()
    anchoring.anchor()
    if settings.WITNESSES:
        wake.ask_witnesses()


@shared_task(soft_time_limit=120)
def ask_witnesses() -> None:
    """Have the newest checkpoint cosigned. A witness that does not answer delays nothing else for long."""
    asking.ask_all()


@shared_task
def clear_away() -> None:
    leftovers.clear_away()
    counting.forget_ended()
    order.forget_senders()


@shared_task
def recheck() -> None:
    """Re-hash RECHECK_BYTES of the stored files, those checked longest ago first."""
    integrity.sweep(settings.RECHECK_BYTES)
