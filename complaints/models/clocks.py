"""The clocks of a case, and requests for extensions."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .complaints import Committed
from .staff import StaffMember

RUNNING = Q(met_at=None, stopped_at=None)


def _of_a_case_seen_by(user: StaffMember) -> Exists:
    """A condition on rows with a case. By EXISTS, so that the database starts from these few rows."""
    return Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case")))


class ClockQuerySet(models.QuerySet["Clock"]):
    def running(self) -> "ClockQuerySet":
        return self.filter(RUNNING)

    def late(self) -> "ClockQuerySet":
        """Running clocks that were found overdue."""
        return self.filter(RUNNING, overdue_at__isnull=False)

    def soon(self) -> "ClockQuerySet":
        """Running clocks that a warning was given for, and that are not overdue yet."""
        return self.filter(RUNNING, warned_at__isnull=False, overdue_at=None, paused_since=None)

    def waking(self) -> "ClockQuerySet":
        """Running clocks for which a warning or escalation is due now."""
        return self.filter(RUNNING, wake_at__lte=timezone.now())

    def of_cases_seen_by(self, user: StaffMember) -> "ClockQuerySet":
        return self.filter(_of_a_case_seen_by(user))


class Clock(models.Model):
    """One clock of a case. Only `clocks.running` and `cases.extensions` change it. `rule` and `book` name the rule
    and the file by which it was started."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    name = models.CharField(max_length=20)  # what must be done: decide, triage …
    rule = models.CharField(max_length=40, blank=True)  # empty for clocks older than clocks.toml
    book = models.CharField(max_length=64, blank=True)  # SHA-256 of the file
    version = models.PositiveIntegerField(default=0)  # of the file
    round = models.PositiveSmallIntegerField(default=1)  # of the case
    started_at = models.DateTimeField(_("since"))
    due_at = models.DateTimeField(_("due"))
    paused_since = models.DateTimeField(null=True, blank=True)
    paused_seconds = models.PositiveIntegerField(default=0)  # total of the ended pauses
    extended = models.PositiveSmallIntegerField(default=0)  # number of its rule's extensions that were granted
    met_at = models.DateTimeField(null=True, blank=True)  # when what it requires was done, in time or late
    stopped_at = models.DateTimeField(null=True, blank=True)  # when it became irrelevant
    wake_at = models.DateTimeField(null=True, blank=True)  # time of the next warning or escalation
    warned_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)  # when it was found overdue and escalated

    objects: ClassVar = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="clock_to_wake"),
            models.Index(
                fields=["due_at"], condition=RUNNING & Q(overdue_at__isnull=False), name="clock_that_is_late"
            ),
            models.Index(
                fields=["due_at"],
                condition=RUNNING & Q(warned_at__isnull=False, overdue_at=None),
                name="clock_that_is_due_soon",
            ),
        ]
        constraints = [
            UniqueConstraint(fields=["case", "name"], condition=RUNNING, name="one_running_clock_a_name"),
            CheckConstraint(condition=Q(met_at=None) | Q(stopped_at=None), name="clock_ends_once"),
            CheckConstraint(condition=RUNNING | Q(wake_at=None), name="clock_that_ended_is_silent"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.name}"

    @property
    def is_running(self) -> bool:
        return self.met_at is None and self.stopped_at is None

    @property
    def is_late(self) -> bool:
        """Whether it was met late, or is overdue and not paused."""
        return (
            self.stopped_at is None and self.paused_since is None and (self.met_at or timezone.now()) > self.due_at
        )


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def open(self) -> "ExtensionQuerySet":
        """Undecided extensions of clocks that still run."""
        return self.filter(outcome="", clock__met_at=None, clock__stopped_at=None)

    def of_cases_seen_by(self, user: StaffMember) -> "ExtensionQuerySet":
        return self.filter(_of_a_case_seen_by(user))


class Extension(Committed):
    """A request to extend a clock, and another person's decision on it. `decision` is a frozen document too."""

    FROZEN_IN = ("document", "decision")

    class Outcome(models.TextChoices):
        OPEN = "", _("waiting")
        APPROVED = "approved", _("approved")
        DECLINED = "declined", _("declined")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="extensions")
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, related_name="extensions")
    category = models.CharField(max_length=20)  # name of one of the rule's extensions
    reasons = models.TextField(_("why"))
    asked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_before = models.DateTimeField()
    due_after = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reasons = models.TextField(blank=True)
    decision = models.BinaryField(null=True)

    objects: ClassVar = ExtensionQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["asked_at", "pk"]
        constraints = [
            UniqueConstraint(fields=["clock"], condition=Q(outcome=""), name="one_open_extension_a_clock"),
            *Committed.Meta.constraints,
            CheckConstraint(
                condition=Q(outcome="", decided_at=None) | (~Q(outcome="") & Q(decided_at__isnull=False)),
                name="extension_is_decided_once",
            ),
            CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="nobody_extends_for_themselves"
            ),
            CheckConstraint(condition=Q(due_after__gt=F("due_before")), name="extension_reaches_further"),
        ]

    def __str__(self) -> str:
        return f"{self.clock}: {self.category}"
