"""The append-only ledger on a real database."""

import json
import threading
from typing import Any

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as some

from evidence import ledger
from evidence.holdfast_verify import leaf_hash, root_from_inclusion
from evidence.ledger import checkpoints, entries, merkle
from evidence.models import Checkpoint, LedgerEntry, LedgerHead, LedgerNode
from tests.support.tree import root_at


def event(thread: str = "case:a", **data: Any) -> ledger.Event:
    return ledger.Event(kind="test.happened", thread=thread, subject=thread, by=ledger.SYSTEM, data=data)


def append(*events: ledger.Event) -> list[ledger.Leaf]:
    with transaction.atomic():
        return ledger.append(*events)


def test_an_entry_is_canonical_json_with_exactly_the_fields_of_version_1(db: None) -> None:
    (entry,) = append(event(n=1, text="留证"))
    content = ledger.content_of(entry)
    assert bytes(entry.body) == rfc8785.dumps(content)
    assert set(content) == {"v", "id", "at", "kind", "thread", "seq", "prev", "subject", "by", "data", "salt"}
    assert (content["v"], content["seq"], content["prev"]) == (1, 1, "")
    assert bytes(entry.leaf_hash) == leaf_hash(bytes(entry.body))


simple = (
    some.none()
    | some.booleans()
    | some.integers(-(2**53) + 1, 2**53 - 1)
    | some.text(some.characters(codec="utf-8"))
)
names = some.text(some.characters(min_codepoint=32, max_codepoint=126))


@given(some.recursive(simple, lambda inner: some.lists(inner) | some.dictionaries(names, inner), max_leaves=12))
def test_what_an_event_may_hold_is_written_as_rfc_8785_has_it(value: Any) -> None:
    assert entries._canonical({"data": value}) == rfc8785.dumps({"data": value})


def test_each_thread_counts_from_one_and_names_the_entry_before(db: None) -> None:
    append(event("case:a"), event("case:b"), event("case:a"))
    append(event("case:b"), event("case:a"))
    for thread, length in (("case:a", 3), ("case:b", 2)):
        history = ledger.history(thread)
        assert [entry.seq for entry in history] == list(range(1, length + 1))
        before = ["", *(bytes(entry.leaf_hash).hex() for entry in history)]
        assert [ledger.content_of(entry)["prev"] for entry in history] == before[:-1]


def test_two_equal_events_have_different_leaves_because_each_is_salted(db: None) -> None:
    one, other = append(event(sha256="00" * 32), event(sha256="00" * 32))
    assert len(ledger.content_of(one)["salt"]) == 32
    assert one.leaf_hash != other.leaf_hash


def test_nothing_is_appended_outside_a_transaction(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="atomic"):
        ledger.append(event())
    assert not LedgerEntry.objects.exists()


def test_an_event_is_recorded_once_by_its_id(transactional_db: None) -> None:
    happened = event()
    append(happened)
    with pytest.raises(DatabaseError):
        append(happened)
    assert LedgerHead.objects.get().size == 1


def test_what_fails_after_the_append_leaves_no_entry_and_no_gap(transactional_db: None) -> None:
    append(event())
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ledger.append(event())
        _ = 1 / 0
    append(event())
    assert list(LedgerEntry.objects.values_list("index", flat=True)) == [0, 1]


@given(batches=some.lists(some.integers(1, 9), min_size=1, max_size=12), data=some.data())
@effort(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stored_nodes_prove_every_entry_and_every_growth_however_it_was_batched(
    db: None, batches: list[int], data: some.DataObject
) -> None:
    with transaction.atomic():
        for batch in batches:
            ledger.append(*(event(n=n) for n in range(batch)))
        size = LedgerHead.objects.get().size
        index = data.draw(some.integers(0, size - 1))
        old = data.draw(some.integers(1, size))
        entry = LedgerEntry.objects.get(index=index)
        root = root_at(size)
        assert (
            root_from_inclusion(index, size, bytes(entry.leaf_hash), ledger.inclusion_proof(index, size)) == root
        )
        path = ledger.consistency_proof(old, size)
        assert merkle.check_consistency(old, size, root_at(old), root, path)
        transaction.set_rollback(True)


def test_writers_at_once_leave_no_gap_and_break_no_thread(transactional_db: None) -> None:
    failures: list[Exception] = []

    def write(name: str) -> None:
        try:
            for n in range(8):
                append(event(f"case:{name}", n=n), event("case:shared", n=n))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(str(n),)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    entries = list(LedgerEntry.objects.all())
    assert [entry.index for entry in entries] == list(range(64))
    assert [entry.seq for entry in ledger.history("case:shared")] == list(range(1, 33))
    kept = bytes(LedgerHead.objects.get().peaks)
    assert merkle.fold([kept[at : at + 32] for at in range(0, len(kept), 32)]) == root_at(64)


@pytest.mark.parametrize("model", [LedgerEntry, LedgerNode, Checkpoint])
def test_the_database_itself_refuses_to_change_or_remove_what_is_kept(transactional_db: None, model: Any) -> None:
    append(event(), event(), event())
    checkpoints.current()
    field = {LedgerEntry: "kind", LedgerNode: "hash", Checkpoint: "note"}[model]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**{field: b"changed" if field == "hash" else "changed"})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        table = model._meta.db_table
        replace = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        cursor.execute(f"TRUNCATE {table} CASCADE" if connection.vendor == "postgresql" else replace)
    assert model.objects.exists()


def test_the_opened_proofs_check_against_the_checkpoint_they_come_with(db: None) -> None:
    entries = append(*(event(n=n) for n in range(11)))
    checkpoint = checkpoints.current()
    opened = ledger.proofs(entries[3:5], checkpoint)
    assert opened["checkpoint"] == checkpoint.note
    for proved in opened["entries"]:
        path = [bytes.fromhex(node) for node in proved["proof"]]
        leaf = leaf_hash(proved["entry"].encode())
        assert root_from_inclusion(proved["index"], 11, leaf, path) == bytes(checkpoint.root)
        assert json.loads(proved["entry"])["data"]["n"] == proved["index"]
