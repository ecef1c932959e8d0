"""What the proofs rest on, on the record: the ledger's key and the authorities with their pinned roots."""

from typing import Any

from django.db import transaction

from . import authorities, ledger, signing
from .models import LedgerEntry, LedgerHead

KIND = "proof.settings"
THREAD = "portal"


@transaction.atomic
def record() -> None:
    """Append the settings of proof when they differ from those last recorded."""
    LedgerHead.objects.select_for_update().get_or_create(pk=1)
    last = LedgerEntry.objects.filter(thread=THREAD, kind=KIND).order_by("-seq").first()
    now = _in_force()
    if last is None or ledger.opened(last)["data"] != now:
        ledger.append(ledger.Event(kind=KIND, thread=THREAD, subject=THREAD, by=ledger.SYSTEM, data=now))


def _in_force() -> dict[str, Any]:
    return {
        "key": signing.vkey(),
        "authorities": authorities.told(authorities.roots(kept=[])),
    }
