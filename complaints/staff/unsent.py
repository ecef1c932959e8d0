"""Keeps what a member of staff types, and what they sent when their session had ended, for them alone.

It is encrypted under a key derived from SECRET_KEY, and deleted when it is sent, or after DAYS.
"""

import hashlib
import hmac
import os
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from complaints.models import StaffMember, Unsent

DAYS = 14
MOST_BYTES = 1024 * 1024  # of one form
MOST = 100  # forms of one member; older ones are dropped
NONCE = 12  # bytes
NEVER = (
    "csrfmiddlewaretoken",
    "code",
    "draft",
    "draft_action",
    "draft_page",
)  # fields that are not kept, nor are passwords


def worth_keeping(typed: QueryDict) -> QueryDict:
    """The fields without secrets and without marks of the page."""
    kept = typed.copy()
    for name in [name for name in kept if name in NEVER or "password" in name]:
        del kept[name]
    return kept


def keep(member: StaffMember, typed: QueryDict, *, action: str, page: str) -> Unsent | None:
    """Keep a form. None if it is larger than MOST_BYTES."""
    return _sealed(Unsent(member=member, action=action[:2000], page=page[:2000]), typed)


def keep_draft(member: StaffMember, key: UUID, typed: QueryDict, *, action: str, page: str) -> Unsent | None:
    """Keep what the member is typing, in place of what was kept under this key. None if it is larger than
    MOST_BYTES, or if the key is another member's."""
    row = Unsent.objects.filter(pk=key).first() or Unsent(pk=key, member=member, is_draft=True)
    if row.member_id != member.pk or not row.is_draft:
        return None
    row.action, row.page, row.kept_at = action[:2000], page[:2000], timezone.now()
    return _sealed(row, typed)


def _sealed(row: Unsent, typed: QueryDict) -> Unsent | None:
    text, nonce = worth_keeping(typed).urlencode().encode(), os.urandom(NONCE)
    if len(text) > MOST_BYTES:
        return None
    row.sealed = nonce + AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text, _bound_to(row))
    row.save()
    old = row.member.unsent.order_by("-kept_at").values_list("pk", flat=True)[MOST:]
    Unsent.objects.filter(pk__in=list(old)).delete()
    return row


def waiting(member: StaffMember) -> list[Unsent]:
    """What waits for this member, oldest first."""
    return list(member.unsent.filter(kept_at__gt=_oldest()))


def opened(row: Unsent) -> QueryDict | None:
    """The fields. None if no key of the settings opens them."""
    sealed = bytes(row.sealed)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            text = AESGCM(_key(secret)).decrypt(sealed[:NONCE], sealed[NONCE:], _bound_to(row))
            return QueryDict(text.decode())
        except InvalidTag:
            continue
    return None


def shown(row: Unsent) -> None:
    Unsent.objects.filter(pk=row.pk, shown_at=None).update(shown_at=timezone.now())


def sent(member: StaffMember, action: str, draft: UUID | None = None) -> None:
    """Forget what waited for this address, and this draft, because the member has sent a form there.

    Drafts of other forms with the same address stay.
    """
    member.unsent.filter(Q(action=action, is_draft=False) | Q(pk=draft, is_draft=True)).delete()


def forget_old() -> None:
    Unsent.objects.filter(kept_at__lte=_oldest()).delete()


def _oldest() -> datetime:
    return timezone.now() - timedelta(days=DAYS)


def _bound_to(row: Unsent) -> bytes:
    return f"{row.pk} {row.member_id}".encode()


def _key(secret: str) -> bytes:
    return hmac.digest(secret.encode(), b"what staff wrote and could not send", hashlib.sha256)
