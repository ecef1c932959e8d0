"""Transcripts of recordings, typed by people. Each version is stored as a derivative; none is ever replaced."""

import re
import uuid
from dataclasses import dataclass

from django.utils import timezone

from evidence.ledger import Actor
from evidence.models import Derivative, EvidenceItem, Kind
from evidence.storage import vault
from evidence.storage.rows import saving_row

from . import previews

LONGEST = 200_000  # characters
WITH_SOUND = (Kind.AUDIO, Kind.VIDEO)
MARK = re.compile(r"\[?(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)\]?(?:\s+|$)", re.ASCII)


class TranscriptRefused(ValueError):
    """The transcript was not stored. `code` is "empty", "too_long" or "silent" (the item has no sound)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Line:
    """One line, and the second at which it begins if it has a time mark (`mm:ss` or `h:mm:ss`)."""

    text: str
    second: int | None = None


def write(item: EvidenceItem, text: str, *, by: Actor) -> Derivative:
    """Store a new version, as it was typed. Row and ledger say who wrote it. Raises TranscriptRefused."""
    typed = "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip()
    if item.kind not in WITH_SOUND:
        raise TranscriptRefused("silent")
    if not typed:
        raise TranscriptRefused("empty")
    if len(typed) > LONGEST:
        raise TranscriptRefused("too_long")
    key = uuid.uuid4()
    stored = vault.store(key, [typed.encode(errors="replace")], limit=4 * LONGEST)
    with saving_row(lambda: vault.delete(key)):
        return _record(item, key, stored, by)


def _record(item: EvidenceItem, key: uuid.UUID, stored: vault.Stored, by: Actor) -> Derivative:
    EvidenceItem.objects.select_for_update().get(pk=item.pk)
    last = versions(item)
    written = Derivative(
        id=key,
        item=item,
        kind=Derivative.Kind.TRANSCRIPT,
        number=last[0].number + 1 if last else 1,
        media_type="text/plain",
        size=stored.size,
        sha256=stored.sha256,
        made_at=timezone.now(),
        by=by,
    )
    previews.record(item, [written])
    return written


def versions(item: EvidenceItem) -> list[Derivative]:
    """All versions of the item's transcript, the newest first."""
    return list(item.derivatives.filter(kind=Derivative.Kind.TRANSCRIPT).order_by("-number"))


def text(transcript: Derivative) -> str:
    """The transcript's text."""
    return b"".join(vault.read(transcript.pk)).decode()


def lines(typed: str) -> list[Line]:
    return [_line(line) for line in typed.splitlines()]


def _line(line: str) -> Line:
    mark = MARK.match(line)
    if not mark:
        return Line(line)
    hours, minutes, seconds = (int(part or 0) for part in mark.groups())
    return Line(line[mark.end() :], 3600 * hours + 60 * minutes + seconds)
