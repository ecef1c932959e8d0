"""Seal an item: re-read what is stored, compare its digest, have every authority stamp it, record it.

Each step can be repeated: a worker that dies anywhere leaves an item without a seal, which the sweep finds.
"""

import hashlib
import logging

from django.db import transaction
from django.utils import timezone

from evidence import ledger
from evidence.ledger import custody
from evidence.models import Derivative, EvidenceItem, Fault, Seal, TimestampToken
from evidence.storage import vault
from evidence.timestamps import authorities, timestamping
from evidence.timestamps.authorities import Authority

log = logging.getLogger(__name__)


def seal(item: EvidenceItem) -> Seal | None:
    """The item's seal, or None while an authority is still to answer or the stored bytes are at fault."""
    fault, found = examine(item)
    if fault:
        report(item, fault, found)
        return None
    waiting = [authority for authority in authorities.configured() if not _stamped(item, authority)]
    return None if waiting else _record(item)


def examine(stored: EvidenceItem | Derivative) -> tuple[Fault, str]:
    """Re-read the stored bytes: what is wrong with them, and the digest they have ("" when there is none)."""
    tally = vault.Tally(crc32=False)
    try:
        for block in vault.read(stored.pk):
            tally.add(block)
    except vault.Missing:
        return Fault.MISSING, ""
    except vault.Altered:  # what is stored cannot be opened as what was sealed
        return Fault.ALTERED, ""
    found = tally.stored().sha256
    return (Fault.NONE if found == stored.sha256 else Fault.ALTERED), found


def _stamped(item: EvidenceItem, authority: Authority) -> bool:
    """Whether the authority's token is kept, asking for one if need be."""
    if item.tokens.filter(authority=authority.name).exists():
        return True
    try:
        stamp = timestamping.stamp(authority, bytes.fromhex(item.sha256))
    except timestamping.NotStamped as error:
        log.warning("item %s: no timestamp from %s yet: %s", item.pk, authority.name, error)
        return False
    root = authorities.pinned(authority)
    token = TimestampToken(item=item, authority=authority.name, root=root, **vars(stamp))
    TimestampToken.objects.bulk_create([token], ignore_conflicts=True)  # another worker may have been first
    return True


@transaction.atomic
def _record(item: EvidenceItem) -> Seal:
    """The seal and its ledger entry, once."""
    EvidenceItem.objects.select_for_update().get(pk=item.pk)
    if existing := Seal.objects.filter(item=item).first():
        return existing
    tokens = [
        {
            "authority": token.authority,
            "sha256": hashlib.sha256(token.response).hexdigest(),
            "gen_time": ledger.rfc3339(token.gen_time),
        }
        for token in item.tokens.order_by("authority")
    ]
    entry = custody.record(item, "evidence.sealed", by=ledger.SYSTEM, sha256=item.sha256, tokens=tokens)
    return Seal.objects.create(item=item, sealed_at=timezone.now(), entry_id=entry.index)


@transaction.atomic
def report(stored: EvidenceItem | Derivative, fault: Fault, found: str) -> None:
    """Put on the row and on the ledger what the re-read found, whenever it is not what was found before."""
    if type(stored)._default_manager.filter(pk=stored.pk).exclude(fault=fault).update(fault=fault):
        log.log(logging.ERROR if fault else logging.INFO, "%s is %s in storage", stored.pk, fault or "whole again")
        kind, data = ("fault" if fault else "restored"), {"found": str(fault), "sha256": found}
        if isinstance(stored, Derivative):
            told = {**data, "derivative": str(stored.pk)}
            custody.record(stored.item, f"evidence.copy_{kind}", by=ledger.SYSTEM, **told)
        else:
            custody.record(stored, f"evidence.{kind}", by=ledger.SYSTEM, **data)
