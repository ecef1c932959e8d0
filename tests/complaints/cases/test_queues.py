"""Which cases wait for whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.cases import queues
from complaints.models import Case, StaffMember, Team
from tests.support import cast


@pytest.fixture
def cases(south: Team, investigator: StaffMember) -> list[Case]:
    """Five of team South: due in 1, 2, 3, 4 and 10 days; the first two have the same severity and clock."""
    made = [cast.file_a_complaint(files=[]).case for _ in range(5)]
    now = timezone.now()
    for case, days in zip(made, (1, 1, 3, 4, 10), strict=True):
        Case.objects.filter(pk=case.pk).update(
            state=Case.State.ROUTED, team=south, severity=2, decide_by=now + timedelta(days=days)
        )
    Case.objects.filter(pk=made[3].pk).update(severity=3, assignee=investigator)
    return list(Case.objects.order_by(*queues.ORDER))


def counted(user: StaffMember) -> dict[str, int]:
    return queues.counts(user)


def test_the_counts_are_those_of_the_queues(cases: list[Case], investigator: StaffMember) -> None:
    expected = {"mine": 1, "given": 0, "team": 5, "unassigned": 4, "urgent": 1, "due": 4, "waiting": 0, "news": 0}
    expected |= {"answers": 0, "confirm": 0, "review": 0, "again": 0, "open": 5, "closed": 0}
    assert counted(investigator) == expected
    for queue in queues.offered(investigator):
        assert queues.QueueQuery(queue.name).cases(investigator).count() == counted(investigator)[queue.name]


def test_another_team_counts_nothing(cases: list[Case], investigator_north: StaffMember) -> None:
    assert set(counted(investigator_north).values()) == {0}


def test_an_auditor_has_no_cases_of_their_own(cases: list[Case], auditor: StaffMember) -> None:
    assert "mine" not in counted(auditor)
    assert counted(auditor)["open"] == 5


def test_a_case_is_due_until_it_is_answered(cases: list[Case], investigator: StaffMember) -> None:
    Case.objects.update(state=Case.State.DECIDED)
    assert counted(investigator)["due"] == 4
    Case.objects.update(state=Case.State.REPLIED)
    assert counted(investigator)["due"] == 0


def test_neighbours_walk_the_whole_queue_in_both_directions(cases: list[Case], investigator: StaffMember) -> None:
    places = [queues.place(investigator, queues.QueueQuery("open"), case) for case in cases]
    keys: list[int | None] = [case.pk for case in cases]
    assert [place.previous for place in places] == [None, *keys[:-1]]
    assert [place.next for place in places] == [*keys[1:], None]
    assert [place.position for place in places] == [1, 2, 3, 4, 5]
    assert {(place.total, place.inside) for place in places} == {(5, True)}


def test_a_case_that_left_the_queue_still_knows_the_way_on(cases: list[Case], investigator: StaffMember) -> None:
    gone = cases[2]
    Case.objects.filter(pk=gone.pk).update(state=Case.State.CLOSED, closed_at=timezone.now())
    place = queues.place(investigator, queues.QueueQuery("open"), gone)
    assert (place.previous, place.next, place.inside) == (cases[1].pk, cases[3].pk, False)


def test_the_way_on_never_leads_to_another_teams_case(
    cases: list[Case], north: Team, investigator: StaffMember
) -> None:
    Case.objects.filter(pk=cases[1].pk).update(team=north)
    assert queues.place(investigator, queues.QueueQuery("open"), cases[0]).next == cases[2].pk


def test_what_was_opened_again_and_what_only_a_supervisor_ends_have_queues(
    cases: list[Case], investigator: StaffMember, supervisor: StaffMember
) -> None:
    now = timezone.now()
    Case.objects.filter(pk=cases[0].pk).update(round=2)
    Case.objects.filter(pk=cases[1].pk).update(withdraw_at=now - timedelta(minutes=1))
    Case.objects.filter(pk=cases[2].pk).update(withdraw_at=now + timedelta(days=1))
    assert list(queues.QueueQuery("again").cases(investigator)) == [cases[0]]
    assert list(queues.QueueQuery("withdrawals").cases(supervisor)) == [cases[1]]
    assert "withdrawals" not in counted(investigator)
