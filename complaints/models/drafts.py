"""Drafts: what is written before it is filed or sent."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone

OFFICE = ("office-message", "office-question")  # slots of what the office writes
ENQUIRY = "enquiry-"  # and the enquiry's key: slots of what the other side answers


class DraftQuerySet(models.QuerySet["Draft"]):
    def additions_to(self, case: models.Model) -> "DraftQuerySet":
        """What the case's borrower adds, sent or not; what the office or the other side is about to write is
        not theirs."""
        return self.filter(adds_to=case.pk).exclude(slot__in=OFFICE).exclude(slot__startswith=ENQUIRY)

    def unsent(self) -> "DraftQuerySet":
        return self.filter(filed_at=None, expires_at__gt=timezone.now())

    def forgettable(self, *, filed_before: datetime) -> "DraftQuerySet":
        """Expired without being filed, or filed so long ago that the access code was saved or is lost."""
        return self.filter(Q(filed_at=None, expires_at__lte=timezone.now()) | Q(filed_at__lt=filed_before))


class Draft(models.Model):
    """Answers before filing, or what is added to a case before it is sent (an addition, which has no code that
    anybody holds). Never read by staff: no admin shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the draft code
    answers = models.JSONField(default=dict)  # step name -> cleaned answers of that step
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()
    filed_at = models.DateTimeField(
        null=True, blank=True
    )  # then `case`, or of an addition `message`, points at what it became
    adds_to = models.ForeignKey(
        "Case", on_delete=models.CASCADE, null=True, blank=True, related_name="additions"
    )  # None: a complaint of its own
    slot = models.CharField(max_length=40, blank=True, default="")  # what an addition will be: `additions.SLOTS`

    objects: ClassVar = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            CheckConstraint(
                condition=Q(adds_to=None, slot="") | (Q(adds_to__isnull=False) & ~Q(slot="")),
                name="addition_has_a_slot",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
