"""The receipt: signed list of what was filed and when, with ledger proofs. It never holds the access code."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from evidence import authorities, checkpoints, ledger, signing
from evidence.holdfast_verify import parse_note
from evidence.models import LedgerEntry

from .models import Case, Exhibit

FORMAT = "holdfast-receipt/1"
PROVED = ("complaint.filed", "evidence.received", "evidence.sealed")  # the entries a receipt opens


def issue(
    case: Case, exhibits: Sequence[Exhibit], entries: Sequence[ledger.Entry], earlier: Sequence[int] = ()
) -> bytes:
    """receipt.json over the entries, under a checkpoint that covers them; inside the caller's transaction."""
    filed = ledger.opened(entries[0])["data"]
    return signing.sign(
        {
            "format": FORMAT,
            "reference": case.reference,
            "case": case.thread,
            "filed_at": ledger.rfc3339(case.filed_at),
            "issued_at": ledger.rfc3339(timezone.now()),
            "language": case.language,
            "statement": filed["statement"],
            "reporter": filed["reporter"],
            "files": [_listed(exhibit) for exhibit in exhibits],
            "authorities": [
                {
                    "name": authority.name,
                    "root_sha256": authority.root_sha256,
                    "local_clock": authority.is_local_clock,
                }
                for authority in authorities.configured()
            ],
            "ledger": ledger.proofs(entries, checkpoints.current(), earlier),
        }
    )


def extended(case: Case) -> bytes:
    """A receipt of today: the same entries under the newest checkpoint, with the timestamps that came since, and
    the proof that its ledger extends the one of the first receipt."""
    exhibits = case.exhibits.select_related("item").prefetch_related("item__tokens")
    entries = LedgerEntry.objects.filter(thread=case.thread, kind__in=PROVED).order_by("seq")
    return issue(case, list(exhibits), list(entries), [filed_at_size(case)])


def filed_at_size(case: Case) -> int:
    """The size of the ledger under which the case's first receipt was issued."""
    note: str = json.loads(bytes(case.receipt))["ledger"]["checkpoint"]
    return parse_note(note).size


def _listed(exhibit: Exhibit) -> dict[str, Any]:
    item = exhibit.item
    return {
        "exhibit": exhibit.label,
        "item": str(item.pk),
        "name": item.name,
        "size": item.size,
        "media_type": item.media_type,
        "sha256": item.sha256,
        "received_at": ledger.rfc3339(item.received_at),
        "timestamps": [
            {
                "authority": token.authority,
                "gen_time": ledger.rfc3339(token.gen_time),
                "sha256": hashlib.sha256(token.response).hexdigest(),
            }
            for token in item.tokens.all()
        ],
    }
