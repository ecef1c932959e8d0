"""Checkpoints: signed, kept, never smaller, never contradicting."""

import base64

import pytest
from django.db import connection, transaction

from evidence import append_only, checkpoints, ledger, signing
from evidence.holdfast_verify import check_note
from evidence.models import Checkpoint, LedgerEntry, LedgerHead
from tests.test_ledger import append, event


def test_a_checkpoint_states_size_and_root_and_its_signature_holds(db: None) -> None:
    append(event(), event(), event())
    checkpoint = checkpoints.current()
    origin, size, root = checkpoint.note.splitlines()[:3]
    assert (origin, size) == ("holdfast.demo/ledger", "3")
    assert base64.b64decode(root) == ledger.root_at(3)
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


def test_signing_stops_when_the_ledger_became_smaller(db: None) -> None:
    append(event(), event())
    checkpoints.current()
    LedgerHead.objects.update(size=1)
    with pytest.raises(checkpoints.Inconsistent, match="2 were signed"):
        checkpoints.current()


def test_signing_stops_when_an_old_entry_was_rewritten(transactional_db: None) -> None:
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    append_only.drop_triggers(connection)
    try:
        with transaction.atomic():
            LedgerEntry.objects.all().delete()
            LedgerHead.objects.all().delete()
            connection.cursor().execute("DELETE FROM evidence_ledgernode")
            ledger.append(*(event(n=n) for n in range(6)))
    finally:
        append_only.create_triggers(connection)
    with pytest.raises(checkpoints.Inconsistent, match="does not extend"):
        checkpoints.current()
    assert Checkpoint.objects.count() == 1
