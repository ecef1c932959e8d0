"""Each stored file has a key of its own, kept wrapped by a master key; without that row its bytes are noise.

So destroying the row disposes of the file wherever copies of its bytes may lie. The master keys are in the
settings (`VAULT_MASTER_KEYS`), the current one first; the others still unwrap, until `rewrap` has been through all
rows.
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
    """The master key that wraps this key is not among those of the settings. Nothing is lost: add it."""


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def keep(file: UUID, key: bytes) -> None:
    """Raises IntegrityError where the file has a key."""
    ItemKey.objects.create(file=file, wrapped=_wrap(file, key), master=_current())


def of(file: UUID) -> bytes:
    """The file's key. Raises ItemKey.DoesNotExist, Altered or Locked."""
    return _unwrap(ItemKey.objects.get(pk=file))


def of_all(files: Iterable[UUID]) -> dict[UUID, bytes]:
    """The keys of those that have one, by one question. Raises Altered or Locked."""
    return {file: _unwrap(row) for file, row in ItemKey.objects.in_bulk([*files]).items()}


def destroy(file: UUID) -> None:
    ItemKey.objects.filter(pk=file).delete()


def rewrap(progress: Callable[[int], None] = lambda _done: None) -> int:
    """Wrap every key by the current master key, while all runs; how many were not. Raises Locked, Altered."""
    done = 0
    while rows := list(ItemKey.objects.exclude(master=_current()).order_by("pk")[:AT_ONCE]):
        for row in rows:
            wrapped = _wrap(row.file, _unwrap(row))
            ItemKey.objects.filter(pk=row.pk, master=row.master).update(wrapped=wrapped, master=_current())
        done += len(rows)
        progress(len(rows))
    return done


def master_name(master: bytes) -> str:
    """What a master key is called in the rows it wraps."""
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
