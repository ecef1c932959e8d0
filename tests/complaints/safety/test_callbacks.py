"""Call-backs: due in four hours, asked once however often it is pressed, known to the ledger by codes alone."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import tasks
from complaints.models import CallBack, StaffMember
from complaints.oversight import alarms
from complaints.refusal import Refused
from complaints.safety import callbacks
from evidence import ledger
from evidence.models import LedgerEntry

pytestmark = pytest.mark.django_db

GIVEN = {"channel": "phone", "reach": "13800138000", "safe_times": "下午三点以后", "say": "说是快递"}


def asked(key: str = "", **more: Any) -> CallBack:
    return callbacks.ask(key=key, language="zh-hans", **{**GIVEN, "danger": True, **more})


def due_in(asked: CallBack, **distance: float) -> CallBack:
    CallBack.objects.filter(pk=asked.pk).update(due_at=timezone.now() + timedelta(**distance))
    return CallBack.objects.get(pk=asked.pk)


def history(asked: CallBack) -> list[dict[str, Any]]:
    return [ledger.content_of(entry) for entry in ledger.history(asked.thread)]


def test_a_call_is_due_within_four_hours_and_on_the_ledger() -> None:
    one = asked()
    assert one.due_at - one.asked_at == timedelta(hours=4)
    (entry,) = history(one)
    assert (entry["kind"], entry["by"]) == ("callback.asked", {"role": "borrower"})
    assert entry["data"] == {"due": ledger.rfc3339(one.due_at)}


def test_pressed_twice_it_is_asked_for_once() -> None:
    assert asked("key") == asked("key")
    assert CallBack.objects.count() == LedgerEntry.objects.count() == 1


def test_a_corrected_number_is_another_call_and_overwrites_nothing() -> None:
    first, second = asked("key"), asked("key", reach="13900139000")
    assert first != second
    assert set(CallBack.objects.values_list("reach", flat=True)) == {"13800138000", "13900139000"}


def test_two_people_with_the_same_words_are_two_calls() -> None:
    assert asked("one") != asked("two")
    assert asked() != asked()


def test_the_ledger_knows_nothing_of_who_asked(investigator: StaffMember) -> None:
    callbacks.done(asked(), by=investigator, outcome="spoken")
    for entry in LedgerEntry.objects.all():
        body = bytes(entry.body).decode()
        assert not [word for word in (*GIVEN.values(), "danger") if word in body]


def test_what_came_of_it_is_recorded_with_who_called(investigator: StaffMember) -> None:
    done = callbacks.done(asked(), by=investigator, outcome="spoken")
    assert (done.outcome, done.done_by) == ("spoken", investigator)
    assert not CallBack.objects.waiting().exists()
    last = history(done)[-1]
    assert last["kind"] == "callback.done"
    assert last["by"] == {"role": "investigator", "id": str(investigator.uid)}
    assert last["data"] == {"outcome": "spoken"}


def test_the_second_of_two_callers_is_told_and_changes_nothing(
    investigator: StaffMember, supervisor: StaffMember
) -> None:
    one = asked()
    callbacks.done(one, by=investigator, outcome="spoken")
    with pytest.raises(Refused, match="Nothing was changed"):
        callbacks.done(one, by=supervisor, outcome="unreached")
    assert CallBack.objects.get().outcome == "spoken"
    assert len(history(one)) == 2


@pytest.mark.parametrize("who", ["auditor", "administrator"])
def test_only_investigators_and_supervisors_call_back(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused, match="Only investigators"):
        callbacks.done(asked(), by=request.getfixturevalue(who), outcome="spoken")


def test_who_takes_it_back_is_forgotten_at_once() -> None:
    one = callbacks.withdraw(asked())
    assert (one.outcome, one.reach, one.safe_times, one.say) == ("withdrawn", "", "", "")
    assert callbacks.withdraw(one) == one
    assert len(history(one)) == 2


def test_a_call_that_was_made_cannot_be_taken_back(investigator: StaffMember) -> None:
    one = callbacks.done(asked(), by=investigator, outcome="spoken")
    assert callbacks.withdraw(one).outcome == "spoken"


def test_the_most_pressing_comes_first() -> None:
    later, late = due_in(asked(), hours=3), due_in(asked(), hours=-1)
    assert list(CallBack.objects.waiting()) == [late, later]
    assert [one.is_late for one in (late, later)] == [True, False]


def test_nothing_is_done_without_an_outcome() -> None:
    one = asked()
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.filter(pk=one.pk).update(done_at=timezone.now())


def test_after_thirty_days_all_is_erased_but_the_entries_that_name_nobody() -> None:
    old, young = asked(), asked()
    CallBack.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(days=31))
    tasks.forget_expired_drafts()
    assert list(CallBack.objects.all()) == [young]
    assert len(history(old)) == 1


# Alarms


@pytest.fixture(autouse=True)
def nothing_kept_from_before() -> None:
    cache.clear()


def test_a_call_in_good_time_rings_no_alarm() -> None:
    asked()
    assert alarms.sounding() == []


def test_a_call_due_within_the_hour_rings_and_a_late_one_too() -> None:
    due_in(asked(), minutes=59)
    due_in(asked(), minutes=-1)
    assert alarms.sounding() == ["1 call-back is late.", "1 call-back is due within the hour."]


def test_a_call_that_was_made_late_rings_no_more(investigator: StaffMember) -> None:
    callbacks.done(due_in(asked(), hours=-1), by=investigator, outcome="spoken")
    assert alarms.sounding() == []
