"""Who may see and do what."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from complaints.models import Case, Role, StaffMember, Team
from complaints.staff import access
from tests.support import cast
from tests.support.services import ROOT

CAST = ["investigator", "investigator_north", "supervisor", "auditor", "administrator"]


@pytest.fixture
def case(borrower: cast.Filed, south: Team) -> Case:
    Case.objects.filter(pk=borrower.case.pk).update(state=Case.State.ROUTED, team=south)
    borrower.case.refresh_from_db()
    return borrower.case


@pytest.mark.parametrize(
    ("who", "sees", "acts"),
    [
        ("investigator", True, True),
        ("investigator_north", False, False),
        ("supervisor", True, True),
        ("auditor", True, False),
        ("administrator", False, False),
    ],
)
def test_who_of_the_office_sees_and_acts_on_a_case_of_team_south(
    who: str, sees: bool, acts: bool, case: Case, request: pytest.FixtureRequest
) -> None:
    member: StaffMember = request.getfixturevalue(who)
    assert (access.may_see(member, case), access.may_act(member, case)) == (sees, acts)


@pytest.mark.parametrize("who", CAST)
def test_a_deactivated_or_dismissed_member_sees_nothing(
    who: str, case: Case, request: pytest.FixtureRequest
) -> None:
    member: StaffMember = request.getfixturevalue(who)
    for field in ("is_active", "is_staff"):
        setattr(member, field, False)
        assert not access.may_see(member, case)
        assert not access.has_role(member)
        setattr(member, field, True)


def test_a_superuser_without_a_role_sees_nothing(case: Case) -> None:
    root = cast.staff("root", Role.INVESTIGATOR, is_superuser=True)
    root.role = ""
    assert not access.has_role(root)
    assert not access.may_see(root, case)
    with pytest.raises(Http404):
        access.case_or_404(root, case.pk)


def test_the_public_sees_nothing(case: Case) -> None:
    somebody = AnonymousUser()
    assert not access.has_role(somebody)
    assert not access.may_see(somebody, case)
    with pytest.raises(Http404):
        access.case_or_404(somebody, case.pk)


def test_a_case_without_a_team_is_the_supervisors_alone(
    borrower: cast.Filed, investigator: StaffMember, supervisor: StaffMember
) -> None:
    assert not access.may_see(investigator, borrower.case)
    assert access.may_act(supervisor, borrower.case)


def test_a_case_of_another_team_does_not_exist(
    case: Case, investigator: StaffMember, investigator_north: StaffMember
) -> None:
    assert access.case_or_404(investigator, case.pk) == case
    with pytest.raises(Http404):
        access.case_or_404(investigator_north, case.pk)


def test_an_exhibit_is_reached_through_its_own_case_only(
    case: Case, second_borrower: cast.Filed, supervisor: StaffMember, investigator: StaffMember
) -> None:
    assert access.exhibit_or_404(investigator, case.pk, 1).case == case
    assert access.exhibit_or_404(supervisor, second_borrower.case.pk, 1).case == second_borrower.case
    for pk, number in ((case.pk, 2), (second_borrower.case.pk, 1)):
        with pytest.raises(Http404):
            access.exhibit_or_404(investigator, pk, number)


def test_the_ledger_knows_staff_by_role_and_uid(investigator: StaffMember) -> None:
    assert access.actor(investigator) == {"role": "investigator", "id": str(investigator.uid)}


@pytest.mark.long
def test_staff_and_rules_are_edited_by_the_roles_named_here(request: pytest.FixtureRequest) -> None:
    people: dict[str, StaffMember] = {who: request.getfixturevalue(who) for who in CAST}
    assert [who for who in CAST if access.may_edit_staff(people[who])] == ["administrator"]
    assert [who for who in CAST if access.may_edit_rules(people[who])] == ["supervisor", "administrator"]
    assert [who for who in CAST if access.may_read_rules(people[who])] == [
        "supervisor",
        "auditor",
        "administrator",
    ]


def test_the_sentence_for_those_who_do_not_work_on_a_case_is_written_once() -> None:
    sentence = "Only investigators of the case"
    files = [file for file in (ROOT / "complaints").rglob("*.py") if sentence in file.read_text()]
    assert [file.relative_to(ROOT).as_posix() for file in files] == ["complaints/staff/access.py"]
