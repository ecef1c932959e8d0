"""A calendar file (RFC 5545) with a case's dates. Its texts do not reveal what the dates are about."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from complaints.models import Case

from .deadlines import Date

LONGEST = 75  # bytes in a line, without its end
ALARM = "-PT15H"  # reminds at 9:00 on the day before
CONTENT_TYPE = "text/calendar; charset=utf-8"


def of(case: Case, dates: Iterable[Date]) -> bytes:
    """The file's bytes, with an all-day event for each date and a reminder the morning before. An event keeps its
    UID, so that importing the file again moves it."""
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
    """Escaped as a TEXT value (RFC 5545, 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> str:
    """A long line folded into lines of at most 75 bytes, between characters (RFC 5545, 3.1)."""
    lines, room = [""], LONGEST
    for letter in line:
        octets = len(letter.encode())
        if octets > room:
            lines.append(" ")
            room = LONGEST - 1
        lines[-1] += letter
        room -= octets
    return "\r\n".join(lines)
