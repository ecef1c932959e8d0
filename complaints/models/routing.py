"""Routing rules, the routing of cases, reassignments, and changes of severity."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.reference.conduct import Severity

from .cases import Case
from .complaints import Committed
from .staff import StaffMember, Team


class RoutingRule(models.Model):
    """A case goes to the team of the first active rule (by `order`) whose filled conditions are all true."""

    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    active = models.BooleanField(_("active"), default=True)
    conduct = models.JSONField(_("any of these conduct kinds"), default=list, blank=True)
    min_severity = models.SmallIntegerField(
        _("severity at least"), choices=Severity.choices, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    region = models.JSONField(_("the borrower lives in one of"), default=list, blank=True)  # codes of regions
    lender = models.CharField(_("lender contains"), max_length=200, blank=True, default="")
    platform = models.CharField(_("platform contains"), max_length=200, blank=True, default="")
    agency = models.CharField(_("collection agency contains"), max_length=200, blank=True, default="")
    organisation = models.CharField(_("lender, platform or agency contains"), max_length=200, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, verbose_name=_("team"))

    class Meta:
        ordering = ["order"]
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"


class Routing(models.Model):
    """The record of which team and investigator got a case, and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="routings")
    rule = models.ForeignKey(RoutingRule, on_delete=models.SET_NULL, null=True)
    rule_version = models.PositiveIntegerField(null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    investigator = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True)
    candidates = models.JSONField(default=list)  # [{"uid", "load", "capacity", "eligible", "speaks", "why"}]
    reason = models.CharField(max_length=500)  # in English; contains codes and names of rules and teams
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class Reassignment(Committed):
    """A member of staff assigned a case to somebody else, and said why. The ledger has the document's digest.
    Neither the borrower nor any bundle gets its text."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reassignments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    investigator = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reason


class SeverityChange(Committed):
    """A member of staff changed how severe a case is, and said why. The ledger has the document's digest. Neither
    the borrower nor any bundle gets its text."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="severity_changes")
    before = models.SmallIntegerField(choices=Severity.choices)
    severity = models.SmallIntegerField(choices=Severity.choices)
    by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reason
