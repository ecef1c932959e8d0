"""The dates a borrower goes by."""

from datetime import timedelta

from django.utils import timezone
from django.utils.timezone import localdate

from complaints.clocks import calendar_file, deadlines
from complaints.models import Case, StaffMember, Team
from complaints.rights import withdrawals
from tests.support import cast, office


def names(case: Case) -> list[str]:
    return [date.name for date in deadlines.ahead(office.now(case))]


def test_before_the_reply_its_date_is_ahead(borrower: cast.Filed) -> None:
    (date,) = deadlines.ahead(borrower.case)
    assert (date.name, date.at) == ("reply", borrower.case.decide_by)
    assert localdate(date.at) - localdate(borrower.case.filed_at) == timedelta(days=15)


def test_a_reply_that_is_late_stays_on_the_list(borrower: cast.Filed) -> None:
    Case.objects.update(decide_by=timezone.now() - timedelta(days=2))
    assert names(borrower.case) == ["reply"]


def test_after_the_reply_it_is_how_long_one_can_ask_for_another_look(
    borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = office.answered_by(investigator, office.routed(borrower.case, south))
    (date,) = deadlines.ahead(case)
    assert date.name == "review"
    assert localdate(date.at) - localdate(case.replied_at) == timedelta(days=30)
    assert deadlines.may_be_reviewed(case)
    office.time_passes(case, timedelta(days=31))
    assert names(case) == []
    assert not deadlines.may_be_reviewed(office.now(case))


def test_a_withdrawal_that_waits_comes_first(borrower: cast.Filed) -> None:
    withdrawals.ask(borrower.case, pressed="no")
    assert names(borrower.case) == ["withdrawal", "reply"]


def test_a_withdrawn_case_has_no_dates(borrower: cast.Filed, south: Team) -> None:
    case = office.routed(borrower.case, south)
    withdrawals.ask(case, pressed="no")
    office.three_days_pass(case)
    withdrawals.end_due()
    assert names(case) == []


def test_a_courts_date_is_among_the_dates_until_it_is_over(db: None) -> None:
    day = timezone.localdate() + timedelta(days=3)
    case = cast.file_a_complaint(files=[], court={"court": "paper", "court_on": day.isoformat()}).case
    court, reply = deadlines.ahead(case)
    assert (court.name, localdate(court.at), reply.name) == ("court", day, "reply")
    assert "BEGIN:VEVENT" in (file := calendar_file.of(case, [court]).decode())
    assert "court" not in file.lower()
    case.complaint.court_on = timezone.localdate() - timedelta(days=1)
    assert [date.name for date in deadlines.ahead(case)] == ["reply"]
