"""What was filed, who filed it and who may know that, on the case page."""

from dataclasses import dataclass

from complaints.filing.account import Account
from complaints.models import Consent, FormerReporter, event_kinds

from .section import Opened, Section


@dataclass(frozen=True)
class Statement(Section):
    account: Account
    consents: list[Consent]
    contact_changes: list[FormerReporter]


def of(opened: Opened, account: Account) -> Statement:
    case, kinds = opened.case, opened.kinds
    return Statement(
        opened,
        account=account,
        consents=list(case.consents.all()) if event_kinds.CONSENT_GIVEN in kinds else [],
        contact_changes=list(case.former_reporters.all()) if event_kinds.REPORTER_CHANGED in kinds else [],
    )
