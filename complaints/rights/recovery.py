"""Gives a new access code to a borrower who lost it, through an address that the borrower gave earlier.

The staff can neither start this nor see it. A request gets the same answer and takes the same work whether or not
the reference and the address belong to a case.
"""

import hmac
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from complaints import codes
from complaints.cases import record
from complaints.drafts import drafts
from complaints.models import Case, NoticeChannel, Recovery, Reporter, event_kinds
from complaints.notices import notify
from complaints.reference import addresses
from evidence import ledger

GOOD_FOR = timedelta(minutes=30)
MOST_ATTEMPTS = 5
KEPT = timedelta(days=2)  # the limit on codes a day counts these rows


@transaction.atomic
def ask(reference: str, address: str) -> Recovery:
    """Record a request. If the address is one of the case's, a one-time code is sent to it."""
    channel = NoticeChannel.EMAIL if addresses.is_email(address) else NoticeChannel.SMS
    case = Case.objects.select_related("reporter").filter(pk=Case.key_in(reference) or 0).first()
    now, key = timezone.now(), uuid.uuid4()
    recovery: Recovery = Recovery.objects.create(
        id=key,
        case=case if _is_theirs(case.reporter if case else None, channel, address) else None,
        channel=channel,
        code_digest=codes.digest(codes.one_time(key)),
        asked_at=now,
        expires_at=now + GOOD_FOR,
    )
    notify.send_code(recovery)
    return recovery


def _is_theirs(reporter: Reporter | None, channel: str, address: str) -> bool:
    kept = addresses.same(notify.address(reporter, channel)) if reporter else ""
    same = hmac.compare_digest(codes.digest(addresses.same(address)), codes.digest(kept or uuid.uuid4().hex))
    return same and bool(kept)


def is_possible(case: Case) -> bool:
    """Whether the borrower gave an address to which this portal can send a one-time code."""
    return any(notify.address(case.reporter, way) for way in notify.set_up())


@transaction.atomic
def redeem(key: uuid.UUID, one_time_code: str) -> str | None:
    """The new access code in exchange for the right one-time code, else None. The old access code stops working.

    The same one-time code gives the same access code again while it is valid, for instance when a button is
    pressed twice.
    """
    found = Recovery.objects.select_for_update().filter(pk=key, expires_at__gt=timezone.now())
    recovery = found.filter(attempts__lt=MOST_ATTEMPTS).first()
    if recovery is None:
        return None
    if not hmac.compare_digest(codes.digest(one_time_code), recovery.code_digest) or recovery.case is None:
        found.update(attempts=F("attempts") + 1)
        return None
    access_code = codes.derived(f"{recovery.pk} {one_time_code}", "access")
    if recovery.used_at is None:
        _renew(recovery, recovery.case, access_code)
    return access_code if Case.objects.locked(recovery.case).code_digest == codes.digest(access_code) else None


def _renew(recovery: Recovery, case: Case, access_code: str) -> None:
    """Make the new code the only one that opens the case. Pages that show the old one and other requests end."""
    case, now = Case.objects.locked(case), timezone.now()
    Recovery.objects.filter(case=case).exclude(pk=recovery.pk).update(expires_at=now)
    Recovery.objects.filter(pk=recovery.pk).update(used_at=now)
    if case.draft:
        drafts.forget(case.draft)
    Case.objects.filter(pk=case.pk).update(code_digest=codes.digest(access_code))
    notify.tell(case, notify.CODE_RENEWED, also=recovery.channel)
    record.note(case, event_kinds.CODE_RENEWED, by=ledger.BORROWER)


def shown(key: uuid.UUID) -> str | None:
    """The new access code after the right one-time code, until the borrower has saved it; else None."""
    is_used = Recovery.objects.filter(pk=key).exclude(used_at=None).exists()
    return redeem(key, codes.one_time(key)) if is_used else None


def finish(key: uuid.UUID) -> None:
    """Record that the borrower has saved the new code. The one-time code no longer shows it."""
    Recovery.objects.filter(pk=key).exclude(used_at=None).update(expires_at=timezone.now())


def forget_old() -> None:
    """Delete requests that are older than KEPT, with their notices."""
    Recovery.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
