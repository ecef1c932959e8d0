"""The clocks at the desk: the case page's section, more time asked for and given, and the page of deadlines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from complaints import tasks
from complaints.admin.words import name_of
from complaints.cases import extensions
from complaints.clocks import running
from complaints.models import Case, Clock, Extension, Role, StaffMember, Team
from tests.support import cast, conversation, office

from .test_page import QUEUE, text

pytestmark = pytest.mark.django_db
DEADLINES = "/admin/complaints/clock/"
WHY = "Forty recordings to hear."


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


def page(member: StaffMember, case: Case) -> str:
    return text(cast.signed_in(member).get(f"{QUEUE}{case.pk}/"))


def asks(member: StaffMember, case: Case, name: str = "decide", **more: Any) -> Any:
    given = {"more-clock": case.clocks.get(name=name).pk, "more-reasons": WHY, **more}
    return cast.signed_in(member).post(f"{QUEUE}{case.pk}/more-time/", given, follow=True)


def decides(member: StaffMember, case: Case, decision: str = "yes", **more: Any) -> Any:
    given = {
        "extension-extension": Extension.objects.get().pk,
        "extension-decision": decision,
        "extension-reasons": "Agreed.",
        **more,
    }
    return cast.signed_in(member).post(f"{QUEUE}{case.pk}/extension/", given, follow=True)


def test_each_clock_stands_there_with_its_rule(case: Case, investigator: StaffMember) -> None:
    told = page(investigator, case)
    assert "银行业保险业消费投诉处理管理办法（银保监会令2020年第3号）" in told
    assert "rule of a ministry or regulator · read in a secondary source" in told
    assert "our own target" in told
    assert "A person looks at it" in told
    assert "done in time" in told
    assert "Clocks of version 1. No lawyer has confirmed them yet." in told
    assert "7 working days · 消费者权益保护法 第四十六条" in told


def test_a_pause_is_seen_with_its_reason(case: Case, investigator: StaffMember) -> None:
    conversation.a_question(case, investigator, "When?")
    assert "for the borrower’s answer" in page(investigator, case)


def test_a_pause_of_seconds_is_no_pause_worth_a_word(case: Case, investigator: StaffMember) -> None:
    case.clocks.update(paused_seconds=40)
    assert "stood still" not in page(investigator, case)
    case.clocks.update(paused_seconds=120)
    assert "stood still for 2 minutes" in page(investigator, case).replace("\xa0", " ")


def test_a_date_is_marked_that_holidays_not_announced_yet_may_move(case: Case, investigator: StaffMember) -> None:
    assert "may move" not in page(investigator, case)
    far = datetime(2034, 1, 4, tzinfo=UTC)
    case.clocks.filter(name="decide").update(due_at=far)  # counts every day
    assert "may move" not in page(investigator, case)
    case.clocks.filter(name="investigate").update(due_at=far)  # counts working days
    assert page(investigator, case).count("may move") == 1


def test_more_time_is_asked_for_and_given(case: Case, investigator: StaffMember, supervisor: StaffMember) -> None:
    assert "Ask for more time: Decide and reply" in page(investigator, case)
    assert "A supervisor decides whether there is more time." in text(asks(investigator, case))
    assert "Ask for more time" not in page(investigator, case)
    assert "Decide on more time" not in page(investigator, case)
    assert "Decide on more time" in page(supervisor, case)
    assert "The new date is set, and the borrower will see it." in text(decides(supervisor, case))
    told = page(investigator, case)
    assert "extended" in told
    assert WHY in told
    assert "supervisor gave more time" in told


def test_what_was_typed_is_given_back_where_it_is_to_be_mended(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    assert asks(investigator, case, **{"more-reasons": ""}).status_code == 422
    asks(investigator, case)
    answer = decides(supervisor, case, decision="")
    assert answer.status_code == 422
    assert "Agreed." in text(answer)


def test_a_refused_one_says_why(case: Case, investigator: StaffMember) -> None:
    answer = asks(investigator, case, name="investigate")
    assert answer.status_code == 409
    assert "gives no more time" in text(answer)


def test_nobody_outside_the_team_asks_for_or_decides_on_more_time(
    case: Case,
    investigator: StaffMember,
    investigator_north: StaffMember,
    auditor: StaffMember,
    administrator: StaffMember,
) -> None:
    assert asks(investigator_north, case).status_code == 404
    assert asks(administrator, case).status_code == 404
    assert asks(auditor, case).status_code == 403
    asks(investigator, case)
    for member, status in ((investigator_north, 404), (auditor, 403), (administrator, 404), (investigator, 409)):
        assert decides(member, case).status_code == status
    assert Extension.objects.get().outcome == ""


def test_a_supervisor_does_not_decide_on_what_they_asked(case: Case, supervisor: StaffMember) -> None:
    asks(supervisor, case)
    assert "Decide on more time" not in page(supervisor, case)
    assert decides(supervisor, case).status_code == 409
    assert decides(cast.staff("another", Role.SUPERVISOR), case).status_code == 200
    assert Extension.objects.get().outcome == "approved"


def test_a_clock_of_another_case_is_not_reached_through_this_one(
    case: Case, second_borrower: cast.Filed, investigator: StaffMember
) -> None:
    other = second_borrower.case.clocks.get(name="decide").pk
    assert asks(investigator, case, "decide", **{"more-clock": other}).status_code == 404
    assert asks(investigator, case, "decide", **{"more-clock": "none"}).status_code == 422


# The page of deadlines


def test_late_and_soon_late_cases_are_listed_to_those_who_see_them(
    case: Case, investigator: StaffMember, investigator_north: StaffMember, supervisor: StaffMember
) -> None:
    office.time_passes(case, timedelta(days=14))
    tasks.watch_clocks()
    told = text(cast.signed_in(supervisor).get(DEADLINES))
    assert told.count(case.reference) == 2
    assert "First word to the borrower" in told
    assert "late" in told
    assert case.reference in text(cast.signed_in(investigator).get(DEADLINES))
    elsewhere = text(cast.signed_in(investigator_north).get(DEADLINES))
    assert case.reference not in elsewhere
    assert "Nothing waits here." in elsewhere


def test_requests_for_more_time_have_their_own_list(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    extensions.ask(case.clocks.get(name="decide"), by=investigator, reasons=WHY)
    desk = cast.signed_in(supervisor)
    assert "More time asked for 1" in text(desk.get(DEADLINES))
    told = text(desk.get(f"{DEADLINES}?when=asked"))
    assert case.reference in told
    assert name_of(investigator) in told


def test_it_is_not_the_administrators_nor_the_worlds(client: Client, administrator: StaffMember) -> None:
    assert cast.signed_in(administrator).get(DEADLINES).status_code == 403
    assert client.get(DEADLINES).status_code == 302
    assert DEADLINES not in cast.signed_in(administrator).get("/admin/", follow=True).content.decode()


def test_an_investigator_sees_on_every_page_what_presses(case: Case, investigator: StaffMember) -> None:
    assert "late deadline" not in page(investigator, case)
    office.time_passes(case, timedelta(days=14))
    running.watch()
    assert "1 of your cases has a late deadline." in text(cast.signed_in(investigator).get(QUEUE))


def test_the_section_asks_the_database_little(
    case: Case, investigator: StaffMember, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    from complaints.admin.case import clocks as section
    from complaints.admin.case.section import Opened

    opened = Opened(case, investigator, came_from="", offered=["decide"], people=[], exhibits=[], timeline_rows=[])
    extensions.ask(case.clocks.get(name="decide"), by=investigator, reasons=WHY)
    with django_assert_max_num_queries(3):
        assert section.of(opened).clocks
    desk = cast.signed_in(investigator)
    Clock.objects.update(warned_at=None)
    with django_assert_max_num_queries(12):
        desk.get(DEADLINES)
