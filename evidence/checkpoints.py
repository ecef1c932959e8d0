"""Signed statements of the ledger's size and root, kept before anybody sees them (C2SP tlog-checkpoint)."""

import base64

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from . import ledger, merkle, signing
from .models import Checkpoint, LedgerHead


class Inconsistent(Exception):
    """The ledger no longer extends what was signed before: nothing more is signed until a person decides."""


def latest() -> Checkpoint | None:
    return Checkpoint.objects.order_by("-size").first()


@transaction.atomic
def current() -> Checkpoint:
    """A checkpoint of the whole ledger as this transaction sees it; signed now if there is none yet."""
    head, _ = LedgerHead.objects.select_for_update().get_or_create(pk=1)
    last = latest()
    if last and last.size == head.size:
        return last
    root = merkle.fold(bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32))
    _check_extends(last, head.size, root)
    origin, size = settings.LEDGER_ORIGIN, head.size
    note = signing.sign_note(f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n")
    return Checkpoint.objects.create(size=size, root=root, note=note, signed_at=timezone.now())


def _check_extends(last: Checkpoint | None, size: int, root: bytes) -> None:
    """Refuse to sign what contradicts the last checkpoint."""
    if last is None:
        return
    if size < last.size:
        raise Inconsistent(f"the ledger has {size} entries, but {last.size} were signed before")
    path = ledger.consistency_proof(last.size, size)
    if not merkle.check_consistency(last.size, size, bytes(last.root), root, path):
        raise Inconsistent(f"the ledger of {size} entries does not extend the {last.size} signed before")
