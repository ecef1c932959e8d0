"""What staff wrote and have not sent: as they type it, and what came when nobody was signed in any more."""

import uuid

from django.db import models
from django.utils import timezone

from .staff import StaffMember


class Unsent(models.Model):
    """One form of the desk, for its writer alone. Nothing of it was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="unsent")
    action = models.CharField(max_length=2000)  # the path that the form posts to
    page = models.CharField(max_length=2000)  # where the form was, with its query string
    sealed = models.BinaryField()  # its fields, encrypted
    is_draft = models.BooleanField(default=False)  # kept while it was typed; else it was sent without a sign-in
    kept_at = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True)  # when the writer first got it back

    class Meta:
        ordering = ("kept_at",)

    def __str__(self) -> str:
        return str(self.pk)
