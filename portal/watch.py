"""Looks every minute for what is wrong with the whole portal. ADMINS get a mail, once and then every day."""

import logging
import smtplib
from datetime import timedelta

from django.conf import settings
from django.core.mail import mail_admins
from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone, translation

from evidence import pulses, troubles
from evidence.ledger import checkpoints
from evidence.models import Trouble
from evidence.timestamps import authorities
from evidence.witnesses import configured as witnesses

from . import readiness

log = logging.getLogger(__name__)
AGAIN_AFTER = timedelta(days=1)
PAGE_KEPT_FOR = timedelta(hours=1)  # a page that ended in an error


def look() -> None:
    found = readiness.parts()
    _set("signing", "signing-stopped", bool(checkpoints.trouble()))
    _set("sealing", "sealing-late", found.get("sealing") == "late")
    _set("authorities", "authority-away", bool(authorities.away()))
    _set("witnesses", "witness-away", bool(witnesses.failing()))
    _set("contradiction", "witness-contradicts", bool(witnesses.contradicting()))
    _set("queues", "queue-silent", bool(pulses.silent()))
    if Trouble.objects.filter(name="page", since__lt=timezone.now() - PAGE_KEPT_FOR).exists():
        troubles.is_over("page")
    if settings.ADMINS:
        _mail()


def _set(name: str, code: str, is_wrong: bool) -> None:
    if is_wrong:
        troubles.report(name, code)
    else:
        troubles.is_over(name)


def _mail() -> None:
    """Send one mail about all that no mail of the last day named. If it fails, the next look tries again."""
    now = timezone.now()
    unsent = Q(mailed_at=None) | Q(mailed_at__lt=now - AGAIN_AFTER)
    rows = list(Trouble.objects.filter(unsent).exclude(code="").order_by("since"))
    if not rows:
        return
    with translation.override(settings.LANGUAGE_CODE):
        text = "\n\n".join(
            f"{troubles.SENTENCES[row.code]}\n(since {row.since:%Y-%m-%d %H:%M} UTC)" for row in rows
        )
    try:
        mail_admins("The portal needs somebody", text)
    except (OSError, smtplib.SMTPException):
        log.exception("the mail to ADMINS was not sent")
        return
    Trouble.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=now)


def page_broke(**_kwargs: object) -> None:
    """Receiver of got_request_exception: the desk and ADMINS learn of a page that ended in an error."""
    try:
        troubles.report("page", "page-broken")
    except DatabaseError:
        log.error("the database does not answer, so nobody is told of a page that ended in an error")
