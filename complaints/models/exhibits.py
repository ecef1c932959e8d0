"""Exhibits: the places of evidence in drafts and cases."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from evidence.models import EvidenceItem

from .cases import Case
from .drafts import Draft
from .talk import Message


class Exhibit(models.Model):
    """An item's place in a draft, then (numbered) in a case, with the borrower's description."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="exhibits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits")
    number = models.PositiveIntegerField(null=True, blank=True)
    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="exhibit")
    came_with = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits"
    )  # None: with the complaint
    description = models.CharField(_("what it shows"), max_length=500, blank=True)
    declared = models.JSONField(default=dict, blank=True)  # what the borrower says of it: names of acts.FACTS
    is_authority = models.BooleanField(default=False)  # the paper that lets somebody act for the borrower

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            CheckConstraint(
                condition=Q(case=None, number=None, draft__isnull=False)
                | Q(case__isnull=False, number__isnull=False, draft=None),
                name="exhibit_of_a_draft_or_of_a_case",
            ),
            UniqueConstraint(fields=["case", "number"], name="one_exhibit_a_number"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"E-{self.number}"

    @property
    def is_of_the_office(self) -> bool:
        """Whether the office put it to the case, and not the borrower."""
        return self.came_with is not None and not self.came_with.is_of_the_borrower
