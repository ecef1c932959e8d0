"""Alarms for people in charge: damaged evidence, a ledger that cannot be signed, cases that nobody works on."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Exists, Min, OuterRef, Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.cases import queues
from complaints.models import (
    Absence,
    CallBack,
    Case,
    CaseQuerySet,
    Clock,
    Enquiry,
    Export,
    Extension,
    StaffMember,
    Undertaking,
)
from complaints.safety import callbacks
from complaints.staff import access, conflicts
from evidence import pulses, troubles
from evidence.checking import integrity
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem, WitnessState
from evidence.timestamps import authorities
from evidence.witnesses import configured as witnesses

CASES, CALLS, DEADLINES, UNDERTAKINGS = "case", "callback", "clock", "undertaking"  # lists of the desk
KEPT = 20  # seconds for which the alarms are cached
SEALED_WITHIN = timedelta(minutes=10)
ROUTED_WITHIN = timedelta(minutes=10)
READ_WITHIN = timedelta(days=2)
ENDED_WITHIN = timedelta(minutes=10)  # after its 72 hours, for the sweep to close the case


class Alarm(str):
    """The sentence of an alarm, and the address of the list of what it counts ("" if there is none)."""

    leads = ""


def _leading(sentence: str, page: str, query: str = "") -> Alarm:
    """An alarm with the address of its list at the desk."""
    alarm = Alarm(sentence)
    alarm.leads = _address(page, query)
    return alarm


def _address(page: str, query: str = "") -> str:
    return reverse(f"admin:complaints_{page}_changelist") + query


def sounding(reader: StaffMember | None = None) -> list[Alarm]:
    """The alarms in the current language. They lead only where the reader may go.

    Cases in which the reader has a conflict of interest are not counted, so that not even a number reveals them.
    """
    key = f"alarms:{translation.get_language()}:{reader.pk if reader else ''}"
    found: list[Alarm] = cache.get_or_set(key, lambda: [_within(reader, one) for one in _look(reader)], KEPT) or []
    return found


def _within(reader: StaffMember | None, alarm: str) -> Alarm:
    """The alarm without the address of a list that the reader may not open."""
    found = Alarm(alarm)
    if reader and access.may_read_cases(reader):
        leads = getattr(alarm, "leads", "")
        closed = {"" if access.may_call_back(reader) else _address(CALLS)}
        closed |= {_address(CASES, f"?queue={one}") for one in queues.QUEUES if one not in queues.names(reader)}
        found.leads = "" if leads in closed else leads
    return found


def oldest_check() -> str:
    """A sentence with the age of the oldest check of a stored file, in the current language."""
    return cache.get_or_set(f"oldest-check:{translation.get_language()}", _oldest_check, KEPT) or ""


def _oldest_check() -> str:
    oldest = integrity.oldest_check()
    if oldest is None:
        return _("Not every stored file has been re-hashed yet")
    return _("Every stored file was re-hashed within %(long)s") % {"long": timesince(oldest)}


def _look(reader: StaffMember | None) -> Iterator[str]:
    if trouble := checkpoints.trouble():
        yield _("Signing has stopped: %(why)s. No new complaint can be filed until somebody decides.") % {
            "why": trouble
        }
    for witness in witnesses.contradicting():
        yield _(
            "The witness %(name)s has seen another ledger than this one since %(at)s: %(why)s. Find out before"
            " anything else what happened."
        ) % _told(witness)
    yield from troubles.sentences()
    for authority in authorities.away():
        yield _("The timestamp authority %(name)s has not answered validly since %(at)s.") % {
            "name": authority.name,
            "at": date_format(timezone.localtime(authority.failing_since), "DATETIME_FORMAT"),
        }
    for witness in witnesses.failing():
        yield _("The witness %(name)s has not cosigned since %(at)s: %(why)s.") % _told(witness)
    if silent := pulses.silent():
        yield _("No worker has served the queue %(queues)s for some time: what waits there is not done.") % {
            "queues": ", ".join(silent)
        }
    if faults := integrity.count_faulty():
        yield _leading(
            ngettext(
                "%(n)d stored file is missing, altered or unreadable.",
                "%(n)d stored files are missing, altered or unreadable.",
                faults,
            )
            % {"n": faults},
            CASES,
            "?queue=faulty",
        )
    if faulty := Case.objects.filter(documents_faulty__gt=0).aggregate(n=Sum("documents_faulty"))["n"]:
        yield _leading(
            ngettext(
                "%(n)d document of a case is missing from the database or was altered there.",
                "%(n)d documents of cases are missing from the database or were altered there.",
                faulty,
            )
            % {"n": faulty},
            CASES,
            "?queue=faulty",
        )
    waiting = CallBack.objects.waiting()
    yield from _calls(conflicts.calls_for(reader, waiting) if reader else waiting)
    cases = Case.objects.apart_from(reader) if reader else Case.objects.all()
    yield from _clocks(cases)
    yield from _waiting(cases)


def _told(witness: WitnessState) -> dict[str, object]:
    return {
        "name": witness,
        "at": date_format(timezone.localtime(witness.failing_since), "DATETIME_FORMAT"),
        "why": witnesses.REASONS[witness.reason],
    }


def _calls(waiting: Iterable[CallBack]) -> Iterator[str]:
    late, soon = callbacks.pressing(waiting)
    if late:
        yield _leading(
            ngettext("%(n)d call-back is late.", "%(n)d call-backs are late.", late) % {"n": late}, CALLS
        )
    if soon:
        yield _leading(
            ngettext("%(n)d call-back is due within the hour.", "%(n)d call-backs are due within the hour.", soon)
            % {"n": soon},
            CALLS,
        )


def _clocks(cases: CaseQuerySet) -> Iterator[str]:
    theirs = Exists(cases.filter(pk=OuterRef("case")))
    if late := Clock.objects.late().filter(theirs).count():
        yield _leading(
            ngettext("%(n)d deadline is over.", "%(n)d deadlines are over.", late) % {"n": late},
            DEADLINES,
            "?who=all&when=late",
        )
    if asked := Extension.objects.open().filter(theirs).count():
        yield _leading(
            ngettext(
                "%(n)d request for more time waits for a supervisor.",
                "%(n)d requests for more time wait for a supervisor.",
                asked,
            )
            % {"n": asked},
            DEADLINES,
            "?who=all&when=asked",
        )


def _waiting(cases: CaseQuerySet) -> Iterator[str]:
    now = timezone.now()
    oldest = EvidenceItem.objects.awaiting_seal().aggregate(oldest=Min("received_at"))["oldest"]
    if oldest and now - oldest > SEALED_WITHIN:
        yield _leading(
            _("Evidence has been waiting for its timestamp for %(long)s.") % {"long": timesince(oldest, now)},
            CASES,
            "?queue=unsealed",
        )
    deciding = cases.open().filter(withdraw_at__lt=now - ENDED_WITHIN).count()
    if deciding:
        yield _leading(
            ngettext(
                "%(n)d withdrawal waits for a supervisor's decision.",
                "%(n)d withdrawals wait for a supervisor's decision.",
                deciding,
            )
            % {"n": deciding},
            CASES,
            "?queue=withdrawals",
        )
    if overdue := Undertaking.objects.overdue().filter(case__in=cases).count():
        yield _leading(
            ngettext("%(n)d measure or promise is overdue.", "%(n)d measures or promises are overdue.", overdue)
            % {"n": overdue},
            UNDERTAKINGS,
            "?state=overdue",
        )
    unread = Enquiry.objects.with_news().filter(news_at__lt=now - READ_WITHIN, case__in=cases).count()
    if unread:
        yield _leading(
            ngettext(
                "%(n)d enquiry has news that nobody has read for two days.",
                "%(n)d enquiries have news that nobody has read for two days.",
                unread,
            )
            % {"n": unread},
            CASES,
            "?queue=answers",
        )
    not_begun = cases.filter(state__in=(Case.State.FILED, Case.State.ROUTED))
    if begin := not_begun.filter(retaliations__isnull=False).distinct().count():
        yield _leading(
            ngettext(
                "%(n)d borrower tells of retaliation, and nobody has begun.",
                "%(n)d borrowers tell of retaliation, and nobody has begun.",
                begin,
            )
            % {"n": begin},
            CASES,
            "?queue=retaliation",
        )
    unrouted = cases.awaiting_routing().filter(filed_at__lt=now - ROUTED_WITHIN).count()
    if unrouted:
        yield _leading(
            ngettext(
                "%(n)d case is taken by no routing rule.", "%(n)d cases are taken by no routing rule.", unrouted
            )
            % {"n": unrouted},
            CASES,
            "?queue=unrouted",
        )
    unmade = (
        Export.objects.unmade(now - queues.UNMADE_FOR).filter(case__in=cases).values("case").distinct().count()
    )
    if unmade:
        yield _leading(
            ngettext(
                "The bundle of %(n)d case could not be made.",
                "The bundles of %(n)d cases could not be made.",
                unmade,
            )
            % {"n": unmade},
            CASES,
            "?queue=unmade",
        )
    yield from _without_hands(cases)


def _without_hands(cases: CaseQuerySet) -> Iterator[str]:
    """Cases that have a team and nobody assigned, and cases assigned to somebody who is away today."""
    nobody_s = cases.open().filter(assignee=None, team__isnull=False).count()
    if nobody_s:
        yield _leading(
            ngettext(
                "%(n)d case waits in its team's queue, in nobody's hands.",
                "%(n)d cases wait in their teams' queues, in nobody's hands.",
                nobody_s,
            )
            % {"n": nobody_s},
            CASES,
            "?queue=unassigned",
        )
    away = Absence.objects.on(timezone.localdate()).values("member")
    left = cases.open().filter(assignee__in=away).count()
    if left:
        yield _leading(
            ngettext(
                "%(n)d open case is in the hands of somebody who is away.",
                "%(n)d open cases are in the hands of people who are away.",
                left,
            )
            % {"n": left},
            CASES,
            "?queue=away",
        )
