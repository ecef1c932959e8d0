"""One step on many cases: confirmed, taken one by one, and nothing twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import wake
from complaints.assignment import bulk
from complaints.models import BulkJob, BulkStep, Case, Role, StaffMember, Team
from complaints.refusal import Refused
from evidence import ledger
from tests.support import cast, services
from tests.support.office import now, routed, step, told

QUEUE = "/admin/complaints/case/"


@pytest.fixture
def colleague(south: Team) -> StaffMember:
    return cast.staff("colleague", Role.INVESTIGATOR, south)


@pytest.fixture
def cases(south: Team, investigator: StaffMember) -> list[Case]:
    """Five of team South, which the investigator has and has opened."""
    found = [routed(cast.file_a_complaint(files=[]).case, south, investigator) for _ in range(5)]
    Case.objects.update(handed_at=None)
    return found


def asked(user: StaffMember, action: str, cases: list[Case], **given: Any) -> BulkJob:
    job = bulk.prepare(user, action, [case.pk for case in cases])
    bulk.confirm(job, **given)
    return job


def outcomes(job: BulkJob) -> list[str]:
    return list(job.steps.values_list("outcome", flat=True))


def done(job: BulkJob) -> BulkJob:
    bulk.run(job.pk)
    job.refresh_from_db()
    return job


def test_cases_are_given_to_somebody_each_with_its_entry(
    cases: list[Case], investigator: StaffMember, colleague: StaffMember
) -> None:
    job = done(asked(investigator, "assign", cases, to=colleague, reason="She knows this lender."))
    assert job.ended_at
    assert outcomes(job) == ["done"] * 5
    assert {now(case).assignee for case in cases} == {colleague}
    assert all(told(case)[-1] == "case.assigned" for case in cases)


def test_nothing_is_done_before_it_is_confirmed(cases: list[Case], investigator: StaffMember) -> None:
    job = bulk.prepare(investigator, "begin", [case.pk for case in cases])
    done(job)
    assert outcomes(job) == [""] * 5
    assert job.ended_at is None


def test_a_job_that_runs_twice_takes_each_step_once(cases: list[Case], investigator: StaffMember) -> None:
    job = done(asked(investigator, "begin", cases))
    done(job)
    assert all(told(case).count("case.begun") == 1 for case in cases)


def test_a_case_that_somebody_changed_meanwhile_is_skipped_and_told(
    cases: list[Case], investigator: StaffMember, supervisor: StaffMember
) -> None:
    job = asked(investigator, "begin", cases)
    step(cases[2], "begin", supervisor)
    assert outcomes(done(job)) == ["done", "done", "skipped", "done", "done"]
    assert "Somebody" in job.steps.get(case=cases[2]).why
    assert told(cases[2]).count("case.begun") == 1


def test_of_two_jobs_over_the_same_cases_the_second_is_told(
    cases: list[Case], investigator: StaffMember, colleague: StaffMember
) -> None:
    first = asked(investigator, "assign", cases, to=colleague, reason="Away.")
    second = asked(colleague, "assign", cases, to=investigator, reason="Also away.")
    assert outcomes(done(first)) == ["done"] * 5
    assert outcomes(done(second)) == ["skipped"] * 5
    assert {now(case).assignee for case in cases} == {colleague}


def test_permission_is_asked_again_when_a_cases_turn_comes(
    cases: list[Case], investigator: StaffMember, north: Team
) -> None:
    job = asked(investigator, "begin", cases)
    Case.objects.filter(pk=cases[0].pk).update(team=north)
    assert outcomes(done(job)) == ["skipped", "done", "done", "done", "done"]


def test_who_was_dismissed_meanwhile_does_nothing(cases: list[Case], investigator: StaffMember) -> None:
    job = asked(investigator, "begin", cases)
    StaffMember.objects.filter(pk=investigator.pk).update(is_active=False)
    assert set(outcomes(done(job))) == {"skipped"}
    assert all("case.begun" not in told(case) for case in cases)


def test_a_case_goes_to_nobody_who_may_not_have_it(
    cases: list[Case], supervisor: StaffMember, investigator_north: StaffMember
) -> None:
    job = done(asked(supervisor, "assign", cases, to=investigator_north, reason="Why not."))
    assert set(outcomes(job)) == {"skipped"}
    assert not any(now(case).assignee == investigator_north for case in cases)


def test_what_another_team_has_is_not_even_noted(cases: list[Case], investigator_north: StaffMember) -> None:
    assert not bulk.prepare(investigator_north, "begin", [case.pk for case in cases]).steps.exists()


def test_an_auditor_prepares_nothing(cases: list[Case], auditor: StaffMember) -> None:
    with pytest.raises(Refused):
        bulk.prepare(auditor, "begin", [cases[0].pk])


def test_a_cancelled_job_stops_and_keeps_the_steps_it_has_taken(
    cases: list[Case], investigator: StaffMember
) -> None:
    job = asked(investigator, "begin", cases)
    bulk._take(job.steps.order_by("pk")[0].pk)
    bulk.cancel(job)
    assert outcomes(done(job)) == ["done", "", "", "", ""]
    with pytest.raises(Refused):
        bulk.confirm(job)


def test_a_long_job_lets_others_have_the_worker_and_comes_back(
    cases: list[Case], investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    job = asked(investigator, "begin", cases)
    monkeypatch.setattr(wake, "run_bulk", woken.append)
    bulk.run(job.pk, turn=-1)
    assert woken == [job.pk]
    assert outcomes(job) == [""] * 5


def test_one_case_that_cannot_be_done_holds_up_no_other(
    cases: list[Case], investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = bulk._begin

    def breaks(case: Case, job: BulkJob) -> None:
        begin(case, job)
        if case.pk == cases[1].pk:
            raise RuntimeError("the disk is full")

    monkeypatch.setitem(bulk.TAKE, "begin", breaks)
    job = done(asked(investigator, "begin", cases))
    assert outcomes(job) == ["done", "skipped", "done", "done", "done"]
    assert now(cases[1]).state == Case.State.ROUTED
    assert "case.begun" not in told(cases[1])


def test_the_sweep_takes_up_what_was_left_and_forgets_what_nobody_confirmed(
    cases: list[Case], investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[int] = []
    left, fresh = asked(investigator, "begin", cases[:2]), asked(investigator, "begin", cases[2:])
    BulkJob.objects.filter(pk=left.pk).update(confirmed_at=timezone.now() - timedelta(minutes=5))
    old = bulk.prepare(investigator, "begin", [cases[0].pk])
    BulkJob.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=2))
    monkeypatch.setattr(wake, "run_bulk", woken.append)
    bulk.sweep()
    assert woken == [left.pk]
    assert set(BulkJob.objects.all()) == {left, fresh}


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_loses_nothing_and_does_nothing_twice(
    worker: services.Worker, south: Team, investigator: StaffMember
) -> None:
    cases = [routed(cast.file_a_complaint(files=[]).case, south, investigator) for _ in range(30)]
    Case.objects.update(handed_at=None)
    job = asked(investigator, "begin", cases)
    services.wait_until(lambda: BulkStep.objects.filter(outcome="done").exists(), "the first case is done")
    worker.kill()
    assert job.steps.filter(outcome="").exists()
    worker.start()
    wake.run_bulk(job.pk)  # what the sweep does a minute later
    services.wait_until(lambda: BulkJob.objects.filter(ended_at__isnull=False).exists(), "the job has ended")
    assert set(outcomes(job)) == {"done"}
    assert all(told(case).count("case.begun") == 1 for case in cases)
    assert {entry["by"]["id"] for case in cases for entry in _opened(case)} == {str(investigator.uid)}


def _opened(case: Case) -> list[dict[str, Any]]:
    return [ledger.content_of(entry) for entry in ledger.history(case.thread) if entry.kind == "case.begun"]


# At the desk


@pytest.fixture
def desk(investigator: StaffMember) -> Client:
    return cast.signed_in(investigator)


def chosen(desk: Client, action: str, cases: list[Case], **more: str) -> Any:
    ticked = {"action": action, "_selected_action": [case.pk for case in cases], **more}
    return desk.post(f"{QUEUE}?queue=open", ticked, follow=True)


def test_it_is_said_what_will_be_done_and_what_is_skipped_before_it_is_confirmed(
    cases: list[Case], investigator: StaffMember, colleague: StaffMember, desk: Client
) -> None:
    step(cases[0], "begin", investigator)
    page = chosen(desk, "begin", cases)
    assert "This will be done to 4 cases." in page.content.decode()
    assert "1 × Being investigated" in page.content.decode()
    job = BulkJob.objects.get()
    desk.post(f"{QUEUE}bulk/{job.pk}/confirm/")
    bulk.run(job.pk)
    page = desk.get(f"{QUEUE}bulk/{job.pk}/").content.decode()
    assert "5 of 5 cases looked at: 4 done, 1 skipped." in page
    assert cases[0].reference in page


def test_giving_cases_away_wants_a_person_and_a_reason(
    cases: list[Case], colleague: StaffMember, desk: Client
) -> None:
    chosen(desk, "assign", cases)
    job = BulkJob.objects.get()
    address = f"{QUEUE}bulk/{job.pk}/confirm/"
    assert desk.post(address, {"to": colleague.pk, "reason": " "}).status_code == 422
    assert desk.post(address, {"to": 0, "reason": "Away."}).status_code == 422
    assert desk.post(address, {"to": colleague.pk, "reason": "Away."}).status_code == 302
    job.refresh_from_db()
    assert (job.to, job.reason) == (colleague, "Away.")
    assert (
        "confirmed or cancelled already"
        in desk.post(address, {"to": colleague.pk, "reason": "x"}, follow=True).content.decode()
    )


def test_all_of_a_list_is_all_that_its_filters_name(cases: list[Case], desk: Client) -> None:
    Case.objects.filter(pk__in=[case.pk for case in cases[:3]]).update(severity=3)
    desk.post(f"{QUEUE}?queue=open&severity=3", {"action": "begin", "select_across": "1"})
    assert set(BulkJob.objects.get().steps.values_list("case", flat=True)) == {case.pk for case in cases[:3]}


def test_a_step_without_a_case_or_with_an_unknown_name_is_refused_with_a_sentence(
    cases: list[Case], desk: Client
) -> None:
    assert "Choose at least one case." in chosen(desk, "begin", []).content.decode()
    assert "Choose what to do." in chosen(desk, "delete_selected", cases).content.decode()
    assert not BulkJob.objects.exists()


def test_a_job_is_its_owners_alone(
    cases: list[Case], desk: Client, supervisor: StaffMember, auditor: StaffMember
) -> None:
    chosen(desk, "begin", cases)
    job = BulkJob.objects.get()
    for somebody in (supervisor, auditor):
        client = cast.signed_in(somebody)
        assert client.get(f"{QUEUE}bulk/{job.pk}/").status_code == 404
        for way in ("confirm", "cancel"):
            assert client.post(f"{QUEUE}bulk/{job.pk}/{way}/").status_code == 404
    assert (
        cast.signed_in(auditor).post(QUEUE, {"action": "begin", "_selected_action": [cases[0].pk]}).status_code
        == 403
    )


def test_cancelled_at_the_desk_nothing_happens(cases: list[Case], desk: Client) -> None:
    chosen(desk, "begin", cases)
    job = BulkJob.objects.get()
    page = desk.post(f"{QUEUE}bulk/{job.pk}/cancel/", follow=True)
    assert "Stopped" in page.content.decode()
    assert outcomes(done(job)) == [""] * 5
