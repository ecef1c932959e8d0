"""The office's own notes and tasks on cases."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .complaints import Committed
from .staff import StaffMember


class Note(Committed):
    """A note of the office on a case. Outside the office it is only in bundles that were made with notes."""

    uid = models.UUIDField(unique=True, editable=False)  # a form sent twice gives the same one
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case}, {self.written_at:%Y-%m-%d}"


class TaskQuerySet(models.QuerySet["Task"]):
    def open(self) -> "TaskQuerySet":
        return self.filter(done_at=None)

    def waiting_for(self, member: StaffMember) -> "TaskQuerySet":
        """Open tasks of this member on cases that they may see, the earliest due first."""
        mine = self.open().filter(owner=member, case__in=Case.objects.visible_to(member))
        return mine.select_related("case").order_by("due_on", "pk")


class Task(models.Model):
    """Something that a member has to do on a case by a certain day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # a form sent twice gives the same one
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("what is to be done"), max_length=200)
    owner = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="tasks")
    due_on = models.DateField(_("by when"))
    set_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    done_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["owner", "due_on"], condition=models.Q(done_at=None), name="task_to_do")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at=None, done_by=None)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="done_task_says_by_whom",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_on < timezone.localdate()
