"""Case bundles, and grants by which somebody outside can fetch one."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import SHA256_HEX, ItemKey

from .cases import Case
from .complaints import Committed
from .staff import StaffMember


class ExportQuerySet(models.QuerySet["Export"]):
    def waiting(self) -> "ExportQuerySet":
        """Exports that are to be made, and that no live worker is making."""
        dead = timezone.now() - Export.SILENT
        return self.filter(state=Export.State.WAITING) | self.filter(state=Export.State.MAKING, seen_at__lt=dead)

    def unmade(self, since: datetime) -> "ExportQuerySet":
        """Exports that failed since then, of cases without a later successful one."""
        later = self.filter(case=OuterRef("case"), asked_at__gt=OuterRef("asked_at"), state=Export.State.READY)
        return self.filter(~Exists(later), state=Export.State.FAILED, seen_at__gte=since)

    def over(self) -> "ExportQuerySet":
        """Exports whose file must be deleted: it expired, or could not be deleted before."""
        kept = Exists(ItemKey.objects.filter(file=OuterRef("pk")))
        past = self.filter(state=Export.State.READY, expires_at__lte=timezone.now())
        return past | self.filter(kept, state=Export.State.GONE)


class Export(models.Model):
    """One case bundle for one recipient. A worker makes it; the vault stores its plan under this row's id."""

    SILENT = timedelta(minutes=2)  # a worker without progress for this long is considered dead

    class State(models.TextChoices):
        UNAPPROVED = "unapproved", _("waiting for a second person")
        WAITING = "waiting", _("waiting to be made")
        MAKING = "making", _("being made")
        READY = "ready", _("ready")
        FAILED = "failed", _("not made")
        GONE = "gone", _("no longer kept")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="exports")
    audience = models.CharField(max_length=10)
    options = models.JSONField()  # complaints.bundles.options.Options.kept()
    asked_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: the borrower
    asked_at = models.DateTimeField(default=timezone.now)
    sender = models.CharField(
        max_length=64, blank=True, default=""
    )  # whose turn it is; only compared, then forgotten
    approved_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # last progress of the worker
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    problem = models.TextField(blank=True)  # why it failed, in the language of who asked
    language = models.CharField(max_length=10)
    ledger_size = models.BigIntegerField(null=True)  # at which it was made, so that it can be made again
    manifest = models.CharField(max_length=64, blank=True)
    names_the_borrower = models.BooleanField(default=False)
    size = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects: ClassVar = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["state", "seen_at"]), models.Index(fields=["sender"])]
        constraints = [
            CheckConstraint(
                condition=~Q(state="ready")
                | Q(
                    manifest__regex=SHA256_HEX,
                    ledger_size__isnull=False,
                    size__isnull=False,
                    expires_at__isnull=False,
                ),
                name="a_ready_export_is_whole",
            ),
            CheckConstraint(
                condition=Q(approved_by=None) | Q(asked_by=None) | ~Q(approved_by=F("asked_by")),
                name="nobody_approves_their_own_export",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.audience}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.MAKING)

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY and self.expires_at is not None and self.expires_at > timezone.now()

    @property
    def percent(self) -> int:
        return self.bytes_done * 100 // self.bytes_total if self.bytes_total else 0

    @property
    def left_out(self) -> dict[str, str]:
        left_out: dict[str, Any] = self.options["left_out"]
        return {f"E-{number}": why for number, why in left_out.items()}


class Grant(Committed):
    """A named person outside may fetch one bundle by a link and a passphrase, a limited number of times and days.

    `document` freezes what the borrower agreed to, and for whom. The ledger has its digest; no bundle contains it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="grants")
    recipient = models.CharField(_("name of the recipient"), max_length=200)
    age_key = models.CharField(max_length=200, blank=True)  # if given, the bundle is encrypted to it
    link_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the link's secret
    phrase_digest = models.CharField(max_length=64)  # of link and passphrase together
    word_digest = models.CharField(max_length=64, blank=True, default="", db_index=True)  # of the passphrase alone
    made_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    downloads_most = models.PositiveSmallIntegerField()
    downloads = models.PositiveSmallIntegerField(default=0)
    bytes_left = models.BigIntegerField(default=0)  # of what was recorded; `grants.take` records more
    revoked_at = models.DateTimeField(null=True)

    class Meta(Committed.Meta):
        ordering = ["-made_at"]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(condition=Q(downloads__lte=F("downloads_most")), name="grant_within_its_downloads"),
        ]

    def __str__(self) -> str:
        return f"{self.export.case}: {self.made_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        """Whether the link can start a download now."""
        return self.can_be_taken_back and self.downloads < self.downloads_most

    @property
    def can_be_taken_back(self) -> bool:
        """Whether it is neither ended nor taken back. A used-up grant still lets a broken download resume."""
        return self.revoked_at is None and self.expires_at > timezone.now()
