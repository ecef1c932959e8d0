"""The page of deadlines: each late one is reachable, by clock and by whose cases they are."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import tasks
from complaints.admin.queue import deadlines
from complaints.models import Case, Clock, StaffMember, Team
from tests.support import cast
from tests.support.office import now, routed, time_passes

PAGE = "/admin/complaints/clock/"


@pytest.fixture
def late(south: Team, investigator: StaffMember) -> list[Case]:
    """Two cases with every deadline late; the first is the investigator's."""
    cases = [routed(cast.file_a_complaint(files=[]).case, south) for _ in range(2)]
    for case in cases:
        time_passes(case, timedelta(days=40))
    Case.objects.filter(pk=cases[0].pk).update(assignee=investigator)
    Case.objects.filter(pk=cases[1].pk).update(assignee=None)
    for _ in range(2):
        tasks.watch_clocks()
    return [now(case) for case in cases]


def rows(response: Any) -> list[str]:
    return re.findall(r">(HF-\d{4}-\d{6})</a>", response.content.decode())


def test_investigators_begin_with_their_own_and_supervisors_with_all(
    late: list[Case], investigator: StaffMember, supervisor: StaffMember
) -> None:
    assert set(rows(cast.signed_in(investigator).get(PAGE))) == {late[0].reference}
    assert set(rows(cast.signed_in(supervisor).get(PAGE))) == {case.reference for case in late}


def test_the_statutory_deadline_can_be_chosen_alone(late: list[Case], supervisor: StaffMember) -> None:
    page = cast.signed_in(supervisor).get(f"{PAGE}?clock=decide")
    assert sorted(rows(page)) == sorted(case.reference for case in late)
    assert re.search(r"clock=decide[^>]*>Decide and reply\s*<b>2</b>", page.content.decode())


def test_all_pages_together_have_each_deadline_once(
    late: list[Case], supervisor: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deadlines, "PER_PAGE", 2)
    client, address, found = cast.signed_in(supervisor), f"{PAGE}?who=all", 0
    while address:
        page = client.get(address)
        found += len(rows(page))
        further = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        address = PAGE + further[1].replace("&amp;", "&") if further else ""
    assert found == Clock.objects.late().count() > 2


def test_what_the_address_does_not_know_is_not_asked(late: list[Case], supervisor: StaffMember) -> None:
    client = cast.signed_in(supervisor)
    assert len(rows(client.get(f"{PAGE}?who=x&when='&clock=%00&after=-1"))) == Clock.objects.late().count()


def test_a_deadline_has_one_number_on_every_page(late: list[Case], investigator: StaffMember) -> None:
    """The calendar days that the queue counts are those of the clocks on the case page."""
    due = timezone.now() - timedelta(days=3, hours=20)
    Clock.objects.filter(case=late[0], name="decide").update(due_at=due)
    Case.objects.filter(pk=late[0].pk).update(decide_by=due)
    days = (timezone.localdate() - timezone.localdate(due)).days
    client: Client = cast.signed_in(investigator)
    for page in (f"/admin/complaints/case/{late[0].pk}/", "/admin/complaints/case/?queue=mine", PAGE):
        assert f"{days} days late" in client.get(page).content.decode()
