"""Rows of the office: staff and teams, drafts and complaints, cases and what is decided on them."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evidence.models import SHA256_HEX, EvidenceItem

from .conduct import BY_CODE, Severity


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


class DraftQuerySet(models.QuerySet["Draft"]):
    def forgettable(self, *, filed_before: datetime) -> "DraftQuerySet":
        """Expired without being filed, or filed so long ago that the access code was saved or is lost."""
        return self.filter(Q(filed_at=None, expires_at__lte=timezone.now()) | Q(filed_at__lt=filed_before))


class Draft(models.Model):
    """Answers before filing. Never read by staff: no admin shows it. Found only by its code's digest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the draft code
    answers = models.JSONField(default=dict)  # step name -> cleaned answers of that step
    language = models.CharField(max_length=10, default="en")
    created_at = models.DateTimeField(auto_now_add=True)
    saved_at = models.DateTimeField(auto_now=True)
    expires_at = models.DateTimeField()
    filed_at = models.DateTimeField(null=True, blank=True)  # then `case` points at what it became

    objects: ClassVar = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: StaffMember) -> "CaseQuerySet":
        """Supervisors and auditors see every case, investigators those of their teams, others none."""
        if not (user.is_active and user.is_staff):
            return self.none()
        if user.role in (Role.SUPERVISOR, Role.AUDITOR):
            return self
        if user.role == Role.INVESTIGATOR:
            return self.filter(team__in=user.teams.all())
        return self.none()

    def open(self) -> "CaseQuerySet":
        return self.exclude(state=Case.State.CLOSED)

    def awaiting_routing(self) -> "CaseQuerySet":
        return self.filter(state=Case.State.FILED)


class Case(models.Model):
    """The office's work on one complaint. Its state changes only through `lifecycle.advance()`."""

    class State(models.TextChoices):
        FILED = "filed", _("Filed, waiting to be assigned")
        ROUTED = "routed", _("With a team")
        INVESTIGATING = "investigating", _("Being investigated")
        DECIDED = "decided", _("Decided, reply being written")
        REPLIED = "replied", _("Answered")
        CLOSED = "closed", _("Closed")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, related_name="case")
    code_digest = models.CharField(max_length=64, unique=True)  # keyed HMAC of the access code
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=15, choices=State.choices, default=State.FILED)
    severity = models.SmallIntegerField(_("severity"), choices=Severity.choices)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        StaffMember,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("investigator"),
    )
    filed_at = models.DateTimeField(_("filed"))
    decide_by = models.DateTimeField(_("decide by"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    receipt = models.BinaryField()  # receipt.json as issued at filing, verbatim

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "decide_by"]),  # the queue, most urgent first
            models.Index(fields=["team", "state", "decide_by"]),
            models.Index(fields=["assignee", "state", "decide_by"]),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["filed", "routed", "investigating", "decided", "replied", "closed"]),
                name="case_state_is_known",
            ),
            CheckConstraint(
                condition=Q(state="filed") | Q(team__isnull=False), name="only_a_new_case_has_no_team"
            ),
            CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_means_closed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number people copy, e.g. HF-2026-000042."""
        return f"HF-{timezone.localtime(self.filed_at).year}-{self.pk:06d}"

    @property
    def thread(self) -> str:
        """The case's history in the ledger."""
        return f"case:{self.uid}"

    @property
    def is_overdue(self) -> bool:
        return self.state != Case.State.CLOSED and self.decide_by < timezone.now()


class Committed(models.Model):
    """A text frozen as salted canonical JSON. The ledger knows only its digest; a bundle carries it verbatim."""

    document = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        abstract = True


class Complaint(Committed):
    """The borrower's account, frozen at filing. The columns repeat the document for search and routing."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="complaint")
    lender = models.CharField(_("lender"), max_length=200, blank=True)
    platform = models.CharField(_("platform"), max_length=200, blank=True)
    agency = models.CharField(_("collection agency"), max_length=200, blank=True)
    conduct = models.JSONField(_("what they did"), default=list)  # codes of conduct.KINDS
    story = models.TextField(_("what happened"))
    wishes = models.JSONField(_("what the borrower wants"), default=list)

    class Meta:
        constraints = [CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="complaint_sha256_is_64_hex")]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def allegations(self) -> list[str]:
        """What a finding can be about: the kinds of conduct the borrower named; any, where none was named."""
        return self.conduct or list(BY_CODE)


class Reporter(Committed):
    """Who filed and how to reach them: its own document, so that a bundle can leave it out and still verify."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="reporter")
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    contact_note = models.CharField(_("when and how it is safe to reach you"), max_length=500, blank=True)

    class Meta:
        constraints = [CheckConstraint(condition=Q(sha256__regex=SHA256_HEX), name="reporter_sha256_is_64_hex")]

    def __str__(self) -> str:
        return str(self.case)


class Exhibit(models.Model):
    """An item's place in a draft, then (numbered) in a case, with the borrower's description."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, blank=True, related_name="exhibits")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="exhibits")
    number = models.PositiveIntegerField(null=True, blank=True)
    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="exhibit")
    description = models.CharField(_("what it shows"), max_length=500, blank=True)

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            CheckConstraint(
                condition=Q(case=None, number=None, draft__isnull=False)
                | Q(case__isnull=False, number__isnull=False, draft=None),
                name="exhibit_of_a_draft_or_of_a_case",
            ),
            UniqueConstraint(fields=["case", "number"], name="one_exhibit_a_number"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"E-{self.number}"


class RoutingRule(models.Model):
    """First active rule (by order) whose every filled condition holds sends the case to its team."""

    order = models.PositiveSmallIntegerField(_("order"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    active = models.BooleanField(_("active"), default=True)
    conduct = models.JSONField(_("any of these conduct kinds"), default=list, blank=True)
    min_severity = models.SmallIntegerField(
        _("severity at least"), choices=Severity.choices, null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    organisation = models.CharField(_("lender, platform or agency contains"), max_length=200, blank=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, verbose_name=_("team"))

    class Meta:
        ordering = ["order"]
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")

    def __str__(self) -> str:
        return f"{self.order}. {self.name}"


class Routing(models.Model):
    """The recorded decision which team and investigator got a case, and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="routings")
    rule = models.ForeignKey(RoutingRule, on_delete=models.SET_NULL, null=True)
    rule_version = models.PositiveIntegerField(null=True)
    team = models.ForeignKey(Team, on_delete=models.PROTECT)
    investigator = models.ForeignKey(StaffMember, on_delete=models.PROTECT, null=True)
    candidates = models.JSONField(default=list)  # [{"uid", "load", "capacity", "eligible", "why"}]
    reason = models.CharField(max_length=500)  # English, made of codes and names of rules and teams
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.reason


class Finding(Committed):
    """An investigator's conclusion on one allegation."""

    class Outcome(models.TextChoices):
        SUBSTANTIATED = "substantiated", _("Substantiated")
        PARTLY = "partly", _("Partly substantiated")
        NOT = "not", _("Not substantiated")
        INSUFFICIENT = "insufficient", _("Insufficient evidence")
        OUT_OF_SCOPE = "out_of_scope", _("Out of scope")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="findings")
    allegation = models.CharField(_("allegation"), max_length=10)  # a code of conduct.KINDS
    outcome = models.CharField(_("finding"), max_length=15, choices=Outcome.choices)
    reasons = models.TextField(_("reasons"))
    relied_on = models.ManyToManyField(Exhibit, blank=True, related_name="+", verbose_name=_("exhibits relied on"))
    found_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["case", "allegation"], name="one_finding_an_allegation"),
            CheckConstraint(
                condition=Q(outcome__in=["substantiated", "partly", "not", "insufficient", "out_of_scope"]),
                name="finding_outcome_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}: {self.get_outcome_display()}"


class Message(Committed):
    """What the office wrote to the borrower."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    text = models.TextField(_("text"))
    written_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at"]

    def __str__(self) -> str:
        return f"{self.case}, {self.written_at:%Y-%m-%d}"


class CallBackQuerySet(models.QuerySet["CallBack"]):
    def waiting(self) -> "CallBackQuerySet":
        """Those nobody has dealt with, the most pressing first."""
        return self.filter(done_at=None).order_by("due_at")


class CallBack(models.Model):
    """Somebody in danger asked to be called back, by a channel that is safe. Belongs to no case; soon erased."""

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

    uid = models.UUIDField(unique=True, editable=False)  # the same for what is sent twice
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
        """The call-back's history in the ledger."""
        return f"callback:{self.uid}"

    @property
    def is_late(self) -> bool:
        return self.done_at is None and self.due_at < timezone.now()
