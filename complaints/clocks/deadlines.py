"""The dates that matter to the borrower, read from the case's clocks."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.clocks import running
from complaints.models import Case, Clock

ANSWERED = (Case.State.REPLIED, Case.State.CLOSED)


@dataclass(frozen=True)
class Date:
    """A date that matters to the borrower. `reminder` is a text for a calendar that others may see; `why` explains
    an extension."""

    name: str
    at: datetime
    label: Promise
    reminder: Promise
    why: object = ""


def review_until(case: Case) -> datetime | None:
    """Until when the borrower can ask for a review; None if the case cannot be reviewed."""
    if case.state not in ANSWERED or case.withdrawn or case.replied_at is None:
        return None
    window = _running(case).get("review_window")
    return window.due_at if window else None


def may_be_reviewed(case: Case) -> bool:
    """Whether a review can be asked for now."""
    until = review_until(case)
    return until is not None and timezone.now() <= until and case.withdraw_at is None


def waits_for_the_borrower_since(case: Case) -> datetime | None:
    """Since when a clock of the office is paused because it waits for the borrower; None if none is."""
    return min((clock.paused_since for clock in _running(case).values() if clock.paused_since), default=None)


def ahead(case: Case) -> list[Date]:
    """The dates that matter to the borrower now, the earliest first. An overdue reply is included."""
    dates = [*_reply(case), *_withdrawal(case), *_review(case), *_court(case)]
    return sorted(dates, key=lambda date: date.at)


def _running(case: Case) -> dict[str, Clock]:
    """The case's running clocks by name. Pages prefetch `clocks`, so that this needs no query."""
    return {clock.name: clock for clock in case.clocks.all() if clock.is_running}


def _reply(case: Case) -> list[Date]:
    if case.state in ANSWERED:
        return []
    clock = _running(case).get("decide")
    given = running.given(clock) if clock else None
    label, reminder = _("You will have a written reply by this date"), _("See whether there is news")
    return [Date("reply", case.decide_by, label, reminder, why=given.borrower_text if given else "")]


def _withdrawal(case: Case) -> list[Date]:
    if case.withdraw_at is None:
        return []
    label = _("You can change your mind about withdrawing until this date")
    return [Date("withdrawal", case.withdraw_at, label, _("Last time to change your mind"))]


def _review(case: Case) -> list[Date]:
    until = review_until(case)
    if until is None or until < timezone.now():
        return []
    return [Date("review", until, _("You can ask for a review until this date"), _("Last day to ask again"))]


def _court(case: Case) -> list[Date]:
    """The day that the borrower named, until it is over, in any state of the case."""
    day = case.complaint.court_on
    if day is None or day < timezone.localdate():
        return []
    label = _("The date from the court. Go on that day, whatever happens with your complaint")
    return [Date("court", timezone.make_aware(datetime.combine(day, time())), label, _("An appointment"))]
