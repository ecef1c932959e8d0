"""The timestamp authorities of this portal: their pinned roots, and how long one that fails is left alone.

A root stays known after its authority was renamed or dropped: its tokens must be verifiable for ever.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from evidence.models import AuthorityState, PinnedRoot

from . import builtin

BUILTIN = "builtin:"
FIRST_REST = timedelta(seconds=10)  # doubled by each further failure
LONGEST_REST = timedelta(hours=1)


@dataclass(frozen=True)
class Authority:
    name: str
    url: str
    root: bytes  # PEM
    policy: str | None = None  # OID that its tokens must have

    @property
    def is_local_clock(self) -> bool:
        """The demo's own authority: genuine tokens, but by this machine's clock and key."""
        return self.url == BUILTIN

    @property
    def root_sha256(self) -> str:
        """SHA-256 of the root certificate's DER: how receipts pin an authority."""
        return _digest(self.root)


@lru_cache
def _digest(pem: bytes) -> str:
    root = x509.load_pem_x509_certificate(pem)
    return hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()


def configured() -> list[Authority]:
    """The authorities of TIMESTAMP_AUTHORITIES, in its order."""
    return [_authority(**entry) for entry in settings.TIMESTAMP_AUTHORITIES]


def _authority(name: str, url: str, root: str = "", policy: str | None = None) -> Authority:
    pem = builtin.root_pem() if url == BUILTIN else _read(root)
    return Authority(name=name, url=url, root=pem, policy=policy)


@lru_cache
def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def pinned(authority: Authority) -> PinnedRoot:
    """Its root as kept with tokens; kept now if it is new."""
    found, _ = PinnedRoot.objects.get_or_create(
        authority=authority.name, sha256=authority.root_sha256, defaults=_pin(authority)
    )
    return found


def _pin(authority: Authority) -> dict[str, Any]:
    return {"pem": authority.root.decode(), "local_clock": authority.is_local_clock}


def roots(kept: Iterable[PinnedRoot] | None = None) -> list[PinnedRoot]:
    """The roots of the configured authorities, then the `kept` ones that are none of these; all that were ever
    pinned unless told. Rows of configured ones that never stamped are not saved."""
    now = [PinnedRoot(authority=one.name, sha256=one.root_sha256, **_pin(one)) for one in configured()]
    then = PinnedRoot.objects.order_by("pk") if kept is None else kept
    known = {(root.authority, root.sha256): root for root in [*now, *then]}
    return list(known.values())


def described(roots: Iterable[PinnedRoot]) -> list[dict[str, Any]]:
    """How receipts, exports and the ledger list authorities."""
    return [
        {"name": root.authority, "root_sha256": root.sha256, "local_clock": root.local_clock} for root in roots
    ]


def is_resting(authority: Authority) -> bool:
    """Whether it failed so lately that asking again would only wait."""
    return AuthorityState.objects.filter(name=authority.name, rests_until__gt=timezone.now()).exists()


def record_failure(authority: Authority) -> None:
    """Leave it alone for a while, longer after each failure."""
    state, _ = AuthorityState.objects.get_or_create(name=authority.name)
    rest = min(FIRST_REST * 2 ** min(state.failures, 20), LONGEST_REST)
    AuthorityState.objects.filter(pk=state.pk).update(
        failures=F("failures") + 1, rests_until=timezone.now() + rest
    )


def record_answer(authority: Authority) -> None:
    """Ask it again as usual."""
    AuthorityState.objects.filter(name=authority.name, failures__gt=0).update(failures=0, rests_until=None)
