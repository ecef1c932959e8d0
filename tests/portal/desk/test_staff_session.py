"""How long a session of the desk counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from complaints import tasks
from complaints.models import CodeTries, Role, StaffMember
from complaints.staff import role_log
from portal.desk import staff_session
from portal.desk.sessions import SessionStore
from tests.support import cast
from tests.support.pages import text
from tests.support.signing_in import all_the_way

DESK = "/admin/complaints/case/"


def is_in(client: Client) -> bool:
    return client.get(DESK).status_code == 200


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    class Clock:
        now = 1_800_000_000.0

        def time(self) -> float:
            return self.now

    clock = Clock()
    monkeypatch.setattr(staff_session, "time", clock)
    return clock


def test_who_idles_signs_in_anew(investigator: StaffMember, clock: Any, settings: Any) -> None:
    settings.STAFF_IDLE_MINUTES = 30
    client = cast.signed_in(investigator)
    for _ in range(4):
        clock.now += 29 * 60
        assert is_in(client)
    clock.now += 31 * 60
    assert not is_in(client)


def test_who_never_idles_signs_in_anew_after_some_hours(
    investigator: StaffMember, clock: Any, settings: Any
) -> None:
    settings.STAFF_SESSION_HOURS = 2
    client = cast.signed_in(investigator)
    for _ in range(3):
        clock.now += 39 * 60
        assert is_in(client)
    clock.now += 4 * 60
    assert not is_in(client)


def test_the_session_is_written_once_a_minute_at_most(investigator: StaffMember, clock: Any) -> None:
    client = cast.signed_in(investigator)
    before = client.session[staff_session.KEY]
    clock.now += 59
    is_in(client)
    assert client.session[staff_session.KEY] == before
    clock.now += 1
    is_in(client)
    assert client.session[staff_session.KEY][1] == clock.now


def test_one_stays_signed_in_by_asking_for_it_and_no_longer_than_the_whole_session(
    investigator: StaffMember, clock: Any, settings: Any
) -> None:
    settings.STAFF_IDLE_MINUTES, settings.STAFF_SESSION_HOURS = 60, 2
    client = cast.signed_in(investigator)
    clock.now += 55 * 60
    assert client.post("/admin/stay/").json() == {"idle": 3600, "end": 65 * 60}
    clock.now += 55 * 60
    assert client.post("/admin/stay/").json() == {"idle": 600, "end": 600}
    clock.now += 601
    assert client.post("/admin/stay/").status_code == 302
    assert not is_in(client)


@pytest.mark.parametrize("change", [{"role": Role.AUDITOR}, {"is_active": False}, {"role": ""}])
def test_another_role_or_none_ends_every_session(change: dict[str, Any], investigator: StaffMember) -> None:
    clients = [cast.signed_in(investigator), cast.signed_in(investigator)]
    StaffMember.objects.filter(pk=investigator.pk).update(**change)
    assert [is_in(client) for client in clients] == [False, False]


def test_who_was_deactivated_and_comes_back_signs_in_anew(
    investigator: StaffMember, administrator: StaffMember
) -> None:
    role_log.record_all()
    client = cast.signed_in(investigator)
    for active in (False, True):
        StaffMember.objects.filter(pk=investigator.pk).update(is_active=active)
        role_log.record_all()
    assert not is_in(client)


def test_one_signs_out_everywhere(investigator: StaffMember) -> None:
    here, elsewhere = all_the_way(investigator), cast.signed_in(StaffMember.objects.get(pk=investigator.pk))
    assert is_in(elsewhere)
    here.post("/admin/own/", {"everywhere": ""})
    assert (is_in(here), is_in(elsewhere)) == (False, False)


def test_a_changed_password_ends_the_other_sessions(investigator: StaffMember) -> None:
    here, elsewhere = cast.signed_in(investigator), cast.signed_in(investigator)
    new = "my own new password"
    sent = {"old_password": cast.PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/admin/password_change/", sent).status_code == 302
    assert (is_in(here), is_in(elsewhere)) == (True, False)


def changes(client: Client, old: str) -> int:
    new = "my own new password"
    sent = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", sent).status_code


def test_who_finds_an_open_desk_cannot_go_on_guessing_its_old_password(investigator: StaffMember) -> None:
    desk = cast.signed_in(investigator)
    assert [changes(desk, f"guess {number}") for number in range(7)] == [200] * 5 + [429] * 2
    assert changes(desk, cast.PASSWORD) == 429
    assert "That was wrong too often" in text(desk.post("/admin/password_change/", {"old_password": "x"}))
    CodeTries.objects.update(password_not_before=timezone.now())
    assert changes(desk, cast.PASSWORD) == 302


def test_another_browser_of_the_same_member_goes_on_counting(investigator: StaffMember) -> None:
    for number in range(5):
        changes(cast.signed_in(investigator), f"guess {number}")
    assert changes(cast.signed_in(investigator), cast.PASSWORD) == 429


def test_ended_sessions_are_deleted(db: None) -> None:
    for seconds in (-1, 3600):
        session = SessionStore()
        session.set_expiry(timedelta(seconds=seconds))
        session.save()
    tasks.forget_expired_drafts()
    assert Session.objects.count() == 1


def test_the_cookie_is_kept_from_scripts_and_other_sites(investigator: StaffMember) -> None:
    cookie = all_the_way(investigator).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
