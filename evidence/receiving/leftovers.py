"""Removes what interruptions leave behind: expired uploads, staged files and stored files without a row."""

import logging
import time
from datetime import timedelta
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import timezone

from evidence.models import ItemKey, PendingUpload
from evidence.storage import sentinel, vault

from . import resumable, room

log = logging.getLogger(__name__)

LEFT_AFTER = timedelta(days=1)  # no step takes this long between writing the bytes and committing the row


def clear_away() -> None:
    for upload in PendingUpload.objects.filter(expires_at__lte=timezone.now()):
        resumable.give_up(upload)
    room.forget_left()
    _clear_staging()
    _clear_vault()


def _clear_staging() -> None:
    folder = vault.staging()
    oldest = time.time() - LEFT_AFTER.total_seconds()
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.stat().st_mtime < oldest and not PendingUpload.objects.filter(pk=path.name[:36]).exists():
            log.warning("%s was left in staging", path.name)
            path.unlink(missing_ok=True)


def _clear_vault() -> None:
    """Delete stored files whose row was never committed. Their keys' rows were, so they can be found."""
    for key in (
        ItemKey.objects.filter(made_at__lt=timezone.now() - LEFT_AFTER).exclude(pk=sentinel.FILE).iterator()
    ):
        if not _has_row(key.file):
            log.warning("%s was left in the vault", key.file)
            vault.delete(key.file)


def _has_row(file: UUID) -> bool:
    """Whether any model has a row with this id."""
    return any(model._default_manager.filter(pk=file).exists() for model in _models_with_uuid_keys())


def _models_with_uuid_keys() -> list[type[models.Model]]:
    """The models of all applications whose rows may own a stored file: those with a UUID as primary key."""
    found = apps.get_models()
    return [model for model in found if isinstance(model._meta.pk, models.UUIDField) and model is not ItemKey]
