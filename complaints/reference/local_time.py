"""Days and times as answers store them, `2026-11-20` or `2026-11-20 23:41` in the office's time zone: read as
datetimes, and put into words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

CHINA = ("Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC")  # zones of Beijing time
NIGHT_ENDS = 5  # hour; a time before it belongs to the night that began the evening before


def moment(when: str) -> datetime:
    """The stored time as a datetime in the office's zone. An hour that occurs twice is read as the first."""
    return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def offset(at: datetime) -> str:
    """The office's offset from UTC at that time, such as +08:00."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).isoformat()[-6:]


def zone_in_words(name: str = "") -> str:
    """A time zone (the office's, if none is named) in the active language, such as "Beijing time (UTC+8)". Without
    the offset where clocks are changed in summer."""
    zone = ZoneInfo(name or settings.TIME_ZONE)
    if zone.key in ("UTC", "Etc/UTC"):
        return "UTC"
    if zone.key in CHINA:
        return _("Beijing time (UTC+8)")
    city = zone.key.rpartition("/")[2].replace("_", " ")
    winter, summer = (datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    hours = (winter or timedelta()) / timedelta(hours=1)
    words = {"city": city, "offset": f"UTC{hours:+g}"}
    return (_("%(city)s time (%(offset)s)") if winter == summer else _("%(city)s time")) % words


def left_out(when: str) -> bool:
    """Whether this local time never occurred, because the clocks were put forward over it."""
    meant = moment(when)
    return meant.astimezone(UTC).astimezone(meant.tzinfo).replace(tzinfo=None) != meant.replace(tzinfo=None)


def in_words(when: str, *, about: bool = False) -> str:
    """The time in the active language, with its weekday, and before 5:00 with both weekdays of that night."""
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
