"""The vault: whole or not at all, once, for us alone."""

import errno
import hashlib
import os
import stat
import uuid
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from evidence import vault
from evidence.vault import Stored

ITEM = uuid.UUID("7d9f1c1e-8c25-4a4b-9a53-0f0c5f1d2e3a")
CONTENT = bytes(range(256)) * 3000  # three blocks


@pytest.fixture(autouse=True)
def root(settings: object, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/the%20vault"  # type: ignore[attr-defined]
    return tmp_path / "the vault"


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_stored_comes_out_bit_for_bit_with_its_digests() -> None:
    stored = vault.store(ITEM, [CONTENT[:1000], b"", CONTENT[1000:]], limit=len(CONTENT))
    assert stored == Stored(len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), zlib.crc32(CONTENT))
    assert b"".join(vault.read(ITEM)) == CONTENT
    assert vault.exists(ITEM)


def test_reading_gives_blocks_and_can_start_anywhere() -> None:
    vault.store(ITEM, [CONTENT], limit=len(CONTENT))
    assert [len(block) for block in vault.read(ITEM)] == [vault.BLOCK, vault.BLOCK, len(CONTENT) - 2 * vault.BLOCK]
    assert b"".join(vault.read(ITEM, start=300_001)) == CONTENT[300_001:]
    assert list(vault.read(ITEM, start=len(CONTENT))) == []


def test_a_piece_is_cut_at_the_end() -> None:
    vault.store(ITEM, [CONTENT], limit=len(CONTENT))
    assert vault.piece(ITEM, 5, 7) == CONTENT[5:12]
    assert vault.piece(ITEM, len(CONTENT) - 2, 7) == CONTENT[-2:]
    assert vault.piece(ITEM, len(CONTENT) + 9, 7) == b""


def test_nothing_is_ever_overwritten(root: Path) -> None:
    vault.store(ITEM, [b"first"], limit=10)
    with pytest.raises(vault.AlreadyStored):
        vault.store(ITEM, [b"second"], limit=10)
    assert b"".join(vault.read(ITEM)) == b"first"
    assert len(files_in(root)) == 1


def test_one_byte_too_many_leaves_nothing_behind(root: Path) -> None:
    with pytest.raises(vault.TooLarge):
        vault.store(ITEM, [b"12345", b"67890", b"!"], limit=10)
    assert files_in(root) == []
    assert not vault.exists(ITEM)


def test_a_sender_who_fails_in_the_middle_leaves_nothing_behind(root: Path) -> None:
    def breaks_off() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        vault.store(ITEM, breaks_off(), limit=10)
    assert files_in(root) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_behind(root: Path, code: int) -> None:
    def fills_the_disk() -> Iterator[bytes]:
        yield b"half"
        raise OSError(code, os.strerror(code))

    with pytest.raises(vault.Full):
        vault.store(ITEM, fills_the_disk(), limit=10)
    assert files_in(root) == []


def test_a_disk_that_really_is_full_is_said(settings: object) -> None:
    """/dev/full answers every write as a full disk does."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(OSError, match="space"), Path("/dev/full").open("wb") as file:
        vault._write(file, [b"x" * 10], limit=10)


def test_other_faults_of_the_disk_are_not_called_full(root: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with pytest.raises(OSError, match="Input/output error"):
        vault.store(ITEM, breaks(), limit=10)
    assert files_in(root) == []


def test_files_and_folders_are_for_us_alone(root: Path) -> None:
    vault.store(ITEM, [b"x"], limit=10)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [root, *root.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert [stat.S_IMODE(path.stat().st_mode) for path in files_in(root)] == [0o600]


def test_bytes_and_folders_are_on_disk_before_store_returns(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink().relative_to(root)))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    vault.store(ITEM, [b"x"], limit=10)
    assert any(path.startswith(f"incoming/{ITEM}") for path in synced)
    assert synced[-1] == ITEM.hex[:2]
    assert synced.count(".") == 2  # the entries of both new folders


def test_what_is_not_there_is_missing_at_once() -> None:
    for ask in (lambda: vault.read(ITEM), lambda: vault.piece(ITEM, 0, 1)):
        with pytest.raises(vault.Missing):
            ask()
    assert not vault.exists(ITEM)


def test_deleting_removes_the_bytes_and_can_be_repeated(root: Path) -> None:
    vault.delete(ITEM)
    vault.store(ITEM, [b"x"], limit=10)
    vault.delete(ITEM)
    vault.delete(ITEM)
    assert files_in(root) == []


@pytest.mark.parametrize("url", ["s3://bucket", "file://host/folder", "file:relative", ""])
def test_a_storage_we_cannot_use_is_said_in_one_sentence(settings: object, url: str) -> None:
    settings.STORAGE_URL = url  # type: ignore[attr-defined]
    with pytest.raises(ImproperlyConfigured, match="Only a local folder"):
        vault.exists(ITEM)
