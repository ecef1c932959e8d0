"""Another storage or another master key is no damage: nothing is recorded, and those in charge are told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import CommandError, call_command

from complaints.oversight import alarms
from evidence import tasks, troubles
from evidence.checking import integrity
from evidence.models import EvidenceItem, ItemKey, LedgerEntry, Trouble
from evidence.receiving import leftovers, refusals, uploads
from evidence.storage import sentinel, vault
from tests.support import cast, services

SENTINEL = vault._name(sentinel.FILE)
NAMES = [f"{number}.png" for number in range(8)]


@pytest.fixture
def filed(db: None, settings: Any, tmp_path: Path) -> cast.Filed:
    """A portal of its own with eight files in its storage, which it has proved."""
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    filed = cast.file_a_complaint(files=[(name, cast.a_screenshot(name)) for name in NAMES])
    sentinel.prove()
    return filed


def an_empty_folder(settings: Any) -> None:
    settings.STORAGE_URL += "-not-mounted"


def another_portals_folder(settings: Any) -> None:
    """With a sentinel under the same name."""
    here, there = _folder(settings.STORAGE_URL), _folder(settings.STORAGE_URL + "-other")
    (there / SENTINEL).parent.mkdir(parents=True)
    (there / SENTINEL).write_bytes(bytes(reversed((here / SENTINEL).read_bytes())))
    settings.STORAGE_URL += "-other"


def _folder(url: str) -> Path:
    return Path(url.removeprefix("file://"))


def another_master_key(settings: Any) -> None:
    settings.VAULT_MASTER_KEYS = [bytes(range(32))]


WRONG: list[tuple[Callable[[Any], None], str]] = [
    (an_empty_folder, "storage-missing"),
    (another_portals_folder, "storage-other"),
    (another_master_key, "storage-locked"),
]


@pytest.mark.parametrize(("make_wrong", "code"), WRONG)
def test_wrong_storage_or_key_is_said_and_nothing_is_recorded(
    filed: cast.Filed, settings: Any, make_wrong: Callable[[Any], None], code: str
) -> None:
    right = settings.STORAGE_URL, settings.VAULT_MASTER_KEYS
    make_wrong(settings)
    entries = LedgerEntry.objects.count()
    tasks.sweep()
    tasks.recheck()
    tasks.seal_thread(filed.case.thread)
    with pytest.raises(CommandError, match=str(troubles.SENTENCES[code])[:40]):
        call_command("check_integrity", "--record")
    assert alarms.sounding() == [str(troubles.SENTENCES[code])]
    assert LedgerEntry.objects.count() == entries
    assert integrity.count_faulty() == 0

    settings.STORAGE_URL, settings.VAULT_MASTER_KEYS = right
    tasks.sweep()
    cache.clear()
    assert alarms.sounding() == []
    assert not EvidenceItem.objects.awaiting_seal().exists()


@pytest.mark.parametrize(("make_wrong", "code"), WRONG)
def test_meanwhile_no_file_is_taken_that_nobody_would_find_again(
    filed: cast.Filed, settings: Any, make_wrong: Callable[[Any], None], code: str
) -> None:
    right = settings.STORAGE_URL, settings.VAULT_MASTER_KEYS
    make_wrong(settings)
    with pytest.raises(refusals.FileRefused, match="away"):
        uploads.receive("late.png", [cast.a_screenshot("late")])
    assert Trouble.objects.get().code == code
    assert not EvidenceItem.objects.filter(name="late.png").exists()
    settings.STORAGE_URL, settings.VAULT_MASTER_KEYS = right
    uploads.receive("late.png", [cast.a_screenshot("late")])


def test_a_new_file_in_a_wrong_storage_does_not_make_it_the_portals(filed: cast.Filed, settings: Any) -> None:
    an_empty_folder(settings)
    newest = EvidenceItem.objects.latest("received_at")
    ItemKey.objects.filter(pk=newest.pk).delete()
    vault.store(newest.pk, [b"taken into the wrong storage"], limit=100)
    tasks.recheck()
    assert Trouble.objects.get().code == "storage-missing"
    assert integrity.count_faulty() == 0


def test_an_empty_bucket_is_no_damage_either(filed: cast.Filed, settings: Any) -> None:
    with services.bucket() as url:
        settings.STORAGE_URL = url
        tasks.recheck()
    assert Trouble.objects.get().code == "storage-missing"
    assert integrity.count_faulty() == 0


def without_sentinel() -> None:
    vault.delete(sentinel.FILE)


def test_an_older_portal_gets_its_sentinel_once_one_of_its_files_can_be_read(
    filed: cast.Filed, settings: Any
) -> None:
    without_sentinel()
    right = settings.STORAGE_URL
    an_empty_folder(settings)
    tasks.recheck()
    assert not ItemKey.objects.filter(pk=sentinel.FILE).exists()
    settings.STORAGE_URL = right
    tasks.recheck()
    assert vault.exists(sentinel.FILE)


def test_a_storage_that_lost_the_sentinel_alone_gets_it_again(filed: cast.Filed, settings: Any) -> None:
    (_folder(settings.STORAGE_URL) / SENTINEL).unlink()
    tasks.recheck()
    assert vault.exists(sentinel.FILE)
    assert not Trouble.objects.exists()


def test_a_sentinel_that_alone_is_altered_is_made_anew(filed: cast.Filed, settings: Any) -> None:
    path = _folder(settings.STORAGE_URL) / SENTINEL
    path.write_bytes(bytes(reversed(path.read_bytes())))
    tasks.recheck()
    sentinel.prove(making=False)
    assert not Trouble.objects.exists()


def test_the_sentinel_is_not_cleared_away_and_follows_a_new_master_key(filed: cast.Filed, settings: Any) -> None:
    ItemKey.objects.update(made_at="2020-01-01T00:00:00Z")
    leftovers.clear_away()
    settings.VAULT_MASTER_KEYS = [bytes(range(32)), *settings.VAULT_MASTER_KEYS]
    call_command("rotate_vault_key")
    settings.VAULT_MASTER_KEYS = settings.VAULT_MASTER_KEYS[:1]
    sentinel.prove()


def losing_most_files() -> list[bytes]:
    """All but one are gone from a storage that still has its sentinel. Gives what they were."""
    lost = []
    for item in EvidenceItem.objects.order_by("pk")[1:]:
        path = _path(item)
        lost.append(path.read_bytes())
        path.unlink()
    return lost


def _path(item: EvidenceItem) -> Path:
    return _folder(django_settings.STORAGE_URL) / vault._name(item.pk)


def test_after_some_faults_in_a_row_the_sweep_stops_until_one_of_those_files_is_back(filed: cast.Filed) -> None:
    lost = losing_most_files()
    EvidenceItem.objects.filter(pk=EvidenceItem.objects.order_by("pk")[0].pk).update(
        checked_at="2999-01-01T00:00Z"
    )
    for _ in range(4):
        integrity.sweep(most_bytes=1)  # one file a sweep, as with large ones
        integrity.sweep(most_bytes=10**9)
    assert integrity.count_faulty() == integrity.IN_A_ROW
    assert str(troubles.SENTENCES["faults-in-a-row"]) in alarms.sounding()

    for item, content in zip(EvidenceItem.objects.order_by("pk")[1:], lost, strict=True):
        _path(item).write_bytes(content)
    for _ in range(3):
        integrity.sweep(most_bytes=10**9)
    assert integrity.count_faulty() == 0
    assert not Trouble.objects.exists()


def test_after_some_faults_in_a_row_a_person_can_record_what_is_lost(filed: cast.Filed) -> None:
    losing_most_files()
    EvidenceItem.objects.filter(pk=EvidenceItem.objects.order_by("pk")[0].pk).update(
        checked_at="2999-01-01T00:00Z"
    )
    integrity.sweep(most_bytes=10**9)
    with pytest.raises(CommandError, match="missing from storage"):
        call_command("check_integrity", "--record")
    assert integrity.count_faulty() == len(NAMES) - 1
    assert not troubles.is_reported("faults")
