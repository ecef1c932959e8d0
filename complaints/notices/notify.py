"""Notify borrowers who agreed to it that there is news, in neutral words without links and names.

A notice is a row, sent by a task after commit; the sweep sends those that were missed. The address is read when
the notice is sent, and never logged.
"""

import logging
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints import codes, wake
from complaints.models import Case, Notice, NoticeChannel, Recovery, Reporter
from evidence import troubles

from . import sms

# Steps of which the borrower is notified. Also withdrawals: somebody else may have asked for one.
NOTIFIED = frozenset({"reply", "close", "end_redress", "ask_withdrawal", "keep", "withdraw"})
ONE_TIME_CODE, CODE_RENEWED, COURT_TOMORROW = "one_time_code", "code_renewed", "court_tomorrow"
AT_ONCE = (ONE_TIME_CODE, CODE_RENEWED)  # sent also in the quiet hours
MOST_ATTEMPTS = 6
IN_A_ROW = 3  # messages that a server did not take, until the desk and ADMINS are told
FIRST_PAUSE = timedelta(minutes=2)  # before the second attempt; each later pause is four times as long
CODES_A_DAY = 5  # one-time codes sent for a case, so that nobody is flooded with them

log = logging.getLogger(__name__)


def set_up() -> set[str]:
    """The codes of the channels by which this portal can send."""
    here = {NoticeChannel.EMAIL: settings.EMAIL_URL, NoticeChannel.SMS: settings.SMS_BACKEND}
    return {channel.value for channel, setting in here.items() if setting}


def tell(case: Case, about: str, *, also: str = "") -> None:
    """Make a notice for each channel that the borrower agreed to, and for the channel `also`, in the caller's
    transaction."""
    reporter: Reporter = case.reporter
    for channel in sorted(set_up().intersection([*reporter.notify, also])):
        if address(reporter, channel):
            _make(case, about, channel)


def remind_of_court() -> None:
    """On the day before a date from a court, make one notice for each channel that the borrower agreed to."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    reminded = Notice.objects.filter(about=COURT_TOMORROW).values("case")
    for case in Case.objects.filter(complaint__court_on=tomorrow).exclude(pk__in=reminded):
        tell(case, COURT_TOMORROW)


def send_code(recovery: Recovery) -> None:
    """Make the notice with the one-time code. Without a case it is made too, so that the request takes the same
    time, and is never sent."""
    _make(recovery.case, ONE_TIME_CODE, recovery.channel, recovery)


def address(reporter: Reporter, channel: str) -> str:
    return reporter.email if channel == NoticeChannel.EMAIL else reporter.phone


def _make(case: Case | None, about: str, channel: str, recovery: Recovery | None = None) -> None:
    now = timezone.now()
    at = now if about in AT_ONCE else after_the_night(now)
    notice = Notice.objects.create(
        case=case, about=about, channel=channel, recovery=recovery, made_at=now, next_try_at=at
    )
    if at == now:
        wake.send_notice(notice.pk)


def after_the_night(now: datetime) -> datetime:
    """`now`, or in the quiet hours the end of them, by the office's clock."""
    if settings.QUIET_HOURS is None:
        return now
    begins, ends = settings.QUIET_HOURS
    local = timezone.localtime(now)
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    if begins > ends and local.hour >= begins:
        return morning + timedelta(days=1)
    return morning if (0 if begins > ends else begins) <= local.hour < ends else now


def send(notice_id: int) -> None:
    """Make one attempt to send the notice. If several processes try at once, only one sends."""
    notice = _claimed(notice_id)
    if notice is None:
        return None
    if notice.case is None or not _still_wanted(notice):
        return _settle(notice, Notice.State.FAILED)
    try:
        _hand_over(notice, notice.case)
    except Exception as problem:  # of any kind; its text may contain the address
        log.warning("notice %s by %s was not sent: %s", notice.pk, notice.channel, type(problem).__name__)
        was_not_taken(notice.channel, problem)
        return _settle(notice, Notice.State.FAILED) if notice.attempts >= MOST_ATTEMPTS else None
    troubles.is_over(notice.channel)
    return _settle(notice, Notice.State.SENT)


def was_not_taken(channel: str, problem: Exception) -> None:
    """Count a message that the server did not take, unless it refused this one address alone."""
    if not isinstance(problem, smtplib.SMTPRecipientsRefused):
        troubles.count(channel, most=IN_A_ROW, code=f"{channel}-away")


def send_waiting() -> None:
    """The sweep: send the notices that are due, missed ones and further attempts."""
    for notice in Notice.objects.waiting().order_by("next_try_at")[:100]:
        send(notice.pk)


def _claimed(notice_id: int) -> Notice | None:
    """The notice, if it is due and no other process has just claimed it."""
    notice = Notice.objects.select_related("case__reporter", "recovery").filter(pk=notice_id).first()
    if notice is None:
        return None
    again = timezone.now() + FIRST_PAUSE * 4**notice.attempts
    waiting = Notice.objects.waiting().filter(pk=notice_id, attempts=notice.attempts)
    if not waiting.update(attempts=F("attempts") + 1, next_try_at=again):
        return None
    notice.attempts += 1
    return notice


def _settle(notice: Notice, state: Notice.State) -> None:
    sent_at = timezone.now() if state == Notice.State.SENT else None
    Notice.objects.filter(pk=notice.pk).update(state=state, sent_at=sent_at)


def _still_wanted(notice: Notice) -> bool:
    """Whether to send it: not after a code expired, beyond CODES_A_DAY, or if consent or address are gone."""
    case, now = notice.case, timezone.now()
    if case is None or notice.channel not in set_up() or not address(case.reporter, notice.channel):
        return False
    if notice.recovery is None:
        return notice.about == CODE_RENEWED or notice.channel in case.reporter.notify
    asked = Recovery.objects.filter(case=case, asked_at__gt=now - timedelta(days=1))
    earlier = asked.filter(asked_at__lt=notice.recovery.asked_at).count()
    return notice.recovery.expires_at > now and earlier < CODES_A_DAY


def _hand_over(notice: Notice, case: Case) -> None:
    to = address(case.reporter, notice.channel)
    with translation.override(case.language):
        subject, text = TEXTS.get(notice.about, _something_new)(notice)
        if case.reporter.safe_words == "reference":
            text += "\n" + case.reference
    if notice.channel == NoticeChannel.EMAIL:
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject, text, settings.EMAIL_FROM, [to], headers=headers).send()
    else:
        sms.gateway().send(to, text)


def _something_new(notice: Notice) -> tuple[str, str]:
    return _("Something new"), _("You have a new message. Read it with your code when it suits you.")


def _one_time_code(notice: Notice) -> tuple[str, str]:
    words = {"code": codes.one_time(notice.recovery.pk) if notice.recovery else ""}
    return _("Your verification code"), _(
        "Your verification code is %(code)s. It works for 30 minutes. If you did not ask for it, ignore this."
    ) % words


def _code_renewed(notice: Notice) -> tuple[str, str]:
    return _("Your code was renewed"), _(
        "Your old code no longer works. If you did not ask for a new one, ask for one now: only the "
        "newest code works."
    )


def _court_tomorrow(notice: Notice) -> tuple[str, str]:
    return _("A reminder"), _("You noted an appointment for tomorrow. Please go, and take your papers with you.")


TEXTS: dict[str, Callable[[Notice], tuple[str, str]]] = {
    ONE_TIME_CODE: _one_time_code,
    CODE_RENEWED: _code_renewed,
    COURT_TOMORROW: _court_tomorrow,
}
