"""Drafts: what is written before it is filed."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone


class DraftQuerySet(models.QuerySet["Draft"]):
    def forgettable(self, *, filed_before: datetime) -> "DraftQuerySet":
        """Expired without being filed, or filed so long ago that the access code was saved or is lost."""
        return self.filter(Q(filed_at=None, expires_at__lte=timezone.now()) | Q(filed_at__lt=filed_before))


class Draft(models.Model):
    """Answers before filing. Never read by staff: no admin shows it. Found only by its code's digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the draft code
    answers = models.JSONField(default=dict)  # step name -> cleaned answers of that step
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)  # then `case` points at what it became

    objects: ClassVar = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)
