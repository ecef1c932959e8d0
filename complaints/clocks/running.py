"""The running clocks of a case. Ledger entries start, pause, resume, meet and stop them; `watch()` warns.

An entry names under "clocks" those that it changed. An overdue clock gets one entry of its own.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import ngettext

from complaints.models import Case, Clock, StaffMember, event_kinds
from evidence import ledger

from . import book as clock_book
from .book import ExtensionRule, Rule

DECIDE = "decide"  # the clock that queues sort by
WARNED, LATE = Q(warned_at__isnull=False), Q(overdue_at__isnull=False)
AT_ONCE = 500  # clocks that one sweep handles

log = logging.getLogger(__name__)


def move(case: Case, kind: str, why: str = "", *, at: datetime) -> dict[str, Any]:
    """Change the case's clocks as their rules say for an entry of this kind, in the caller's transaction. `why`
    distinguishes reopenings. Returns the entry's part: {"clocks": ...}, or {} if no clock changed."""
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
    """Start a clock. `met` if the same entry also meets it. Returns when it is due, in RFC 3339."""
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
    """Copy the due date to the case's column `decide_by`, which queues sort by."""
    if case.decide_by != due:
        case.decide_by = due
        case.save(update_fields=["decide_by"])


def meet(clock: Clock, at: datetime) -> str:
    """What the clock waited for has happened. Returns its name."""
    clock.met_at, clock.wake_at = at, None
    clock.save(update_fields=["met_at", "wake_at"])
    return clock.name


def stop(clock: Clock, at: datetime) -> str:
    """The clock no longer matters: the case was withdrawn, or a new clock of its name starts. Returns its name."""
    clock.stopped_at, clock.wake_at = at, None
    clock.save(update_fields=["stopped_at", "wake_at"])
    return clock.name


def pause(clock: Clock, at: datetime) -> str:
    """The clock does not run until `resume`. Returns its name."""
    clock.paused_since, clock.wake_at = at, None
    clock.save(update_fields=["paused_since", "wake_at"])
    return clock.name


def resume(clock: Clock, rule: Rule, at: datetime) -> str:
    """End the pause; the due date moves by its length. Returns the new due date, in RFC 3339."""
    since = clock.paused_since or at
    limit = rule.limit(clock.case.severity)
    clock.due_at = limit.put_off(clock.due_at, since, at, clock_book.calendar())
    clock.paused_since, clock.paused_seconds = None, clock.paused_seconds + int((at - since).total_seconds())
    _due_anew(clock, rule, at)
    clock.save(update_fields=["paused_since", "paused_seconds", "due_at", "warned_at", "wake_at"])
    return ledger.rfc3339(clock.due_at)


def extend(clock: Clock, rule: Rule, due: datetime, at: datetime) -> None:
    """Set the due date of the next of its rule's extensions. `cases.extensions` checks who may, and keeps why."""
    clock.due_at, clock.extended = due, clock.extended + 1
    _due_anew(clock, rule, at)
    clock.save(update_fields=["due_at", "extended", "warned_at", "wake_at"])
    if clock.name == DECIDE:
        follow(clock.case, due)


def _due_anew(clock: Clock, rule: Rule, at: datetime) -> None:
    """Begin the warnings again, for the new due date."""
    clock.warned_at, clock.wake_at = None, rule.wakes(clock.due_at, at)


def pressing(member: StaffMember) -> str:
    """How many cases of the member have a late deadline, and how many others one that is near, in a sentence; an
    empty string for none."""
    clocks = Clock.objects.running().filter(WARNED | LATE, case__assignee=member, paused_since=None)
    late = Count("case", distinct=True, filter=LATE)
    counted = clocks.aggregate(late=late, all=Count("case", distinct=True))
    soon = counted["all"] - counted["late"]
    sentences = []
    if counted["late"]:
        late_ones = ngettext(
            "%(n)d of your cases has a late deadline.",
            "%(n)d of your cases have a late deadline.",
            counted["late"],
        )
        sentences.append(late_ones % {"n": counted["late"]})
    if soon:
        soon_ones = ngettext(
            "%(n)d of your cases has a deadline soon.", "%(n)d of your cases have a deadline soon.", soon
        )
        sentences.append(soon_ones % {"n": soon})
    return " ".join(sentences)


def watch() -> None:
    """The sweep: warn before clocks are due, and escalate overdue ones once. An error in one does not stop the
    rest."""
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
    kind, thread = event_kinds.CLOCK_OVERDUE, clock.case.thread  # not by `cases.record`, which is on a floor above
    ledger.append(ledger.Event(kind=kind, thread=thread, subject=thread, by=ledger.SYSTEM, data=data))


def offered(clock: Clock) -> tuple[Rule, ExtensionRule] | None:
    """The next extension that the clock can have, with its rule; None if there is none, or the clock is
    overdue."""
    rule = clock_book.in_force().rule(clock.rule, clock.name)
    if rule is None or not clock.is_running or clock.due_at < timezone.now():
        return None
    left = rule.extensions[clock.extended : clock.extended + 1]
    return (rule, left[0]) if left else None


def given(clock: Clock) -> ExtensionRule | None:
    """The last extension that the clock was granted; None if there is none."""
    rule = clock_book.in_force().rule(clock.rule, clock.name)
    return rule.extensions[clock.extended - 1] if rule and 0 < clock.extended <= len(rule.extensions) else None
