"""Cases into other hands: by somebody's decision, when somebody is away, and when somebody may not go on."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from complaints import tasks
from complaints.admin.case.assigning import hands_of
from complaints.assignment import bulk, reassignment, routing
from complaints.cases import frozen
from complaints.models import Case, Reassignment, Role, StaffMember, Team
from complaints.oversight import alarms
from complaints.refusal import Refused
from complaints.staff import access, appointments, second_factor
from evidence import ledger
from tests.support import cast, office
from tests.support.bundles import exported, opened
from tests.support.pages import text
from tests.support.routing_office import a_rule, carries, filed, has_to_do_with, is_away


@pytest.fixture
def mate(south: Team) -> StaffMember:
    return cast.staff("mate", Role.INVESTIGATOR, south, first_name="Mate")


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def test_a_reassignment_is_recorded_with_its_reason(
    case: Case, investigator: StaffMember, mate: StaffMember
) -> None:
    made = reassignment.reassign(case, by=investigator, to=mate, reason=" She knows this agency. ")
    assert office.now(case).assignee == mate
    assert (made.before, made.investigator, made.reason) == (investigator, mate, "She knows this agency.")
    told = office.last_of(case, "case.assigned")
    assert told["data"] == {"reassignment": made.sha256, "team": case.team_id, "investigator": str(mate.uid)}
    frozen = json.loads(bytes(made.document))
    assert (frozen["reason"], frozen["before"]) == ("She knows this agency.", str(investigator.uid))


def test_a_case_goes_back_to_its_team_s_queue(case: Case, investigator: StaffMember) -> None:
    reassignment.reassign(case, by=investigator, reason="I am on something else.")
    assert (office.now(case).assignee, office.now(case).state) == (None, "routed")


def test_a_supervisor_gives_a_case_to_another_team_where_the_lightest_gets_it(
    case: Case, supervisor: StaffMember, investigator_north: StaffMember, north: Team, investigator: StaffMember
) -> None:
    reassignment.reassign(case, by=supervisor, team=north, reason="It is theirs.")
    assert (office.now(case).team, office.now(case).assignee) == (north, investigator_north)
    assert not access.may_see(investigator, case)


def test_an_investigator_gives_no_case_to_another_team(case: Case, investigator: StaffMember, north: Team) -> None:
    with pytest.raises(Refused, match="Only a supervisor"):
        reassignment.reassign(case, by=investigator, team=north, reason="It is theirs.")


@pytest.mark.parametrize("reason", ["", "   "])
def test_a_reassignment_without_a_reason_is_refused(
    reason: str, case: Case, investigator: StaffMember, mate: StaffMember
) -> None:
    with pytest.raises(Refused, match="Write why"):
        reassignment.reassign(case, by=investigator, to=mate, reason=reason)


@pytest.mark.parametrize("field", [{"is_active": False}, {"role": Role.AUDITOR}, {"role": Role.ADMINISTRATOR}])
def test_a_case_is_given_only_to_who_can_work_on_it(
    field: dict[str, Any], case: Case, investigator: StaffMember, mate: StaffMember
) -> None:
    StaffMember.objects.filter(pk=mate.pk).update(**field)
    mate.refresh_from_db()
    with pytest.raises(Refused, match="cannot take the case"):
        reassignment.reassign(case, by=investigator, to=mate, reason="x")
    assert office.now(case).assignee == investigator
    assert not Reassignment.objects.exists()


def test_somebody_of_another_team_is_refused(
    case: Case, investigator: StaffMember, investigator_north: StaffMember
) -> None:
    with pytest.raises(Refused, match="cannot take the case"):
        reassignment.reassign(case, by=investigator, to=investigator_north, reason="x")


def test_of_two_who_reassign_at_once_the_second_is_told(
    case: Case, supervisor: StaffMember, investigator: StaffMember, mate: StaffMember
) -> None:
    seen = office.now(case)
    reassignment.reassign(case, by=investigator, to=mate, reason="one")
    with pytest.raises(Refused, match="changed this case"):
        reassignment.reassign(seen, by=supervisor, reason="two")


def test_the_same_hands_again_are_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="already"):
        reassignment.reassign(case, by=investigator, to=investigator, reason="x")


def test_no_bundle_and_no_page_of_the_borrower_has_the_words_or_a_name(
    case: Case, borrower: cast.Filed, investigator: StaffMember, mate: StaffMember
) -> None:
    reassignment.reassign(case, by=investigator, to=mate, reason="She knows this agency.")
    bag = opened(exported(office.now(case)))
    for content in bag.files.values():
        assert b"knows this agency" not in content
        assert b"Mate" not in content
    client = Client()
    client.post("/follow/", {"code": borrower.code})
    page = client.get("/follow/case/").content.decode()
    assert "knows this agency" not in page
    assert "Mate" not in page


# Somebody is away


def test_the_cases_of_somebody_away_are_dealt_by_load_language_and_conflict(
    south: Team, investigator: StaffMember, supervisor: StaffMember, mate: StaffMember
) -> None:
    spare = cast.staff("spare", Role.INVESTIGATOR, south, languages=["zh-hans"], capacity=60)
    cases = carries(investigator, 5)
    carries(mate, 1)
    has_to_do_with(spare, cases[0].reference, "case", by=supervisor)
    offers = reassignment.offers(investigator, by=supervisor)
    to = {offer.case: offer.to for offer in offers}
    assert to[cases[0]] == mate
    assert sorted(one.username for one in to.values() if one) == ["mate"] * 2 + ["spare"] * 3
    assert all(office.now(case).assignee == investigator for case in cases), "offered, not done"


def test_nobody_is_dealt_more_than_they_have_room_for(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember
) -> None:
    StaffMember.objects.filter(pk=mate.pk).update(capacity=2)
    carries(investigator, 4)
    assert [bool(offer.to) for offer in reassignment.offers(investigator, by=supervisor)] == [
        True,
        True,
        False,
        False,
    ]


def test_what_was_confirmed_is_done_and_what_changed_meanwhile_is_told(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember
) -> None:
    first, second = carries(investigator, 2)
    chosen = [(offer.case, offer.to) for offer in reassignment.offers(investigator, by=supervisor) if offer.to]
    office.step(second, "begin", investigator)
    done, refused = reassignment.balance(investigator, by=supervisor, reason="She is ill.", chosen=chosen)
    assert (done, len(refused)) == (1, 1)
    assert second.reference in refused[0]
    assert [office.now(case).assignee for case in (first, second)] == [mate, investigator]
    assert Reassignment.objects.get().reason == "She is ill."


def test_offers_cost_the_same_statements_however_many_cases(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember, django_assert_num_queries: Any
) -> None:
    carries(investigator, 1)
    with django_assert_num_queries(6) as seen:
        reassignment.offers(investigator, by=supervisor)
    carries(investigator, 5)
    with django_assert_num_queries(len(seen)):
        reassignment.offers(investigator, by=supervisor)


def test_a_supervisor_deals_out_at_the_desk_and_others_do_not(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember, administrator: StaffMember
) -> None:
    (case,) = carries(investigator, 1)
    is_away(investigator)
    client, address = cast.signed_in(supervisor), f"/admin/complaints/absence/{investigator.pk}/balance/"
    assert case.reference in client.get(address).content.decode()
    assert client.post(address, {"offers": [f"{case.pk}:{mate.pk}"]}).status_code == 422
    assert client.post(address, {"offers": ["1:1"], "reason": "ill"}).status_code == 422
    sent = {"offers": [f"{case.pk}:{mate.pk}"], "reason": "ill"}
    for other in (investigator, administrator):
        assert cast.signed_in(other).post(address, sent).status_code == 403
    assert office.now(case).assignee == investigator
    assert client.post(address, sent).status_code == 302
    assert office.now(case).assignee == mate


def test_dealing_out_a_supervisor_chooses_the_person_of_each_row(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember, south: Team
) -> None:
    first, second, third = carries(investigator, 3)
    away = cast.staff("away", Role.INVESTIGATOR, south, languages=["en"], capacity=9)
    apart = cast.staff("apart", Role.INVESTIGATOR, south)
    is_away(away)
    has_to_do_with(apart, first.reference, "case", by=supervisor)
    client, address = cast.signed_in(supervisor), f"/admin/complaints/absence/{investigator.pk}/balance/"
    page = text(client.get(address))
    assert "away, 0 of 9 cases · English · is away" in page
    assert f'value="{first.pk}:{apart.pk}"' not in page
    assert f'value="{second.pk}:{apart.pk}"' in page
    refused = {"offers": [f"{first.pk}:{apart.pk}"], "reason": "ill"}
    assert client.post(address, refused).status_code == 422
    assert office.now(first).assignee == investigator
    chosen = [f"{first.pk}:{away.pk}", "", f"{third.pk}:{mate.pk}"]
    assert client.post(address, {"offers": chosen, "reason": "ill"}).status_code == 302
    assert [office.now(case).assignee for case in (first, second, third)] == [away, investigator, mate]


def test_a_row_keeps_what_was_chosen_when_the_reason_lacks(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember, south: Team
) -> None:
    (case,) = carries(investigator, 1)
    third = cast.staff("third", Role.INVESTIGATOR, south)
    client, address = cast.signed_in(supervisor), f"/admin/complaints/absence/{investigator.pk}/balance/"
    for who in (mate, third):
        page = client.post(address, {"offers": [f"{case.pk}:{who.pk}"]}).content.decode()
        assert f'value="{case.pk}:{who.pk}" selected' in page


def test_what_is_kept_from_a_supervisor_is_not_offered_to_them(
    investigator: StaffMember, supervisor: StaffMember, mate: StaffMember
) -> None:
    first, second = carries(investigator, 2)
    has_to_do_with(supervisor, first.reference, "case")
    assert [offer.case for offer in reassignment.offers(investigator, by=supervisor)] == [second]


# Somebody has left


@pytest.mark.parametrize("how", ["deactivated", "another role", "another team"])
def test_whoever_may_not_go_on_gives_their_cases_back(
    how: str, case: Case, investigator: StaffMember, supervisor: StaffMember, north: Team
) -> None:
    if how == "another team":
        investigator.teams.set([north])
    changes: dict[str, dict[str, Any]] = {
        "deactivated": {"is_active": False},
        "another role": {"role": Role.AUDITOR},
        "another team": {"capacity": 1},
    }
    StaffMember.objects.filter(pk=investigator.pk).update(**changes[how])
    tasks.sweep()
    assert (office.now(case).assignee, office.now(case).state) == (None, "routed")
    assert office.last_of(case, "case.assigned")["data"]["why"] == "left"
    entries = len(ledger.history(case.thread))
    tasks.sweep()
    assert len(ledger.history(case.thread)) == entries
    cache.clear()
    assert alarms.sounding(supervisor) == ["1 case waits in its team's queue, in nobody's hands."]


def test_whoever_lost_their_second_factor_keeps_their_cases_until_it_is_decided(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    second_factor.take_away(investigator, by=ledger.SYSTEM, asked_by=None)
    tasks.sweep()
    assert office.now(case).assignee == investigator
    appointments.refuse(investigator, by=supervisor)
    tasks.sweep()
    assert office.now(case).assignee is None


def test_a_supervisor_may_have_cases_and_keeps_them(case: Case, supervisor: StaffMember) -> None:
    Case.objects.filter(pk=case.pk).update(assignee=supervisor)
    tasks.sweep()
    assert office.now(case).assignee == supervisor


def test_deactivating_somebody_at_the_desk_frees_their_cases_at_once(
    case: Case, investigator: StaffMember, administrator: StaffMember
) -> None:
    from tests.complaints.admin.office.test_staff import STAFF, entered

    sent = {**entered(investigator), "is_active": ""}
    assert cast.signed_in(administrator).post(f"{STAFF}{investigator.pk}/change/", sent).status_code == 302
    assert office.now(case).assignee is None


def test_cases_of_somebody_away_today_are_told(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    is_away(investigator)
    cache.clear()
    assert alarms.sounding(supervisor) == ["1 open case is in the hands of somebody who is away."]


def test_a_case_that_nobody_can_take_is_told(south: Team, supervisor: StaffMember) -> None:
    a_rule(1, south)
    routing.route(filed())
    cache.clear()
    assert alarms.sounding(supervisor) == ["1 case waits in its team's queue, in nobody's hands."]


# At the desk


def test_the_page_says_whose_hands_and_why_and_takes_the_reassignment(
    south: Team, investigator: StaffMember, mate: StaffMember
) -> None:
    a_rule(1, south)
    case = filed()
    routing.route(case)
    client, at = cast.signed_in(investigator), f"/admin/complaints/case/{case.pk}/"
    page = client.get(f"{at}hands/").content.decode()
    assert "gets the case" in page
    assert "carries as much, and joined later" in page
    seen = {"seen": f"{south.pk}-{investigator.pk}"}
    for refused in ({"to": f"member-{mate.pk}", "reason": ""}, {"to": "member-999999", "reason": "x"}):
        assert client.post(f"{at}assign/", {**seen, **refused}).status_code == 422
    given = {**seen, "to": f"member-{mate.pk}", "reason": "She knows them."}
    assert client.post(f"{at}assign/", given).status_code == 302
    assert office.now(case).assignee == mate
    assert "She knows them." in client.get(f"{at}hands/").content.decode()


def test_of_two_who_give_a_case_over_from_the_same_page_the_second_is_told(
    case: Case, south: Team, investigator: StaffMember, mate: StaffMember, supervisor: StaffMember
) -> None:
    client, at = cast.signed_in(supervisor), f"/admin/complaints/case/{case.pk}/"
    page = client.get(f"{at}hands/").content.decode()
    seen = f"{south.pk}-{investigator.pk}"
    assert seen in page
    reassignment.reassign(office.now(case), by=investigator, to=mate, reason="She knows them.")
    third = cast.staff("third", Role.INVESTIGATOR, south)
    given = {"seen": seen, "to": f"member-{third.pk}", "reason": "He has time."}
    answer = client.post(f"{at}assign/", given)
    assert answer.status_code == 409
    for kept in ("Somebody changed this case", "He has time.", f"{south.pk}-{mate.pk}"):
        assert kept in answer.content.decode()
    assert office.now(case).assignee == mate


def test_who_gave_a_case_away_by_mistake_undoes_it_and_both_steps_stay_on_the_ledger(
    south: Team, investigator: StaffMember, mate: StaffMember, supervisor: StaffMember
) -> None:
    a_rule(1, south)
    case = filed()
    routing.route(case)
    client, at = cast.signed_in(investigator), f"/admin/complaints/case/{case.pk}/"
    assert "You have ten seconds" not in text(client.get(f"{at}hands/"))
    given = {"to": f"member-{mate.pk}", "reason": "Theirs.", "seen": hands_of(office.now(case))}
    assert "You have ten seconds" in text(client.post(f"{at}assign/", given, follow=True))
    assert "You have ten seconds" not in text(cast.signed_in(supervisor).get(f"{at}hands/"))
    assert cast.signed_in(supervisor).post(f"{at}undo_assign/").status_code == 409
    assert client.post(f"{at}undo_assign/").status_code == 302
    assert office.now(case).assignee == investigator
    assert office.told(case)[-2:] == ["case.assigned", "case.assigned"]
    assert [one.reason for one in Reassignment.objects.all()] == ["Theirs.", "Undone at once."]


def test_what_happened_since_or_long_ago_is_not_undone(
    south: Team, investigator: StaffMember, mate: StaffMember
) -> None:
    a_rule(1, south)
    case = filed()
    routing.route(case)
    reassignment.reassign(office.now(case), by=investigator, to=mate, reason="Theirs.")
    assert reassignment.can_be_undone(office.now(case), investigator)
    office.step(case, "begin", mate)
    with pytest.raises(Refused, match="no longer be undone"):
        reassignment.undo(office.now(case), by=investigator)
    reassignment.reassign(office.now(case), by=mate, to=investigator, reason="Back.")
    Reassignment.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(Refused, match="no longer be undone"):
        reassignment.undo(office.now(case), by=mate)
    assert office.now(case).assignee == investigator


def test_stepping_back_at_the_desk_hides_the_case(case: Case, investigator: StaffMember) -> None:
    client, at = cast.signed_in(investigator), f"/admin/complaints/case/{case.pk}/"
    assert client.post(f"{at}step_back/", {"why": "My cousin works there."})["Location"] == "/admin/"
    assert client.get(at).status_code == 404
    assert office.now(case).assignee is None


# A case that no rule takes


def gives(supervisor: StaffMember, case: Case, to: str, reason: str = "Odd, but theirs.") -> int:
    form = {"to": to, "reason": reason, "seen": hands_of(office.now(case))}
    return cast.signed_in(supervisor).post(f"/admin/complaints/case/{case.pk}/assign/", form).status_code


def test_a_supervisor_gives_a_case_that_no_rule_takes_to_a_person_or_a_team(
    south: Team, north: Team, investigator: StaffMember, investigator_north: StaffMember, supervisor: StaffMember
) -> None:
    by_name, to_a_team = filed(), filed()
    client, at = cast.signed_in(supervisor), f"/admin/complaints/case/{by_name.pk}/"
    assert "Give it to a team" in text(client.get(at))
    page = text(client.get(f"{at}hands/"))
    assert "North, the free investigator with the fewest cases" in page
    assert "investigator, 0 of " in page
    assert gives(supervisor, by_name, f"team-{south.pk}-{investigator.pk}", "") == 422
    assert gives(supervisor, by_name, f"team-{south.pk}-{investigator.pk}") == 302
    assert gives(supervisor, to_a_team, f"team-{north.pk}") == 302
    assert (office.now(by_name).state, office.now(by_name).assignee) == ("routed", investigator)
    assert (office.now(to_a_team).team, office.now(to_a_team).assignee) == (north, investigator_north)
    entry, made = office.last_of(by_name, "case.routed"), Reassignment.objects.get(case=by_name)
    assert entry["by"]["role"] == "supervisor"
    assert entry["data"]["reassignment"] == made.sha256
    assert "You gave the case to a team, as no rule took it" in text(client.get(at))
    assert frozen.faulty(office.now(by_name)) == {}


def test_a_case_without_a_team_is_given_by_a_supervisor_alone(
    south: Team, investigator: StaffMember, auditor: StaffMember
) -> None:
    case = filed()
    to = f"team-{south.pk}-{investigator.pk}"
    assert gives(investigator, case, to) == 404
    assert gives(auditor, case, to) == 403
    assert office.now(case).state == "filed"


def test_nobody_with_a_conflict_gets_a_case_without_a_team(
    south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = filed(lender="Example Finance")
    has_to_do_with(investigator, "Example Finance")
    assert gives(supervisor, case, f"team-{south.pk}-{investigator.pk}") == 422
    with pytest.raises(Refused, match="cannot take the case"):
        reassignment.reassign(case, by=supervisor, to=investigator, team=south, reason="x")
    assert office.now(case).state == "filed"


def test_a_case_that_a_rule_took_meanwhile_is_not_given_twice(
    south: Team, investigator: StaffMember, mate: StaffMember, supervisor: StaffMember
) -> None:
    seen = filed()
    a_rule(1, south)
    routing.route(office.now(seen))
    with pytest.raises(Refused, match="Somebody may have acted before you"):
        reassignment.reassign(seen, by=supervisor, to=mate, team=south, reason="x")
    assert office.told(seen).count("case.routed") == 1


def test_many_cases_without_a_team_are_given_to_somebody_at_once(
    south: Team, north: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    cases = [filed(), filed()]
    job = bulk.prepare(supervisor, "assign", [case.pk for case in cases])
    assert bulk.foreseen(job) == {"": 2}
    bulk.confirm(job, to=investigator, reason="Odd, but theirs.")
    bulk.run(job.pk)
    assert {office.now(case).assignee for case in cases} == {investigator}
    investigator.teams.add(north)
    third = filed()
    again = bulk.prepare(supervisor, "assign", [third.pk])
    bulk.confirm(again, to=investigator, reason="Odd, but theirs.")
    bulk.run(again.pk)
    assert "choose the team" in again.steps.get().why
