"""The base of frozen documents, the complaint, and the reporter."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from complaints.reference.choices import Relation
from complaints.reference.conduct import BY_CODE
from evidence.models import SHA256_HEX

from .cases import Case


class Committed(models.Model):
    """A row with a document frozen as salted canonical JSON. The ledger has its digest, bundles its bytes."""

    FROZEN_IN: ClassVar[tuple[str, ...]] = ("document",)  # columns with frozen documents that a bundle can contain

    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True
        constraints = [CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="%(class)s_sha256_is_64_hex")]


class Complaint(Committed):
    """The borrower's statement, frozen at filing. The columns repeat the document for search and routing."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="complaint")
    relation = models.CharField(_("who files"), max_length=10, choices=Relation.choices, blank=True, default="")
    lender = models.CharField(_("lender"), max_length=200, blank=True)
    platform = models.CharField(_("platform"), max_length=200, blank=True)
    agency = models.CharField(_("collection agency"), max_length=200, blank=True)
    numbers = models.JSONField(_("numbers they called or wrote from"), default=list)
    region = models.CharField(_("lives in"), max_length=6, blank=True, default="")  # a code of regions.NAMES
    court_on = models.DateField(_("court date"), null=True, blank=True)
    conduct = models.JSONField(_("what they did"), default=list)  # codes of conduct.KINDS
    story = models.TextField(_("what happened"))
    wishes = models.JSONField(_("what the borrower wants"), default=list)

    def __str__(self) -> str:
        return str(self.case)

    @property
    def allegations(self) -> list[str]:
        """The kinds of conduct that findings can be about: those the borrower named, or all if they named none."""
        return self.conduct or list(BY_CODE)


class Reporter(Committed):
    """Who filed and how to reach them: a document of its own, so that a bundle can omit it and still verify."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    contact_note = models.CharField(_("when and how it is safe to reach you"), max_length=500, blank=True)
    acting_for = models.CharField(_("files for"), max_length=200, blank=True, default="")
    channels = models.JSONField(_("ways to reach you"), default=list)  # codes of choices.WAYS
    safe_times = models.CharField(_("safe times"), max_length=200, blank=True, default="")
    safe_words = models.CharField(_("what may stand in a message"), max_length=20, default="neutral")
    notify = models.JSONField(_("notifications"), default=list)  # "email", "sms": those the borrower agreed to
    may_see_name = models.JSONField(_("who may see your name"), default=list)  # e.g. ["lender"]

    def __str__(self) -> str:
        return str(self.case)
