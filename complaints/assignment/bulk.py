"""One step on many cases: a user chooses the cases and confirms, then a worker takes the step on each of them.

Each case and its outcome are one transaction, so that a killed worker leaves no case half done and does none
twice. Permissions are checked for each case when its turn comes. A case that was changed since it was chosen is
skipped, with the refusal as the reason.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints import wake
from complaints.cases import lifecycle
from complaints.models import BulkJob, BulkStep, Case, StaffMember
from complaints.refusal import Refused
from complaints.staff import access

from . import reassignment

log = logging.getLogger(__name__)
MOST = 5000  # cases in one job
TURN = 5.0  # seconds; then the job gives the worker to others and is queued again
STALE = timedelta(minutes=1)  # without a step; then the sweep starts the job again
KEPT_UNCONFIRMED = timedelta(days=1)


@transaction.atomic
def prepare(user: StaffMember, action: str, keys: Iterable[int]) -> BulkJob:
    """Make a job with the cases as they are now. Nothing is done before `confirm`. Raises Refused."""
    if not access.has_role(user, *access.ACTORS):
        raise Refused(_("Only investigators and supervisors can do this."))
    cases = Case.objects.visible_to(user).filter(pk__in=list(keys)[:MOST]).order_by("pk")
    job = BulkJob.objects.create(
        by=user,
        action=BulkJob.Action(action),
        language=translation.get_language() or "en",
        asked_at=timezone.now(),
    )
    BulkStep.objects.bulk_create(
        BulkStep(job=job, case_id=key, state=state, assignee_id=assignee)
        for key, state, assignee in cases.values_list("pk", "state", "assignee")
    )
    return job


@transaction.atomic
def confirm(job: BulkJob, *, to: StaffMember | None = None, reason: str = "") -> None:
    """Start the job. Raises Refused if it was confirmed or cancelled before."""
    row = BulkJob.objects.select_for_update().get(pk=job.pk)
    if row.confirmed_at or row.ended_at:
        raise Refused(_("This was confirmed or cancelled already."))
    if row.action == BulkJob.Action.ASSIGN and (to is None or not reason.strip()):
        raise Refused(_("Say who gets the cases, and why."))
    row.to, row.reason, row.confirmed_at = to, reason.strip(), timezone.now()
    row.save(update_fields=["to", "reason", "confirmed_at"])
    wake.run_bulk(row.pk)


@transaction.atomic
def cancel(job: BulkJob) -> None:
    """Stop the job. Steps already taken stay."""
    row = BulkJob.objects.select_for_update().get(pk=job.pk)
    if row.ended_at is None:
        row.cancelled, row.ended_at = True, timezone.now()
        row.save(update_fields=["cancelled", "ended_at"])


def run(job_pk: int, *, turn: float = TURN) -> None:
    """Take the remaining steps for `turn` seconds; if some are left then, queue the job again."""
    until = time.monotonic() + turn
    for step in BulkStep.objects.filter(job=job_pk, outcome="").values_list("pk", flat=True):
        if time.monotonic() > until:
            return wake.run_bulk(job_pk)
        if not _take(step):
            return None
    with transaction.atomic():
        BulkJob.objects.filter(pk=job_pk, confirmed_at__isnull=False, ended_at=None).update(
            ended_at=timezone.now()
        )
    return None


@transaction.atomic
def _take(step_pk: int) -> bool:
    """Take the step on one case and save the outcome. False if the job was cancelled."""
    step = BulkStep.objects.select_for_update().get(pk=step_pk)
    job = BulkJob.objects.select_related("by", "to").get(pk=step.job_id)
    if job.ended_at or job.confirmed_at is None:
        return False
    if step.outcome:  # another worker did it
        return True
    with translation.override(job.language):
        step.why = _refusal(job, step)
    step.outcome = BulkStep.Outcome.SKIPPED if step.why else BulkStep.Outcome.DONE
    step.ended_at = timezone.now()
    step.save(update_fields=["outcome", "why", "ended_at"])
    return True


def _refusal(job: BulkJob, step: BulkStep) -> str:
    """Take the step on its case. Returns why it was not possible; an empty string if it was."""
    case = Case.objects.select_related("team").get(pk=step.case_id)
    if not access.may_see(job.by, case):
        return _("You do not see this case any more.")
    case.state, case.assignee_id = step.state, step.assignee_id  # as it was when it was chosen
    try:
        with transaction.atomic():
            TAKE[job.action](case, job)
    except Refused as why:
        return str(why)[:500]
    except Exception:  # an error in one case does not stop the rest
        log.exception("case %s cannot be done in bulk job %s", case.pk, job.pk)
        return _("This could not be done. Try it on the case's own page.")
    return ""


def _assign(case: Case, job: BulkJob) -> None:
    """Assign the case as the job says."""
    if job.to is None or not (case.team is None or access.may_act(job.to, case)):
        raise Refused(_("This person does not work in the case's team."))
    reassignment.reassign(case, by=job.by, reason=job.reason, to=job.to)


def _begin(case: Case, job: BulkJob) -> None:
    """Begin the investigation. It says that a person has looked at the case, so its investigator must have."""
    if case.assignee_id is None or case.handed_at:
        raise Refused(_("Its investigator has not opened it yet. Beginning says that a person has looked at it."))
    lifecycle.advance(case, "begin", by=access.actor(job.by), staff=job.by)


READY = {"assign": lifecycle.STEPS["assign"].sources | lifecycle.STEPS["route"].sources}
TAKE: dict[str, Callable[[Case, BulkJob], None]] = {"assign": _assign, "begin": _begin}


def foreseen(job: BulkJob) -> dict[str, int]:
    """How many cases are ready for the step (under ""), and how many will be skipped, by their state."""
    ready = READY.get(job.action, lifecycle.STEPS[job.action].sources)
    found = {"": 0}
    for state in job.steps.values_list("state", flat=True):
        found["" if state in ready else state] = found.get("" if state in ready else state, 0) + 1
    return found


def sweep() -> None:
    """The sweep: start unfinished jobs again, and delete those that nobody confirmed for a day."""
    now = timezone.now()
    lately = BulkStep.objects.filter(ended_at__gt=now - STALE).values("job")
    for job in BulkJob.objects.running().filter(confirmed_at__lt=now - STALE).exclude(pk__in=lately):
        wake.run_bulk(job.pk)
    BulkJob.objects.unconfirmed().filter(asked_at__lt=now - KEPT_UNCONFIRMED).delete()
