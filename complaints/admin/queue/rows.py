"""The rows of one page of a queue. Only their cases are queried, however long the queue is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.timezone import localtime
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from complaints.admin.sentences import in_short
from complaints.admin.words import due, left, name_of
from complaints.cases import places
from complaints.clocks import book as clock_book
from complaints.clocks import running
from complaints.models import Case, Clock, Exhibit, event_kinds
from complaints.reference import conduct
from complaints.reference.choices import ORGANISATIONS
from evidence.ledger import content_of
from evidence.models import LedgerEntry

from . import sheets

BEGINNING = 110  # characters of the statement in a row


@dataclass(frozen=True)
class Row:
    case: Any  # a Case with the counts of its exhibits
    last: str  # the last event in words
    last_at: datetime
    late: list[str]  # late deadlines besides the one to decide and reply
    found: list[places.Place]  # where the words of a search are

    @property
    def conduct(self) -> list[str]:
        return [conduct.named(code) for code in self.case.complaint.conduct]

    @property
    def language(self) -> str:
        return str(get_language_info(self.case.language)["name_translated"])

    @property
    def first_line(self) -> str:
        """The beginning of the statement, without line breaks."""
        return " ".join(self.case.complaint.story[: 2 * BEGINNING].split())[:BEGINNING]

    @property
    def organisations(self) -> str:
        return " · ".join(filter(None, (getattr(self.case.complaint, name) for name in ORGANISATIONS)))

    @property
    def seal_tone(self) -> str:
        if self.case.exhibits_faulty:
            return "red"
        return "amber" if self.case.exhibits_sealed < self.case.exhibits_all else "green"


def of(keys: list[int], words: str = "") -> list[Row]:
    """The rows of the cases, in the order of the keys. It takes three queries, and for a search two more."""
    exhibits = Exhibit.objects.all()
    found: QuerySet[Case] = Case.objects.filter(pk__in=keys).select_related("complaint", "assignee", "team")
    cases = found.annotate(
        exhibits_all=_counted(exhibits),
        exhibits_sealed=_counted(exhibits.filter(item__seal__isnull=False)),
        exhibits_faulty=_counted(exhibits.filter(~Q(item__fault=""))),
    ).in_bulk()
    newest, late = _newest([case.thread for case in cases.values()]), _late(keys)
    where = places.of(cases.values(), words) if words else {}
    rows = []
    for key in keys:
        if case := cases.get(key):
            kind, role, at = newest.get(case.thread, (event_kinds.COMPLAINT_FILED, "borrower", case.filed_at))
            rows.append(Row(case, in_short(kind, role), at, late.get(key, []), where.get(key, [])))
    return rows


def _counted(exhibits: QuerySet[Exhibit]) -> Coalesce:
    """A subquery that counts exhibits of each case, because a join would multiply rows."""
    of_case = exhibits.filter(case=OuterRef("pk")).order_by().values("case").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(of_case, output_field=IntegerField()), 0)


def _newest(threads: list[str]) -> dict[str, tuple[str, str, datetime]]:
    """Kind, role and time of the last entry about each case itself. Entries about its files do not count, nor
    deadlines that passed: the row names those that are late."""
    back = Window(RowNumber(), partition_by="thread", order_by="-seq")
    entries = (
        LedgerEntry.objects.filter(thread__in=threads, subject=F("thread"))
        .exclude(kind=event_kinds.CLOCK_OVERDUE)
        .annotate(back=back)
        .filter(back=1)
        .order_by()
    )
    return {one.thread: (one.kind, content_of(one)["by"]["role"], one.at) for one in entries}


def _late(keys: list[int]) -> dict[int, list[str]]:
    """The late deadlines of each case in words, besides the one to decide and reply, which has a column."""
    found: dict[int, list[str]] = {}
    clocks = Clock.objects.late().filter(case__in=keys, paused_since=None).exclude(name=running.DECIDE)
    book = clock_book.in_force()
    for clock in clocks.order_by("due_at"):
        rule = book.rule(clock.rule, clock.name)
        label = str(rule.label) if rule else clock.name
        found.setdefault(clock.case_id, []).append(f"{label}: {left(clock.due_at)}")
    return found


def as_csv(rows: list[Row]) -> Iterator[str]:
    header = (
        *(_("Reference"), _("Severity"), _("State"), _("Decide by"), _("Due"), _("Last event"), _("When")),
        *(_("Exhibits"), _("Sealed"), _("Lender"), _("Platform"), _("Agency"), _("Team"), _("Investigator")),
        *(_("Conduct"), _("Language"), _("Filed")),
    )
    return sheets.of(header, map(_cells, rows))


def _cells(row: Row) -> tuple[Any, ...]:
    case = row.case
    return (
        *(case.reference, case.get_severity_display(), case.get_state_display()),
        *(_minute(case.decide_by), due(case), row.last, _minute(row.last_at)),
        *(case.exhibits_all, case.exhibits_sealed),
        *(getattr(case.complaint, name) for name in ORGANISATIONS),
        *(case.team or "", name_of(case.assignee)),
        *("; ".join(row.conduct), row.language, _minute(case.filed_at)),
    )


def _minute(moment: datetime) -> str:
    return localtime(moment).strftime("%Y-%m-%d %H:%M")
