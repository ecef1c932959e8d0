"""Alarms for people in charge: damaged evidence, a ledger that cannot be signed, cases that nobody works on."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Min, Sum
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from complaints.cases import queues
from complaints.models import (
    CallBack,
    Case,
    Role,
    StaffMember,
)
from complaints.safety import callbacks
from complaints.staff import access, conflicts
from evidence import pulses, troubles
from evidence.checking import integrity
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem, WitnessState
from evidence.timestamps import authorities
from evidence.witnesses import configured as witnesses

from .waiting import CALLS, CASES, OF_CASES

KEPT = 20  # seconds for which the alarms are cached
SEALED_WITHIN = timedelta(minutes=10)


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
    yield from _of_the_portal()
    for sentence, query, count in FAULTY:
        yield from _counted(count(), sentence, CASES, query)
    waiting = CallBack.objects.waiting()
    late, soon = callbacks.pressing(conflicts.calls_for(reader, waiting) if reader else waiting)
    yield from _counted(late, LATE_CALLS, CALLS)
    yield from _counted(soon, SOON_CALLS, CALLS)
    if reader and access.has_role(reader, Role.SUPERVISOR):  # nobody else may know what was said about pressure
        pressed = queues.QueueQuery("pressed").cases(reader).count()
        yield from _counted(pressed, UNDER_PRESSURE, CASES, "?queue=pressed")
    cases = Case.objects.apart_from(reader) if reader else Case.objects.all()
    for sentence, page, query, count_of in OF_CASES:
        yield from _counted(count_of(cases), sentence, page, query)


def _counted(count: int, sentence: Any, page: str, query: str = "") -> Iterator[str]:
    """The alarm with this count, or none for 0. `sentence` is a lazy plural with the number %(n)d."""
    if count:
        yield _leading(sentence % {"n": count}, page, query)


def _of_the_portal() -> Iterator[str]:
    if trouble := checkpoints.trouble():
        yield _("Signing has stopped: %(why)s. No new complaint can be filed until somebody decides.") % {
            "why": trouble
        }
    for witness in witnesses.contradicting():
        yield _(
            "The witness %(name)s has seen another ledger than this one since %(at)s: %(why)s. Find out before"
            " anything else what happened."
        ) % _facts(witness)
    yield from troubles.sentences()
    for authority in authorities.away():
        yield _("The timestamp authority %(name)s has not answered validly since %(at)s.") % {
            "name": authority.name,
            "at": date_format(timezone.localtime(authority.failing_since), "DATETIME_FORMAT"),
        }
    for witness in witnesses.failing():
        yield _("The witness %(name)s has not cosigned since %(at)s: %(why)s.") % _facts(witness)
    if silent := pulses.silent():
        yield _("No worker has served the queue %(queues)s for some time: what waits there is not done.") % {
            "queues": ", ".join(silent)
        }
    yield from _unsealed()


def _facts(witness: WitnessState) -> dict[str, object]:
    return {
        "name": witness,
        "at": date_format(timezone.localtime(witness.failing_since), "DATETIME_FORMAT"),
        "why": witnesses.REASONS[witness.reason],
    }


def _unsealed() -> Iterator[str]:
    now = timezone.now()
    oldest = EvidenceItem.objects.awaiting_seal().aggregate(oldest=Min("received_at"))["oldest"]
    if oldest and now - oldest > SEALED_WITHIN:
        yield _leading(
            _("Evidence has been waiting for its timestamp for %(long)s.") % {"long": timesince(oldest, now)},
            CASES,
            "?queue=unsealed",
        )


def _faulty_documents() -> int:
    return Case.objects.filter(documents_faulty__gt=0).aggregate(n=Sum("documents_faulty"))["n"] or 0


UNDER_PRESSURE = ngettext_lazy(
    "%(n)d borrower who wants to withdraw may be under pressure.",
    "%(n)d borrowers who want to withdraw may be under pressure.",
    "n",
)
LATE_CALLS = ngettext_lazy("%(n)d call-back is late.", "%(n)d call-backs are late.", "n")
SOON_CALLS = ngettext_lazy(
    "%(n)d call-back is due within the hour.", "%(n)d call-backs are due within the hour.", "n"
)
# Sentence, the list's part of the address, how many.
FAULTY: tuple[tuple[Any, str, Callable[[], int]], ...] = (
    (
        ngettext_lazy(
            "%(n)d stored file is missing, altered or unreadable.",
            "%(n)d stored files are missing, altered or unreadable.",
            "n",
        ),
        "?queue=faulty",
        integrity.count_faulty,
    ),
    (
        ngettext_lazy(
            "%(n)d document of a case is missing from the database or was altered there.",
            "%(n)d documents of cases are missing from the database or were altered there.",
            "n",
        ),
        "?queue=faulty",
        _faulty_documents,
    ),
)
