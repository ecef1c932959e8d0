"""Seals items: re-read the stored bytes, compare their digest, have every authority stamp it, record the seal.

Each step can be repeated. When a worker dies before the end, the item has no seal and the sweep begins again.
"""

import hashlib
import logging
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from evidence import ledger
from evidence.ledger import custody, kinds
from evidence.models import Derivative, EvidenceItem, Fault, Seal, TimestampToken
from evidence.storage import sentinel, vault
from evidence.timestamps import authorities, timestamping
from evidence.timestamps.authorities import Authority

log = logging.getLogger(__name__)


def seal(item: EvidenceItem) -> Seal | None:
    """The item's seal. None while an authority has not answered, when the stored bytes are faulty, or while the
    item's time is still to come, because a clock was ahead: a token must not be older than its item."""
    if item.received_at > timezone.now():
        return None
    fault, found = reread(item)
    if fault:
        record_fault(item, fault, found)
        return None
    waiting = [authority for authority in authorities.configured() if not _has_token(item, authority)]
    return None if waiting else _record(item)


def reread(stored: EvidenceItem | Derivative) -> tuple[Fault, str]:
    """Re-read the stored bytes. Returns their fault and their SHA-256 in hex ("" when they cannot be read)."""
    tally = vault.Tally(crc32=False)
    try:
        for block in vault.read(stored.pk):
            tally.add(block)
    except vault.Missing:
        return Fault.MISSING, ""
    except vault.Altered:  # the authenticated decryption failed
        return Fault.ALTERED, ""
    found = tally.stored().sha256
    return (Fault.NONE if found == stored.sha256 else Fault.ALTERED), found


def _has_token(item: EvidenceItem, authority: Authority) -> bool:
    """Whether the authority's token is stored. Asks the authority for one if it is not."""
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
    """Save the seal and its ledger entry, unless another worker has."""
    EvidenceItem.objects.select_for_update().get(pk=item.pk)
    if existing := Seal.objects.filter(item=item).first():
        return existing
    kept = list(item.tokens.order_by("authority"))
    tokens = [
        {
            "authority": token.authority,
            "sha256": hashlib.sha256(token.response).hexdigest(),
            "gen_time": ledger.rfc3339(token.gen_time),
        }
        for token in kept
    ]
    data = {"sha256": item.sha256, "tokens": tokens}
    sealed = custody.custody_event(item, kinds.EVIDENCE_SEALED, by=ledger.SYSTEM, data=data)
    at = max([sealed.at, *(token.gen_time for token in kept)])  # a clock may have been set back since
    (entry,) = ledger.append(replace(sealed, at=at))
    return Seal.objects.create(item=item, sealed_at=timezone.now(), entry_id=entry.index)


def record_fault(stored: EvidenceItem | Derivative, fault: Fault, found: str) -> None:
    """Save the fault on the row and the ledger, if it has changed. `found` is the digest in hex, or "".

    Raises Unproven, and records nothing, when the storage or the master keys are not the portal's: a file that is
    missing in another storage is not lost.
    """
    if fault:
        sentinel.prove()
    _record_fault(stored, fault, found)


@transaction.atomic
def _record_fault(stored: EvidenceItem | Derivative, fault: Fault, found: str) -> None:
    if type(stored)._default_manager.filter(pk=stored.pk).exclude(fault=fault).update(fault=fault):
        log.log(logging.ERROR if fault else logging.INFO, "%s is %s in storage", stored.pk, fault or "whole again")
        data = {"found": str(fault), "sha256": found}
        if isinstance(stored, Derivative):
            named = {**data, "derivative": str(stored.pk)}
            kind = kinds.EVIDENCE_COPY_FAULT if fault else kinds.EVIDENCE_COPY_RESTORED
            custody.record(stored.item, kind, by=ledger.SYSTEM, **named)
        else:
            kind = kinds.EVIDENCE_FAULT if fault else kinds.EVIDENCE_RESTORED
            custody.record(stored, kind, by=ledger.SYSTEM, **data)
