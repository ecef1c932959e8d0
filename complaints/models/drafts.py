"""Drafts: what is written but not yet filed or sent."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone

OFFICE = ("office-message", "office-question")  # slots of the office's additions
ENQUIRY = "enquiry-"  # followed by the enquiry's key: slots of the other side's answers
TRANSCRIPT = "transcript-"  # followed by the exhibit's number: slots of the words typed while listening


class DraftQuerySet(models.QuerySet["Draft"]):
    def additions_to(self, case: models.Model) -> "DraftQuerySet":
        """The additions of the case's borrower, sent or not, without those of the office and the other side, and
        without unfinished transcripts."""
        others = Q(slot__in=OFFICE) | Q(slot__startswith=ENQUIRY) | Q(slot__startswith=TRANSCRIPT)
        return self.filter(adds_to=case.pk).exclude(others)

    def unsent(self) -> "DraftQuerySet":
        return self.filter(filed_at=None, expires_at__gt=timezone.now())

    def forgettable(self, *, filed_before: datetime) -> "DraftQuerySet":
        """Drafts that expired without being filed, or that were filed before this time."""
        return self.filter(Q(filed_at=None, expires_at__lte=timezone.now()) | Q(filed_at__lt=filed_before))


class Draft(models.Model):
    """Answers that are not filed yet, or an addition to a case that is not sent yet. Nobody has the code of an
    addition. No page of the desk shows a draft."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the draft code
    answers = models.JSONField(default=dict)  # name of the step -> its cleaned answers
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()
    at = models.CharField(
        max_length=20, blank=True, default=""
    )  # the step that saved itself during typing and was not left by a button since
    filed_at = models.DateTimeField(
        null=True, blank=True
    )  # from then on `case`, or `message` of an addition, is what it became
    adds_to = models.ForeignKey(
        "Case", on_delete=models.CASCADE, null=True, blank=True, related_name="additions"
    )  # None: this will be a complaint
    sender = models.CharField(max_length=64, blank=True, default="", db_index=True)  # digest of a network
    emptied_at = models.DateTimeField(null=True, blank=True)  # when its files made room for those of others
    slot = models.CharField(max_length=40, blank=True, default="")  # what it will become: `additions.SLOTS`

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
