"""The running clocks of a case: started, paused, resumed, met and stopped by what goes on the ledger, and watched.

The entry of a step says under "clocks" which of them it moved. That a clock is late is an entry of its own, once.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.clocks import book
from complaints.models import Case, Clock, StaffMember, event_kinds
from evidence import ledger

from . import book as clock_book
from .book import Rule

DECIDE = "decide"  # the clock that queues sort on
WARNED, LATE = Q(warned_at__isnull=False), Q(overdue_at__isnull=False)
AT_ONCE = 500  # of the clocks that one sweep looks at

log = logging.getLogger(__name__)


def move(case: Case, kind: str, why: str = "", *, at: datetime) -> dict[str, Any]:
    """What an entry of this kind does to the clocks of the case, inside the caller's transaction. `why` tells one
    reopening from another. Returns what the entry says of it: {"clocks": ...}, or nothing."""
    events, book = {kind, f"{kind}:{why}"}, clock_book.in_force()
    if events.isdisjoint(book.events):
        return {}
    moved: dict[str, Any] = {}
    starting = [rule for rule in book.rules if not events.isdisjoint(rule.starts)]
    begun = {rule.name for rule in starting}
    for clock in case.clocks.running():
        rule = book.rule(clock.rule, clock.name)
        if rule is None:
            continue
        if not events.isdisjoint(rule.ends):
            moved.setdefault("met", []).append(meet(clock, at))
        elif not events.isdisjoint(rule.stops) or clock.name in begun:
            moved.setdefault("stopped", []).append(stop(clock, at))
        elif not events.isdisjoint(rule.pauses) and clock.paused_since is None and at <= clock.due_at:
            moved.setdefault("paused", []).append(pause(clock, at))
        elif not events.isdisjoint(rule.resumes) and clock.paused_since and not _is_asked(case):
            moved.setdefault("due", {})[clock.name] = resume(clock, rule, at)
    for rule in starting:
        moved.setdefault("due", {})[rule.name] = start(case, rule, at, met=kind in rule.ends)
        moved |= {"rules": book.sha256}
    return {"clocks": moved} if moved else {}


def _is_asked(case: Case) -> bool:
    """Whether a question to the borrower is still open."""
    return bool(case.messages.open_questions().exists())


def start(case: Case, rule: Rule, at: datetime, *, met: bool = False) -> str:
    """Start a clock; `met`: what starts it also ends it. Returns when it is due, as the ledger prints times."""
    book = clock_book.in_force()
    due = rule.limit(case.severity).due(at, clock_book.calendar())
    Clock.objects.create(
        case=case,
        name=rule.name,
        rule=rule.id,
        book=book.sha256,
        version=book.version,
        round=case.round,
        started_at=at,
        due_at=due,
        met_at=at if met else None,
        wake_at=None if met else rule.wakes(due, at),
    )
    if rule.name == DECIDE:
        follow(case, due)
    return ledger.rfc3339(due)


def follow(case: Case, due: datetime) -> None:
    """The column that queues sort on follows the clock."""
    if case.decide_by != due:
        case.decide_by = due
        case.save(update_fields=["decide_by"])


def meet(clock: Clock, at: datetime) -> str:
    clock.met_at, clock.wake_at = at, None
    clock.save(update_fields=["met_at", "wake_at"])
    return clock.name


def stop(clock: Clock, at: datetime) -> str:
    """It no longer matters: the case was withdrawn, or another of its name begins."""
    clock.stopped_at, clock.wake_at = at, None
    clock.save(update_fields=["stopped_at", "wake_at"])
    return clock.name


def pause(clock: Clock, at: datetime) -> str:
    clock.paused_since, clock.wake_at = at, None
    clock.save(update_fields=["paused_since", "wake_at"])
    return clock.name


def resume(clock: Clock, rule: Rule, at: datetime) -> str:
    """Go on, as much later as the pause was long. Returns when it is due now."""
    since = clock.paused_since or at
    limit = rule.limit(clock.case.severity)
    clock.due_at = limit.put_off(clock.due_at, since, at, clock_book.calendar())
    clock.paused_since, clock.paused_seconds = None, clock.paused_seconds + int((at - since).total_seconds())
    _due_anew(clock, rule, at)
    clock.save(update_fields=["paused_since", "paused_seconds", "due_at", "warned_at", "wake_at"])
    return ledger.rfc3339(clock.due_at)


def extend(clock: Clock, rule: Rule, due: datetime, at: datetime) -> None:
    """Put it off by the next of its rule's extensions. Who may, and why, is the business of `extensions`."""
    clock.due_at, clock.extended = due, clock.extended + 1
    _due_anew(clock, rule, at)
    clock.save(update_fields=["due_at", "extended", "warned_at", "wake_at"])
    if clock.name == DECIDE:
        follow(clock.case, due)


def _due_anew(clock: Clock, rule: Rule, at: datetime) -> None:
    """Nobody was warned of the new date yet."""
    clock.warned_at, clock.wake_at = None, rule.wakes(clock.due_at, at)


def pressing(member: StaffMember) -> str:
    """What presses of a person's own cases, in a sentence; nothing where nothing does."""
    clocks = Clock.objects.running().filter(WARNED | LATE, case__assignee=member, paused_since=None)
    counted = clocks.aggregate(late=Count("pk", filter=LATE), soon=Count("pk", filter=~LATE))
    if not any(counted.values()):
        return ""
    return _("Deadlines of your cases: %(late)d late, %(soon)d soon.") % counted


def watch() -> None:
    """The sweep: warn ahead of what is due, escalate what is late, each once. A failing one holds up no other."""
    for pk in Clock.objects.waking().order_by("wake_at").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            _wake(pk)
        except Exception:
            log.exception("clock %s cannot be watched", pk)


@transaction.atomic
def _wake(pk: int) -> None:
    clock = Clock.objects.waking().select_for_update().filter(pk=pk).first()
    if clock is None:  # met meanwhile, or another sweep was here
        return
    now, rule = timezone.now(), clock_book.in_force().rule(clock.rule, clock.name)
    if now < clock.due_at:
        clock.warned_at = now
        clock.wake_at = rule.wakes(clock.due_at, now) if rule else clock.due_at
        clock.save(update_fields=["warned_at", "wake_at"])
        return
    clock.overdue_at, clock.wake_at = now, None
    clock.save(update_fields=["overdue_at", "wake_at"])
    data = {"clock": clock.name, "due": ledger.rfc3339(clock.due_at)}
    kind, thread = event_kinds.CLOCK_OVERDUE, clock.case.thread  # `cases.record` is of a room above this one
    ledger.append(ledger.Event(kind=kind, thread=thread, subject=thread, by=ledger.SYSTEM, data=data))


def offered(clock: Clock) -> tuple[book.Rule, book.ExtensionRule] | None:
    """How the clock may be put off next; None when its rule gives no more time, or it is too late to ask."""
    rule = book.in_force().rule(clock.rule, clock.name)
    if rule is None or not clock.is_running or clock.due_at < timezone.now():
        return None
    left = rule.extensions[clock.extended : clock.extended + 1]
    return (rule, left[0]) if left else None


def given(clock: Clock) -> book.ExtensionRule | None:
    """The last extension that the clock was given, with the words for its borrower."""
    rule = book.in_force().rule(clock.rule, clock.name)
    return rule.extensions[clock.extended - 1] if rule and 0 < clock.extended <= len(rule.extensions) else None
