"""Dates as a calendar file (RFC 5545). Whoever sees the calendar learns nothing of what they are about."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from complaints.models import Case

from .deadlines import Date

LONGEST = 75  # octets of a line, without its end
ALARM = "-PT15H"  # nine in the morning of the day before: what ends on a day can end early on it
CONTENT_TYPE = "text/calendar; charset=utf-8"


def of(case: Case, dates: Iterable[Date]) -> bytes:
    """One all-day event a date, each with a reminder the morning before. The same date keeps its identity, so that
    a calendar that takes the file again moves the event."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dates//dates//EN", "CALSCALE:GREGORIAN"]
    for date in dates:
        lines += _event(case, date)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _event(case: Case, date: Date) -> Iterator[str]:
    day = timezone.localtime(date.at).date()
    summary = _escaped(str(date.reminder))
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid.uuid5(case.uid, f'{date.name}-{case.round}')}"
    yield f"DTSTAMP:{_utc(timezone.now())}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{summary}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{summary}", f"TRIGGER:{ALARM}", "END:VALARM")
    yield "END:VEVENT"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """TEXT of RFC 5545, 3.3.11."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """A long line in several, none longer than 75 octets, and no character cut (RFC 5545, 3.1)."""
    lines, room = [""], LONGEST
    for letter in line:
        octets = len(letter.encode())
        if octets > room:
            lines.append(" ")
            room = LONGEST - 1
        lines[-1] += letter
        room -= octets
    return "\r\n".join(lines)
