"""Checkpoints: signed, kept, never smaller, never contradicting."""

import base64
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from evidence import ledger
from evidence.holdfast_verify import check_note
from evidence.ledger import checkpoints, signing
from evidence.models import Checkpoint, LedgerEntry, LedgerHead, LedgerNode
from tests.support.append_only import triggers_lifted
from tests.support.at_once import fails
from tests.support.tree import root_at

from .test_entries import append, event


@pytest.fixture(autouse=True)
def a_memory_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_a_checkpoint_states_size_and_root_and_its_signature_holds(db: None) -> None:
    append(event(), event(), event())
    checkpoint = checkpoints.current()
    origin, size, root = checkpoint.note.splitlines()[:3]
    assert (origin, size) == ("holdfast.demo/ledger", "3")
    assert base64.b64decode(root) == root_at(3)
    assert check_note(checkpoint.note, signing.vkey())


def test_an_unchanged_ledger_is_not_signed_twice(db: None) -> None:
    append(event())
    assert checkpoints.current() == checkpoints.current()
    assert Checkpoint.objects.count() == 1


def test_the_empty_ledger_has_a_checkpoint_too(db: None) -> None:
    assert checkpoints.latest() is None
    assert checkpoints.current().size == 0


def test_each_checkpoint_extends_the_one_before(db: None) -> None:
    for n in range(5):
        append(event(n=n))
        checkpoints.current()
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [1, 2, 3, 4, 5]


def forget_checkpoints_above(size: int) -> None:
    """As in a backup from before they were signed."""
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM evidence_checkpoint WHERE size > %s", [size])


def test_signing_stops_when_the_ledger_became_smaller(db: None) -> None:
    append(event(), event())
    checkpoints.current()
    LedgerHead.objects.update(size=1)
    with pytest.raises(checkpoints.Inconsistent, match="2 were signed"):
        checkpoints.current()


def restore_a_backup(*, entries: int, with_checkpoints: bool = False) -> None:
    """The database as it would be had it been restored from before: `entries` entries, other ones."""
    with triggers_lifted(), transaction.atomic(), connection.cursor() as cursor:
        for table in ("ledgerentry", "ledgernode", "ledgerhead"):
            cursor.execute(f"DELETE FROM evidence_{table}")
        if not with_checkpoints:
            cursor.execute("DELETE FROM evidence_checkpoint")
        ledger.append(*(event(n=n) for n in range(entries)))


def test_after_a_restore_the_largest_checkpoint_that_was_signed_is_published(transactional_db: None) -> None:
    """The backup has a checkpoint of its own; what everybody could read before does not become smaller."""
    assert checkpoints.published() == ""
    append(event(), event())
    first = checkpoints.current().note
    assert checkpoints.published() == first
    append(event(), event())
    largest = checkpoints.current().note
    forget_checkpoints_above(2)
    newest = checkpoints.latest()
    assert newest
    assert (newest.size, checkpoints.published()) == (2, largest)


def test_a_damaged_memory_leaves_the_largest_checkpoint_of_the_database_published(
    transactional_db: None, tmp_path: Path
) -> None:
    append(event())
    note = checkpoints.current().note
    (tmp_path / "checkpoint").write_bytes(b"\xff no note")
    assert checkpoints.published() == note


def test_a_memory_that_is_just_being_written_is_waited_for(transactional_db: None, tmp_path: Path) -> None:
    append(event())
    note = checkpoints.current().note

    def read() -> Any:
        try:
            return checkpoints.remembered_note()
        finally:
            connection.close()  # this thread's own

    with ThreadPoolExecutor() as pool:
        with checkpoints._locked():
            (tmp_path / "checkpoint").write_text(note[:40])
            reading = pool.submit(read)
            with pytest.raises(TimeoutError):
                reading.result(timeout=0.2)
            (tmp_path / "checkpoint").write_text(note)
        remembered = reading.result()
    assert remembered
    assert remembered.size == 1


def test_signing_stops_when_an_old_entry_was_rewritten(transactional_db: None) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    restore_a_backup(entries=6, with_checkpoints=True)
    with pytest.raises(checkpoints.Inconsistent, match="does not extend"):
        checkpoints.current()
    assert Checkpoint.objects.count() == 1


@pytest.mark.parametrize("entries", [0, 3, 4, 9])
def test_a_restored_backup_is_noticed_by_what_was_remembered_outside_it(
    transactional_db: None, entries: int
) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    restore_a_backup(entries=entries)
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.current()
    assert not Checkpoint.objects.exists()


def test_after_a_persons_decision_on_the_record_signing_goes_on(transactional_db: None) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    restore_a_backup(entries=2)
    call_command("accept_ledger", because="restored-backup", stdout=io.StringIO())
    assert checkpoints.current().size == 3
    (entry,) = LedgerEntry.objects.filter(kind="ledger.restored")
    assert ledger.content_of(entry)["data"] == {"reason": "restored-backup", "signed_before": 4, "entries_left": 2}


def test_a_damaged_memory_stops_signing_until_somebody_decides(transactional_db: None, tmp_path: Path) -> None:
    """Or who has the data folder could stop the portal for good, and nobody could say why."""
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    (tmp_path / "checkpoint").write_bytes(b"\xff no note")
    append(event())
    with pytest.raises(checkpoints.Inconsistent, match="is no use"):
        checkpoints.current()
    assert "is no use" in checkpoints.trouble()
    call_command("accept_ledger", because="lost-disk", stdout=io.StringIO())
    assert checkpoints.current().size == 6
    content = ledger.content_of(LedgerEntry.objects.get(kind="ledger.restored"))
    assert content["data"]["signed_before"] == 4
    assert content["by"] == {"role": "administrator"}


def test_signing_stops_with_a_sentence_when_hashes_are_missing(transactional_db: None) -> None:
    append(*(event(n=n) for n in range(3)))
    checkpoints.current()
    append(event())
    with triggers_lifted():
        LedgerNode.objects.all().delete()
    with pytest.raises(checkpoints.Inconsistent, match="stored hashes of the 3 entries signed before are missing"):
        checkpoints.current()


def test_a_ledger_whose_rows_contradict_each_other_is_not_accepted_and_nothing_is_forgotten(
    transactional_db: None, tmp_path: Path
) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    LedgerHead.objects.update(size=2)
    with pytest.raises(CommandError, match="states 2 entries, but there are 4"):
        call_command("accept_ledger", because="other", stdout=io.StringIO())
    assert (tmp_path / "checkpoint").exists()


def test_what_was_signed_is_remembered_until_the_decision_is_on_the_record(
    transactional_db: None, tmp_path: Path
) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    restore_a_backup(entries=2)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        checkpoints.accept("other", by=ledger.SYSTEM)
        _ = 1 / 0
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.current()


def test_there_is_nothing_to_decide_about_a_ledger_that_holds(transactional_db: None) -> None:
    append(event())
    with pytest.raises(CommandError, match="nothing to decide"):
        call_command("accept_ledger", because="other")


def test_a_rolled_back_checkpoint_is_not_remembered(transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.append(event())
        checkpoints.current()
        _ = 1 / 0
    assert checkpoints.remembered_note() is None


def test_a_checkpoint_that_cannot_be_kept_is_not_remembered(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(event())
    monkeypatch.setattr(Checkpoint, "save", fails)
    with pytest.raises(OSError, match="it fails"):
        checkpoints.current()
    assert checkpoints.remembered_note() is None


def test_the_memory_is_whole_at_every_size(transactional_db: None, tmp_path: Path) -> None:
    """It is overwritten in place, and grows by a digit at ten and at a hundred."""
    for size in (1, 2, 9, 10, 11, 99, 100, 250):
        append(*(event(n=n) for n in range(size - LedgerHead.objects.get_or_create(pk=1)[0].size)))
        note = checkpoints.current().note
        assert (tmp_path / "checkpoint").read_text() == note
        remembered = checkpoints.remembered_note()
        assert remembered
        assert remembered.size == size


def test_a_late_writer_does_not_replace_a_larger_memory(transactional_db: None) -> None:
    append(event())
    first = checkpoints.current()
    append(event())
    checkpoints.current()
    checkpoints._remember(first.size, first.note)
    remembered = checkpoints.remembered_note()
    assert remembered
    assert remembered.size == 2


def test_the_newest_checkpoint_is_written_for_publication(transactional_db: None, tmp_path: Path) -> None:
    append(event())
    said = io.StringIO()
    call_command("publish_checkpoint", to=tmp_path / "today", stdout=said)
    assert check_note((tmp_path / "today").read_text(), signing.vkey()).size == 1
    restore_a_backup(entries=0)
    with pytest.raises(CommandError, match="Nothing was signed"):
        call_command("publish_checkpoint", to=tmp_path / "tomorrow")
    assert not (tmp_path / "tomorrow").exists()
