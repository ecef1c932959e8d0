"""What staff wrote when nobody was signed in any more: it waits for its writer alone."""

import uuid

from django.db import models

from .staff import StaffMember


class Unsent(models.Model):
    """One form that reached the desk without a valid sign-in. Nothing of it was done."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    member = models.ForeignKey(StaffMember, on_delete=models.CASCADE, related_name="unsent")
    action = models.CharField(max_length=2000)  # the path that the form posts to
    page = models.CharField(max_length=2000)  # where the form was, with its query string
    sealed = models.BinaryField()  # its fields, encrypted
    kept_at = models.DateTimeField(auto_now_add=True)
    shown_at = models.DateTimeField(null=True)  # when the writer first got it back

    class Meta:
        ordering = ("kept_at",)

    def __str__(self) -> str:
        return str(self.pk)
