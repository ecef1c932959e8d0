"""Days and times as answers keep them, `2026-11-20` or `2026-11-20 23:41`, by the office's clock: as moments, and
in the reader's words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NIGHT_ENDS = 5  # an hour before it belongs to the night that began on the evening before


def moment(when: str) -> datetime:
    """As a moment in the office's zone. Of an hour that the clocks have twice it is the first."""
    return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def left_out(when: str) -> bool:
    """Whether the clocks were put forward over this time, so that no clock ever showed it."""
    meant = moment(when)
    return meant.astimezone(UTC).astimezone(meant.tzinfo).replace(tzinfo=None) != meant.replace(tzinfo=None)


def in_words(when: str, *, about: bool = False) -> str:
    """With the day of the week, and for an hour of the night between which two days that night lies."""
    at = datetime.fromisoformat(when)
    day = date_format(at.date(), pgettext("date format", "l j F Y"))
    if " " not in when:
        return day
    words = {"day": day, "time": time_format(at, "H:i:s" if at.second else "H:i")}
    moment = (_("%(day)s, about %(time)s") if about else _("%(day)s, %(time)s")) % words
    return _night(moment, at.date()) if at.hour < NIGHT_ENDS else moment


def _night(moment: str, morning: date) -> str:
    days = {"evening": date_format(morning - timedelta(days=1), "l"), "morning": date_format(morning, "l")}
    return _("%(moment)s, in the night from %(evening)s to %(morning)s") % {"moment": moment, **days}
