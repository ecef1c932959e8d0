"""Labels and short texts that several pages of the desk use."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from complaints.assignment.routing import Candidate
from complaints.cases.queues import UNANSWERED
from complaints.models import Case, StaffMember
from complaints.reference.conduct import Severity
from evidence.models import EvidenceItem

SOON = timedelta(days=3)
SEVERITY_TONES = {Severity.NORMAL: "quiet", Severity.HIGH: "amber", Severity.URGENT: "red"}
STATE_TONES = {Case.State.FILED: "amber", Case.State.REPLIED: "green", Case.State.CLOSED: "quiet"}


def tag(tone: str, text: object) -> SafeString:
    """A small coloured label. It always has words, because colour alone is not enough."""
    return format_html('<span class="tag {}">{}</span>', tone, text)


def severity(case: Case) -> SafeString:
    """The severity of a case as a label."""
    return tag(SEVERITY_TONES[Severity(case.severity)], case.get_severity_display())


def item_state(item: EvidenceItem) -> SafeString:
    """The state of a stored file as a label."""
    if item.fault:
        return tag("red", item.get_fault_display())
    return tag("green", _("sealed")) if item.state == "sealed" else tag("amber", _("waiting for the timestamp"))


def due(case: Case) -> str:
    """The time left to decide and reply; "" once the case is answered."""
    return left(case.decide_by) if case.state in UNANSWERED else ""


def left(moment: datetime) -> str:
    """The calendar days until a deadline or since it, so that all pages say the same number; hours on its day."""
    days = (timezone.localdate(moment) - timezone.localdate()).days
    if days < 0:
        return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}
    if days == 0:
        clock = {"at": timezone.localtime(moment).strftime("%H:%M")}
        return _("today, by %(at)s") % clock if timezone.now() <= moment else _("late since %(at)s today") % clock
    return ngettext("in %(days)d day", "in %(days)d days", days) % {"days": days}


def ago(moment: datetime) -> str:
    """How long ago, as people say it."""
    minutes = int((timezone.now() - moment).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 24 * 60:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // 60) % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}


def due_tone(case: Case) -> str:
    """The colour of the day by which a case must be decided."""
    if case.is_overdue:
        return "red"
    return "amber" if case.decide_by - timezone.now() < SOON else "quiet"


def name_of(member: StaffMember | None) -> str:
    """The person's name, or the sign-in name if none is entered."""
    return member.get_full_name() or member.username if member else ""


def with_load(one: Candidate) -> str:
    """The person's name, with how many cases they have and can have."""
    words = {"name": name_of(one.member), "load": one.load, "capacity": one.member.capacity}
    return _("%(name)s, %(load)s of %(capacity)s cases") % words


def day_of(moment: str) -> str:
    """The day of a time in the form that ledger entries have."""
    return date_format(timezone.localtime(datetime.fromisoformat(moment)), "DATE_FORMAT")


def since_filing(case: Case) -> list[tuple[str, str]]:
    """Tone and word for each wish of the borrower since filing, without what only supervisors know."""
    labels = []
    if case.withdraw_at:
        labels.append(("amber", _("withdrawal asked for")))
    if case.withdrawn:
        labels.append(("quiet", _("withdrawn")))
    if case.round > 1:
        labels.append(("amber", _("opened again, round %(round)s") % {"round": case.round}))
    return labels
