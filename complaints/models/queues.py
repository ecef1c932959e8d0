"""For work on many cases: the search index, saved queues, and steps on many cases at once."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .staff import StaffMember


class Searchable(models.Model):
    """The text by which `search` finds a case, and the pairs of characters by which it looks it up. It contains
    neither who filed nor how to reach them."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True)
    text = models.TextField()
    grams = models.TextField()  # separated by spaces; the migration makes the index

    def __str__(self) -> str:
        return str(self.case)


class Linked(models.Model):
    """Something by which cases are linked: a number, an organisation, a file, or who filed. `value` is its keyed
    digest, so that the table tells nothing about people."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Same number")
        AGENCY = "agency", _("Same collection agency")
        LENDER = "lender", _("Same lender")
        PLATFORM = "platform", _("Same platform")
        FILE = "file", _("Identical exhibit")
        BORROWER = "borrower", _("Perhaps the same borrower")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "value"], name="linked_once")]
        indexes = [models.Index(fields=["value", "case"], name="linked_by")]

    def __str__(self) -> str:
        return f"{self.case}, {self.kind}"


class SavedQueueQuerySet(models.QuerySet["SavedQueue"]):
    def offered_to(self, user: StaffMember) -> "SavedQueueQuerySet":
        """The user's own queues, and those shared by members of their teams."""
        return self.filter(Q(owner=user) | Q(shared=True, owner__teams__in=user.teams.all())).distinct()


class SavedQueue(models.Model):
    """Filters and a sort order under a name. It selects cases anew each time, for the user who looks."""

    owner = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="saved_queues")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)  # the query string of the page
    shared = models.BooleanField(_("share it with my teams"), default=False)

    objects: ClassVar = SavedQueueQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [UniqueConstraint(fields=["owner", "name"], name="one_saved_queue_a_name")]

    def __str__(self) -> str:
        return self.name


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def running(self) -> "BulkJobQuerySet":
        return self.filter(confirmed_at__isnull=False, ended_at=None)

    def unconfirmed(self) -> "BulkJobQuerySet":
        return self.filter(confirmed_at=None, ended_at=None)


class BulkJob(models.Model):
    """One step on many cases, which the user confirms first. Any worker can go on with an unfinished job."""

    class Action(models.TextChoices):
        ASSIGN = "assign", _("Give to an investigator")
        BEGIN = "begin", _("Begin the investigation")

    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=10, choices=Action.choices)
    to = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=10)  # of the user, for the refusals
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cancelled = models.BooleanField(default=False)

    objects: ClassVar = BulkJobQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(ended_at=None), name="bulk_not_ended")]
        constraints = [
            CheckConstraint(condition=Q(action__in=["assign", "begin"]), name="bulk_action_is_known"),
            CheckConstraint(
                condition=Q(cancelled=False) | Q(ended_at__isnull=False), name="cancelled_means_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()}, {self.asked_at:%Y-%m-%d}"


class BulkStep(models.Model):
    """One case of a job: its state and assignee when it was chosen, and the outcome."""

    class Outcome(models.TextChoices):
        OPEN = "", _("to do")
        DONE = "done", _("done")
        SKIPPED = "skipped", _("skipped")

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=15)
    assignee = models.ForeignKey(StaffMember, on_delete=models.CASCADE, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    why = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["job", "case"], name="one_step_a_case"),
            CheckConstraint(condition=Q(outcome__in=["", "done", "skipped"]), name="bulk_outcome_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"
