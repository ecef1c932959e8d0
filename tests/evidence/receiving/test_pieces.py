"""Whatever order pieces come in, however they are cut, sent again or interrupted: the same bytes, each once."""

import errno
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as some

from evidence.models import EvidenceItem, ItemKey, PendingUpload
from evidence.receiving import formats, pieces, resumable, uploads
from evidence.receiving.pieces import Cut, Mismatch, Piece, TooMuch, WrongOffset
from evidence.receiving.refusals import FileRefused
from evidence.receiving.turns import Superseded
from evidence.storage import frames, vault
from evidence.storage.frames import FRAME

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7\n" + bytes(range(251)) * (5 * FRAME // 2 // 251)  # two frames and a half
HOLDER = "draft:somebody"


@pytest.fixture(autouse=True)
def root(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    return tmp_path / "vault"


def begin(size: int = len(CONTENT)) -> PendingUpload:
    return resumable.begin(HOLDER, "letter.pdf", size)


def send(
    upload: PendingUpload, offset: int, data: bytes, *, announced: int | None = None, checksum: bytes | None = None
) -> Any:
    digest = None if checksum is None else (hashlib.sha256(), checksum)
    piece = Piece(offset, len(data) if announced is None else announced, io.BytesIO(data).read, digest)
    return pieces.append(upload.pk, piece)


def stands_at(upload: PendingUpload) -> int:
    return resumable.find(HOLDER, upload.pk).offset


def kept(upload: PendingUpload) -> bytes:
    return b"".join(vault.read(resumable.finish(upload.pk, uploads.leave_unattached).pk))


def nothing_is_left(root: Path) -> bool:
    rows = PendingUpload.objects.exists() or ItemKey.objects.exists() or EvidenceItem.objects.exists()
    return not rows and not [path for path in root.rglob("*") if path.is_file()]


STEP = some.tuples(
    some.sampled_from(["plain", "digest", "wrong digest", "cut", "cut with digest", "again", "skipped"]),
    some.one_of(
        some.integers(1, 2000), some.integers(1, len(CONTENT)), some.sampled_from([FRAME - 1, FRAME, FRAME + 1])
    ),
    some.integers(0, 100),
)


@given(steps=some.lists(STEP, max_size=12))
@with_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_pieces_cuts_and_retries_ends_in_the_same_bytes(steps: list[tuple[str, int, int]]) -> None:
    upload = begin()
    at = 0
    for what, length, percent in steps:
        at = one_step(upload, at, what, CONTENT[at : at + length], percent)
        assert stands_at(upload) == at
    send(upload, at, CONTENT[at:])
    assert kept(upload) == CONTENT


def one_step(upload: PendingUpload, at: int, what: str, data: bytes, percent: int) -> int:
    """Do it, and say where the upload has to stand then."""
    arrived = data[: len(data) * percent // 100]
    digest = hashlib.sha256(data).digest()
    if what in ("plain", "digest"):
        send(upload, at, data, checksum=digest if what == "digest" else None)
        return at + len(data)
    if what.startswith("cut") and len(arrived) < len(data):
        with pytest.raises(Cut):
            send(upload, at, arrived, announced=len(data), checksum=digest if "digest" in what else None)
        return at if "digest" in what else at + len(arrived)
    if what == "wrong digest" and data:
        with pytest.raises(Mismatch):
            send(upload, at, data, checksum=hashlib.sha256(b"other").digest())
    elif what in ("again", "skipped"):
        offset = at - 1 if what == "again" else at + 1
        with pytest.raises(WrongOffset):
            send(upload, offset, CONTENT[offset : offset + 10])
    return at


def test_a_piece_may_not_go_beyond_the_announced_size() -> None:
    upload = begin(10)
    with pytest.raises(TooMuch):
        send(upload, 0, b"12345678901")
    with pytest.raises(Cut):
        send(upload, 0, b"12345", announced=10)
    with pytest.raises(TooMuch):
        send(upload, 5, b"678901")


def stored(content: bytes) -> vault.Stored:
    return vault.Stored(len(content), hashlib.sha256(content).hexdigest(), zlib.crc32(content))


class Killed(BaseException):
    """As kill -9 does, it runs no handler that we rely on."""


def killed(*_args: Any, **_kwargs: Any) -> Any:
    raise Killed


def dying_at(where: Any, name: str) -> Any:
    return mock.patch.object(where, name, side_effect=killed)


@pytest.mark.parametrize(("where", "name"), [(pieces, "_write_at"), (os, "fsync")], ids=["writing", "syncing"])
@pytest.mark.parametrize("start", [0, 700, FRAME, FRAME + 700])
def test_killed_while_a_piece_arrives_everything_said_before_is_there(where: Any, name: str, start: int) -> None:
    upload = begin()
    if start:
        send(upload, 0, CONTENT[:start])
    with dying_at(where, name), pytest.raises(Killed):
        send(upload, start, CONTENT[start : start + 2 * FRAME - 800])
    assert stands_at(upload) == start
    send(upload, start, CONTENT[start:])
    assert kept(upload) == CONTENT


def test_the_bytes_of_a_piece_and_the_name_of_a_new_file_are_on_disk_before_the_row_says_so(root: Path) -> None:
    """What is synced, and where the upload stands at that moment."""
    upload, synced = begin(), list[tuple[str, int]]()
    real = os.fsync

    def fsync(handle: int) -> None:
        path = Path(f"/proc/self/fd/{handle}").readlink().relative_to(root)
        synced.append((path.name, stands_at(upload)))
        real(handle)

    with mock.patch.object(os, "fsync", fsync):
        send(upload, 0, CONTENT[:FRAME])
        send(upload, FRAME, CONTENT[FRAME:])
    folder, first, name, second = ("", 0), (str(upload.pk), 0), ("incoming", 0), (str(upload.pk), FRAME)
    assert synced == [folder, first, name, second]


def test_killed_between_the_disk_and_the_row_other_bytes_may_follow() -> None:
    """What was not acknowledged is written anew: even if something else comes in its place."""
    upload = begin()
    send(upload, 0, CONTENT[:700])
    with dying_at(os, "fsync"), pytest.raises(Killed):
        send(upload, 700, bytes(2 * FRAME))
    send(upload, 700, CONTENT[700:])
    assert kept(upload) == CONTENT


@pytest.mark.parametrize(
    ("where", "name"),
    [(vault, "keep_staged"), (uploads, "_row"), (resumable, "_replace_upload"), (formats, "identify")],
    ids=["before keeping", "before the row", "in the transaction", "while it is judged"],
)
def test_killed_while_it_is_finished_it_is_finished_once_later(where: Any, name: str) -> None:
    upload = begin()
    send(upload, 0, CONTENT)
    with dying_at(where, name), pytest.raises(Killed):
        resumable.finish(upload.pk, uploads.leave_unattached)
    assert kept(upload) == CONTENT
    assert (EvidenceItem.objects.count(), PendingUpload.objects.count()) == (1, 0)


def test_a_long_piece_without_a_digest_is_saved_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone that sends for hours in one request loses seconds of it when the server is killed."""
    monkeypatch.setattr(pieces, "SAVED_EVERY", 0)
    upload = begin()

    def dies_late() -> Callable[[int], bytes]:
        blocks = io.BytesIO(CONTENT)
        return lambda n: blocks.read(n) if blocks.tell() < 6 * pieces.BLOCK else killed()

    with pytest.raises(Killed):
        pieces.append(upload.pk, Piece(0, len(CONTENT), dies_late()))
    assert stands_at(upload) == 6 * pieces.BLOCK
    send(upload, 6 * pieces.BLOCK, CONTENT[6 * pieces.BLOCK :])
    assert kept(upload) == CONTENT


def test_the_newest_piece_wins_over_one_that_hangs() -> None:
    upload = begin()

    def hangs_then_goes_on() -> Iterator[bytes]:
        yield CONTENT[: FRAME // 2]
        send(upload, 0, CONTENT[: 2 * FRAME])  # meanwhile, on another connection
        yield b"?" * FRAME

    blocks = hangs_then_goes_on()
    with pytest.raises(Superseded):
        pieces.append(upload.pk, Piece(0, FRAME + FRAME // 2, lambda _n: next(blocks, b"")))
    assert stands_at(upload) == 2 * FRAME
    send(upload, 2 * FRAME, CONTENT[2 * FRAME :])
    assert kept(upload) == CONTENT


def test_a_piece_that_hangs_cannot_bring_back_what_was_given_up(root: Path) -> None:
    upload = begin()

    def hangs() -> Iterator[bytes]:
        yield CONTENT[:1000]
        resumable.give_up(upload)
        yield CONTENT[1000:FRAME]

    blocks = hangs()
    with pytest.raises(Superseded):
        pieces.append(upload.pk, Piece(0, FRAME, lambda _n: next(blocks, b"")))
    assert nothing_is_left(root)


def test_an_upload_in_one_piece_is_hashed_on_the_way_and_read_once_less() -> None:
    upload = begin()
    found, seen = send(upload, 0, CONTENT)
    assert (found.offset, seen) == (len(CONTENT), stored(CONTENT))
    with mock.patch.object(frames.Frames, "read", side_effect=AssertionError):
        item = resumable.finish(upload.pk, uploads.leave_unattached, seen)
    assert item.sha256 == hashlib.sha256(CONTENT).hexdigest()


def test_what_is_staged_cannot_be_read_and_what_was_altered_is_asked_for_again(root: Path) -> None:
    upload = begin()
    send(upload, 0, CONTENT)
    path = pieces.staged_path(upload.pk)
    stored = bytearray(path.read_bytes())
    assert CONTENT[:9] not in stored
    stored[FRAME] ^= 1
    path.write_bytes(stored)
    with pytest.raises(FileRefused, match="damaged"):
        resumable.finish(upload.pk, uploads.leave_unattached)
    assert nothing_is_left(root)


def test_a_tail_kept_aside_is_sealed_too() -> None:
    upload = begin()
    send(upload, 0, CONTENT[:500])
    upload.refresh_from_db()
    assert (len(upload.tail), CONTENT[:9] in bytes(upload.tail)) == (500 + 28, False)


def test_a_full_disk_while_a_piece_arrives_loses_nothing_said_before() -> None:
    upload = begin()
    send(upload, 0, CONTENT[:700])
    for step in ("pwrite", "fsync"):
        full = mock.patch.object(os, step, side_effect=OSError(errno.ENOSPC, "No space left on device"))
        with full, pytest.raises(vault.Full):
            send(upload, 700, CONTENT[700:])
        assert stands_at(upload) == 700
    send(upload, 700, CONTENT[700:])
    assert kept(upload) == CONTENT
