"""While the disk is nearly full, files that were never sent make room: the ones left alone the longest first."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from complaints.models import Draft, Exhibit
from evidence.models import PendingUpload
from evidence.receiving import resumable, room
from evidence.storage import vault

from . import files

log = logging.getLogger(__name__)

LEFT_ALONE = timedelta(days=1)  # nothing that somebody added or wrote within a day makes room


def make_room() -> None:
    """Give up unfinished uploads, then the files of drafts, until room is left again. Additions to a case stay."""
    for size in _given_up():
        log.warning("the disk is nearly full: %s bytes of files that were never sent were deleted", size)


def _is_tight() -> bool:
    """Whether there is less than one and a half times what uploads have to leave."""
    return room.free() * 2 < settings.MIN_FREE_BYTES * 3


def _given_up() -> Iterator[int]:
    """Give up one after the other while the disk is nearly full. Yields the bytes of each."""
    before = timezone.now() - LEFT_ALONE
    for upload in _unfinished(before):
        if not _is_tight():
            return
        resumable.give_up(upload)
        yield upload.offset
    if not vault.is_on_staging_disk():  # then deleting files of drafts makes no room
        return
    for draft in _left_alone(before):
        if not _is_tight():
            return
        yield _emptied(draft)


def _unfinished(before: datetime) -> list[PendingUpload]:
    """Uploads of drafts that got no byte since then, the oldest first."""
    until = before + timedelta(days=settings.UPLOAD_DAYS)
    return list(
        PendingUpload.objects.filter(expires_at__lt=until, offset__gt=0).defer("tail").order_by("expires_at")
    )


def _left_alone(before: datetime) -> list[Draft]:
    """Drafts with files that were not sent and that nobody touched since then, the oldest first."""
    own = Draft.objects.filter(adds_to=None, filed_at=None, created_at__lt=before)
    with_files = own.filter(Exists(Exhibit.objects.filter(draft=OuterRef("pk"))))
    touched = Greatest("saved_at", Coalesce(Max("exhibits__item__received_at"), "saved_at"))
    return list(with_files.annotate(touched=touched).filter(touched__lt=before).order_by("touched"))


@transaction.atomic
def _emptied(draft: Draft) -> int:
    """Delete the draft's files, unless it was sent just now. Its answers stay, and its page says what happened."""
    current = Draft.objects.select_for_update().filter(pk=draft.pk, filed_at=None).first()
    if current is None:
        return 0
    size = sum(exhibit.item.size for exhibit in current.exhibits.select_related("item"))
    files.remove_all(current)
    Draft.objects.filter(pk=current.pk).update(emptied_at=timezone.now())
    return size
