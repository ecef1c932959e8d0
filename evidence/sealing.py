"""Seal an item: re-read what is stored, compare its digest, have every authority stamp it, record it.

Each step can be repeated: a worker that dies anywhere leaves an item without a seal, which the sweep finds.
"""

import hashlib
import logging

from django.db import transaction
from django.utils import timezone

from . import authorities, custody, ledger, timestamping, vault
from .authorities import Authority
from .models import EvidenceItem, Fault, Seal, TimestampToken

log = logging.getLogger(__name__)


def seal(item: EvidenceItem) -> Seal | None:
    """The item's seal, or None while an authority is still to answer or the stored bytes are at fault."""
    fault, found = examine(item)
    if fault:
        report(item, fault, found)
        return None
    waiting = [authority for authority in authorities.configured() if not _stamped(item, authority)]
    return None if waiting else _record(item)


def examine(item: EvidenceItem) -> tuple[Fault, str]:
    """Re-read the stored bytes: what is wrong with them, and the digest they have ("" when there is none)."""
    tally = vault.Tally(crc32=False)
    try:
        for block in vault.read(item.pk):
            tally.add(block)
    except vault.Missing:
        return Fault.MISSING, ""
    except vault.Altered:  # what is stored cannot be opened as what was sealed
        return Fault.ALTERED, ""
    found = tally.stored().sha256
    return (Fault.NONE if found == item.sha256 else Fault.ALTERED), found


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
def report(item: EvidenceItem, fault: Fault, found: str) -> None:
    """Put what the re-read found wrong on the row and on the ledger, once."""
    if EvidenceItem.objects.filter(pk=item.pk, fault=Fault.NONE).update(fault=fault):
        log.error("item %s is %s in storage", item.pk, fault)
        custody.record(item, "evidence.fault", by=ledger.SYSTEM, found=str(fault), sha256=found)
