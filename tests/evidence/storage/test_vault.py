"""The vault, over each place it can stand on: whole or not at all, once, and encrypted."""

import errno
import hashlib
import io
import os
import stat
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils import timezone

from evidence.models import ItemKey
from evidence.receiving import leftovers
from evidence.storage import places, vault
from evidence.storage.bucket import Bucket
from evidence.storage.frames import FRAME, SEALED
from evidence.storage.vault import Stored
from tests.support import services

pytestmark = pytest.mark.django_db

ITEM = uuid.UUID("7d9f1c1e-8c25-4a4b-9a53-0f0c5f1d2e3a")
OVERHEAD = SEALED - FRAME  # bytes that a frame is longer, sealed
CONTENT = bytes(range(256)) * 5000  # a whole frame and a part


@pytest.fixture(scope="module")
def bucket_url() -> Iterator[str]:
    with services.bucket() as url:
        yield url


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    """The vault in a folder."""
    settings.STORAGE_URL = f"file://{tmp_path}/the%20vault"
    return tmp_path / "the vault"


@pytest.fixture
def in_a_bucket(settings: Any, tmp_path: Path, bucket_url: str) -> Iterator[Bucket]:
    settings.STORAGE_URL, settings.DATA_DIR = bucket_url, tmp_path
    place = vault.place()
    assert isinstance(place, Bucket)
    yield place
    for stored in place._client.list_objects_v2(Bucket=place.bucket).get("Contents", []):
        place._client.delete_object(Bucket=place.bucket, Key=stored["Key"])


@pytest.fixture(params=["root", "in_a_bucket"])
def anywhere(request: pytest.FixtureRequest) -> Any:
    """Each place in turn."""
    return request.getfixturevalue(request.param)


def files_in(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def nothing_is_left() -> bool:
    return not ItemKey.objects.exists() and not vault.exists(ITEM) and not files_in(vault.staging())


def key_of(bucket: Bucket) -> str:
    return bucket.folder + vault._name(ITEM)


def kept() -> bytes:
    return b"".join(vault.read(ITEM))


@pytest.mark.usefixtures("anywhere")
class TestAnywhere:
    def test_what_is_stored_comes_out_bit_for_bit_with_its_digests(self) -> None:
        stored = vault.store(ITEM, [CONTENT[:1000], b"", CONTENT[1000:]], limit=len(CONTENT))
        assert stored == Stored(len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), zlib.crc32(CONTENT))
        assert kept() == CONTENT
        assert vault.exists(ITEM)
        assert files_in(vault.staging()) == []

    def test_reading_gives_blocks_of_any_part(self) -> None:
        vault.store(ITEM, [CONTENT], limit=len(CONTENT))
        assert max(len(block) for block in vault.read(ITEM)) <= 256 * 1024
        assert b"".join(vault.read(ITEM, 300_001)) == CONTENT[300_001:]
        assert b"".join(vault.read(ITEM, 1_000_000, 1_100_000)) == CONTENT[1_000_000:1_100_000]
        assert list(vault.read(ITEM, len(CONTENT))) == []

    def test_a_piece_is_cut_at_the_end(self) -> None:
        vault.store(ITEM, [CONTENT], limit=len(CONTENT))
        frames = vault.frames(ITEM)
        assert frames.piece(5, 7) == CONTENT[5:12]
        assert frames.piece(1024 * 1024 - 3, 7) == CONTENT[1024 * 1024 - 3 : 1024 * 1024 + 4]
        assert frames.piece(len(CONTENT) - 2, 7) == CONTENT[-2:]
        assert frames.piece(len(CONTENT) + 9, 7) == b""

    def test_nothing_is_ever_overwritten(self) -> None:
        vault.store(ITEM, [b"first"], limit=10)
        with pytest.raises(vault.AlreadyStored):
            vault.store(ITEM, [b"second"], limit=10)
        assert kept() == b"first"
        assert files_in(vault.staging()) == []

    def test_bytes_without_a_key_are_not_overwritten_either(self) -> None:
        vault.store(ITEM, [b"first"], limit=10)
        ItemKey.objects.all().delete()
        with pytest.raises(vault.AlreadyStored):
            vault.store(ITEM, [b"second"], limit=10)
        assert not ItemKey.objects.exists()

    def test_one_byte_too_many_leaves_nothing_behind(self) -> None:
        with pytest.raises(vault.TooLarge):
            vault.store(ITEM, [b"12345", b"67890", b"!"], limit=10)
        assert nothing_is_left()

    def test_a_sender_who_fails_in_the_middle_leaves_nothing_behind(self) -> None:
        def breaks_off() -> Iterator[bytes]:
            yield b"half"
            raise ConnectionResetError

        with pytest.raises(ConnectionResetError):
            vault.store(ITEM, breaks_off(), limit=10)
        assert nothing_is_left()

    def test_bytes_that_were_never_stored_are_missing_at_once(self) -> None:
        for ask in (lambda: vault.read(ITEM), lambda: vault.frames(ITEM)):
            with pytest.raises(vault.Missing):
                ask()
        assert not vault.exists(ITEM)

    def test_bytes_that_are_gone_are_missing_though_their_key_is_there(self) -> None:
        vault.store(ITEM, [b"x"], limit=10)
        vault.place().delete(vault._name(ITEM))
        with pytest.raises(vault.Missing):
            vault.read(ITEM)

    def test_deleting_removes_bytes_and_key_and_can_be_repeated(self) -> None:
        vault.delete(ITEM)
        vault.store(ITEM, [b"x"], limit=10)
        vault.delete(ITEM)
        vault.delete(ITEM)
        assert nothing_is_left()

    def test_a_staged_file_can_be_kept_again_after_an_interruption(self) -> None:
        with vault.Incoming(ITEM, limit=10) as file:
            file.write(b"x")
            file.finish()
            file.keep()
            vault.keep_staged(file._path, ITEM)
        assert kept() == b"x"


def test_a_bucket_holds_only_sealed_bytes(in_a_bucket: Bucket) -> None:
    vault.store(ITEM, [b"a threat on tape"], limit=100)
    (name,) = [each["Key"] for each in in_a_bucket._client.list_objects_v2(Bucket="evidence")["Contents"]]
    assert name == f"the vault/{ITEM.hex[:2]}/{ITEM}"
    stored = in_a_bucket._client.get_object(Bucket="evidence", Key=name)["Body"].read()
    assert (len(stored), b"threat" in stored) == (16 + 28, False)


def test_a_bucket_that_knows_no_conditions_is_asked_first(in_a_bucket: Bucket) -> None:
    vault.store(ITEM, [b"first"], limit=10)
    ItemKey.objects.all().delete()
    with mock.patch.object(in_a_bucket._client, "put_object") as put, pytest.raises(vault.AlreadyStored):
        vault.store(ITEM, [b"second"], limit=10)
    put.assert_not_called()


def test_of_two_who_store_at_once_the_bucket_takes_the_first(in_a_bucket: Bucket) -> None:
    vault.store(ITEM, [b"first"], limit=10)
    ItemKey.objects.all().delete()
    stored = mock.patch.object(
        in_a_bucket, "_stored", side_effect=[None, in_a_bucket._stored(key_of(in_a_bucket))]
    )
    with stored, pytest.raises(vault.AlreadyStored):
        vault.store(ITEM, [b"other"], limit=10)


@contextmanager
def an_answer_is_lost(bucket: Bucket, *then: Exception) -> Iterator[None]:
    """The server stores what it is sent, and its first answer does not arrive. Then it answers `then`."""
    send, answers = bucket._client._make_api_call, iter(then)

    def losing(operation: str, arguments: dict[str, Any]) -> Any:
        answer = send(operation, arguments)
        if operation == "PutObject":
            for error in answers:
                raise error
        return answer

    with mock.patch.object(bucket._client, "_make_api_call", losing):
        yield


TAKEN = ClientError({"Error": {"Code": "PreconditionFailed", "Message": "taken"}}, "PutObject")


def test_a_bucket_whose_answer_is_lost_has_stored_the_file_and_its_key_stays(in_a_bucket: Bucket) -> None:
    with an_answer_is_lost(in_a_bucket, TAKEN):
        vault.store(ITEM, [b"first"], limit=10)
    assert kept() == b"first"


def test_so_it_is_with_a_server_that_keeps_no_marks(in_a_bucket: Bucket) -> None:
    stored = mock.patch.object(in_a_bucket, "_stored", side_effect=[None, (len(b"first") + OVERHEAD, "")])
    with stored, an_answer_is_lost(in_a_bucket, TAKEN):
        vault.store(ITEM, [b"first"], limit=10)
    assert kept() == b"first"


def test_where_no_answer_comes_at_all_the_key_stays_until_the_sweep_deletes_both(in_a_bucket: Bucket) -> None:
    gone = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    with an_answer_is_lost(in_a_bucket, gone), pytest.raises(vault.Unreachable):
        vault.store(ITEM, [b"first"], limit=10)
    assert kept() == b"first"
    ItemKey.objects.update(made_at=timezone.now() - 2 * leftovers.LEFT_AFTER)
    leftovers.clear_away()
    assert not vault.exists(ITEM)
    assert in_a_bucket._stored(key_of(in_a_bucket)) is None


def test_while_another_stores_the_same_nothing_counts_as_stored(in_a_bucket: Bucket, tmp_path: Path) -> None:
    """S3 answers 409 to one of two conditional writes under way, and the other may still fail."""
    conflict = ClientError({"Error": {"Code": "ConditionalRequestConflict", "Message": "again"}}, "PutObject")
    staged = tmp_path / "staged"
    staged.write_bytes(b"sealed")
    trying = mock.patch.object(in_a_bucket._client, "put_object", side_effect=conflict)
    with trying, pytest.raises(vault.Unreachable):
        vault.keep_staged(staged, ITEM)


NO_ANSWER = [
    EndpointConnectionError(endpoint_url="http://127.0.0.1:9"),
    ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "HeadObject"),
]


@pytest.mark.parametrize("error", NO_ANSWER, ids=["gone", "denied"])
def test_a_bucket_that_does_not_answer_is_unreachable_and_not_empty(in_a_bucket: Bucket, error: Exception) -> None:
    vault.store(ITEM, [b"first"], limit=10)
    with mock.patch.object(in_a_bucket._client, "head_object", side_effect=error):
        with pytest.raises(vault.Unreachable):
            vault.read(ITEM)
        with pytest.raises(vault.Unreachable):
            vault.store(uuid.uuid4(), [b"second"], limit=10)
    assert ItemKey.objects.count() == 1
    assert kept() == b"first"


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing_behind(root: Path, code: int) -> None:
    for function in ("fsync", "link"):
        error = OSError(code, os.strerror(code))
        with mock.patch.object(os, function, side_effect=error), pytest.raises(vault.Full):
            vault.store(ITEM, [b"x"], limit=10)
        assert nothing_is_left()


def test_a_disk_that_really_is_full_is_said() -> None:
    """/dev/full answers every write as a full disk does."""
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(vault.Full), places.raising_full(), Path("/dev/full").open("wb") as file:
        file.write(b"x" * 10_000)


def test_other_faults_of_the_disk_are_not_called_full(root: Path) -> None:
    error = OSError(errno.EIO, os.strerror(errno.EIO))
    with mock.patch.object(os, "fsync", side_effect=error), pytest.raises(OSError, match="Input/output error"):
        vault.store(ITEM, [b"x"], limit=10)
    assert nothing_is_left()


def test_files_and_folders_are_for_us_alone(root: Path) -> None:
    vault.store(ITEM, [b"x"], limit=10)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [root, *root.rglob("*")] if path.is_dir()}
    assert modes == {0o700}
    assert [stat.S_IMODE(path.stat().st_mode) for path in files_in(root)] == [0o600]


def test_bytes_and_folders_are_on_disk_before_store_returns(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    synced: list[str] = []
    sizes: list[int] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink().relative_to(root)))
        if synced[-1].startswith(f"incoming/{ITEM}"):
            sizes.append(os.fstat(handle).st_size)
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    vault.store(ITEM, [b"x"], limit=10)
    assert sizes == [1 + 28]  # all of it with what sealing adds: nothing waits in our own memory
    assert synced[-1] == ITEM.hex[:2]
    assert synced.count(".") == 2  # the entries of both new folders


def test_neither_staging_nor_vault_ever_holds_a_readable_byte(root: Path) -> None:
    with vault.Incoming(ITEM, limit=100) as file:
        file.write(b"a threat on tape")
        file.finish()
        file.keep()
        assert len(files_in(root)) == 2  # one file under two names
        assert not [path for path in files_in(root) if b"threat" in path.read_bytes()]


def test_altered_bytes_are_noticed_at_once_or_where_they_are(root: Path) -> None:
    vault.store(ITEM, [CONTENT * 2], limit=len(CONTENT) * 2)
    (path,) = files_in(root)
    spoiled = bytearray(path.read_bytes())
    spoiled[len(spoiled) // 2] ^= 1
    path.write_bytes(spoiled)
    reading = vault.read(ITEM)
    with pytest.raises(vault.Altered):
        list(reading)
    path.write_bytes(spoiled[:-1])
    with pytest.raises(vault.Altered):
        vault.read(ITEM)


@pytest.mark.parametrize("url", ["file://host/folder", "file:relative", "s3:///folder", "http://host", ""])
def test_a_storage_we_cannot_use_is_said_in_one_sentence(settings: Any, url: str) -> None:
    settings.STORAGE_URL = url
    with pytest.raises(ImproperlyConfigured, match=r"It is file:///path/to/folder or s3://bucket"):
        vault.place()
    with pytest.raises(SystemCheckError, match="It is file:///"):
        call_command("check", stdout=io.StringIO())
