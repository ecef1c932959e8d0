"""Encrypted frames: any part comes out, and nothing comes out that was not put in."""

import io
import uuid
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as some

from evidence.storage import frames
from evidence.storage.frames import FRAME, NONCE, SEALED, TAG, Altered, Frames, Sealer

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
FILE = uuid.UUID("7d9f1c1e-8c25-4a4b-9a53-0f0c5f1d2e3a")
THREE = bytes(range(251)) * (2 * FRAME // 251 + 900)  # two whole frames and a part


def sealed(content: bytes, *, key: bytes = KEY, file: uuid.UUID = FILE, **options: Any) -> bytearray:
    out = io.BytesIO()
    sealer = Sealer(key, file, out.write, **options)
    sealer.feed(content)
    sealer.finish()
    return bytearray(out.getvalue())


def opened(stored: bytes | bytearray, *, key: bytes = KEY, file: uuid.UUID = FILE) -> Frames:
    return Frames(key, file, len(stored), lambda start, length: io.BytesIO(stored[start:]))


def content_of(stored: bytes | bytearray, **options: Any) -> bytes:
    return b"".join(opened(stored, **options).read())


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME])
def test_a_file_of_any_size_comes_out_as_it_went_in(size: int) -> None:
    content = THREE[:size]
    stored = sealed(content)
    assert (opened(stored).size, content_of(stored)) == (size, content)


def test_nothing_of_the_bytes_can_be_seen_and_no_two_files_are_alike() -> None:
    stored = sealed(b"secret" * 100)
    assert b"secret" not in stored
    assert stored != sealed(b"secret" * 100)


@given(
    cuts=some.lists(some.integers(0, len(THREE)), max_size=6),
    start=some.integers(0, len(THREE) + 9),
    length=some.integers(0, len(THREE)),
)
@with_settings(max_examples=25)
def test_any_part_is_read_back_whatever_pieces_the_bytes_came_in(cuts: list[int], start: int, length: int) -> None:
    out = io.BytesIO()
    sealer = Sealer(KEY, FILE, out.write)
    places = [0, *sorted(cuts), len(THREE)]
    for begin, end in pairwise(places):
        sealer.feed(THREE[begin:end])
    sealer.finish()
    found = opened(out.getvalue())
    assert found.piece(start, length) == THREE[start : start + length]
    assert b"".join(found.read(start, start + length)) == THREE[start : start + length]


ATTACKS = {
    "a flipped bit": lambda s: s.__setitem__(len(s) // 2, s[len(s) // 2] ^ 1),
    "a flipped bit of a nonce": lambda s: s.__setitem__(SEALED, s[SEALED] ^ 1),
    "a flipped bit of a tag": lambda s: s.__setitem__(-1, s[-1] ^ 128),
    "two frames swapped": lambda s: s.__setitem__(slice(0, 2 * SEALED), s[SEALED : 2 * SEALED] + s[:SEALED]),
    "a frame repeated": lambda s: s.__setitem__(slice(SEALED, 2 * SEALED), s[:SEALED]),
    "the last frame cut off": lambda s: s.__delitem__(slice(2 * SEALED, None)),
    "the first frame cut off": lambda s: s.__delitem__(slice(0, SEALED)),
    "a byte cut off": lambda s: s.__delitem__(-1),
    "all but a few bytes of the last frame cut off": lambda s: s.__delitem__(slice(2 * SEALED + 5, None)),
    "a byte added": lambda s: s.append(0),
    "an own frame added": lambda s: s.extend(sealed(b"more", number=3)),
    "everything cut off": lambda s: s.clear(),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_is_done_to_the_stored_bytes_is_noticed(attack: str) -> None:
    stored = sealed(THREE)
    ATTACKS[attack](stored)
    with pytest.raises(Altered):
        content_of(stored)


@pytest.mark.parametrize("attack", ["the last frame cut off", "an own frame added", "a byte cut off"])
def test_looking_at_the_ends_notices_what_was_cut_off_or_added(attack: str) -> None:
    stored = sealed(THREE)
    ATTACKS[attack](stored)
    with pytest.raises(Altered):
        opened(stored).check_ends()


def test_another_file_or_another_key_opens_nothing() -> None:
    with pytest.raises(Altered):
        content_of(sealed(THREE), file=uuid.uuid4())
    with pytest.raises(Altered):
        content_of(sealed(THREE), key=OTHER_KEY)


def test_a_file_that_becomes_shorter_while_it_is_read_is_altered() -> None:
    stored = sealed(THREE)
    found = Frames(KEY, FILE, len(stored), lambda start, length: io.BytesIO(stored[start:-1]))
    with pytest.raises(Altered, match="shorter"):
        list(found.read())


def test_a_frame_half_filled_is_kept_aside_and_taken_up_again() -> None:
    out = io.BytesIO()
    first = Sealer(KEY, FILE, out.write, total=len(THREE))
    first.feed(THREE[: FRAME + 77])
    assert (first.number, first.filled, len(first.tail())) == (1, 77, 77 + NONCE + TAG)
    second = Sealer(KEY, FILE, out.write, total=len(THREE), number=first.number)
    second.resume(first.tail())
    second.feed(THREE[FRAME + 77 :])
    second.finish()
    assert content_of(out.getvalue()) == THREE


def test_a_frame_kept_aside_cannot_stand_for_a_whole_one() -> None:
    sealer = Sealer(KEY, FILE, lambda _frame: None)
    sealer.feed(b"half")
    with pytest.raises(Altered):
        content_of(sealer.tail())
    with pytest.raises(Altered):
        Sealer(KEY, FILE, lambda _frame: None).resume(bytes(sealed(b"half")))


def test_with_the_total_known_a_frame_goes_out_as_soon_as_it_is_full() -> None:
    sealer = Sealer(KEY, FILE, lambda _frame: None, total=2 * FRAME)
    sealer.feed(THREE[:FRAME])
    assert (sealer.number, sealer.filled, sealer.tail()) == (1, 0, b"")
    sealer.feed(THREE[:FRAME])
    assert (sealer.number, sealer.filled) == (1, FRAME)  # the last one waits to be finished


def test_a_frame_sealed_again_has_another_nonce() -> None:
    assert sealed(b"x")[:NONCE] != sealed(b"x")[:NONCE]
    assert frames.SEALED - frames.FRAME == NONCE + TAG
