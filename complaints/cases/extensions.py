"""Extensions of clocks, as their rules allow: one person asks, another decides, and the borrower is notified."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.clocks import book, limits, running
from complaints.clocks.running import offered
from complaints.models import Case, Clock, Extension, StaffMember, event_kinds
from complaints.notices import notify
from complaints.refusal import Refused
from complaints.staff import access
from evidence.ledger import rfc3339

from . import record

Outcome = Extension.Outcome
EXTENDED = "extended"  # the reason of the notice to the borrower


@transaction.atomic
def ask(clock: Clock, *, by: StaffMember, reasons: str) -> Extension:
    """Ask for the clock's next extension. The reasons stay in the office. Raises Refused."""
    case = Case.objects.locked(clock.case)
    clock = Clock.objects.select_for_update().get(pk=clock.pk)
    access.must_act(by, case)
    if clock.extensions.open().exists():
        raise Refused(_("More time was asked for already. A supervisor decides."))
    rule, step = _may_be_put_off(clock)
    if not reasons.strip():
        raise Refused(_("Write why more time is needed."))
    return _freeze(case, clock, step, rule.limit(case.severity), by, reasons.strip())


def _may_be_put_off(clock: Clock) -> tuple[book.Rule, book.ExtensionRule]:
    found = offered(clock)
    if found is None:
        raise Refused(_("This clock cannot be put off: its rule gives no more time, or the time is over."))
    return found


def _freeze(
    case: Case,
    clock: Clock,
    step: book.ExtensionRule,
    limit: limits.TimeLimit,
    by: StaffMember,
    reasons: str,
) -> Extension:
    now = timezone.now()
    due = step.limit.due(clock.started_at, book.calendar())
    document, sha256 = documents.document(
        "extension",
        reference=case.reference,
        clock=clock.name,
        category=step.name,
        reasons=reasons,
        asked_by=str(by.uid),
        asked_at=rfc3339(now),
        due_before=rfc3339(clock.due_at),
        due_after=rfc3339(due),
    )
    extension: Extension = Extension.objects.create(
        case=case,
        clock=clock,
        category=step.name,
        reasons=reasons,
        asked_by=by,
        asked_at=now,
        due_before=clock.due_at,
        due_after=due,
        document=document,
        sha256=sha256,
    )
    _record(extension, event_kinds.CLOCK_EXTENSION_ASKED, by, document)
    return extension


@transaction.atomic
def decide(extension: Extension, *, by: StaffMember, approve: bool, reasons: str) -> Extension:
    """Approve or decline the extension, as another supervisor than the one who asked. Raises Refused."""
    case = Case.objects.locked(extension.case)
    clock = Clock.objects.select_for_update().get(pk=extension.clock_id)
    clock.case = case
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if not access.may_decide_extension(by, case):
        raise Refused(_("Only a supervisor decides whether there is more time."))
    if by.pk == extension.asked_by_id:
        raise Refused(_("You asked for it yourself. Another supervisor decides."))
    if extension.outcome:
        raise Refused(_("Somebody has decided this already."))
    if not reasons.strip():
        raise Refused(_("Write why you decide so."))
    now = timezone.now()
    decision, digest = documents.document(
        "extension_decision",
        reference=case.reference,
        extension=extension.sha256,
        approve=approve,
        reasons=reasons.strip(),
    )
    extension.outcome = Outcome.APPROVED if approve else Outcome.DECLINED
    extension.decided_by, extension.decided_at = by, now
    extension.decision_reasons, extension.decision = reasons.strip(), decision
    if approve:
        rule, _step = _may_be_put_off(clock)
        running.extend(clock, rule, extension.due_after, now)
        notify.tell(case, EXTENDED)
    extension.save()
    kind = event_kinds.CLOCK_EXTENDED if approve else event_kinds.CLOCK_EXTENSION_DECLINED
    _record(extension, kind, by, decision, decision=digest)
    return extension


def _record(extension: Extension, kind: str, by: StaffMember, document: bytes, **data: str) -> None:
    record.note(
        extension.case,
        kind,
        by=by,
        document=document,
        clock=extension.clock.name,
        extension=extension.sha256,
        category=extension.category,
        due=rfc3339(extension.due_after),
        **data,
    )
