"""The key that signs the ledger is changed by a command, and no process signs with an earlier one."""

import io
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from evidence.checking import integrity
from evidence.ledger import checkpoints, keys, signing
from evidence.models import Checkpoint, LedgerEntry
from evidence.timestamps import proof_settings
from tests.support.changed_keys import NEW, NEWEST, OLD

from .test_entries import append, event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_ledger(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """Four entries and a checkpoint with the old key, remembered in a data folder of its own."""
    settings.DATA_DIR, settings.LEDGER_SIGNING_KEY = tmp_path, OLD
    append(*(event("case:a", n=n) for n in range(3)))
    proof_settings.record()
    checkpoints.current()


def changes_to(file: Path) -> str:
    said = io.StringIO()
    call_command("change_ledger_key", to=file, stdout=said)
    return said.getvalue()


def test_the_old_key_signs_the_name_of_a_fresh_one(settings: Any, tmp_path: Path) -> None:
    old = signing.vkey()
    said = changes_to(tmp_path / "new-key")
    assert stat.S_IMODE((tmp_path / "new-key").stat().st_mode) == 0o600
    settings.LEDGER_SIGNING_KEY = (tmp_path / "new-key").read_text().strip()
    assert signing.vkey() in said
    assert checkpoints.trouble() == ""
    assert checkpoints.current().size == 5
    assert keys.former() == [(4, old)]
    assert list(integrity.check_ledger()) == []


def test_nothing_is_signed_by_a_process_that_has_the_old_key(settings: Any, tmp_path: Path) -> None:
    changes_to(tmp_path / "new-key")
    assert "LEDGER_SIGNING_KEY of this process is an earlier one" in checkpoints.trouble()
    with pytest.raises(checkpoints.Inconsistent):
        checkpoints.current()
    with pytest.raises(CommandError, match="an earlier one"):
        changes_to(tmp_path / "another")
    assert Checkpoint.objects.count() == 1


def test_a_key_that_is_known_or_malformed_is_refused(settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "key"
    for content, says in ((OLD, "take a fresh one"), ("AAAA", "must be 32 bytes")):
        file.write_text(content)
        with pytest.raises(CommandError, match=says):
            changes_to(file)
    assert keys.changes() == []


def test_an_old_key_does_not_come_back(settings: Any, tmp_path: Path) -> None:
    for seed in (NEW, OLD):
        (tmp_path / "key").write_text(seed)
        if seed == OLD:
            with pytest.raises(CommandError, match="take a fresh one"):
                changes_to(tmp_path / "key")
        else:
            changes_to(tmp_path / "key")
            settings.LEDGER_SIGNING_KEY = seed
    assert len(keys.changes()) == 1


def test_a_key_in_the_settings_that_the_old_one_did_not_sign_stops_the_signing(settings: Any) -> None:
    settings.LEDGER_SIGNING_KEY = NEW
    assert "is not signed with this portal's key" in checkpoints.trouble()


def test_a_lost_key_is_replaced_and_the_ledger_says_that_nothing_signed_the_new_one(settings: Any) -> None:
    lost, settings.LEDGER_SIGNING_KEY = signing.vkey(), NEW
    proof_settings.record()  # as a worker does before somebody gives the command
    said = io.StringIO()
    call_command("change_ledger_key", lost=True, stdout=said)
    assert lost in said.getvalue()
    entry = LedgerEntry.objects.get(kind="ledger.key_changed").opened()
    assert set(entry.data) == {"from", "to"}
    assert checkpoints.trouble() == ""
    assert list(integrity.check_ledger()) == []
    with pytest.raises(CommandError, match="names no other key"):
        call_command("change_ledger_key", lost=True)


def test_a_lost_key_is_not_replaced_over_a_ledger_that_it_did_not_sign(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text((tmp_path / "checkpoint").read_text().replace("\n4\n", "\n3\n"))
    settings.LEDGER_SIGNING_KEY = NEW
    with pytest.raises(CommandError, match="is no use"):
        call_command("change_ledger_key", lost=True)
    assert keys.changes() == []


def test_the_ledgers_page_lists_the_keys_and_serves_them_as_one_file(settings: Any, tmp_path: Path) -> None:
    old, client = signing.vkey(), Client()
    assert reverse("ledger_keys") not in client.get(reverse("ledger")).content.decode()
    changes_to(tmp_path / "new-key")
    settings.LEDGER_SIGNING_KEY = (tmp_path / "new-key").read_text().strip()
    assert old.encode() in client.get(reverse("ledger")).content.replace(b"&#x2B;", b"+")
    assert client.get(reverse("ledger_keys")).content.decode() == f"{signing.vkey()}\n{old} 4\n"


def test_the_ledgers_page_says_which_key_was_lost(settings: Any) -> None:
    settings.LEDGER_SIGNING_KEY = NEW
    call_command("change_ledger_key", lost=True, stdout=io.StringIO())
    assert "Then it was lost" in Client().get(reverse("ledger")).content.decode()


def test_a_server_with_an_earlier_key_says_so_and_blames_no_backup(tmp_path: Path) -> None:
    changes_to(tmp_path / "new-key")  # this process keeps the old one
    page = Client().get(reverse("ledger")).content.decode()
    assert "this server still has an earlier one" in page
    assert "a backup was put back" not in page
    assert Client().get(reverse("ledger_key")).content.decode() == f"{keys.present()}\n"
    assert keys.present() != signing.vkey()


def test_a_twice_changed_key(settings: Any, tmp_path: Path) -> None:
    for seed in (NEW, NEWEST):
        (tmp_path / "key").write_text(seed)
        changes_to(tmp_path / "key")
        settings.LEDGER_SIGNING_KEY = seed
        append(event("case:a", n=9))
        checkpoints.current()
    assert [most for most, _ in keys.former()] == [4, 6]
    assert list(integrity.check_ledger()) == []
