"""Whoever has the database and the files in hand and changes something is told on by these checks."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from complaints.oversight import alarms
from evidence import ledger, tasks, troubles
from evidence.checking import integrity
from evidence.ledger import checkpoints, merkle
from evidence.models import Checkpoint, Derivative, EvidenceItem, LedgerEntry, LedgerHead, LedgerNode
from evidence.storage import vault
from evidence.storage.places import Folder
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast
from tests.support.append_only import triggers_lifted
from tests.support.bundles import a_copy, seal_all
from tests.support.tree import root_at

from .test_sealing import spoil, stored_path


@pytest.fixture
def a_ledger(transactional_db: None) -> None:
    """Eleven entries in two threads, checkpoints at 4 and 11."""
    append(*(event("case:a", n=n) for n in range(4)))
    checkpoints.current()
    append(*(event("case:b", n=n) for n in range(7)))
    checkpoints.current()


def rewrite(sql: str, *values: bytes) -> None:
    """What an operator with the database in hand can do: lift the triggers first."""
    with triggers_lifted(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def a_changed_entry() -> None:
    body = bytes(LedgerEntry.objects.get(index=5).body).replace(b'"n":1', b'"n":9')
    rewrite('UPDATE evidence_ledgerentry SET body = %s WHERE "index" = 5', body)


def a_changed_entry_with_its_hash() -> None:
    body = bytes(LedgerEntry.objects.get(index=5).body).replace(b'"n":1', b'"n":9')
    leaf = merkle.leaf_hash(body)
    rewrite('UPDATE evidence_ledgerentry SET body = %s, leaf_hash = %s WHERE "index" = 5', body, leaf)


def an_entry_made_unreadable() -> None:
    rewrite('UPDATE evidence_ledgerentry SET body = %s WHERE "index" = 5', b"\xff nothing that could be read")


def an_entry_emptied() -> None:
    rewrite('UPDATE evidence_ledgerentry SET body = %s WHERE "index" = 5', b"{}")


def a_changed_column() -> None:
    rewrite("UPDATE evidence_ledgerentry SET kind = 'test.other' WHERE \"index\" = 5")


def a_removed_entry() -> None:
    rewrite('DELETE FROM evidence_ledgerentry WHERE "index" = 5')


def a_removed_last_entry() -> None:
    rewrite('DELETE FROM evidence_ledgerentry WHERE "index" = 10')


def a_changed_node() -> None:
    rewrite("UPDATE evidence_ledgernode SET hash = %s WHERE level = 2 AND position = 0", bytes(32))


def an_added_node() -> None:
    LedgerNode.objects.create(level=9, position=0, hash=bytes(32))


def a_changed_head() -> None:
    LedgerHead.objects.update(size=10)


def a_forged_checkpoint() -> None:
    other = Checkpoint.objects.get(size=4).note.replace("\n4\n", "\n7\n")
    Checkpoint.objects.create(size=7, root=ledger_root(7), note=other, signed_at="2026-01-01T00:00:00Z")


def a_checkpoint_of_more_than_there_is() -> None:
    note = Checkpoint.objects.get(size=4).note
    Checkpoint.objects.create(size=99, root=bytes(32), note=note, signed_at="2026-01-01T00:00:00Z")


def ledger_root(size: int) -> bytes:
    return root_at(size)


def test_an_untouched_ledger_holds(a_ledger: None) -> None:
    assert list(integrity.check_ledger()) == []


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (a_changed_entry, "does not have the hash"),
        (a_changed_entry_with_its_hash, "node 1/2 is not the hash"),
        (an_entry_made_unreadable, "entry #5 is not what entries are"),
        (an_entry_emptied, "entry #5 is not what entries are"),
        (a_changed_column, "listed as something else"),
        (a_removed_entry, "#5 is missing"),
        (a_removed_last_entry, "but there are only 10"),
        (a_changed_node, "node 2/0"),
        (an_added_node, "belong to no entries"),
        (a_changed_head, "head states 10"),
        (a_forged_checkpoint, "signature is wrong"),
        (a_checkpoint_of_more_than_there_is, "of 99 entries was signed"),
    ],
)
def test_tampering_is_found_and_named(a_ledger: None, tamper: Callable[[], None], said: str) -> None:
    tamper()
    assert said in "\n".join(integrity.check_ledger())


def test_a_ledger_rewritten_with_all_its_nodes_is_found_by_its_checkpoints(a_ledger: None) -> None:
    rewrite("DELETE FROM evidence_ledgerentry")
    rewrite("DELETE FROM evidence_ledgernode")
    LedgerHead.objects.all().delete()
    append(*(event("case:a", n=n) for n in range(11)))
    assert "signed over other entries" in "\n".join(integrity.check_ledger())


def test_a_backup_that_holds_in_itself_is_found_by_what_was_remembered_outside_it(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    restore_a_backup(entries=3)
    with pytest.raises(CommandError, match="the ledger has 3 entries, but 4 were signed before"):
        call_command("check_ledger")


def test_the_command_says_what_holds_or_fails(a_ledger: None) -> None:
    said = io.StringIO()
    call_command("check_ledger", stdout=said)
    assert "The ledger holds: 11 entries" in said.getvalue()
    a_changed_entry()
    with pytest.raises(CommandError, match="entry #5"):
        call_command("check_ledger")


def test_an_altered_or_removed_timestamp_is_named(borrower: cast.Filed) -> None:
    item = borrower.case.exhibits.get().item
    seal_all(borrower.case)
    assert list(integrity.check_ledger()) == []
    item.tokens.update(response=b"another")
    expected = [f"the timestamp of item {item.pk} by builtin is missing or altered"]
    assert list(integrity.check_ledger()) == expected
    item.tokens.all().delete()
    assert list(integrity.check_ledger()) == expected


def test_whole_evidence_is_reported_whole(borrower: cast.Filed, second_borrower: cast.Filed) -> None:
    said = io.StringIO()
    call_command("check_integrity", stdout=said)
    assert "whole: 2 files" in said.getvalue()


@pytest.mark.parametrize(("harm", "said"), [(spoil, "altered in storage"), ("remove", "missing from storage")])
def test_harmed_evidence_is_named_and_goes_on_the_record_when_somebody_says_so(
    borrower: cast.Filed, harm: Callable[..., None] | str, said: str
) -> None:
    item = borrower.case.exhibits.get().item
    stored_path(item).unlink() if isinstance(harm, str) else harm(item)
    for _ in range(2):
        with pytest.raises(CommandError, match=said):
            call_command("check_integrity")
    assert LedgerEntry.objects.filter(kind="evidence.fault").count() == 0
    for _ in range(2):
        with pytest.raises(CommandError, match=said):
            call_command("check_integrity", "--record")
    assert LedgerEntry.objects.filter(kind="evidence.fault").count() == 1


def test_the_sweep_takes_what_was_checked_longest_ago_within_its_bytes(
    borrower: cast.Filed, second_borrower: cast.Filed
) -> None:
    assert integrity.oldest_check() is None
    integrity.sweep(most_bytes=1)
    checked = EvidenceItem.objects.exclude(checked_at=None)
    assert checked.count() == 1
    integrity.sweep(most_bytes=1)
    assert checked.count() == 2
    first = integrity.oldest_check()
    tasks.recheck()
    assert first
    assert integrity.oldest_check() != first


def test_the_sweep_comes_to_every_file_though_few_are_read_from_the_database_at_once(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(integrity, "AT_ONCE", 2)
    names = ("one", "two", "three", "four", "five")
    cast.file_a_complaint(files=[(f"{name}.png", cast.a_screenshot(name)) for name in names])
    for _ in range(3):
        integrity.sweep(most_bytes=10**9)
    assert EvidenceItem.objects.filter(checked_at=None).count() == 0


@pytest.mark.parametrize("older", ["original", "copy"])
def test_the_oldest_check_is_that_of_the_original_or_of_the_copy_whichever_was_earlier(
    borrower: cast.Filed, older: str
) -> None:
    copy = a_copy_of(borrower)
    integrity.sweep(most_bytes=10**9)
    day = datetime(2026, 11, 1, tzinfo=UTC)
    times = {"original": day + timedelta(days=1), "copy": day + timedelta(days=1), older: day}
    EvidenceItem.objects.update(checked_at=times["original"])
    Derivative.objects.filter(pk=copy.pk).update(checked_at=times["copy"])
    assert integrity.oldest_check() == day


def test_the_sweep_tells_of_harm_without_being_asked(borrower: cast.Filed) -> None:
    spoil(borrower.case.exhibits.get().item)
    tasks.recheck()
    assert borrower.case.exhibits.get().item.state == "altered"


def a_copy_of(filed: cast.Filed) -> Derivative:
    return a_copy(filed.case.exhibits.get().item, "picture", b"RIFF a picture to look at")


def taken_away(row: EvidenceItem | Derivative) -> Callable[[], None]:
    """Its bytes cannot be read, as on a disk that fails (a folder stands in their place); until it is called."""
    path, kept = stored_path(row), stored_path(row).with_name("kept")
    path.rename(kept)
    path.mkdir()

    def give_back() -> None:
        path.rmdir()
        kept.rename(path)

    return give_back


AWAY = str(troubles.SENTENCES["storage-away"])


@pytest.mark.parametrize("harm", ["altered", "missing", "unreadable"])
@pytest.mark.parametrize("of", ["original", "copy"])
def test_whatever_is_wrong_with_a_stored_file_is_an_alarm_and_on_the_ledger(
    borrower: cast.Filed, of: str, harm: str
) -> None:
    copy = a_copy_of(borrower)
    row = copy if of == "copy" else copy.item
    {"altered": spoil, "missing": lambda one: stored_path(one).unlink(), "unreadable": taken_away}[harm](row)
    cache.clear()
    for _ in range(2):
        tasks.recheck()
    row.refresh_from_db()
    assert row.fault == harm
    assert alarms.sounding() == ["1 stored file is missing, altered or unreadable."]
    (entry,) = LedgerEntry.objects.filter(kind="evidence.copy_fault" if of == "copy" else "evidence.fault")
    assert ledger.content_of(entry)["data"]["found"] == harm
    with pytest.raises(CommandError, match=f"{harm}|missing from"):
        call_command("check_integrity")


def test_what_can_be_read_again_is_whole_again_on_the_record_too(borrower: cast.Filed) -> None:
    item = a_copy_of(borrower).item
    give_back = taken_away(item)
    tasks.recheck()
    give_back()
    tasks.recheck()
    item.refresh_from_db()
    assert item.fault == ""
    kinds = LedgerEntry.objects.filter(subject=f"item:{item.pk}").order_by("index").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["evidence.fault", "evidence.restored"]


def test_a_storage_that_is_away_is_an_alarm_and_no_fault_of_the_evidence(
    borrower: cast.Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks.recheck()
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "open", lambda *_: (_ for _ in ()).throw(vault.Unreachable("away")))
        tasks.recheck()
        assert alarms.sounding() == [AWAY]
    tasks.recheck()
    cache.clear()
    assert alarms.sounding() == []
    assert not LedgerEntry.objects.filter(kind__contains="fault").exists()


def test_the_recheck_leaves_the_files_of_a_draft_alone(db: None) -> None:
    cast.a_draft()
    tasks.recheck()
    assert EvidenceItem.objects.get().checked_at is None
