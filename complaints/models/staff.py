"""Staff of the office and their teams."""

import uuid
from datetime import date, time
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from complaints.reference.workdays import Calendar


class Role(models.TextChoices):
    INVESTIGATOR = "investigator", _("Investigator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


OPENS_EVIDENCE = (Role.INVESTIGATOR, Role.SUPERVISOR, Role.AUDITOR)


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


def own_zone() -> str:
    return str(settings.TIME_ZONE)


class Team(models.Model):
    """A team. Investigators see only the cases of their teams."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    country = models.CharField(_("country of its holidays"), max_length=2, blank=True, default="")
    subdivision = models.CharField(_("province or state of its holidays"), max_length=10, blank=True, default="")
    weekdays = models.JSONField(_("working days"), default=monday_to_friday)  # ISO numbers, Monday is 1
    opens = models.TimeField(_("opens at"), default=time(9))
    closes = models.TimeField(_("closes at"), default=time(18))
    zone = models.CharField(_("time zone"), max_length=50, default=own_zone)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name

    @property
    def calendar(self) -> Calendar:
        """The team's working days."""
        return Calendar(self.country, self.subdivision, frozenset(self.weekdays), self.zone)


class StaffMember(AbstractUser):
    """A member of staff. `role` decides what they may do; `is_superuser` gives no access to cases."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # their name in the ledger
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True, default="")
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("teams"))
    languages = models.JSONField(_("languages"), default=list)  # e.g. ["zh-hans", "en"]
    capacity = models.PositiveSmallIntegerField(_("capacity"), default=60)  # open cases

    number = models.CharField(
        _("staff number"), max_length=40, blank=True, default="", help_text=_("As decisions show it, if they do.")
    )

    # The role that an administrator asked for and no supervisor has confirmed yet.
    asked_role = models.CharField(max_length=20, choices=Role.choices, blank=True, default="", editable=False)
    asked_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", editable=False)
    must_change_password = models.BooleanField(default=False, editable=False)  # because somebody else set it
    signed_out = models.PositiveIntegerField(default=0, editable=False)  # how often all their sessions were ended

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [
            CheckConstraint(condition=Q(role__in=["", *Role.values]), name="role_is_known"),
            CheckConstraint(condition=Q(asked_role__in=["", *OPENS_EVIDENCE]), name="asked_role_opens_evidence"),
            CheckConstraint(condition=~Q(asked_by=F("id")), name="asked_by_somebody_else"),
        ]

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """The hash that sessions must have. A new password or role, or a sign-out everywhere, changes it."""
        stands_for = f"{self.password} {self.role} {self.signed_out}"
        return salted_hmac(
            "complaints.StaffMember.session", stands_for, secret=secret, algorithm="sha256"
        ).hexdigest()


class CodeTries(models.Model):
    """A member's attempts at the second factor: the last accepted code, and the misses since then. Also the misses
    of the old password, on the page where a member who is signed in changes it."""

    member = models.OneToOneField(StaffMember, models.CASCADE, primary_key=True, related_name="code_tries")
    step = models.BigIntegerField(default=0)  # of the last accepted code: half minutes since 1970
    misses = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(null=True)  # when the next code is accepted
    password_misses = models.PositiveIntegerField(default=0)
    password_not_before = models.DateTimeField(null=True)  # when the next old password is accepted

    def __str__(self) -> str:
        return f"{self.misses} misses"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(Q(until=None) | Q(until__gte=day), begins__lte=day)


class Absence(models.Model):
    """The first and last day on which a member is away; without an end if `until` is empty. The reason is not
    recorded."""

    member = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, related_name="absences", verbose_name=_("staff member")
    )
    begins = models.DateField(_("from"))
    until = models.DateField(_("until and including"), null=True, blank=True)

    objects: ClassVar = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-begins", "pk"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("begins")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.begins} – {self.until or '…'}"
