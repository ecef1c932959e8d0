"""Who may learn who the borrower is: given and withdrawn for each recipient, dated, on the ledger.

A withdrawn consent counts from then on. What was handed over before cannot be called back.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from complaints.models import Case, Consent, event_kinds
from evidence import ledger
from evidence.models import LedgerEntry

from . import record


def begin(case: Case, recipients: Iterable[str]) -> None:
    """What the borrower agreed to while filing; inside filing's transaction, after the complaint's own entry."""
    for recipient in recipients:
        give(case, recipient)


@transaction.atomic
def give(case: Case, recipient: str) -> Consent:
    """Record that the recipient may know; one that stands stands on. Raises ValueError for an unknown one."""
    case, known = Case.objects.locked(case), Consent.Recipient(recipient)
    if before := case.consents.filter(recipient=known, withdrawn_at=None).first():
        return before
    consent: Consent = Consent.objects.create(case=case, recipient=known, given_at=timezone.now())
    record.note(case, event_kinds.CONSENT_GIVEN, by=ledger.BORROWER, recipient=known.value)
    return consent


@transaction.atomic
def withdraw(case: Case, recipient: str) -> None:
    """Record that the recipient may no longer be told; nothing happens where no consent stands."""
    case, known = Case.objects.locked(case), Consent.Recipient(recipient)
    if case.consents.filter(recipient=known, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        record.note(case, event_kinds.CONSENT_WITHDRAWN, by=ledger.BORROWER, recipient=known.value)


def in_force(case: Case) -> dict[str, Consent]:
    """Recipient -> the consent that stands now."""
    return {consent.recipient: consent for consent in case.consents.filter(withdrawn_at=None)}


def handed_over(case: Case) -> dict[str, list[datetime]]:
    """Audience -> when the office took a case bundle for it out of the portal, by the ledger."""
    found: dict[str, list[datetime]] = {}
    for entry in LedgerEntry.objects.filter(thread=case.thread, kind=event_kinds.BUNDLE_EXPORTED).order_by("seq"):
        content = ledger.content_of(entry)
        if content["by"] != ledger.BORROWER:
            found.setdefault(content["data"]["audience"], []).append(entry.at)
    return found
