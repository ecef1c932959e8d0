"""Days and times as people type them, and how they are stored."""

from datetime import datetime

from complaints.drafts.questions import moments
from complaints.drafts.questions.unreadable import Unreadable

NOW = datetime.fromisoformat("2026-11-25 10:00")  # a Wednesday


def read(typed: str, now: datetime = NOW, *, ahead: bool = False, timed: bool = True) -> str:
    """How it is stored; if it has several meanings, these; if it cannot be read, why."""
    try:
        return moments.spelled(*moments.read(typed, now, ahead=ahead, timed=timed))
    except Unreadable as unreadable:
        return " or ".join(moments.spelled(*reading) for reading in unreadable.readings) or unreadable.code


def pairs(table: str) -> list[tuple[str, str]]:
    """The lines of a table: what is typed and, after two or more spaces, what it means."""
    lines = [line.rsplit("  ", 1) for line in table.strip().splitlines()]
    return [(typed.strip(), meant.strip()) for typed, meant in lines]
