"""Messages between the borrower and the office after filing."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _

from . import event_kinds
from .cases import Case
from .complaints import Committed
from .drafts import Draft
from .staff import StaffMember


class MessageQuerySet(models.QuerySet["Message"]):
    def replies(self) -> "MessageQuerySet":
        return self.filter(kind=Message.Kind.REPLY)

    def open_questions(self) -> "MessageQuerySet":
        return self.filter(kind=Message.Kind.QUESTION, answer=None)


class Message(Committed):
    """A text from one side to the other, with the files that came with it (`exhibits`)."""

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        MESSAGE = "message", _("Message")
        QUESTION = "question", _("Question")
        ANSWER = "answer", _("Answer")
        ADDENDUM = "addendum", _("Addendum")
        EVIDENCE = "evidence", _("More evidence")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.TextField(_("text"), blank=True)
    written_by = models.ForeignKey(
        StaffMember, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: the borrower
    written_at = models.DateTimeField()
    answers = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="answer")
    addition = models.OneToOneField(Draft, on_delete=models.SET_NULL, null=True, related_name="message")

    objects: ClassVar = MessageQuerySet.as_manager()
    files: list[Any]  # no column: its exhibits, if `messaging.written` read them

    class Meta(Committed.Meta):
        ordering = ["written_at", "pk"]
        constraints = [
            *Committed.Meta.constraints,
            CheckConstraint(
                condition=Q(kind="message")
                | Q(kind__in=["reply", "question"], written_by__isnull=False)
                | Q(kind__in=["answer", "addendum", "evidence"], written_by=None),
                name="message_of_who_can_write_it",
            ),
            CheckConstraint(
                condition=Q(kind="answer", answers__isnull=False) | (~Q(kind="answer") & Q(answers=None)),
                name="answer_answers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.written_at:%Y-%m-%d}"

    @property
    def is_of_the_borrower(self) -> bool:
        return self.written_by_id is None

    @property
    def is_open_question(self) -> bool:
        return self.kind == Message.Kind.QUESTION and not hasattr(self, "answer")


Kind = Message.Kind


ENTRIES = {  # kind of message -> kind of its ledger entry
    Kind.MESSAGE: event_kinds.MESSAGE_WRITTEN,
    Kind.QUESTION: event_kinds.QUESTION_ASKED,
    Kind.ANSWER: event_kinds.QUESTION_ANSWERED,
    Kind.ADDENDUM: event_kinds.ADDENDUM_ADDED,
    Kind.EVIDENCE: event_kinds.EVIDENCE_ADDED,
}
