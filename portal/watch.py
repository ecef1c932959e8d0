"""Looks every minute for what is wrong with the whole portal. ADMINS get a mail, once and then every day.

A worker looks. While none does, because no worker, beat or Redis is there, the web processes look instead.
"""

import logging
import smtplib
import threading
import time
from datetime import timedelta

from django.conf import settings
from django.core.mail import mail_admins
from django.db import DatabaseError, connections
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
LOOKING = "cases"  # the queue whose worker looks
EVERY = 60  # seconds
IN_A_ROW = 3  # looks at which Redis did not answer


def look() -> None:
    found = readiness.parts()
    _set("signing", "signing-stopped", bool(checkpoints.trouble()))
    _set("sealing", "sealing-late", found.get("sealing") == "late")
    _set("authorities", "authority-away", bool(authorities.away()))
    _set("witnesses", "witness-away", bool(witnesses.failing()))
    _set("contradiction", "witness-contradicts", bool(witnesses.contradicting()))
    _set("queues", "queue-silent", bool(pulses.silent()))
    _set("disk", "disk-low", found["disk"] == "low")
    if found["broker"] == "down":
        troubles.count("broker", most=IN_A_ROW, code="broker-away")
    else:
        troubles.is_over("broker")
    if Trouble.objects.filter(name="page", since__lt=timezone.now() - PAGE_KEPT_FOR).exists():
        troubles.is_over("page")
    if settings.ADMINS:
        _mail()


def from_the_web() -> None:
    """Start the thread by which a web process looks while no worker does."""
    threading.Thread(target=_look_for_ever, name="watch", daemon=True).start()


def _look_for_ever() -> None:
    while True:
        time.sleep(EVERY)
        look_if_no_worker_does()


def look_if_no_worker_does() -> None:
    try:
        if pulses.states()[LOOKING] != "ok":
            look()
    except Exception:  # the next look may go better
        log.exception("this web process could not look after the portal")
    finally:
        connections.close_all()  # of this thread


def _set(name: str, code: str, is_wrong: bool) -> None:
    if is_wrong:
        troubles.report(name, code)
    else:
        troubles.is_over(name)


def _mail() -> None:
    """Send one mail about all that no mail of the last day named. If it fails, the next look tries again."""
    now = timezone.now()
    unsent = Q(mailed_at=None) | Q(mailed_at__lt=now - AGAIN_AFTER)
    found = Trouble.objects.filter(unsent).exclude(code="").order_by("since")
    # Several processes may look at the same time: each row is mailed by the one that marks it first.
    rows = [row for row in found if Trouble.objects.filter(unsent, pk=row.pk).update(mailed_at=now)]
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
        for row in rows:
            Trouble.objects.filter(pk=row.pk).update(mailed_at=row.mailed_at)


def page_broke(**_kwargs: object) -> None:
    """Receiver of got_request_exception: the desk and ADMINS learn of a page that ended in an error."""
    try:
        troubles.report("page", "page-broken")
    except DatabaseError:
        log.error("the database does not answer, so nobody is told of a page that ended in an error")
