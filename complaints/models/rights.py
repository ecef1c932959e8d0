"""The borrower's rights after filing, and notices to them."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .complaints import Committed
from .staff import StaffMember


class Pressed(models.TextChoices):
    """The borrower's answer, for supervisors only, whether somebody pressed them to withdraw."""

    NO = "no", _("No, it is my own wish")
    YES = "yes", _("Yes, somebody pressed me")
    UNSAID = "unsaid", _("I would rather not say")


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    def open(self) -> "WithdrawalQuerySet":
        return self.filter(outcome=Withdrawal.Outcome.OPEN)

    def due(self) -> "WithdrawalQuerySet":
        """Open withdrawals that the borrower can no longer take back."""
        return self.open().filter(due_at__lte=timezone.now())

    def under_pressure(self) -> "WithdrawalQuerySet":
        """Open withdrawals whose borrower does not say that it is their own wish. They may not be due yet."""
        return self.open().exclude(pressed=Pressed.NO)


class Withdrawal(Committed):
    """The borrower asks to withdraw the case. It can take effect from `due_at`.

    `pressure` and `decision` are frozen documents for supervisors only. The ledger has their digests. No bundle
    contains them, because somebody may watch the borrower reading it.
    """

    class Outcome(models.TextChoices):
        OPEN = "", _("waiting")
        TAKEN_BACK = "taken_back", _("taken back")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLINED = "declined", _("declined by a supervisor")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="withdrawals")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    pressed = models.CharField(max_length=6, choices=Pressed.choices)
    pressure_words = models.TextField(blank=True)
    pressure = models.BinaryField()  # the answer as a frozen document
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default=Outcome.OPEN)
    ended_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reasons = models.TextField(blank=True)
    decision = models.BinaryField(null=True)  # the reasons as a frozen document

    objects: ClassVar = WithdrawalQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["asked_at", "pk"]
        constraints = [
            UniqueConstraint(fields=["case"], condition=Q(outcome=""), name="one_open_withdrawal_a_case"),
            CheckConstraint(
                condition=Q(outcome="", ended_at=None) | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="withdrawal_ends_once",
            ),
            *Committed.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.asked_at:%Y-%m-%d}"

    @property
    def was_free(self) -> bool:
        """Whether the borrower said that nobody pressed them."""
        return self.pressed == Pressed.NO


class Review(Committed):
    """The borrower asks for a review. Those who decided or answered before are `barred` from it."""

    class Result(models.TextChoices):
        KEPT = "kept", _("found as before")
        CHANGED = "changed", _("found otherwise than before")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reviews")
    round = models.PositiveSmallIntegerField()  # of the case; the review opened it
    reasons = models.TextField(_("reasons"))
    asked_at = models.DateTimeField()
    barred = models.ManyToManyField(StaffMember, related_name="+")
    result = models.CharField(max_length=7, choices=Result.choices, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    class Meta(Committed.Meta):
        ordering = ["round"]
        constraints = [
            UniqueConstraint(fields=["case", "round"], name="one_review_a_round"),
            *Committed.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.round}"


class Retaliation(Committed):
    """The borrower's report of what collectors did because of the complaint."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="retaliations")
    text = models.TextField(_("what they did"))
    reported_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["reported_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case}, {self.reported_at:%Y-%m-%d}"


class FormerReporter(Committed):
    """The reporter's document before the borrower changed their contact details."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="former_reporters")
    replaced_at = models.DateTimeField()

    class Meta(Committed.Meta):
        ordering = ["replaced_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case}, {self.replaced_at:%Y-%m-%d}"


class Consent(models.Model):
    """The borrower's consent that a recipient learns who they are, with its dates."""

    class Recipient(models.TextChoices):
        LENDER = "lender", _("The lender")
        PLATFORM = "platform", _("The platform")
        AGENCY = "agency", _("The collection agency")
        LEGAL_AID = "legal_aid", _("Legal aid")
        REGULATOR = "regulator", _("A regulator")
        COURT = "court", _("A court")
        POLICE = "police", _("The police")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consents")
    recipient = models.CharField(max_length=10, choices=Recipient.choices)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["given_at", "pk"]
        constraints = [
            UniqueConstraint(
                fields=["case", "recipient"],
                condition=Q(withdrawn_at=None),
                name="one_standing_consent_a_recipient",
            ),
            CheckConstraint(
                condition=Q(
                    recipient__in=["lender", "platform", "agency", "legal_aid", "regulator", "police", "court"]
                ),
                name="consent_recipient_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.recipient}"


class NoticeChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("Text message")


class Recovery(models.Model):
    """A request for a new access code. `case` is None if none was found; the row is made in both cases, so that
    they take the same time.

    The one-time code is computed from the row's id and the portal's key; it cannot be read from the database.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=5, choices=NoticeChannel.choices)
    code_digest = models.CharField(max_length=64)  # keyed HMAC of the one-time code
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> "NoticeQuerySet":
        """Notices that are due, and that no process is sending now."""
        return self.filter(state=Notice.State.PENDING, next_try_at__lte=timezone.now())


class Notice(models.Model):
    """A neutral message that there is news. The address is stored with the reporter only."""

    class State(models.TextChoices):
        PENDING = "pending", _("on its way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not delivered")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, related_name="notices")
    recovery = models.OneToOneField(Recovery, on_delete=models.CASCADE, null=True, related_name="notice")
    about = models.CharField(max_length=20)  # the reason; not in the message
    channel = models.CharField(max_length=5, choices=NoticeChannel.choices)
    state = models.CharField(max_length=7, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_try_at = models.DateTimeField()  # while a process sends it: when another one may try
    sent_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "next_try_at"])]

    def __str__(self) -> str:
        return f"{self.case}: {self.about}"
