"""Celery's doors into the evidence house."""

from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db.models import F

from . import anchoring, checkpoints, integrity, leftovers, previews, proof_settings, scanning, sealing
from .models import EvidenceItem

SWEEP_AT_ONCE = 100  # items a sweep takes, so that one sweep ends before many more begin
EXAMINED_AT_ONCE = 10  # these can take minutes each


@shared_task
def seal_item(item_id: str) -> None:
    sealing.seal(EvidenceItem.objects.get(pk=UUID(item_id)))


@shared_task
def sweep() -> None:
    """Seal what no message reached, oldest first."""
    for item in EvidenceItem.objects.awaiting_seal().order_by("received_at")[:SWEEP_AT_ONCE]:
        sealing.seal(item)


@shared_task
def examine_item(item_id: str) -> None:
    """Scan and derive; in a queue of its own, for it can take long."""
    item = EvidenceItem.objects.get(pk=UUID(item_id))
    scanning.scan(item)
    previews.derive(item)


@shared_task
def examine_rest() -> None:
    """Scan and derive what no message reached; those at which a worker has ended before come last."""
    if scanning.is_set_up():
        for item in EvidenceItem.objects.awaiting_scan().order_by("received_at")[:SWEEP_AT_ONCE]:
            scanning.scan(item)
    waiting = EvidenceItem.objects.awaiting_inspection()
    for item in waiting.order_by(F("inspection__attempts").asc(nulls_first=True), "received_at")[
        :EXAMINED_AT_ONCE
    ]:
        previews.derive(item)


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
