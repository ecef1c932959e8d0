"""The borrower's consents that a recipient learns who they are: given and withdrawn, and recorded in the ledger.

A withdrawal takes effect from its time on. It cannot undo what a recipient got before.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from complaints.models import Case, Consent, event_kinds
from evidence import ledger
from evidence.models import LedgerEntry

from . import readers, record


def begin(case: Case, recipients: Iterable[str]) -> None:
    """Give the consents of the draft, in the transaction of filing, after the entry of the complaint."""
    for recipient in recipients:
        give(case, recipient)


@transaction.atomic
def give(case: Case, recipient: str) -> Consent:
    """Record the consent, unless there is one in force. Raises ValueError for an unknown recipient."""
    case, known = Case.objects.locked(case), Consent.Recipient(recipient)
    if before := case.consents.filter(recipient=known, withdrawn_at=None).first():
        return before
    consent: Consent = Consent.objects.create(case=case, recipient=known, given_at=timezone.now())
    record.note(case, event_kinds.CONSENT_GIVEN, by=ledger.BORROWER, recipient=known.value)
    return consent


@transaction.atomic
def withdraw(case: Case, recipient: str) -> None:
    """End the consent that is in force; does nothing if there is none. Raises ValueError for an unknown
    recipient."""
    case, known = Case.objects.locked(case), Consent.Recipient(recipient)
    if case.consents.filter(recipient=known, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        record.note(case, event_kinds.CONSENT_WITHDRAWN, by=ledger.BORROWER, recipient=known.value)


def in_force(case: Case) -> dict[str, Consent]:
    """Recipient -> the consent in force."""
    return {consent.recipient: consent for consent in case.consents.filter(withdrawn_at=None)}


def handed_over(case: Case) -> dict[str, list[datetime]]:
    """Recipient -> the times at which the office exported a case bundle for it, by the ledger."""
    found: dict[str, list[datetime]] = {}
    for entry in LedgerEntry.objects.filter(thread=case.thread, kind=event_kinds.BUNDLE_EXPORTED).order_by("seq"):
        content = ledger.content_of(entry)
        if content["by"] != ledger.BORROWER:
            audience = content["data"]["audience"]
            found.setdefault(readers.BY_CONSENT.get(audience, audience), []).append(entry.at)
    return found
