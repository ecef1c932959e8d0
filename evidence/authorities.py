"""The timestamp authorities of this portal: their pinned roots, and how long one that fails is left alone."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from . import authority as builtin
from .models import AuthorityState

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
        root = x509.load_pem_x509_certificate(self.root)
        return hashlib.sha256(root.public_bytes(Encoding.DER)).hexdigest()


def configured() -> list[Authority]:
    """The authorities of TIMESTAMP_AUTHORITIES, in its order."""
    return [_one(**entry) for entry in settings.TIMESTAMP_AUTHORITIES]


def _one(name: str, url: str, root: str = "", policy: str | None = None) -> Authority:
    pem = builtin.root_pem() if url == BUILTIN else _read(root)
    return Authority(name=name, url=url, root=pem, policy=policy)


@lru_cache
def _read(path: str) -> bytes:
    return Path(path).read_bytes()


def rests(authority: Authority) -> bool:
    """Whether it failed so lately that asking again would only wait."""
    return AuthorityState.objects.filter(name=authority.name, rests_until__gt=timezone.now()).exists()


def failed(authority: Authority) -> None:
    """Leave it alone for a while, longer after each failure."""
    state, _ = AuthorityState.objects.get_or_create(name=authority.name)
    rest = min(FIRST_REST * 2 ** min(state.failures, 20), LONGEST_REST)
    AuthorityState.objects.filter(pk=state.pk).update(
        failures=F("failures") + 1, rests_until=timezone.now() + rest
    )


def answered(authority: Authority) -> None:
    """Ask it again as usual."""
    AuthorityState.objects.filter(name=authority.name, failures__gt=0).update(failures=0, rests_until=None)
