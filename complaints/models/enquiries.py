"""Enquiries: what the other side is asked, and what it answers."""

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .cases import Case
from .complaints import Committed
from .drafts import Draft
from .staff import StaffMember


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def open_to_answers(self) -> "EnquiryQuerySet":
        """Enquiries whose link can be opened."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def waited_for(self) -> "EnquiryQuerySet":
        """Enquiries with an item that is neither supplied nor refused."""
        return self.filter(pk__in=Asked.objects.waiting().values("enquiry"))

    def with_news(self) -> "EnquiryQuerySet":
        """Enquiries with news that nobody in the office has read."""
        return self.filter(news_at__isnull=False)

    def to_mail(self) -> "EnquiryQuerySet":
        """Enquiries with an e-mail that is due, and that no process is sending now."""
        return self.filter(mail_at__lte=timezone.now())


class Enquiry(Committed):
    """What one organisation is asked about a case, and by when. The document is what left the portal; in place of
    the borrower's name it has the digest of the reporter's document."""

    class Recipient(models.TextChoices):
        LENDER = "lender", _("The lender")
        PLATFORM = "platform", _("The platform")
        AGENCY = "agency", _("The collection agency")

    class Way(models.TextChoices):
        EMAIL = "email", _("By e-mail from here, with the link")
        POST = "post", _("By post, with the letter")
        HANDED = "handed", _("Handed over, or through their own complaint page")

    uid = models.UUIDField(unique=True, editable=False)  # a form sent twice gives the same one
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enquiries")
    recipient = models.CharField(_("to whom"), max_length=10, choices=Recipient.choices)
    organisation = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10)
    way = models.CharField(_("how it is sent"), max_length=10, choices=Way.choices)
    email = models.EmailField(_("their e-mail address"), blank=True)
    portal = models.URLField(max_length=300)  # address to which the link leads
    text = models.TextField(_("what else you ask"), blank=True)
    sent_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    issue = models.PositiveSmallIntegerField(default=1)  # of the link; a new link ends the one before
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the code in the link
    expires_at = models.DateTimeField()  # of the link
    revoked_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)  # None: no reminder is due
    reminded_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)  # first opened by the respondent
    overdue_at = models.DateTimeField(null=True, blank=True)  # when the delay was recorded
    news_at = models.DateTimeField(null=True, blank=True)  # since when there is unread news
    mail_at = models.DateTimeField(null=True, blank=True)  # of the next attempt; None: no e-mail is due
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = EnquiryQuerySet.as_manager()

    class Meta(Committed.Meta):
        ordering = ["sent_at", "pk"]
        indexes = [
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="enquiry_to_remind"),
            models.Index(fields=["mail_at"], condition=Q(mail_at__isnull=False), name="enquiry_to_mail"),
            models.Index(fields=["news_at", "case"], condition=Q(news_at__isnull=False), name="enquiry_with_news"),
        ]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(
                condition=Q(recipient__in=["lender", "platform", "agency"]), name="enquiry_recipient_is_known"
            ),
            CheckConstraint(condition=~Q(way="email") | ~Q(email=""), name="enquiry_by_email_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number on the letter. It reveals neither the case nor the borrower."""
        return f"Q-{timezone.localtime(self.sent_at).year}-{self.uid.hex[:8].upper()}"

    @property
    def content(self) -> dict[str, Any]:
        """The content of the frozen document: what left the portal."""
        parsed: dict[str, Any] = json.loads(bytes(self.document))
        return parsed

    @property
    def is_open(self) -> bool:
        """Whether its link can be opened."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def is_overdue(self) -> bool:
        return self.due_at < timezone.now() and any(not one.state for one in self.asked.all())

    @property
    def mail_failed(self) -> bool:
        return self.way == self.Way.EMAIL and self.mail_at is None and self.mailed_at is None


class AskedQuerySet(models.QuerySet["Asked"]):
    def waiting(self) -> "AskedQuerySet":
        return self.filter(state="")

    def not_whole(self) -> "AskedQuerySet":
        """Items that were refused, supplied in part, or not supplied in time."""
        late = Q(state="", enquiry__due_at__lt=timezone.now())
        return self.filter(Q(state__in=Asked.NOT_WHOLE) | late)


class Asked(models.Model):
    """One item that an enquiry asks for, and whether it was supplied."""

    class State(models.TextChoices):
        WAITING = "", _("waiting")
        SUPPLIED = "supplied", _("supplied")
        PARTLY = "partly", _("partly supplied")
        REFUSED = "refused", _("refused")
        MISSING = "missing", _("not supplied")

    NOT_WHOLE = (State.PARTLY, State.REFUSED, State.MISSING)

    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="asked")
    number = models.PositiveSmallIntegerField()  # as in the document, from 1
    kind = models.CharField(max_length=30)  # a code of demands.toml
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, blank=True, default=State.WAITING)
    reason = models.CharField(max_length=2000, blank=True)  # in the respondent's words

    objects: ClassVar = AskedQuerySet.as_manager()

    class Meta:
        ordering = ["enquiry", "number"]
        constraints = [
            UniqueConstraint(fields=["enquiry", "number"], name="one_thing_asked_a_number"),
            CheckConstraint(
                condition=Q(state__in=["", "supplied", "partly", "refused", "missing"]),
                name="asked_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry}, {self.number}"


class EnquiryAnswer(Committed):
    """An answer that the respondent sent by the link, or that the office entered because it came another way."""

    class Way(models.TextChoices):
        PORTAL = "portal", _("through the link")
        POST = "post", _("by post")
        EMAIL = "email", _("by e-mail")
        HANDED = "handed", _("handed over")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="enquiry_answers")
    enquiry = models.ForeignKey(Enquiry, on_delete=models.PROTECT, related_name="answers")
    text = models.TextField(blank=True)
    way = models.CharField(max_length=10, choices=Way.choices, default=Way.PORTAL)
    entered_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True, related_name="+")
    came_on = models.DateField(null=True, blank=True)  # the day it reached the office, if it came another way
    received_at = models.DateTimeField()
    addition = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, related_name="enquiry_answer")

    class Meta(Committed.Meta):
        ordering = ["received_at", "pk"]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(
                condition=Q(way="portal", entered_by=None, came_on=None)
                | (~Q(way="portal") & Q(entered_by__isnull=False, came_on__isnull=False)),
                name="entered_answer_says_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enquiry}, {self.received_at:%Y-%m-%d}"
