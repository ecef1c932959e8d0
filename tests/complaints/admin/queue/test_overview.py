"""The page after signing in: each number is that of the list it leads to."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.test import Client

from complaints import tasks
from complaints.models import Absence, Case, StaffMember, Team
from tests.support import cast
from tests.support.office import routed, time_passes


@pytest.fixture
def office(south: Team, investigator: StaffMember) -> list[Case]:
    """Three cases: one late and in the investigator's hands, one in nobody's, one taken by no rule."""
    cases = [cast.file_a_complaint(files=[]).case for _ in range(3)]
    routed(cases[0], south, investigator)
    routed(cases[1], south)
    time_passes(cases[0], timedelta(days=40))
    for _ in range(2):
        tasks.watch_clocks()
    cache.clear()
    return cases


def numbers(client: Client) -> dict[str, tuple[str, str]]:
    """Label -> number and address."""
    page = client.get("/admin/").content.decode()
    found = re.findall(r'<a href="([^"]+)" class="\w*">\s*<b>([^<]+)</b>([^<]+)</a>', page)
    return {label.strip(): (count, unescape(address)) for address, count, label in found}


@pytest.mark.parametrize("who", ["investigator", "supervisor", "auditor"])
def test_each_number_is_the_length_of_its_list(
    who: str, office: list[Case], request: pytest.FixtureRequest
) -> None:
    client = cast.signed_in(request.getfixturevalue(who))
    found = numbers(client)
    assert len(found) >= 9
    for label, (count, address) in found.items():
        if address.startswith("/admin/complaints/"):
            page = client.get(address)
            assert page.status_code == 200, label
            assert page.content.decode().count('<th scope="row"') == int(count), label


def test_a_supervisor_sees_who_is_late_and_the_load_of_each_team(
    office: list[Case], supervisor: StaffMember, investigator: StaffMember
) -> None:
    Absence.objects.create(member=investigator, begins="2020-01-01")
    page = " ".join(re.sub(r"<[^>]+>", " ", cast.signed_in(supervisor).get("/admin/").content.decode()).split())
    assert "Decide and reply 1" in page
    assert "Cases with a late deadline by person investigator 1" in page
    assert "South 2 of" in page
    assert "of people who are away" in page.lower()


def test_an_investigator_sees_their_own_alone(office: list[Case], investigator_north: StaffMember) -> None:
    assert {count for count, _address in numbers(cast.signed_in(investigator_north)).values()} == {"0"}
