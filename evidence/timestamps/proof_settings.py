"""Records on the ledger which key and timestamp authorities the portal uses, whenever these settings change."""

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from evidence import ledger
from evidence.ledger import kinds, signing
from evidence.models import LedgerEntry, LedgerHead

from . import authorities
from .authorities import Authority

KIND = kinds.PROOF_SETTINGS
THREAD = "portal"


@transaction.atomic
def record() -> None:
    """Append an entry if the settings differ from those of the last one."""
    LedgerHead.objects.select_for_update().get_or_create(pk=1)
    last = LedgerEntry.objects.filter(thread=THREAD, kind=KIND).order_by("-seq").first()
    now = _current_settings()
    if last is None or ledger.content_of(last)["data"] != now:
        ledger.append(ledger.Event(kind=KIND, thread=THREAD, subject=THREAD, by=ledger.SYSTEM, data=now))


def _current_settings() -> dict[str, Any]:
    return {"key": signing.vkey(), "authorities": [_authority_settings(one) for one in authorities.configured()]}


def _authority_settings(authority: Authority) -> dict[str, Any]:
    return {
        "name": authority.name,
        "address": _without_password(authority.url),
        "policy": authority.policy or "",
        "root_sha256": authority.root_sha256,
        "local_clock": authority.is_local_clock,
    }


def _without_password(url: str) -> str:
    """The address without user and password: a secret on the ledger could never be removed."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
