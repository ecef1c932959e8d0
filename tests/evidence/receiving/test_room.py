"""Room on the disk is reserved by what is announced, and kept free, whoever else announces at the same time."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from evidence.models import PendingUpload, Reservation
from evidence.receiving import leftovers, pieces, resumable, room
from evidence.receiving.refusals import FileRefused
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db

MIB = 1024 * 1024


@pytest.fixture(autouse=True)
def ten_mebibytes(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """So much may be stored until the disk has no more than MIN_FREE_BYTES."""
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    monkeypatch.setattr(room, "free", lambda: settings.MIN_FREE_BYTES + 10 * MIB)


def test_what_is_announced_is_reserved_before_a_byte_of_it_comes() -> None:
    resumable.begin("draft:a", "a.amr", 6 * MIB)
    with pytest.raises(FileRefused, match="full"):
        resumable.begin("draft:b", "b.amr", 6 * MIB)
    resumable.begin("draft:b", "b.amr", 3 * MIB)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_announce_in_the_same_instant_only_so_many_are_taken_as_there_is_room_for() -> None:
    def announces() -> bool:
        try:
            resumable.begin("draft:a", "a.amr", 3 * MIB)
        except FileRefused:
            return False
        return True

    assert sorted(at_once(*[announces] * 6)) == [False] * 3 + [True] * 3


def test_bytes_that_have_arrived_are_no_longer_reserved() -> None:
    upload = resumable.begin("draft:a", "a.amr", 6 * MIB)
    PendingUpload.objects.update(offset=5 * MIB)
    assert room.reserved() == MIB
    resumable.give_up(upload)
    assert room.reserved() == 0


def test_who_announces_and_sends_nothing_keeps_no_room_from_others() -> None:
    upload = resumable.begin("draft:a", "a.amr", 6 * MIB)
    PendingUpload.objects.update(expires_at=upload.expires_at - room.HELD_FOR - timedelta(seconds=1))
    resumable.begin("draft:b", "b.amr", 6 * MIB)
    with pytest.raises(FileRefused, match="full"):
        room.check_upload(PendingUpload.objects.get(pk=upload.pk))  # it goes on when there is room again
    PendingUpload.objects.exclude(pk=upload.pk).delete()
    room.check_upload(PendingUpload.objects.get(pk=upload.pk))


def test_the_disk_is_looked_at_again_while_a_piece_arrives(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = resumable.begin("draft:a", "a.amr", 6 * MIB)
    monkeypatch.setattr(room, "LOOK_EVERY", MIB)
    monkeypatch.setattr(room, "free", lambda: settings.MIN_FREE_BYTES - 1)
    read = iter([bytes(MIB)] * 6)
    with pytest.raises(FileRefused, match="full"):
        pieces.append(upload.pk, pieces.Piece(0, 6 * MIB, lambda _size: next(read)))


def test_what_a_killed_process_reserved_is_free_after_a_while() -> None:
    room.Announced(9 * MIB)
    assert not room.has_room(2 * MIB)
    Reservation.objects.update(until=timezone.now())
    assert room.has_room(2 * MIB)
    leftovers.clear_away()
    assert list(Reservation.objects.values_list("pk", flat=True)) == [room.LOCK]
