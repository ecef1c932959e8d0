"""What waits in cases for somebody in charge: for each kind its sentence, the list of the desk, and the count."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import ngettext_lazy

from complaints.cases import queues
from complaints.models import Absence, Case, CaseQuerySet, Clock, Enquiry, Export, Extension, Undertaking

CASES, CALLS, DEADLINES, UNDERTAKINGS = "case", "callback", "clock", "undertaking"  # lists of the desk
ROUTED_WITHIN = timedelta(minutes=10)
READ_WITHIN = timedelta(days=2)
ENDED_WITHIN = timedelta(minutes=10)  # after its 72 hours, for the sweep to close the case


def _late(cases: CaseQuerySet) -> int:
    return Clock.objects.late().filter(Exists(cases.filter(pk=OuterRef("case")))).count()


def _more_time(cases: CaseQuerySet) -> int:
    return Extension.objects.open().filter(Exists(cases.filter(pk=OuterRef("case")))).count()


def _withdrawals(cases: CaseQuerySet) -> int:
    return cases.open().filter(withdraw_at__lt=timezone.now() - ENDED_WITHIN).count()


def _overdue(cases: CaseQuerySet) -> int:
    return Undertaking.objects.overdue().filter(case__in=cases).count()


def _unread(cases: CaseQuerySet) -> int:
    return Enquiry.objects.with_news().filter(news_at__lt=timezone.now() - READ_WITHIN, case__in=cases).count()


def _retaliation(cases: CaseQuerySet) -> int:
    not_begun = cases.filter(state__in=(Case.State.FILED, Case.State.ROUTED))
    return not_begun.filter(retaliations__isnull=False).distinct().count()


def _unrouted(cases: CaseQuerySet) -> int:
    return cases.awaiting_routing().filter(filed_at__lt=timezone.now() - ROUTED_WITHIN).count()


def _unmade(cases: CaseQuerySet) -> int:
    unmade = Export.objects.unmade(timezone.now() - queues.UNMADE_FOR).filter(case__in=cases)
    return unmade.values("case").distinct().count()


def _in_nobodys_hands(cases: CaseQuerySet) -> int:
    return cases.open().filter(assignee=None, team__isnull=False).count()


def _of_people_away(cases: CaseQuerySet) -> int:
    away = Absence.objects.on(timezone.localdate()).values("member")
    return cases.open().filter(assignee__in=away).count()


# Sentence, the list and its part of the address, how many of these cases.
OF_CASES: tuple[tuple[Any, str, str, Callable[[CaseQuerySet], int]], ...] = (
    (
        ngettext_lazy("%(n)d deadline is over.", "%(n)d deadlines are over.", "n"),
        DEADLINES,
        "?who=all&when=late",
        _late,
    ),
    (
        ngettext_lazy(
            "%(n)d request for more time waits for a supervisor.",
            "%(n)d requests for more time wait for a supervisor.",
            "n",
        ),
        DEADLINES,
        "?who=all&when=asked",
        _more_time,
    ),
    (
        ngettext_lazy(
            "%(n)d withdrawal waits for a supervisor's decision.",
            "%(n)d withdrawals wait for a supervisor's decision.",
            "n",
        ),
        CASES,
        "?queue=withdrawals",
        _withdrawals,
    ),
    (
        ngettext_lazy("%(n)d measure or promise is overdue.", "%(n)d measures or promises are overdue.", "n"),
        UNDERTAKINGS,
        "?state=overdue",
        _overdue,
    ),
    (
        ngettext_lazy(
            "%(n)d enquiry has news that nobody has read for two days.",
            "%(n)d enquiries have news that nobody has read for two days.",
            "n",
        ),
        CASES,
        "?queue=answers",
        _unread,
    ),
    (
        ngettext_lazy(
            "%(n)d borrower tells of retaliation, and nobody has begun.",
            "%(n)d borrowers tell of retaliation, and nobody has begun.",
            "n",
        ),
        CASES,
        "?queue=retaliation",
        _retaliation,
    ),
    (
        ngettext_lazy("%(n)d case is taken by no routing rule.", "%(n)d cases are taken by no routing rule.", "n"),
        CASES,
        "?queue=unrouted",
        _unrouted,
    ),
    (
        ngettext_lazy(
            "The bundle of %(n)d case could not be made.", "The bundles of %(n)d cases could not be made.", "n"
        ),
        CASES,
        "?queue=unmade",
        _unmade,
    ),
    (
        ngettext_lazy(
            "%(n)d case waits in its team's queue, in nobody's hands.",
            "%(n)d cases wait in their teams' queues, in nobody's hands.",
            "n",
        ),
        CASES,
        "?queue=unassigned",
        _in_nobodys_hands,
    ),
    (
        ngettext_lazy(
            "%(n)d open case is in the hands of somebody who is away.",
            "%(n)d open cases are in the hands of people who are away.",
            "n",
        ),
        CASES,
        "?queue=away",
        _of_people_away,
    ),
)
