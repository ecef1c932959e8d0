"""Exhibits: evidence items as parts of drafts and cases."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from evidence.models import EvidenceItem

from .cases import Case
from .drafts import Draft
from .enquiries import EnquiryAnswer
from .messages import Message


class Exhibit(models.Model):
    """An item in a draft, and after filing, with a number, in a case; with the sender's description of it."""

    class Source(models.TextChoices):
        BORROWER = "borrower", _("The borrower")
        OFFICE = "office", _("The office")
        RESPONDENT = "respondent", _("The other side")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="exhibits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits")
    number = models.PositiveIntegerField(null=True, blank=True)
    place = models.BigIntegerField(default=0)  # among the files of the draft: the microsecond when it was chosen
    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="exhibit")
    came_with = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits"
    )  # None: it came with the complaint or an answer
    answer = models.ForeignKey(
        EnquiryAnswer, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits"
    )  # to an enquiry
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.BORROWER)
    description = models.CharField(_("what it shows"), max_length=500, blank=True)
    declared = models.JSONField(default=dict, blank=True)  # name of choices.FACTS -> the answer
    is_authority = models.BooleanField(default=False)  # it shows that somebody may act for the borrower
    is_account = models.BooleanField(default=False)  # the borrower says in it what happened, instead of writing

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            CheckConstraint(
                condition=Q(case=None, number=None, draft__isnull=False)
                | Q(case__isnull=False, number__isnull=False, draft=None),
                name="exhibit_of_a_draft_or_of_a_case",
            ),
            UniqueConstraint(fields=["case", "number"], name="one_exhibit_a_number"),
            CheckConstraint(
                condition=Q(source="respondent", answer__isnull=False)
                | Q(source__in=["borrower", "office"], answer=None),
                name="exhibit_of_the_respondent_came_with_an_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"E-{self.number}"

    @property
    def is_of_the_office(self) -> bool:
        """Whether the office added it, and not the borrower."""
        return self.source == Exhibit.Source.OFFICE

    @property
    def is_of_the_respondent(self) -> bool:
        """Whether the lender, the platform or the agency sent it."""
        return self.source == Exhibit.Source.RESPONDENT


class RemovedFile(models.Model):
    """A file that was taken out of a draft and can be put back for some time. It has the key of its exhibit."""

    id = models.BigIntegerField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="removed")
    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="removed")
    until = models.DateTimeField(db_index=True)  # then it is deleted
    place = models.BigIntegerField()
    description = models.CharField(max_length=500, blank=True)
    declared = models.JSONField(default=dict, blank=True)
    is_authority = models.BooleanField()
    is_account = models.BooleanField()

    class Meta:
        ordering = ("place", "pk")

    def __str__(self) -> str:
        return str(self.pk)
