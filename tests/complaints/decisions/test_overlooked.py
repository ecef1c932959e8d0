"""What comes while somebody decides: the decision is held against what its page had shown."""

from collections.abc import Callable

import pytest

from complaints.decisions import findings, overlooked
from complaints.models import Case, Role, StaffMember, Team
from complaints.rights import retaliations, withdrawals
from tests.support import cast, conversation, office, other_side

Comes = Callable[[Case, StaffMember], object]


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


def evidence(case: Case, _member: StaffMember) -> object:
    return conversation.sent(case, "evidence", files=[("second.png", cast.a_screenshot("second"))])


def an_addendum(case: Case, _member: StaffMember) -> object:
    return conversation.sent(case, "addendum", "They called again.")


def a_message(case: Case, _member: StaffMember) -> object:
    return conversation.sent(case, "message", "Are you there?")


def an_answer_by_post(case: Case, member: StaffMember) -> object:
    return other_side.answered(case.enquiries.get(), "Here is the log.", by=member)


def an_answer_through_the_link(case: Case, _member: StaffMember) -> object:
    return other_side.answered(case.enquiries.get(), "Here is the log.")


def retaliation(case: Case, _member: StaffMember) -> object:
    return retaliations.report(case, text="They came to my door.")


def a_withdrawal(case: Case, _member: StaffMember) -> object:
    return withdrawals.ask(case, pressed="no", pressure_words="")


@pytest.mark.parametrize(
    ("comes", "kind"),
    [
        (evidence, "evidence.added"),
        (an_addendum, "addendum.added"),
        (a_message, "message.written"),
        (an_answer_by_post, "enquiry.answered"),
        (an_answer_through_the_link, "enquiry.answered"),
        (retaliation, "retaliation.reported"),
        (a_withdrawal, "withdrawal.asked"),
    ],
)
def test_what_came_is_told_and_nothing_is_decided(
    comes: Comes, kind: str, case: Case, investigator: StaffMember
) -> None:
    other_side.sent(case, investigator)
    seen = overlooked.mark(case)
    comes(case, investigator)
    now = office.now(case)
    with pytest.raises(overlooked.Overlooked) as told:
        findings.decide(now, by=investigator, written=office.on_all(now), seen=seen)
    assert [entry.kind for entry in told.value.came] == [kind]
    assert office.now(case).state == Case.State.INVESTIGATING
    assert findings.decide(now, by=investigator, written=office.on_all(now), seen=overlooked.mark(case))


def test_what_the_office_does_itself_holds_nobody_up(case: Case, investigator: StaffMember) -> None:
    seen = overlooked.mark(case)
    conversation.from_the_office(case, investigator, "We are looking into it.")
    other_side.sent(case, investigator)
    assert findings.decide(case, by=investigator, written=office.on_all(case), seen=seen).state == "decided"


def test_what_comes_to_another_case_holds_nobody_up(
    case: Case, second_borrower: cast.Filed, investigator: StaffMember
) -> None:
    seen = overlooked.mark(case)
    conversation.sent(second_borrower.case, "addendum", "They called again.")
    assert findings.decide(case, by=investigator, written=office.on_all(case), seen=seen).state == "decided"


def test_who_confirms_has_seen_it_too(case: Case, investigator: StaffMember) -> None:
    Case.objects.update(severity=3)
    findings.decide(office.now(case), by=investigator, written=office.on_all(case))
    proposal = case.proposals.get()
    second, seen = cast.staff("second", Role.SUPERVISOR), overlooked.mark(case)
    conversation.sent(case, "addendum", "They called again.")
    with pytest.raises(overlooked.Overlooked):
        findings.confirm(office.now(case), by=second, proposal=proposal.sha256, seen=seen)
    assert office.now(case).state == Case.State.PROPOSED
    findings.confirm(office.now(case), by=second, proposal=proposal.sha256, seen=overlooked.mark(case))
