"""E-mails to the other side: a new enquiry, and a reminder.

The row records which e-mails are still to be sent; an e-mail contains only a number and the link, nothing
else of the complaint.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints import wake
from complaints.enquiries.links import link
from complaints.models import Enquiry, NoticeChannel
from complaints.notices.notify import FIRST_PAUSE, MOST_ATTEMPTS, set_up, was_not_taken
from evidence import troubles

log = logging.getLogger(__name__)


def is_set_up() -> bool:
    """Whether this portal can send e-mail."""
    return NoticeChannel.EMAIL in set_up()


def queue(enquiry: Enquiry) -> None:
    """Have an e-mail sent after commit. The caller saves the enquiry."""
    enquiry.mail_at, enquiry.mail_attempts, enquiry.mailed_at = timezone.now(), 0, None
    wake.send_enquiry_mail()


def send_waiting() -> None:
    """Send the waiting e-mails; when several processes try at once, only the first sends each one."""
    for enquiry in Enquiry.objects.to_mail().select_related("case").order_by("mail_at")[:100]:
        if _claimed(enquiry):
            _try(enquiry)


def _claimed(enquiry: Enquiry) -> bool:
    again = timezone.now() + FIRST_PAUSE * 4**enquiry.mail_attempts
    waiting = Enquiry.objects.to_mail().filter(pk=enquiry.pk, mail_attempts=enquiry.mail_attempts)
    return bool(waiting.update(mail_attempts=F("mail_attempts") + 1, mail_at=again))


def _try(enquiry: Enquiry) -> None:
    row = Enquiry.objects.filter(pk=enquiry.pk)
    enquiry.refresh_from_db()  # its link may have been renewed just now
    if not enquiry.is_open:
        row.update(mail_at=None)
        return
    if not is_set_up():  # no longer: show the office that it was not sent
        row.update(mail_at=None, news_at=timezone.now())
        return
    try:
        _hand_over(enquiry)
    except Exception as problem:  # of any kind; its text may contain the address
        log.warning("enquiry %s was not mailed: %s", enquiry.pk, type(problem).__name__)
        was_not_taken(NoticeChannel.EMAIL, problem)
        if enquiry.mail_attempts >= MOST_ATTEMPTS:
            row.update(mail_at=None, news_at=timezone.now())
        return
    troubles.is_over(NoticeChannel.EMAIL)
    row.update(mail_at=None, mailed_at=timezone.now())


def _hand_over(enquiry: Enquiry) -> None:
    with translation.override(enquiry.language):
        words = {
            "reference": enquiry.reference,
            "site": settings.SITE_NAME,
            "link": link(enquiry),
            "day": date_format(timezone.localdate(enquiry.due_at), "DATE_FORMAT"),
        }
        subject = _("Reminder: enquiry %(reference)s") if enquiry.reminded_at else _("Enquiry %(reference)s")
        text = _(
            "%(site)s asks you for records about debt collection by %(day)s. Please keep everything that relates"
            " to it and delete nothing.\n\nRead and answer here: %(link)s\n\nThis is for the people responsible"
            " for complaints and compliance. Do not pass it to anyone who collects debts or decides on credit."
            " Anyone who has the link can read the enquiry and answer it."
        )
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(subject % words, text % words, settings.EMAIL_FROM, [enquiry.email], headers=headers).send()
