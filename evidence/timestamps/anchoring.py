"""Has checkpoints stamped by the timestamp authorities, which dates all ledger entries below them from outside.

A stamp is not recorded on the ledger: the new entry would need a new checkpoint, and that a new stamp.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from evidence.holdfast_verify import BEGUN_BEFORE, LAG, LATE
from evidence.ledger import checkpoints
from evidence.models import Checkpoint, CheckpointToken, LedgerEntry, LedgerHead

from . import authorities, timestamping
from .authorities import Authority

EVERY = timedelta(hours=1)  # between two stamps of an authority, while the ledger grows
RENEW_BEFORE = timedelta(days=30)  # before the certificate of the last stamp expires
log = logging.getLogger(__name__)


def anchor() -> None:
    """Get a stamp over the newest checkpoint from each authority that is due."""
    checkpoint = checkpoints.latest()
    for authority in authorities.configured() if checkpoint else []:
        if checkpoint and _is_due(authority, checkpoint, timezone.now()):
            _stamp(authority, checkpoint)


def _is_due(authority: Authority, checkpoint: Checkpoint, now: datetime) -> bool:
    """Whether a stamp is due. Not yet if the ledger has entries of a time to come, because a clock was ahead."""
    last = CheckpointToken.objects.filter(authority=authority.name).order_by("-gen_time").first()
    fresh = LedgerEntry.objects.filter(index__gte=last.checkpoint_id if last else 0, index__lt=checkpoint.size)
    if fresh.filter(at__gt=now).exists():
        return False
    if last is None:
        return True
    if last.checkpoint_id != checkpoint.size:
        return now - last.gen_time >= EVERY
    return last.certificate_ends - now < RENEW_BEFORE and now - last.gen_time >= timedelta(days=1)


def imprint(checkpoint: Checkpoint) -> bytes:
    """The digest that is stamped: SHA-256 of the whole signed note, as it is published."""
    return hashlib.sha256(checkpoint.note.encode()).digest()


def _stamp(authority: Authority, checkpoint: Checkpoint) -> None:
    try:
        stamp = timestamping.stamp(authority, imprint(checkpoint))
    except timestamping.NotStamped as error:
        log.warning("checkpoint %s: no timestamp from %s yet: %s", checkpoint.size, authority.name, error)
        return
    root = authorities.pinned(authority)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # what is appended from now on sees this stamp
        if _contradicts(checkpoint, stamp.gen_time):
            log.warning("checkpoint %s: the stamp of %s came too late", checkpoint.size, authority.name)
            return
        CheckpointToken.objects.create(checkpoint=checkpoint, authority=authority.name, root=root, **vars(stamp))


def _contradicts(checkpoint: Checkpoint, at: datetime) -> bool:
    """Whether entries that came after the checkpoint say that they are older than its stamp, which took hours to
    come. The verifiers would call such entries back-dated."""
    since = LedgerEntry.objects.filter(index__gte=checkpoint.size)
    early = since.exclude(kind__in=BEGUN_BEFORE).filter(at__lt=at - LAG)
    return early.exists() or since.filter(at__lt=at - LATE).exists()


def stamps_covering(indexes: Iterable[int], size: int, kept_by: datetime | None = None) -> list[CheckpointToken]:
    """Stamps that date the ledger entries at these indexes: of each authority the first one over each of them, and
    the last one, over checkpoints of at most `size` entries. With `kept_by`, only stamps that were stored by that
    time."""
    wanted = sorted(indexes)
    over = CheckpointToken.objects.filter(checkpoint_id__gt=wanted[0], checkpoint_id__lte=size)
    if kept_by:
        over = over.filter(kept_at__lte=kept_by)
    names = over.order_by("authority").values_list("authority", flat=True).distinct()
    found = [token for name in names for token in _first_and_last(over.filter(authority=name), wanted)]
    return sorted(found, key=lambda token: (token.checkpoint_id, token.gen_time, token.authority))


def _first_and_last(stamps: QuerySet[CheckpointToken], wanted: list[int]) -> set[CheckpointToken]:
    ordered = stamps.select_related("checkpoint", "root").order_by("gen_time", "checkpoint_id")
    first, found = None, {ordered.last()}
    for index in wanted:
        if first is None or first.checkpoint_id <= index:
            first = ordered.filter(checkpoint_id__gt=index).first()
            if first is None:
                break
            found.add(first)
    return {token for token in found if token}
