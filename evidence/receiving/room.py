"""Room on the disk of staging: MIN_FREE_BYTES stay free, also when several files arrive at the same time.

Announced bytes are reserved before they arrive: those of an upload in pieces by its row, those of a form by a
Reservation. All web processes reserve one after the other.
"""

import logging
import shutil
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from evidence.models import PendingUpload, Reservation
from evidence.storage import vault

from . import refusals

log = logging.getLogger(__name__)

LOOK_EVERY = 16 * 1024 * 1024  # bytes that may arrive between two looks at the disk
HELD_FOR = timedelta(hours=1)  # how long an upload without a new piece keeps its reservation. It can go on after
LASTS = timedelta(minutes=30)  # a form's reservation since its last look: a killed process leaves it
LOCK = UUID(int=0)


def free() -> int:
    """Free bytes of the disk of staging."""
    folder = next(each for each in (vault.staging(), *vault.staging().parents) if each.is_dir())
    return shutil.disk_usage(folder).free


def reserved() -> int:
    """Bytes that were announced, will be sent and have not arrived yet."""
    now = timezone.now()
    sent_lately = now + timedelta(days=settings.UPLOAD_DAYS) - HELD_FOR
    coming = PendingUpload.objects.filter(expires_at__gt=sent_lately).aggregate(
        left=Sum(F("size") - F("offset"), default=0)
    )
    forms = Reservation.objects.filter(until__gt=now).aggregate(left=Sum("bytes", default=0))
    return int(coming["left"]) + int(forms["left"])


def has_room(size: int = 0) -> bool:
    """Whether MIN_FREE_BYTES stay free after what is reserved and `size` bytes more, encrypted."""
    return free() - reserved() - size - size // 1000 >= settings.MIN_FREE_BYTES


def check_room(size: int = 0) -> None:
    """Raises refusals.FileRefused("full") when `has_room` is false."""
    if not has_room(size):
        _refuse()


def check_upload(upload: PendingUpload) -> None:
    """Check that an upload has room to go on. It needs new room only if nothing came for HELD_FOR.

    Raises refusals.FileRefused("full").
    """
    sent_at = upload.expires_at - timedelta(days=settings.UPLOAD_DAYS)
    if sent_at + HELD_FOR < timezone.now():
        check_room(upload.size - upload.offset)
    check_floor()


def check_floor() -> None:
    """Look again at the disk, for bytes that are reserved. Raises refusals.FileRefused("full")."""
    if free() < settings.MIN_FREE_BYTES:
        _refuse()


def _refuse() -> None:
    log.error("An upload was refused: less than MIN_FREE_BYTES would be left on the disk of %s", vault.staging())
    raise refusals.FileRefused("full")


def lock() -> None:
    """Until the transaction ends, no other process reserves room or counts what a network sent."""
    Reservation.objects.select_for_update().get_or_create(pk=LOCK, defaults={"bytes": 0, "until": timezone.now()})


class Announced:
    """The room that one form reserves while it arrives."""

    def __init__(self, size: int) -> None:
        """Reserve `size` bytes. Raises refusals.FileRefused("full")."""
        self._id, self._left, self._unlooked = uuid4(), size, 0
        with transaction.atomic():
            lock()
            check_room(size)
            Reservation.objects.create(pk=self._id, bytes=size, until=timezone.now() + LASTS)

    def arrived(self, length: int) -> None:
        """So many bytes were written. Looks at the disk now and then, and raises refusals.FileRefused("full")."""
        self._left, self._unlooked = max(0, self._left - length), self._unlooked + length
        if self._unlooked >= LOOK_EVERY:
            self._unlooked = 0
            Reservation.objects.filter(pk=self._id).update(bytes=self._left, until=timezone.now() + LASTS)
            check_floor()

    def end(self) -> None:
        """The form has arrived, or it broke off. Can be repeated."""
        Reservation.objects.filter(pk=self._id).delete()


def forget_left() -> None:
    """Delete the reservations of killed processes."""
    Reservation.objects.filter(until__lte=timezone.now()).exclude(pk=LOCK).delete()
