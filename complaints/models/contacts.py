"""Contacts: the acts of collection that a borrower reports, single ones or several in a row."""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from complaints.reference.choices import Channel, Direction, Precision, Reached, Speaker

from .cases import Case


class Contact(models.Model):
    """One act of collection, or `times` in a row that the borrower reports as one. The columns repeat the
    statement. All but `order` may be unknown."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="contacts")
    order = models.PositiveSmallIntegerField()  # as in the statement, from 1
    at = models.DateTimeField(null=True, blank=True)  # local midnight if only the day is known
    until = models.DateTimeField(null=True, blank=True)  # the last of several, known like `at`
    times = models.PositiveSmallIntegerField(default=1)
    times_about = models.BooleanField(default=False)  # whether `times` is a rough number
    precision = models.CharField(max_length=10, choices=Precision.choices, blank=True)  # empty: time unknown
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    direction = models.CharField(max_length=10, choices=Direction.choices, blank=True)
    answered = models.BooleanField(null=True, blank=True)
    speaker = models.CharField(max_length=10, choices=Speaker.choices, blank=True)
    number = models.CharField(max_length=60, blank=True)
    claimed = models.CharField(max_length=200, blank=True)  # who they said they were
    reached = models.CharField(max_length=10, choices=Reached.choices, blank=True)
    disclosed = models.BooleanField(null=True, blank=True)  # whether they mentioned the debt to that person
    said = models.TextField(blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            UniqueConstraint(fields=["case", "order"], name="one_contact_a_place"),
            CheckConstraint(
                condition=Q(precision="", at=None) | (~Q(precision="") & Q(at__isnull=False)),
                name="contact_time_has_its_precision",
            ),
            CheckConstraint(
                condition=Q(until=None) | Q(times__gt=1, at__isnull=False, until__gte=F("at")),
                name="contacts_in_a_row_end_after_they_begin",
            ),
            CheckConstraint(condition=Q(times__gte=1), name="contact_happened"),
        ]

    def __str__(self) -> str:
        return f"{self.case}, {self.order}"
