"""The timestamp authorities: those of the settings, their root certificates, and pauses for those that fail.

A root stays stored after its authority is renamed or removed from the settings, so that its tokens can always be
verified.
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
from django.db.models.functions import Coalesce
from django.utils import timezone

from evidence.models import AuthorityState, PinnedRoot

from . import builtin

BUILTIN = "builtin:"
FIRST_REST = timedelta(seconds=10)  # after the first failure; each further one doubles it
LONGEST_REST = timedelta(hours=1)
AWAY_AFTER = timedelta(minutes=10)  # of failures: until then it is not said


@dataclass(frozen=True)
class Authority:
    name: str
    url: str
    root: bytes  # PEM
    policy: str | None = None  # the OID of the policy that its tokens must have

    @property
    def is_local_clock(self) -> bool:
        """Whether it is the demo's authority, whose tokens are valid but use this machine's clock and key."""
        return self.url == BUILTIN

    @property
    def root_sha256(self) -> str:
        """SHA-256 (hex) of the root certificate's DER. Receipts identify an authority by it."""
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
    """The stored row of the authority's root, which its tokens refer to. It is created if it is new."""
    found, _ = PinnedRoot.objects.get_or_create(
        authority=authority.name, sha256=authority.root_sha256, defaults=_pin(authority)
    )
    return found


def _pin(authority: Authority) -> dict[str, Any]:
    return {"pem": authority.root.decode(), "local_clock": authority.is_local_clock}


def roots(kept: Iterable[PinnedRoot] | None = None) -> list[PinnedRoot]:
    """The roots of the configured authorities, then the other ones of `kept` (default: all that are stored).

    A configured authority that never stamped has no stored row; its PinnedRoot is not saved.
    """
    now = [PinnedRoot(authority=one.name, sha256=one.root_sha256, **_pin(one)) for one in configured()]
    then = PinnedRoot.objects.order_by("pk") if kept is None else kept
    known = {(root.authority, root.sha256): root for root in [*now, *then]}
    return list(known.values())


def described(roots: Iterable[PinnedRoot]) -> list[dict[str, Any]]:
    """The list `authorities` of receipts and exports."""
    return [
        {"name": root.authority, "root_sha256": root.sha256, "local_clock": root.local_clock} for root in roots
    ]


def certificate_alone(root: PinnedRoot) -> str:
    """The root as PEM without what the operator's file may have beside it: remarks, or further certificates."""
    found = x509.load_pem_x509_certificate(root.pem.encode())
    return found.public_bytes(Encoding.PEM).decode()


def is_resting(authority: Authority) -> bool:
    """Whether the authority failed a short time ago and must not be asked now. A longer rest than there is began
    while a clock ran ahead, and does not count."""
    now = timezone.now()
    resting = AuthorityState.objects.filter(rests_until__gt=now, rests_until__lte=now + LONGEST_REST)
    return resting.filter(name=authority.name).exists()


def record_failure(authority: Authority) -> None:
    """Pause the authority, longer after each failure in a row."""
    state, _ = AuthorityState.objects.get_or_create(name=authority.name)
    rest = min(FIRST_REST * 2 ** min(state.failures, 20), LONGEST_REST)
    now = timezone.now()
    AuthorityState.objects.filter(pk=state.pk).update(
        failures=F("failures") + 1, rests_until=now + rest, failing_since=Coalesce("failing_since", now)
    )


def record_answer(authority: Authority) -> None:
    """End the authority's pause."""
    failed = AuthorityState.objects.filter(name=authority.name, failures__gt=0)
    failed.update(failures=0, rests_until=None, failing_since=None)


def away() -> list[AuthorityState]:
    """Those of the settings that have given no valid answer for AWAY_AFTER, the longest away first."""
    named = [entry["name"] for entry in settings.TIMESTAMP_AUTHORITIES]
    failing = AuthorityState.objects.filter(name__in=named, failing_since__lt=timezone.now() - AWAY_AFTER)
    return list(failing.order_by("failing_since"))
