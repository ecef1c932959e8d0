"""Cases: the office's work on one complaint."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.reference import references
from complaints.reference.conduct import Severity

from .drafts import Draft
from .staff import Role, StaffMember, Team

IS_OPEN = Q(closed_at=None)  # the condition of partial indexes: a query must use it unchanged to use them


class CaseQuerySet(models.QuerySet["Case"]):
    def locked(self, case: "Case") -> "Case":
        """The case as it is now, locked for the rest of the transaction."""
        return self.select_for_update().get(pk=case.pk)

    def visible_to(self, user: StaffMember) -> "CaseQuerySet":
        """The cases that the user may see: supervisors and auditors all, investigators their teams', the others
        none. Nobody sees a case in which they have a conflict of interest."""
        if not (user.is_active and user.is_staff):
            return self.none()
        if user.role in (Role.SUPERVISOR, Role.AUDITOR):
            return self.apart_from(user)
        if user.role == Role.INVESTIGATOR:
            return self.filter(team__in=user.teams.all()).apart_from(user)
        return self.none()

    def apart_from(self, user: StaffMember) -> "CaseQuerySet":
        """These cases without those in which the user has a conflict of interest."""
        return self.exclude(pk__in=user.conflicts.values("case"))

    def open(self) -> "CaseQuerySet":
        return self.exclude(state=Case.State.CLOSED)

    def unanswered(self) -> "CaseQuerySet":
        return self.exclude(state__in=(Case.State.REPLIED, Case.State.CLOSED))

    def overdue(self) -> "CaseQuerySet":
        """Cases without a reply although their reply is due."""
        return self.unanswered().filter(decide_by__lt=timezone.now())

    def awaiting_routing(self) -> "CaseQuerySet":
        return self.filter(state=Case.State.FILED)


class Case(models.Model):
    """The office's work on one complaint. Its state changes only through `lifecycle.advance()`."""

    class State(models.TextChoices):
        FILED = "filed", _("Filed, waiting to be assigned")
        ROUTED = "routed", _("With a team")
        INVESTIGATING = "investigating", _("Being investigated")
        PROPOSED = "proposed", _("Proposed, a second person looks")
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
    decide_by = models.DateTimeField(_("decide by"))  # the due date of the clock “decide”, for sorting
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)  # one more each time it is reopened
    replied_at = models.DateTimeField(null=True, blank=True)  # of this round
    withdraw_at = models.DateTimeField(null=True, blank=True)  # when the requested withdrawal can take effect
    withdrawn = models.BooleanField(default=False)  # closed because the borrower withdrew
    news_at = models.DateTimeField(null=True, blank=True)  # when the borrower wrote the oldest unread message
    looked_at = models.DateTimeField(null=True, blank=True)  # when the borrower last opened its page
    handed_at = models.DateTimeField(null=True, blank=True)  # to its investigator, who has not opened it since
    waiting_since = models.DateTimeField(null=True, blank=True)  # since when an answer from outside is missing
    receipt = models.BinaryField()  # receipt.json as issued at filing
    documents_checked_at = models.DateTimeField(null=True, blank=True)  # time of the last re-hash of its documents
    documents_faulty = models.PositiveSmallIntegerField(default=0)  # documents missing or altered, as of then

    # No column: state and key of the investigator on the page that a step comes from, if it says.
    shown_as: tuple[str, int | None] | None = None
    found_for: int | None = None  # no column: key of the member who may see it, as `access.case_or_404` found

    objects: ClassVar = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["state", "decide_by"]),  # the queue, most urgent first
            models.Index(fields=["team", "state", "decide_by"]),
            models.Index(fields=["assignee", "state", "decide_by"]),
            models.Index(fields=["news_at", "team"], condition=Q(news_at__isnull=False), name="case_with_news"),
            # For the queues: each reads one range of one index, in the index's order.
            models.Index(F("severity").desc(), "decide_by", "id", condition=IS_OPEN, name="case_open"),
            models.Index("team", F("severity").desc(), "decide_by", "id", condition=IS_OPEN, name="case_of_team"),
            models.Index("assignee", F("severity").desc(), "decide_by", "id", condition=IS_OPEN, name="case_held"),
            models.Index(
                *(F("severity").desc(), "decide_by", "id", "team"),
                condition=IS_OPEN & Q(assignee=None),
                name="case_of_nobody",
            ),
            models.Index("decide_by", "id", "state", "team", condition=IS_OPEN, name="case_due"),
            models.Index(
                fields=["waiting_since", "team"],
                condition=IS_OPEN & Q(waiting_since__isnull=False),
                name="case_waiting",
            ),
            models.Index(fields=["round", "team"], condition=IS_OPEN & Q(round__gt=1), name="case_opened_again"),
            models.Index(fields=["documents_checked_at"]),  # the sweep begins with the oldest check
            models.Index(fields=["documents_faulty"], condition=Q(documents_faulty__gt=0), name="case_faulty"),
            models.Index(fields=["withdraw_at"], condition=Q(withdraw_at__isnull=False), name="case_withdrawing"),
            models.Index(fields=["assignee"], condition=Q(handed_at__isnull=False), name="case_handed_over"),
            models.Index(F("id").desc(), "team", condition=Q(closed_at__isnull=False), name="case_closed"),
        ]
        constraints = [
            CheckConstraint(
                condition=Q(
                    state__in=["filed", "routed", "investigating", "proposed", "decided", "replied", "closed"]
                ),
                name="case_state_is_known",
            ),
            CheckConstraint(
                condition=Q(state="filed") | Q(team__isnull=False), name="only_a_new_case_has_no_team"
            ),
            CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at=None)),
                name="closed_means_closed_at",
            ),
            CheckConstraint(condition=Q(withdrawn=False) | Q(state="closed"), name="withdrawn_means_closed"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """The number of the case for people, e.g. HF-2026-000042."""
        return references.written(timezone.localtime(self.filed_at).year, self.pk)

    @staticmethod
    def key_in(reference: str) -> int | None:
        """The primary key that a typed reference names, however it is typed; None if it is not a reference."""
        return references.key_in(reference)

    @property
    def thread(self) -> str:
        """The name of the case's history in the ledger."""
        return f"case:{self.uid}"

    @property
    def is_overdue(self) -> bool:
        return self.state != Case.State.CLOSED and self.decide_by < timezone.now()
