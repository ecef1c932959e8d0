"""Keys of stored files: wrapped, bound to their file, rotated while running, destroyed for good."""

import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from evidence.models import ItemKey
from evidence.storage import item_keys, vault
from evidence.storage.frames import Altered
from portal.values import Wrong, master_keys

pytestmark = pytest.mark.django_db

OLD, NEW = b"o" * 32, b"n" * 32
FILE = uuid.UUID("7d9f1c1e-8c25-4a4b-9a53-0f0c5f1d2e3a")


@pytest.fixture(autouse=True)
def old_master(settings: Any, tmp_path: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/vault"
    settings.VAULT_MASTER_KEYS = [OLD]


def test_a_key_is_kept_wrapped_and_given_back() -> None:
    key = item_keys.new_key()
    item_keys.keep(FILE, key)
    row = ItemKey.objects.get()
    assert (len(row.wrapped), row.master) == (60, item_keys.master_name(OLD))
    assert key not in bytes(row.wrapped)
    assert item_keys.of(FILE) == key


def test_the_key_of_another_file_put_in_its_place_is_noticed() -> None:
    other = uuid.uuid4()
    for file in (FILE, other):
        item_keys.keep(file, item_keys.new_key())
    ItemKey.objects.filter(pk=FILE).update(wrapped=ItemKey.objects.get(pk=other).wrapped)
    with pytest.raises(Altered):
        item_keys.of(FILE)


def test_after_the_rotation_the_old_master_key_is_needed_no_more(settings: Any) -> None:
    vault.store(FILE, [b"a letter"], limit=100)
    settings.VAULT_MASTER_KEYS = [NEW, OLD]
    assert b"".join(vault.read(FILE)) == b"a letter"
    out = StringIO()
    call_command("rotate_vault_key", stdout=out)
    assert "wrapped anew: 1." in out.getvalue()
    settings.VAULT_MASTER_KEYS = [NEW]
    assert b"".join(vault.read(FILE)) == b"a letter"
    assert item_keys.rewrap() == 0


def test_a_file_is_read_while_its_key_is_wrapped_anew(settings: Any) -> None:
    vault.store(FILE, [b"x" * 3_000_000], limit=3_000_000)
    reading = vault.read(FILE)
    read = next(reading)
    settings.VAULT_MASTER_KEYS = [NEW, OLD]
    item_keys.rewrap()
    assert len(read + b"".join(reading)) == 3_000_000


def test_without_its_master_key_a_file_is_locked_and_not_called_altered(settings: Any) -> None:
    vault.store(FILE, [b"a letter"], limit=100)
    settings.VAULT_MASTER_KEYS = [NEW]
    with pytest.raises(vault.Locked, match="not in VAULT_MASTER_KEYS"):
        vault.read(FILE)
    with pytest.raises(CommandError, match="not in VAULT_MASTER_KEYS"):
        call_command("rotate_vault_key", stdout=StringIO())


def test_without_its_key_a_file_is_gone_though_its_bytes_are_there() -> None:
    vault.store(FILE, [b"a letter"], limit=100)
    item_keys.destroy(FILE)
    with pytest.raises(vault.Missing):
        vault.read(FILE)


@pytest.mark.parametrize("text", ["", "short", "b28=", "!" * 44, ",".join(["A" * 43 + "="] * 2)])
def test_master_keys_that_are_none_stop_the_start_with_a_sentence(text: str) -> None:
    with pytest.raises(Wrong, match="32 bytes in base64"):
        master_keys(text)
