"""What is written after filing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .papers import Committed
from .staff import StaffMember


class Message(Committed):
    """What the office wrote to the borrower."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"{self.case}, {self.written_at:%Y-%m-%d}"
