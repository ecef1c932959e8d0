"""Clocks of a case, and the dates that its borrower is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .models import Case

DECIDE_WITHIN = timedelta(days=15)  # calendar days from receipt: 银行业保险业消费投诉处理管理办法 (2020, No. 3)
REVIEW_WITHIN = timedelta(days=30)  # from the reply; that this is also the rule for banks is not confirmed
REVIEW_TAKES = timedelta(days=30)
WITHDRAWAL_WAITS = timedelta(hours=72)  # so that nobody is pressed into a withdrawal that cannot be undone
ANSWERED = (Case.State.REPLIED, Case.State.CLOSED)


@dataclass(frozen=True)
class Date:
    """A date that the borrower goes by. `reminder` is what a calendar may say where others look on."""

    name: str
    at: datetime
    label: Promise
    reminder: Promise


def decide_by(filed_at: datetime) -> datetime:
    return filed_at + DECIDE_WITHIN


def review_until(case: Case) -> datetime | None:
    """Until when the borrower can ask for another look; None where there is nothing to look at again."""
    if case.state not in ANSWERED or case.withdrawn or case.replied_at is None:
        return None
    return case.replied_at + REVIEW_WITHIN


def may_be_reviewed(case: Case) -> bool:
    """Whether a review can be asked for now."""
    until = review_until(case)
    return until is not None and timezone.now() <= until and case.withdraw_at is None


def ahead(case: Case) -> list[Date]:
    """The dates that matter to the borrower now, the nearest first. A reply that is late stays on the list."""
    dates = [*_reply(case), *_withdrawal(case), *_review(case)]
    return sorted(dates, key=lambda date: date.at)


def _reply(case: Case) -> list[Date]:
    if case.state in ANSWERED:
        return []
    return [Date("reply", case.decide_by, _("You have a written reply by then"), _("See whether there is news"))]


def _withdrawal(case: Case) -> list[Date]:
    if case.withdraw_at is None:
        return []
    label = _("Until then you can take your withdrawal back")
    return [Date("withdrawal", case.withdraw_at, label, _("Last time to change your mind"))]


def _review(case: Case) -> list[Date]:
    until = review_until(case)
    if until is None or until < timezone.now():
        return []
    return [Date("review", until, _("Until then you can ask for another look"), _("Last day to ask again"))]
