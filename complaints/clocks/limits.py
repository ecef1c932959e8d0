"""Time limits, and the computation of due dates with calendars. All functions are pure."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils.translation import ngettext

from complaints.reference import workdays
from complaints.reference.workdays import Calendar

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class TimeLimit:
    """A length of time: `count` units, which are hours, days, working_days or months."""

    unit: str
    count: int

    def due(self, start: datetime, calendar: Calendar) -> datetime:
        """When it ends, counted from `start`: hours exactly, the other units at the end of the last day."""
        if self.unit == "hours":
            return start.astimezone(UTC) + timedelta(hours=self.count)
        day = start.astimezone(calendar.tzinfo).date()
        if self.unit == "working_days":
            day = workdays.add_working_days(calendar, day, self.count)
        else:
            day = day + timedelta(days=self.count) if self.unit == "days" else months_after(day, self.count)
        return end_of(day, calendar)

    def put_off(self, due: datetime, since: datetime, until: datetime, calendar: Calendar) -> datetime:
        """The new end after a pause: `due` moves by the hours, days or working days of the pause."""
        if self.unit == "hours":
            return due.astimezone(UTC) + (until - since)
        day, first, last = (moment.astimezone(calendar.tzinfo).date() for moment in (due, since, until))
        if self.unit == "working_days":
            paused = sum(1 for _day in workdays.working_days(calendar, first, last))
            return end_of(workdays.add_working_days(calendar, day, paused), calendar)
        return end_of(day + (last - first), calendar)

    def may_move(self, due: datetime, calendar: Calendar) -> bool:
        """Whether `due` may still change: it is in working days, and in a year whose holidays are not announced
        yet."""
        day = due.astimezone(calendar.tzinfo).date()
        return self.unit == "working_days" and workdays.is_provisional(calendar, day)

    def __str__(self) -> str:
        units = {
            "hours": ngettext("%(n)d hour", "%(n)d hours", self.count),
            "working_days": ngettext("%(n)d working day", "%(n)d working days", self.count),
            "days": ngettext("%(n)d day", "%(n)d days", self.count),
            "months": ngettext("%(n)d month", "%(n)d months", self.count),
        }
        return units[self.unit] % {"n": self.count}


def end_of(day: date, calendar: Calendar) -> datetime:
    """The last second of the day, in UTC; the later one if clocks are put back and it occurs twice."""
    return datetime.combine(day, END_OF_DAY, calendar.tzinfo).replace(fold=1).astimezone(UTC)


def months_after(day: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
