"""Outside anchors: checkpoints stamped by the authorities, so that the ledger up to them has an outside date.

There is no ledger entry for a stamp: it would make the ledger grow, and be stamped, for ever.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from evidence.ledger import checkpoints
from evidence.models import Checkpoint, CheckpointToken

from . import authorities, timestamping
from .authorities import Authority

EVERY = timedelta(hours=1)  # while the ledger grows
RENEW_BEFORE = timedelta(days=30)  # before the certificate of the last stamp ends
log = logging.getLogger(__name__)


def anchor() -> None:
    """Have each authority that is due stamp the newest checkpoint."""
    checkpoint = checkpoints.latest()
    for authority in authorities.configured() if checkpoint else []:
        if checkpoint and _is_due(authority, checkpoint, timezone.now()):
            _stamp(authority, checkpoint)


def _is_due(authority: Authority, checkpoint: Checkpoint, now: datetime) -> bool:
    last = CheckpointToken.objects.filter(authority=authority.name).order_by("-gen_time").first()
    if last is None:
        return True
    if last.checkpoint_id != checkpoint.size:
        return now - last.gen_time >= EVERY
    return last.certificate_ends - now < RENEW_BEFORE and now - last.gen_time >= timedelta(days=1)


def imprint(checkpoint: Checkpoint) -> bytes:
    """What a stamp is over: the SHA-256 of the whole signed note, as published."""
    return hashlib.sha256(checkpoint.note.encode()).digest()


def _stamp(authority: Authority, checkpoint: Checkpoint) -> None:
    try:
        stamp = timestamping.stamp(authority, imprint(checkpoint))
    except timestamping.NotStamped as error:
        log.warning("checkpoint %s: no timestamp from %s yet: %s", checkpoint.size, authority.name, error)
        return
    root = authorities.pinned(authority)
    CheckpointToken.objects.create(checkpoint=checkpoint, authority=authority.name, root=root, **vars(stamp))


def stamps_covering(index: int, size: int, kept_by: datetime | None = None) -> list[CheckpointToken]:
    """What dates the ledger entry `index` from outside, under checkpoints of at most `size` entries: of each
    authority the earliest stamp and the newest one; of those kept by a moment only, if one is given."""
    over = CheckpointToken.objects.filter(checkpoint_id__gt=index, checkpoint_id__lte=size)
    if kept_by:
        over = over.filter(kept_at__lte=kept_by)
    names = over.order_by("authority").values_list("authority", flat=True).distinct()
    found = [token for name in names for token in _first_and_last(over.filter(authority=name))]
    return sorted(found, key=lambda token: (token.checkpoint_id, token.gen_time, token.authority))


def _first_and_last(stamps: QuerySet[CheckpointToken]) -> set[CheckpointToken]:
    ordered = stamps.select_related("checkpoint", "root").order_by("gen_time", "checkpoint_id")
    return {token for token in (ordered.first(), ordered.last()) if token}
