"""What interruptions leave behind is cleared away, and nothing else."""

import os
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from evidence import tasks
from evidence.models import EvidenceItem, ItemKey, PendingUpload
from evidence.receiving import leftovers, pieces, resumable, uploads
from evidence.storage import vault
from tests.support import media

from .test_pieces import begin, nothing_is_left, send

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(days=3)


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    return tmp_path / "vault"


def grow_old(root: Path) -> None:
    ItemKey.objects.update(made_at=LONG_AGO)
    for path in root.rglob("*"):
        os.utime(path, (time.time() - 3 * 86400,) * 2)


def test_an_expired_upload_is_forgotten_with_its_bytes_and_key(root: Path) -> None:
    upload = begin()
    send(upload, 0, b"x" * 5000)
    PendingUpload.objects.update(expires_at=LONG_AGO)
    tasks.clear_away()
    assert nothing_is_left(root)


def test_an_upload_that_still_waits_is_left_alone_however_old(root: Path) -> None:
    upload = begin()
    send(upload, 0, b"x" * 5000)
    grow_old(root)
    tasks.clear_away()
    assert resumable.find(upload.holder, upload.pk).offset == 5000
    assert pieces.staged_path(upload.pk).exists()


def test_a_file_that_was_kept_and_whose_row_never_came_is_removed(root: Path) -> None:
    vault.store(uuid.uuid4(), [b"x"], limit=10)
    leftovers.clear_away()
    assert ItemKey.objects.exists()  # it may just be on its way
    grow_old(root)
    leftovers.clear_away()
    assert nothing_is_left(root)


def test_a_form_that_was_interrupted_leaves_nothing_in_staging(root: Path) -> None:
    half = vault.Incoming(uuid.uuid4(), limit=10)
    half._file.close()  # its process was killed
    leftovers.clear_away()
    assert [path.name for path in vault.staging().iterdir()] == [half._path.name]
    grow_old(root)
    leftovers.clear_away()
    assert nothing_is_left(root)


def test_a_file_that_has_its_row_is_no_leftover(root: Path) -> None:
    item = uploads.receive("a.png", [media.picture("PNG")])
    grow_old(root)
    leftovers.clear_away()
    assert b"".join(vault.read(item.pk)) == media.picture("PNG")
    assert EvidenceItem in leftovers._models_with_uuid_keys()


def test_a_vault_that_was_never_used_has_no_leftovers() -> None:
    leftovers.clear_away()
