"""Celery's doors into the evidence house."""

from uuid import UUID

from celery import shared_task
from django.conf import settings

from . import anchoring, checkpoints, integrity, leftovers, proof_settings, sealing
from .models import EvidenceItem

SWEEP_AT_ONCE = 100  # items a sweep takes, so that one sweep ends before many more begin


@shared_task
def seal_item(item_id: str) -> None:
    sealing.seal(EvidenceItem.objects.get(pk=UUID(item_id)))


@shared_task
def sweep() -> None:
    """Seal what no message reached, oldest first."""
    for item in EvidenceItem.objects.awaiting_seal().order_by("received_at")[:SWEEP_AT_ONCE]:
        sealing.seal(item)


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
