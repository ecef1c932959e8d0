"""kill -9 of the worker between any two steps of sealing: the sweep seals, once, and the ledger has no gap."""

import pytest

from evidence import ledger, tasks
from evidence.models import EvidenceItem, LedgerEntry, Seal
from tests.conftest import test_database_url as database_url
from tests.support import cast, services

pytestmark = pytest.mark.faults

STEPS = [
    ("before", "evidence.checking.sealing", "seal"),
    ("before", "evidence.checking.sealing", "reread"),
    ("after", "evidence.checking.sealing", "reread"),
    ("before", "evidence.timestamps.timestamping", "verify"),
    ("after", "evidence.timestamps.timestamping", "stamp"),
    ("after", "evidence.checking.sealing", "_has_token"),
    ("before", "evidence.ledger", "append"),
    ("after", "evidence.ledger", "append"),
    ("after", "evidence.checking.sealing", "_record"),
]


@pytest.mark.parametrize(("when", "module", "function"), STEPS)
def test_what_a_killed_worker_left_is_sealed_by_the_sweep(
    redis: services.Redis, transactional_db: None, when: str, module: str, function: str
) -> None:
    filed = cast.file_a_complaint()  # its message waits in Redis
    services.dies_at(when, module, function, queue="evidence", database_url=database_url())
    sealed_already = (when, function) == ("after", "_record")
    assert Seal.objects.exists() == sealed_already

    tasks.sweep()
    tasks.sweep()

    assert not EvidenceItem.objects.awaiting_seal().exists()
    assert Seal.objects.count() == LedgerEntry.objects.filter(kind="evidence.sealed").count() == 1
    assert [entry.seq for entry in ledger.history(filed.case.thread)] == [1, 2, 3]
    assert [entry.index for entry in LedgerEntry.objects.all()] == [0, 1, 2]
