"""What the public may ask of the ledger, and what it never tells."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from evidence import ledger
from evidence.holdfast_verify import check_consistency, root_from_inclusion
from evidence.ledger import checkpoints
from evidence.models import LedgerEntry
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast
from tests.support.tree import root_at

pytestmark = pytest.mark.django_db


def test_every_leaf_is_proved_under_every_signed_size(client: Client) -> None:
    append(*(event(n=n) for n in range(7)))
    checkpoints.current()
    for size in range(1, 8):
        for index in range(size):
            told = client.get(f"/ledger/leaf/{index}/{size}").json()
            path = [bytes.fromhex(node) for node in told["proof"]]
            root = root_from_inclusion(index, size, bytes.fromhex(told["leaf"]), path)
            assert root == root_at(size)


def test_any_two_sizes_are_proved_consistent(client: Client) -> None:
    append(*(event(n=n) for n in range(7)))
    checkpoints.current()
    for new in range(1, 8):
        for old in range(1, new + 1):
            path = [bytes.fromhex(node) for node in client.get(f"/ledger/consistency/{old}/{new}").json()["proof"]]
            assert check_consistency(old, new, root_at(old), root_at(new), path)


@pytest.mark.parametrize("path", ["leaf/3/3", "leaf/0/9", "leaf/0/0", "consistency/3/2", "consistency/1/9"])
def test_what_is_not_there_or_not_signed_is_not_proved(client: Client, path: str) -> None:
    append(*(event(n=n) for n in range(3)))
    checkpoints.current()
    assert client.get(f"/ledger/{path}").status_code == 404


def test_no_public_address_opens_an_entry(client: Client, borrower: cast.Filed) -> None:
    entry = LedgerEntry.objects.get(index=0)
    salt = ledger.content_of(entry)["salt"]
    addresses = ["/ledger/", "/ledger/checkpoint", "/ledger/key", "/ledger/leaf/0/2", "/ledger/consistency/1/2"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        for secret in (salt, borrower.case.exhibits.get().item.sha256, borrower.case.complaint.sha256):
            assert secret not in answer.content.decode()


def test_after_a_restored_backup_the_public_checkpoint_grows_no_smaller_and_the_page_says_that_signing_stopped(
    client: Client, transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    append(*(event(n=n) for n in range(4)))
    checkpoints.current()
    before = client.get("/ledger/checkpoint").content
    assert "Signing has stopped" not in client.get("/ledger/").content.decode()
    restore_a_backup(entries=2)
    assert client.get("/ledger/checkpoint").content == before
    assert "Signing has stopped" in client.get("/ledger/").content.decode()
    checkpoints.accept("restored-backup", by=ledger.SYSTEM)
    assert client.get("/ledger/checkpoint").content.startswith(b"holdfast.demo/ledger\n3\n")
    assert "Signing has stopped" not in client.get("/ledger/").content.decode()
