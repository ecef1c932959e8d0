"""An investigator sees which cases came into their hands, until they open them."""

import pytest
from django.core.cache import cache

from complaints.assignment import bulk, reassignment
from complaints.models import Case, StaffMember, Team
from tests.support import cast, office
from tests.support.pages import text

QUEUE = "/admin/complaints/case/"


@pytest.fixture
def case(borrower: cast.Filed, south: Team) -> Case:
    return office.routed(borrower.case, south)


def given(case: Case, supervisor: StaffMember, to: StaffMember) -> Case:
    reassignment.reassign(case, by=supervisor, to=to, reason="Yours.")
    cache.clear()
    return office.now(case)


def numbers(member: StaffMember) -> str:
    return text(cast.signed_in(member).get(f"{QUEUE}?queue=given"))


def test_a_case_that_somebody_gave_is_new_until_its_investigator_opens_it(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = given(case, supervisor, investigator)
    desk = cast.signed_in(investigator)
    assert case.reference in numbers(investigator)
    assert '<span class="tag amber">new' in numbers(investigator)
    assert "not opened yet" in text(cast.signed_in(supervisor).get(f"{QUEUE}?queue=open"))
    cast.signed_in(supervisor).get(f"{QUEUE}{case.pk}/")
    assert case.reference in numbers(investigator)  # others who open it do not take the mark away
    assert "New in your hands" in text(desk.get(f"{QUEUE}{case.pk}/"))
    assert "New in your hands" not in text(desk.get(f"{QUEUE}{case.pk}/"))
    assert case.reference not in numbers(investigator)


def test_what_one_takes_oneself_is_not_new(case: Case, investigator: StaffMember) -> None:
    cast.signed_in(investigator).post(f"{QUEUE}{case.pk}/begin/")
    now = office.now(case)
    assert (now.assignee, now.handed_at) == (investigator, None)


def test_a_proposal_that_was_sent_back_is_new_again(
    case: Case, investigator: StaffMember, supervisor: StaffMember, south: Team
) -> None:
    Case.objects.update(severity=3, assignee=investigator)
    proposed = office.proposed_by(investigator, office.now(case))
    sent = {
        "second-proposal": proposed.proposals.get().sha256,
        "second-says": "send_back",
        "second-reasons": "Read E-1.",
    }
    assert cast.signed_in(supervisor).post(f"{QUEUE}{case.pk}/second/", sent).status_code == 302
    assert case.reference in numbers(investigator)


@pytest.mark.parametrize("opened", [False, True])
def test_many_are_begun_at_once_only_if_their_investigators_opened_them(
    opened: bool, case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = given(case, supervisor, investigator)
    if opened:
        cast.signed_in(investigator).get(f"{QUEUE}{case.pk}/")
    job = bulk.prepare(investigator, "begin", [case.pk])
    bulk.confirm(job)
    bulk.run(job.pk)
    assert (office.now(case).state == Case.State.INVESTIGATING) is opened
    assert ("has not opened it yet" in job.steps.get().why) is not opened
