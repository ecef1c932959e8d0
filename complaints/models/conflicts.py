"""Conflicts of interest: declarations, and the cases that they hide from a member."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .complaints import Committed
from .staff import StaffMember


class DeclarationQuerySet(models.QuerySet["Declaration"]):
    def in_force(self) -> "DeclarationQuerySet":
        return self.filter(ended_at=None)


class Declaration(Committed):
    """A member of staff is connected with an organisation, a collector, a borrower, or one case."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("a lender, platform or agency")
        COLLECTOR = "collector", _("a collector, by name or number")
        BORROWER = "borrower", _("a borrower, by name, phone or e-mail")
        CASE = "case", _("one case, by its reference")

    member = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="declarations", verbose_name=_("staff member")
    )
    kind = models.CharField(_("has to do with"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name or number"), max_length=200)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    declared_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="+", verbose_name=_("declared by")
    )
    declared_at = models.DateTimeField(_("declared"))
    ended_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ended by")
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar = DeclarationQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["-declared_at", "-pk"]
        verbose_name = _("declared conflict")
        verbose_name_plural = _("declared conflicts")
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(
                condition=Q(kind__in=["organisation", "collector", "borrower", "case"]),
                name="declaration_kind_is_known",
            ),
            CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_declaration_was_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Conflict(models.Model):
    """A declaration hides this case from this member, who cannot be assigned it. Stored for quick queries."""

    member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="conflicts")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conflicts")
    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="conflicts")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["member", "case", "declaration"], name="one_conflict_a_declaration")
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.member}"
