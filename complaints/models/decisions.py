"""Decisions: what was found."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .exhibits import Exhibit
from .papers import Committed
from .staff import StaffMember


class Finding(Committed):
    """An investigator's conclusion on one allegation."""

    class Outcome(models.TextChoices):
        SUBSTANTIATED = "substantiated", _("Substantiated")
        PARTLY = "partly", _("Partly substantiated")
        NOT = "not", _("Not substantiated")
        INSUFFICIENT = "insufficient", _("Insufficient evidence")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    allegation = models.CharField(_("allegation"), max_length=10)  # a code of conduct.KINDS
    round = models.PositiveSmallIntegerField(default=1)  # of the case: a review makes another
    outcome = models.CharField(_("finding"), max_length=15, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"))
    relied_on = models.ManyToManyField(Exhibit, blank=True, related_name="+", verbose_name=_("exhibits relied on"))
    found_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["case", "allegation", "round"], name="one_finding_an_allegation_and_round"),
            CheckConstraint(
                condition=Q(outcome__in=["substantiated", "partly", "not", "insufficient", "out_of_scope"]),
                name="finding_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"
