"""Links between cases: by number, organisation, file and borrower, among the cases that the reader may see."""

from typing import Any

import pytest
from django.test import Client

from complaints.cases import links, search
from complaints.models import Case, Linked, StaffMember, Team
from complaints.rights import contact_details
from tests.support import cast, office
from tests.support.pages import text

QUEUE = "/admin/complaints/case/"
NOBODY_ELSE: dict[str, dict[str, Any]] = {
    "parties": {"lender": "Another Bank", "platform": "", "agency": "Other Agency", "numbers": []},
    "contacts": {"acts": []},
    "reach": {"name": "", "phone": "", "email": "", "channels": [], "notify": []},
}


def filed(team: Team, *, files: tuple[tuple[str, bytes], ...] = (), **answers: dict[str, Any]) -> Case:
    """A case that has nothing in common with another but what the keywords name."""
    given: dict[str, Any] = {step: {**said, **answers.get(step, {})} for step, said in NOBODY_ELSE.items()}
    return office.routed(cast.file_a_complaint(files=files, **given).case, team)


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def found(case: Case, user: StaffMember) -> dict[str, int]:
    return {one.kind: one.count for one in links.of(office.now(case), user)}


def test_each_way_in_which_two_cases_are_linked(case: Case, south: Team, investigator: StaffMember) -> None:
    filed(south)
    assert found(case, investigator) == {}
    filed(south, parties={"numbers": ["+86 571-88880001"]})
    filed(south, parties={"agency": "EXAMPLE　collection, Ltd."})
    filed(south, parties={"lender": "example consumer finance"})
    filed(south, files=(("another name.png", cast.a_screenshot()),))
    filed(south, reach={"phone": "+86 138 0013 8000"})
    ways = {"number": 1, "agency": 1, "lender": 1, "file": 1, "borrower": 1}
    assert found(case, investigator) == ways


def test_one_click_leads_to_the_linked_cases_and_no_others(
    case: Case, south: Team, desk: Client, investigator: StaffMember
) -> None:
    same, other = filed(south, parties={"numbers": ["0571 8888 0001"]}), filed(south)
    office.closed_by(investigator, office.now(same))
    page = text(desk.get(f"{QUEUE}{case.pk}/"))
    assert "Same number: 1" in page
    address = f"{QUEUE}?linked=number-{case.pk}"
    assert address in page
    listed = text(desk.get(address))
    assert same.reference in listed
    assert other.reference not in listed
    assert f"Same number: {case.reference}" in listed


def test_links_neither_count_nor_list_nor_ask_for_cases_of_another_team(
    case: Case, north: Team, desk: Client, investigator: StaffMember, supervisor: StaffMember
) -> None:
    theirs = filed(north, parties={"numbers": ["0571 8888 0001"]})
    assert found(case, investigator) == {}
    assert found(case, supervisor) == {"number": 1}
    assert "Same number" not in text(desk.get(f"{QUEUE}{case.pk}/"))
    assert theirs.reference not in text(desk.get(f"{QUEUE}?linked=number-{case.pk}"))
    refused = text(desk.get(f"{QUEUE}?linked=number-{theirs.pk}"))
    assert "There is no case with this reference that you may see." in refused


@pytest.mark.parametrize("asked", ["number", "number-", "number-x", "name-1", f"number-{10**30}", "-1"])
def test_a_link_that_is_none_is_refused_with_a_sentence(asked: str, case: Case, desk: Client) -> None:
    page = desk.get(QUEUE, {"linked": asked})
    assert page.status_code == 200
    assert "Here is the plain queue." in text(page)


def test_the_other_borrower_learns_nothing(case: Case, south: Team, borrower: cast.Filed) -> None:
    other = filed(south, parties={"numbers": ["0571 8888 0001"]})
    client = cast.by_code(borrower.code, "/follow/")
    page = client.get("/follow/case/").content.decode()
    assert "Same number" not in page
    assert other.reference not in page


def test_a_new_telephone_number_of_the_borrower_links_anew(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    filed(south, reach={"phone": "13900139000"})
    assert "borrower" not in found(case, investigator)
    contact_details.change(case, phone="139-0013-9000")
    assert found(case, investigator)["borrower"] == 1


def test_the_table_tells_nothing_about_people_and_is_made_again(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    filed(south, reach={"phone": "13800138000"})
    kept = sorted(Linked.objects.values_list("case", "kind", "value"))
    assert not any("13800138000" in value for _case, _kind, value in kept)
    Linked.objects.all().delete()
    assert [*search.rebuild()][-1] == Case.objects.count()
    assert sorted(Linked.objects.values_list("case", "kind", "value")) == kept
