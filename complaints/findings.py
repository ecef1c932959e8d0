"""Decide a case: a finding with its reasons, frozen as a document whose digest the ledger keeps."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from evidence.ledger import rfc3339

from . import access, committed, lifecycle
from .lifecycle import Refused
from .models import Case, Exhibit, Finding, StaffMember


@transaction.atomic
def decide(
    case: Case, *, by: StaffMember, allegation: str, outcome: str, reasons: str, relied_on: Iterable[Exhibit] = ()
) -> Finding:
    """Record the finding on one allegation (a code of `conduct.KINDS`) and take the case to decided.

    Raises Refused when the step, the reasons or the exhibits do not allow it; nothing is kept then.
    """
    case = lifecycle.hold(case, "decide", staff=by)
    exhibits = sorted(relied_on, key=lambda exhibit: exhibit.number or 0)
    if not reasons.strip():
        raise Refused(_("Write the reasons of the finding."))
    if any(exhibit.case_id != case.pk for exhibit in exhibits):
        raise Refused(_("A finding can only rely on exhibits of its own case."))
    now = timezone.now()
    document, sha256 = committed.document(
        "finding",
        reference=case.reference,
        round=case.round,
        allegation=allegation,
        outcome=Finding.Outcome(outcome).value,
        reasons=reasons.strip(),
        relied_on=[{"exhibit": exhibit.label, "sha256": exhibit.item.sha256} for exhibit in exhibits],
        found_by=str(by.uid),
        found_at=rfc3339(now),
    )
    finding = Finding.objects.create(
        case=case,
        round=case.round,
        allegation=allegation,
        outcome=outcome,
        reasons=reasons.strip(),
        found_by=by,
        found_at=now,
        document=document,
        sha256=sha256,
    )
    finding.relied_on.set(exhibits)
    data = {"finding": sha256, "allegation": allegation, "outcome": outcome}
    lifecycle.advance(case, "decide", by=access.actor(by), staff=by, data=data)
    return finding
