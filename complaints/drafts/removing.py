"""Files that were taken out of a draft: for an hour each can be put back, and nothing counts it as a file of the
draft."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from complaints.models import Draft, Exhibit, RemovedFile
from evidence.receiving import uploads

from . import files, saving
from .unwelcome import SameFile, Unwelcome

KEPT = timedelta(hours=1)
OF_BOTH = ("place", "description", "declared", "is_authority", "is_account")  # columns that a file keeps meanwhile


@transaction.atomic
def remove(draft: Draft, key: int) -> None:
    """Take the file with this key out of the draft. Does nothing if it is not there."""
    current = saving.locked(draft)
    exhibit = current.exhibits.select_related("item").filter(pk=key).first()
    if exhibit is None:
        return
    until = timezone.now() + KEPT
    RemovedFile.objects.create(pk=key, draft=current, item=exhibit.item, until=until, **_columns(exhibit))
    exhibit.delete()


def restored(draft: Draft, key: int) -> list[files.Refusal]:
    """Put a removed file back in its place. If the draft cannot take it now, it stays removed, and the refusal
    says why."""
    kept = in_reach(draft).filter(pk=key).first()
    try:
        if kept:
            _put_back(draft, kept)
    except Unwelcome as unwelcome:
        return [(kept.item.display_name, str(unwelcome))] if kept else []
    return []


@transaction.atomic
def _put_back(draft: Draft, kept: RemovedFile) -> None:
    current = saving.locked(draft)
    files.check_open(current)
    if current.exhibits.filter(item__sha256=kept.item.sha256, item__name=kept.item.name).exists():
        raise SameFile
    files.check_quota(current, kept.item.size)
    Exhibit.objects.create(pk=kept.pk, draft=current, item=kept.item, **_columns(kept))
    kept.delete()


def discard(draft: Draft, key: int) -> None:
    """Delete a removed file with its bytes before its time."""
    _delete(draft.removed.filter(pk=key))


def in_reach(draft: Draft) -> QuerySet[RemovedFile]:
    """The removed files of the draft that can be put back, in their places."""
    return draft.removed.filter(until__gt=timezone.now()).select_related("item")


def forget_old() -> None:
    """Delete the removed files that can no longer be put back."""
    _delete(RemovedFile.objects.filter(until__lte=timezone.now()))


def _delete(found: QuerySet[RemovedFile]) -> None:
    for kept in found.select_related("item"):
        with transaction.atomic():
            if RemovedFile.objects.filter(pk=kept.pk).delete()[0]:  # else it was just put back or deleted
                uploads.discard(kept.item)


def _columns(row: Exhibit | RemovedFile) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OF_BOTH}
