"""Staff of the office and their teams."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    INVESTIGATOR = "investigator", _("Investigator")
    SUPERVISOR = "supervisor", _("Supervisor")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Team(models.Model):
    """A boundary: an investigator reads only the cases of their teams."""

    name = models.CharField(_("name"), max_length=100, unique=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class StaffMember(AbstractUser):
    """Somebody of the office. The role decides what they may do; `is_superuser` alone opens no evidence."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)  # the name the ledger knows
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True, default="")
    teams = models.ManyToManyField(Team, blank=True, related_name="members", verbose_name=_("teams"))
    languages = models.JSONField(_("languages"), default=list)  # e.g. ["zh-hans", "en"]
    on_duty = models.BooleanField(_("on duty"), default=True)
    capacity = models.PositiveSmallIntegerField(_("capacity"), default=60)  # open cases

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        constraints = [CheckConstraint(condition=Q(role__in=["", *Role.values]), name="role_is_known")]
