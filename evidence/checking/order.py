"""Which item is scanned or viewed next. Workers take one item a turn, so that nobody's files keep others waiting.

Threads (cases) take turns, and with them those who have files in drafts. Of a thread, small files of quick kinds
come first. Items whose worker died come last.
"""

import random
from datetime import timedelta

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from evidence.models import EvidenceItem, Inspection, Kind

from . import scanning

UNSCANNED_FOR = timedelta(minutes=10)  # how long an item waits for the scanner before it is opened all the same
QUICK = Case(
    When(kind__in=(Kind.IMAGE, Kind.TEXT, Kind.TABLE), then=Value(0)),
    When(kind=Kind.DOCUMENT, then=Value(1)),
    When(kind=Kind.AUDIO, then=Value(2)),
    default=Value(3),
)


def next_to_scan() -> EvidenceItem | None:
    """An item of any thread that waits for the scanner. By chance, so that one that cannot be scanned blocks no
    others."""
    waiting = EvidenceItem.objects.awaiting_scan()
    threads = list(waiting.order_by().values_list("thread", flat=True).distinct())
    thread = random.choice(threads) if threads else ""  # noqa: S311 (fairness, not secrecy)
    item: EvidenceItem | None = waiting.filter(thread=thread).order_by("?").first()
    return item


def next_to_view() -> EvidenceItem | None:
    """The item whose copies are made next: of the thread that was served the longest ago, or never. All that a
    sender has in drafts is one thread here, so that many drafts of one sender have one turn between them."""
    of_thread = Inspection.objects.filter(item__thread=OuterRef("thread"))
    of_sender = Inspection.objects.filter(item__thread="", item__sender=OuterRef("sender"))
    served = Case(When(thread="", then=_last(of_sender)), default=_last(of_thread))
    waiting = EvidenceItem.objects.awaiting_inspection()
    if scanning.is_set_up():  # it scans what is admitted
        late = Q(received_at__lt=timezone.now() - UNSCANNED_FOR)
        waiting = waiting.filter(Q(scan__isnull=False) | Q(thread="") | late)
    found: EvidenceItem | None = (
        waiting.annotate(served=served, quick=QUICK)
        .order_by(
            F("inspection__attempts").asc(nulls_first=True),
            F("served").asc(nulls_first=True),
            "quick",
            "size",
            "received_at",
        )
        .first()
    )
    return found


def _last(served: QuerySet[Inspection]) -> Subquery:
    """The time of the newest of these inspections."""
    return Subquery(served.annotate(at=Coalesce("made_at", "leased_until")).order_by("-at").values("at")[:1])
