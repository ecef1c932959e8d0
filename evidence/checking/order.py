"""Which item is scanned or viewed next. Workers take one item a turn, so that nobody's files keep others waiting.

Senders take turns, however many cases and drafts their files are in. Of a sender, the cases take turns, and all
drafts together are one of them. Of a case, small files of quick kinds come first. Items whose worker died come
last.
"""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, F, Max, Min, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from evidence.models import EvidenceItem, EvidenceItemQuerySet, Inspection, Kind

from . import scanning

UNSCANNED_FOR = timedelta(minutes=10)  # how long an item waits for the scanner before it is opened all the same
NEVER = datetime.min.replace(tzinfo=UTC)
QUICK = Case(
    When(kind__in=(Kind.IMAGE, Kind.TEXT, Kind.TABLE), then=Value(0)),
    When(kind=Kind.DOCUMENT, then=Value(1)),
    When(kind=Kind.AUDIO, then=Value(2)),
    default=Value(3),
)


def next_to_scan() -> EvidenceItem | None:
    """An item that waits for the scanner: of any sender, and of any thread of that sender. By chance, so that one
    that cannot be scanned blocks no others."""
    waiting = EvidenceItem.objects.awaiting_scan()
    owners = _owners(waiting)
    if not owners:
        return None
    sender = random.choice([*{owner.sender or owner.thread for owner in owners}])  # noqa: S311 (fairness, not secrecy)
    owner = random.choice([one for one in owners if sender in (one.sender, one.thread)])  # noqa: S311
    item: EvidenceItem | None = waiting.filter(sender=owner.sender, thread=owner.thread).order_by("?").first()
    return item


def next_to_view() -> EvidenceItem | None:
    """The item whose copies are made next: of the sender who was served the longest ago, or never, and of the
    thread of that sender which was served the longest ago."""
    waiting = EvidenceItem.objects.awaiting_inspection()
    if scanning.is_set_up():  # it scans what is admitted
        late = Q(received_at__lt=timezone.now() - UNSCANNED_FOR)
        waiting = waiting.filter(Q(scan__isnull=False) | Q(thread="") | late)
    waiting = _tried_least(waiting)
    owner = _whose_turn(_owners(waiting))
    if owner is None:
        return None
    waiting = waiting.filter(sender=owner.sender, thread=owner.thread)
    found: EvidenceItem | None = waiting.annotate(quick=QUICK).order_by("quick", "size", "received_at").first()
    return found


def forget_senders() -> None:
    """Forget who sent what is admitted and waits for nothing any more."""
    done = EvidenceItem.objects.admitted().exclude(sender="")
    done = done.exclude(pk__in=EvidenceItem.objects.awaiting_inspection().values("pk"))
    if scanning.is_set_up():
        done = done.exclude(pk__in=EvidenceItem.objects.awaiting_scan().values("pk"))
    done.update(sender="")


class Owner(NamedTuple):
    """Whose items wait: a sender ("" if it is not known), and a thread ("" for all drafts). And how quickly the
    first of them is done."""

    sender: str
    thread: str
    quick: int
    size: int


def _owners(waiting: EvidenceItemQuerySet) -> list[Owner]:
    grouped = waiting.order_by().values_list("sender", "thread")
    return [Owner(*row) for row in grouped.annotate(quick=Min(QUICK), size=Min("size"))]


def _tried_least(waiting: EvidenceItemQuerySet) -> EvidenceItemQuerySet:
    attempts = waiting.order_by(F("inspection__attempts").asc(nulls_first=True)).values_list(
        "inspection__attempts"
    )
    least = attempts.first()
    return waiting.filter(inspection__attempts=least[0]) if least and least[0] else waiting.filter(inspection=None)


def _whose_turn(owners: list[Owner]) -> Owner | None:
    """The owner whose sender was served the longest ago; of one sender, whose thread was."""
    named = Q(item__sender__in={one.sender for one in owners if one.sender})
    named |= Q(item__thread__in={one.thread for one in owners if one.thread})
    served: dict[str | tuple[str, str], datetime] = defaultdict(lambda: NEVER)
    times = Inspection.objects.filter(named).values_list("item__sender", "item__thread")
    for sender, thread, at in times.annotate(at=Max(Coalesce("made_at", "leased_until"))):
        for one in (sender, thread, (sender, thread)):
            served[one] = max(served[one], at)

    def turn(owner: Owner) -> tuple[datetime, datetime, int, int]:
        sender, thread, quick, size = owner
        return served[sender or thread], served[thread or (sender, "")], quick, size

    return min(owners, key=turn, default=None)
