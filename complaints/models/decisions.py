"""Decisions: findings, proposals, undertakings, and referrals to authorities."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.reference import amounts
from complaints.reference.wishes import CURRENCIES

from .cases import Case
from .complaints import Committed
from .exhibits import Exhibit
from .staff import StaffMember


class Missing(models.TextChoices):
    """Who did not supply the evidence that is missing for a finding."""

    BORROWER = "borrower", _("The borrower")
    LENDER = "lender", _("The lender")
    AGENCY = "agency", _("The collection agency")
    PLATFORM = "platform", _("The platform")
    NOBODY = "nobody", _("Nobody could")


class Finding(Committed):
    """An investigator's conclusion on one allegation. The columns repeat the document for the desk."""

    class Outcome(models.TextChoices):
        SUBSTANTIATED = "substantiated", _("Substantiated")
        PARTLY = "partly", _("Partly substantiated")
        NOT = "not", _("Not substantiated")
        INSUFFICIENT = "insufficient", _("Insufficient evidence")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    allegation = models.CharField(_("allegation"), max_length=10)  # a code of conduct.KINDS
    round = models.PositiveSmallIntegerField(default=1)  # of the case; a review begins another
    outcome = models.CharField(_("finding"), max_length=15, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"))
    relied_on = models.ManyToManyField(Exhibit, blank=True, related_name="+", verbose_name=_("exhibits relied on"))
    missing = models.TextField(blank=True, default="")
    missing_from = models.CharField(max_length=10, choices=Missing.choices, blank=True, default="")
    found_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Committed.Meta):
        constraints = [
            *Committed.Meta.constraints,
            UniqueConstraint(fields=["case", "allegation", "round"], name="one_finding_an_allegation_and_round"),
            CheckConstraint(
                condition=Q(outcome__in=["substantiated", "partly", "not", "insufficient", "out_of_scope"]),
                name="finding_outcome_is_known",
            ),
            CheckConstraint(
                condition=~Q(confirmed_by=models.F("found_by")), name="finding_is_confirmed_by_somebody_else"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"

    @property
    def content(self) -> dict[str, Any]:
        """The content of the frozen document."""
        content: dict[str, Any] = json.loads(bytes(self.document))
        return content


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def open(self) -> "ProposalQuerySet":
        return self.filter(outcome=Proposal.Outcome.OPEN)


class Proposal(Committed):
    """Findings that wait for a second person's confirmation. If it is sent back, the proposal is kept with the
    objection. Its documents stay in the office, because it is not a decision."""

    class Outcome(models.TextChoices):
        OPEN = "", _("waiting for a second person")
        CONFIRMED = "confirmed", _("confirmed")
        SENT_BACK = "sent_back", _("sent back")

    FROZEN_IN = ("document", "objection_document")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    round = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    settled_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    objection = models.TextField(blank=True)  # why it was sent back
    objection_document = models.BinaryField(null=True)

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["pk"]
        constraints = [
            UniqueConstraint(fields=["case", "round"], condition=Q(outcome=""), name="one_open_proposal_a_round"),
            CheckConstraint(
                condition=Q(settled_by=None) | ~Q(settled_by=models.F("proposed_by")),
                name="proposal_is_settled_by_somebody_else",
            ),
            *Committed.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.proposed_at:%Y-%m-%d}"

    @property
    def findings(self) -> list[dict[str, Any]]:
        """The contents of the proposed findings, as their documents will have them."""
        content: list[dict[str, Any]] = json.loads(bytes(self.document))["findings"]
        return content


class UndertakingQuerySet(models.QuerySet["Undertaking"]):
    def measures(self) -> "UndertakingQuerySet":
        return self.filter(sort=Undertaking.Sort.MEASURE)

    def redress(self) -> "UndertakingQuerySet":
        return self.filter(sort=Undertaking.Sort.REDRESS)

    def open(self) -> "UndertakingQuerySet":
        return self.filter(outcome=Undertaking.Outcome.OPEN)

    def paid(self) -> "UndertakingQuerySet":
        """Refunds and compensations that are reported as paid."""
        return self.redress().filter(kind__in=Undertaking.PAID, outcome=Undertaking.Outcome.DONE)

    def overdue(self) -> "UndertakingQuerySet":
        return self.open().filter(due_on__lt=timezone.localdate())


class Undertaking(Committed):
    """A consequence of a finding: a measure against those responsible, or redress for the borrower. It has an
    owner and a due day, and ends with a proof, which is a frozen document too."""

    class Sort(models.TextChoices):
        MEASURE = "measure", _("Accountability measure")
        REDRESS = "redress", _("Redress")

    class Kind(models.TextChoices):
        WARNING = "warning", _("Warning to a person")
        DISCIPLINE = "discipline", _("Discipline of a person")
        TRAINING = "training", _("Training")
        STOP_ORDER = "stop_order", _("Order to the agency to stop")
        PENALTY = "penalty", _("Contract penalty for the agency")
        SUSPENSION = "suspension", _("Suspension of the agency")
        TERMINATION = "termination", _("End of the agency’s contract")
        PROCESS = "process", _("Change of process or system")
        STOPPED = "stopped", _("Contact stopped")
        APOLOGY = "apology", _("Apology")
        DELETION = "deletion", _("Data deleted")
        CORRECTION = "correction", _("Record corrected")
        REFUND = "refund", _("Refund")
        COMPENSATION = "compensation", _("Compensation")
        PLAN = "plan", _("Repayment plan")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        OPEN = "", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("will not be done")

    MEASURES = (
        *(Kind.WARNING, Kind.DISCIPLINE, Kind.TRAINING, Kind.STOP_ORDER, Kind.PENALTY),
        *(Kind.SUSPENSION, Kind.TERMINATION, Kind.PROCESS, Kind.OTHER),
    )
    REDRESS = (
        *(Kind.STOPPED, Kind.APOLOGY, Kind.DELETION, Kind.CORRECTION, Kind.REFUND, Kind.COMPENSATION),
        *(Kind.PLAN, Kind.OTHER),
    )
    PAID = (Kind.REFUND, Kind.COMPENSATION)

    FROZEN_IN = ("document", "ending")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="undertakings")
    round = models.PositiveSmallIntegerField()
    sort = models.CharField(max_length=7, choices=Sort.choices)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    what = models.TextField()
    owner = models.CharField(max_length=200)
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, choices=[*CURRENCIES.items()], blank=True, default="")
    borrower_may_know = models.BooleanField(default=True)
    ordered_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    outcome = models.CharField(max_length=7, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    proof = models.TextField(blank=True, default="")
    proof_exhibit = models.ForeignKey(Exhibit, on_delete=models.PROTECT, null=True, related_name="+")
    ended_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)  # the day on which it was done, by the proof
    ending = models.BinaryField(null=True)  # the frozen proof

    objects: ClassVar = UndertakingQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["due_on"], condition=Q(outcome=""), name="undertaking_open_by_day")]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(condition=Q(sort__in=["measure", "redress"]), name="undertaking_sort_is_known"),
            CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False) & ~Q(proof=""),
                name="undertaking_ends_with_a_proof",
            ),
            CheckConstraint(
                condition=Q(amount=None, currency="") | Q(amount__gt=0) & ~Q(currency=""),
                name="undertaking_amount_has_a_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_kind_display()}"

    @property
    def is_overdue(self) -> bool:
        return self.outcome == self.Outcome.OPEN and self.due_on < timezone.localdate()

    @property
    def money(self) -> str:
        return amounts.in_words(f"{self.amount:.2f}", self.currency) if self.amount is not None else ""


class Referral(Committed):
    """The case, or what it shows, was referred to an authority."""

    class To(models.TextChoices):
        REGULATOR = "regulator", _("A regulator")
        POLICE = "police", _("The police")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="referrals")
    to = models.CharField(max_length=10, choices=To.choices)
    authority = models.CharField(max_length=200)
    referred_on = models.DateField()
    number = models.CharField(max_length=100, blank=True)
    reasons = models.TextField()
    with_identity = models.BooleanField(default=False)
    referred_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["pk"]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(condition=Q(to__in=["regulator", "police"]), name="referral_goes_to_an_authority"),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.authority}"
