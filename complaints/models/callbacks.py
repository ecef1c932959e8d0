"""Call-backs: requests of people in danger to be called."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .staff import StaffMember


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def waiting(self) -> "CallBackQuerySet":
        """Call-backs that nobody has dealt with, the earliest due first."""
        return self.filter(done_at=None).order_by("due_at")


class CallBack(models.Model):
    """A request to be called back by a safe channel. It belongs to no case and is erased after 30 days."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        WECHAT = "wechat", _("WeChat")
        OTHER = "other", _("Another way")

    class Outcome(models.TextChoices):
        SPOKEN = "spoken", _("Spoke with them")
        EMERGENCY = "emergency", _("Called the police or an ambulance")
        UNREACHED = "unreached", _("Tried several times, and nobody answered")
        UNSAFE = "unsafe", _("It was not safe to call")
        WITHDRAWN = "withdrawn", _("They took it back")

    uid = models.UUIDField(unique=True, editable=False)  # a form sent twice gives the same one
    danger = models.BooleanField(default=False)
    self_harm = models.BooleanField(default=False)
    channel = models.CharField(_("safe channel"), max_length=10, choices=Channel.choices)
    reach = models.CharField(_("number or name there"), max_length=200)
    safe_times = models.CharField(_("when it is safe"), max_length=300, blank=True)
    say = models.CharField(_("what may be said"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=10)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)

    objects: ClassVar = CallBackQuerySet.as_manager()

    class Meta:
        verbose_name = _("call-back")
        verbose_name_plural = _("call-backs")
        indexes = [models.Index(fields=["done_at", "due_at"])]
        constraints = [
            CheckConstraint(
                condition=Q(done_at=None, outcome="", done_by=None) | (Q(done_at__isnull=False) & ~Q(outcome="")),
                name="done_call_back_has_an_outcome",
            )
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def thread(self) -> str:
        """The name of the call-back's history in the ledger."""
        return f"callback:{self.uid}"

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at < timezone.now()
