"""Sealing real files in a real vault; each interruption is one that the sweep makes good."""

import hashlib
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings

from evidence import ledger, tasks
from evidence.checking import sealing
from evidence.ledger import custody
from evidence.models import Derivative, EvidenceItem, Fault, LedgerEntry, Seal, TimestampToken
from evidence.storage import sentinel, vault
from evidence.timestamps import timestamping
from evidence.timestamps.timestamping import Stamp
from tests.support import cast
from tests.support.at_once import at_once, fails, slowly


@pytest.fixture
def item(borrower: cast.Filed) -> EvidenceItem:
    return borrower.case.exhibits.get().item


def stored_path(stored: EvidenceItem | Derivative) -> Any:
    """Where its bytes are, in a storage that the portal has known as its own."""
    sentinel.prove()
    (path,) = settings.DATA_DIR.joinpath("vault").rglob(f"*{stored.pk}*")
    return path


def spoil(stored: EvidenceItem | Derivative) -> None:
    path = stored_path(stored)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def test_a_seal_has_a_verified_token_and_its_ledger_entry_names_it(item: EvidenceItem) -> None:
    seal = sealing.seal(item)
    assert seal is not None
    (named,) = ledger.content_of(seal.entry)["data"]["tokens"]
    token = TimestampToken.objects.get(item=item)
    assert named["sha256"] == hashlib.sha256(token.response).hexdigest()
    assert item.state == "sealed"


def test_sealing_twice_makes_one_seal_and_one_entry(item: EvidenceItem) -> None:
    assert sealing.seal(item) == sealing.seal(item)
    assert LedgerEntry.objects.filter(kind="evidence.sealed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_seal_the_same_item_in_the_same_instant_make_one_seal(
    item: EvidenceItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have asked the authority before either has kept its answer, and both come to the record."""
    both, stamp = Barrier(2), timestamping.stamp

    def stamp_together(*asked: Any) -> Stamp:
        stamped = stamp(*asked)
        both.wait(timeout=30)
        return stamped

    monkeypatch.setattr(timestamping, "stamp", stamp_together)
    monkeypatch.setattr(custody, "record", slowly(custody.record))
    one, other = at_once(*[lambda: sealing.seal(item)] * 2)
    assert one == other == Seal.objects.get()
    assert TimestampToken.objects.filter(item=item).count() == 1
    assert LedgerEntry.objects.filter(kind="evidence.sealed").count() == 1


def test_a_seal_that_cannot_be_kept_is_not_recorded_either(
    item: EvidenceItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Seal, "save", fails)
    with pytest.raises(OSError, match="it fails"):
        sealing.seal(item)
    assert not LedgerEntry.objects.filter(kind="evidence.sealed").exists()


def test_altered_bytes_are_never_sealed_but_recorded_once_and_shown(item: EvidenceItem) -> None:
    spoil(item)
    assert sealing.seal(item) is None
    assert sealing.seal(item) is None
    item.refresh_from_db()
    assert item.state == Fault.ALTERED
    (entry,) = LedgerEntry.objects.filter(kind="evidence.fault")
    assert ledger.content_of(entry)["data"]["found"] == "altered"


def test_missing_bytes_are_recorded_as_missing(item: EvidenceItem) -> None:
    stored_path(item).unlink()
    assert sealing.seal(item) is None
    item.refresh_from_db()
    assert item.fault == Fault.MISSING
    with pytest.raises(vault.Missing):
        list(vault.read(item.pk))


def test_without_its_authority_an_item_waits_and_nothing_is_lost(item: EvidenceItem, settings: Any) -> None:
    root = settings.DATA_DIR / "authority" / "root.pem"
    configured = settings.TIMESTAMP_AUTHORITIES
    settings.TIMESTAMP_AUTHORITIES = [
        *configured,
        {"name": "gone", "url": "http://127.0.0.1:9/", "root": str(root)},
    ]
    assert sealing.seal(item) is None
    assert item.state == "received"
    assert [token.authority for token in item.tokens.all()] == ["builtin"]
    settings.TIMESTAMP_AUTHORITIES = configured
    assert sealing.seal(item) is not None


def test_the_sweep_seals_whatever_no_message_reached(
    borrower: cast.Filed, second_borrower: cast.Filed, django_assert_max_num_queries: Any
) -> None:
    assert EvidenceItem.objects.awaiting_seal().count() == 2
    tasks.sweep()
    assert not EvidenceItem.objects.awaiting_seal().exists()
    assert Seal.objects.count() == 2


def test_what_is_still_a_draft_is_not_sealed(db: None) -> None:
    cast.a_draft()
    tasks.sweep()
    assert not Seal.objects.exists()


def test_an_item_that_cannot_be_read_holds_up_no_other(
    borrower: cast.Filed, second_borrower: cast.Filed, caplog: pytest.LogCaptureFixture
) -> None:
    stuck, other = (filed.case.exhibits.get().item for filed in (borrower, second_borrower))
    path = stored_path(stuck)
    path.unlink()
    path.mkdir()
    try:
        tasks.sweep()
        tasks.recheck()
        assert [item.state for item in EvidenceItem.objects.filter(pk=other.pk)] == ["sealed"]
        stuck.refresh_from_db()
        assert stuck.state == "unreadable"
        assert "it will be tried again" in caplog.text
    finally:
        path.rmdir()
