"""Change how severe a case is, with a reason: a frozen document, of which the ledger has the digest."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.models import Case, SeverityChange, StaffMember
from complaints.reference.conduct import Severity
from complaints.refusal import Refused
from complaints.staff import access
from evidence.ledger import rfc3339

from . import lifecycle


@transaction.atomic
def change(case: Case, to: int, *, by: StaffMember, reason: str) -> SeverityChange:
    """Set the severity. Deadlines that run already keep their dates; those that begin later follow the new
    severity. Only a supervisor lowers it. Raises Refused."""
    row, reason = lifecycle.lock_for(case, "set_severity", staff=by), reason.strip()
    if not reason:
        raise Refused(_("Write why the severity changes."))
    if to == row.severity:
        raise Refused(_("The case has this severity already."))
    if to < row.severity and not access.may_lower_severity(by, row):
        raise Refused(_("Only a supervisor lowers the severity of a case."))
    now, severity = timezone.now(), Severity(to)
    document, sha256 = documents.document(
        "severity",
        reference=row.reference,
        severity=severity.name.lower(),
        before=Severity(row.severity).name.lower(),
        reason=reason,
        by=str(by.uid),
        made_at=rfc3339(now),
    )
    made = SeverityChange.objects.create(
        case=row,
        before=row.severity,
        severity=severity,
        by=by,
        reason=reason,
        made_at=now,
        document=document,
        sha256=sha256,
    )
    data = {"severity_change": sha256, "severity": severity.value, "before": made.before}
    lifecycle.advance(
        row, "set_severity", by=access.actor(by), staff=by, data=data, changes={"severity": severity.value}
    )
    return made
