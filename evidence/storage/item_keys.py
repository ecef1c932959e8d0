"""The keys of stored files. Each file has its own key, which is stored in a row, encrypted by a master key.

Deleting the row makes the file unreadable, wherever copies of its bytes are. The master keys are in the setting
`VAULT_MASTER_KEYS`. The first one encrypts; the others only decrypt, until `rewrap` has rewritten all rows.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from evidence.models import ItemKey

from .frames import NONCE, Altered

AT_ONCE = 500  # rows in memory


class Locked(Exception):
    """The master key of this file's key is not in VAULT_MASTER_KEYS. Nothing is lost: add it there."""


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def keep(file: UUID, key: bytes) -> None:
    """Store a file's key. Raises IntegrityError when the file has one."""
    ItemKey.objects.create(file=file, wrapped=_wrap(file, key), master=_current())


def of(file: UUID) -> bytes:
    """The file's key. Raises ItemKey.DoesNotExist, Altered or Locked."""
    return _unwrap(ItemKey.objects.get(pk=file))


def of_all(files: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of those files that have one, read with one query. Raises Altered or Locked."""
    return {file: _unwrap(row) for file, row in ItemKey.objects.in_bulk([*files]).items()}


def destroy(file: UUID) -> None:
    ItemKey.objects.filter(pk=file).delete()


def rewrap(progress: Callable[[int], None] = lambda _done: None) -> int:
    """Encrypt every key by the current master key, while the portal runs. Returns how many were rewritten.

    Raises Locked or Altered.
    """
    done = 0
    while rows := list(ItemKey.objects.exclude(master=_current()).order_by("pk")[:AT_ONCE]):
        for row in rows:
            wrapped = _wrap(row.file, _unwrap(row))
            ItemKey.objects.filter(pk=row.pk, master=row.master).update(wrapped=wrapped, master=_current())
        done += len(rows)
        progress(len(rows))
    return done


def master_name(master: bytes) -> str:
    """The name of a master key in the rows that it encrypts."""
    return hashlib.sha256(b"holdfast-master-key/1" + master).hexdigest()[:16]


def _masters() -> dict[str, bytes]:
    return {master_name(master): master for master in settings.VAULT_MASTER_KEYS}


def _current() -> str:
    return master_name(settings.VAULT_MASTER_KEYS[0])


def _wrap(file: UUID, key: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_masters()[_current()]).encrypt(nonce, key, _associated_data(file))


def _unwrap(row: ItemKey) -> bytes:
    master = _masters().get(row.master)
    if master is None:
        raise Locked(f"The master key {row.master} is not in VAULT_MASTER_KEYS.")
    wrapped = bytes(row.wrapped)
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE], wrapped[NONCE:], _associated_data(row.file))
    except (InvalidTag, ValueError):
        raise Altered(f"The key of {row.file} is not what was wrapped.") from None


def _associated_data(file: UUID) -> bytes:
    return b"holdfast-item-key/1" + file.bytes
