"""Receiving: the exact bytes with a row, or a sentence and nothing."""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.db import DatabaseError, OperationalError, connections
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as some

from evidence.models import EvidenceItem, ItemKey, Kind
from evidence.receiving import formats, leftovers, refusals, uploads
from evidence.receiving.refusals import FileRefused
from evidence.storage import vault
from evidence.storage.places import Folder
from tests.support import media

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def root(settings: object, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"  # type: ignore[attr-defined]
    return tmp_path / "vault"


def nothing_is_left(root: Path) -> bool:
    rows = EvidenceItem.objects.exists() or ItemKey.objects.exists()
    return not rows and not [path for path in root.rglob("*") if path.is_file()]


def test_a_recording_is_kept_with_what_was_seen_of_it() -> None:
    content = media.TAKEN["amr"][0]()
    item = uploads.receive("通话录音.amr", [content[:100], content[100:]])
    item.refresh_from_db()
    assert (item.name, item.kind, item.media_type, item.extension) == ("通话录音.amr", "audio", "audio/amr", "amr")
    assert (item.size, item.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (item.crc32, item.thread, item.state) == (zlib.crc32(content), "", "received")
    assert b"".join(vault.read(item.pk)) == content


def test_the_name_says_nothing_about_the_kind() -> None:
    item = uploads.receive("holiday.jpg", [media.letter()])
    assert (item.name, item.extension) == ("holiday.jpg", "pdf")


def test_a_file_without_a_name_gets_one() -> None:
    assert uploads.receive("../", [media.LOG.encode()]).name == "file.txt"


def test_a_name_that_deceives_is_kept_and_shown_as_it_is() -> None:
    item = uploads.receive("photo\u202egpj.exe", [media.picture("PNG")])
    assert (item.name, item.display_name) == ("photo\u202egpj.exe", "photo�gpj.exe")


@pytest.mark.parametrize("name", media.REFUSED)
def test_a_refused_file_leaves_nothing_behind(name: str, root: Path) -> None:
    with pytest.raises(FileRefused):
        uploads.receive("record.mp3", [media.REFUSED[name][0]()])
    assert nothing_is_left(root)


def test_a_file_over_the_limit_is_refused_and_leaves_nothing_behind(settings: object, root: Path) -> None:
    settings.MAX_FILE_BYTES = 10 * 1024  # type: ignore[attr-defined]
    with pytest.raises(FileRefused, match="too_large") as refused:
        uploads.receive("a.txt", [bytes(10 * 1024 + 1)])
    assert refused.value.message.startswith("This file is larger than 10")
    assert nothing_is_left(root)


def test_a_full_disk_is_a_sentence_for_the_borrower_and_a_line_for_the_operator(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with mock.patch.object(vault.Incoming, "finish", side_effect=vault.Full), pytest.raises(FileRefused) as caught:
        uploads.receive("a.txt", [b"x"])
    assert "Your answers are safe" in caught.value.message
    assert "disk is full" in caplog.text
    assert nothing_is_left(root)


def test_a_vault_that_does_not_answer_is_a_sentence_and_leaves_nothing(
    root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with mock.patch.object(Folder, "keep", side_effect=vault.Unreachable), pytest.raises(FileRefused) as caught:
        uploads.receive("a.txt", [b"x"])
    assert "try again later" in caught.value.message
    assert "does not answer" in caplog.text
    assert nothing_is_left(root)


def test_a_connection_that_breaks_leaves_nothing_behind(root: Path) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"#!AMR\n"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        uploads.receive("a.amr", breaks_off())
    assert nothing_is_left(root)


def test_a_row_that_cannot_be_written_leaves_no_bytes(root: Path) -> None:
    failing = mock.patch.object(EvidenceItem.objects, "create", side_effect=DatabaseError)
    with failing, pytest.raises(DatabaseError):
        uploads.receive("a.txt", [b"hello"])
    assert nothing_is_left(root)


@pytest.mark.django_db(transaction=True)
def test_where_the_answer_to_commit_is_lost_the_bytes_stay(root: Path) -> None:
    with commit_is_not_answered(), pytest.raises(OperationalError):
        uploads.receive("a.txt", [b"hello"])
    item = EvidenceItem.objects.get()
    assert b"".join(vault.read(item.pk)) == b"hello"


@contextmanager
def commit_is_not_answered() -> Iterator[None]:
    """The database saves the item's row, and then its answer does not arrive."""
    wrapper: Any = connections["default"]
    commit = wrapper._commit

    def lost() -> None:
        has_the_row = EvidenceItem.objects.exists()
        commit()
        if has_the_row:
            raise OperationalError("server closed the connection unexpectedly")

    with mock.patch.object(wrapper, "_commit", lost):
        yield


@given(content=some.one_of(some.binary(max_size=300), some.text(max_size=100).map(str.encode)), cuts=some.data())
@with_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_kept_exactly_or_leave_nothing(root: Path, content: bytes, cuts: some.DataObject) -> None:
    cut = cuts.draw(some.integers(0, len(content)))
    try:
        item = uploads.receive("any", [content[:cut], content[cut:]])
    except FileRefused:
        assert nothing_is_left(root)
        return
    assert (item.size, item.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert b"".join(vault.read(item.pk)) == content
    vault.delete(item.pk)
    item.delete()


def test_a_discarded_file_is_forgotten_once_that_is_committed(
    root: Path, django_capture_on_commit_callbacks: object
) -> None:
    item = uploads.receive("a.txt", [b"hello"])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        uploads.discard(item)
        assert vault.exists(item.pk)
    assert nothing_is_left(root)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_forgotten_though_the_storage_is_away_and_its_bytes_go_with_a_later_sweep(root: Path) -> None:
    item = uploads.receive("log.txt", [media.LOG.encode()])
    with mock.patch.object(Folder, "delete", side_effect=vault.Unreachable("away")):
        uploads.discard(item)
    assert not EvidenceItem.objects.exists()
    ItemKey.objects.update(made_at=timezone.now() - timedelta(days=3))
    leftovers.clear_away()
    assert nothing_is_left(root)


def test_what_was_admitted_to_a_case_cannot_be_discarded() -> None:
    item = uploads.receive("a.txt", [b"hello"])
    EvidenceItem.objects.update(thread="case:somebody")
    with pytest.raises(ValueError, match="cannot be discarded"):
        uploads.discard(item)
    assert vault.exists(item.pk)


def test_a_kind_that_is_read_whole_to_be_shown_has_a_smaller_limit(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(formats.MOST_BYTES, Kind.IMAGE, 100)
    assert uploads.receive("log.txt", [media.LOG.encode() * 5]).kind == Kind.TEXT
    EvidenceItem.objects.all().delete()
    with pytest.raises(FileRefused) as caught:
        uploads.receive("a.png", [media.picture("PNG")])
    assert "picture is larger" in caught.value.message


@pytest.mark.parametrize("kind", [Kind.IMAGE, Kind.DOCUMENT, Kind.TABLE, Kind.TEXT])
def test_each_limit_has_its_sentence(kind: Kind) -> None:
    assert str(formats.MOST_BYTES[kind] // formats.MIB) in str(refusals.MESSAGES[f"too_large_{kind}"])
