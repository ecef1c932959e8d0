"""Whoever guesses passwords waits, longer each time; nobody is locked out by somebody who sits elsewhere."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.test import Client, RequestFactory
from django.utils import timezone

from complaints import throttle
from complaints.models import StaffMember
from portal.middleware import the_senders_address
from tests.support import cast
from tests.support.signing_in import GO_ON, LOGIN, all_the_way, with_the_password

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"


def guess(name: str = "investigator", address: str = HERE, password: str = "guessed", **headers: Any) -> Any:
    return Client(REMOTE_ADDR=address, **headers).post(LOGIN, {"username": name, "password": password})


def time_passes(minutes: int) -> None:
    """Since the last miss."""
    for attempt in AccessAttempt.objects.all():
        AccessAttempt.objects.filter(pk=attempt.pk).update(
            attempt_time=attempt.attempt_time - timedelta(minutes=minutes)
        )


def test_the_fifth_miss_makes_wait_and_even_the_right_password_waits(investigator: StaffMember) -> None:
    assert [guess().status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = guess(password=cast.PASSWORD)
    assert answer.status_code == 429
    assert "Please wait" in answer.content.decode()
    assert 'name="username"' in answer.content.decode()
    time_passes(minutes=2)
    assert guess(password=cast.PASSWORD)["Location"] == GO_ON


def test_it_says_so_in_chinese_too(investigator: StaffMember) -> None:
    for _ in range(5):
        answer = guess(headers={"accept-language": "zh-CN"})
    assert "错误次数太多" in answer.content.decode()


def test_each_further_miss_doubles_the_wait_up_to_an_hour() -> None:
    minutes = [throttle.wait_after(misses).total_seconds() / 60 for misses in (0, 4, 5, 6, 7, 10, 11, 400, 10**9)]
    assert minutes == [0, 0, 1, 2, 4, 32, 60, 60, 60]


def test_a_miss_after_the_wait_makes_wait_longer(investigator: StaffMember) -> None:
    for _ in range(5):
        guess()
    time_passes(minutes=2)
    assert guess().status_code == 429
    time_passes(minutes=1)
    assert guess(password=cast.PASSWORD).status_code == 429
    time_passes(minutes=1)
    assert guess(password=cast.PASSWORD)["Location"] == GO_ON


def test_what_is_tried_during_the_wait_does_not_lengthen_it(investigator: StaffMember) -> None:
    for _ in range(20):
        guess()
    assert AccessAttempt.objects.get().failures_since_start == 5


def test_an_outsider_keeps_nobody_out(investigator: StaffMember) -> None:
    for number in range(40):
        guess(address=f"203.0.113.{number % 4}", headers={"user-agent": str(number)})
    assert guess(address=ELSEWHERE, password=cast.PASSWORD)["Location"] == GO_ON


def test_a_colleague_at_the_same_address_is_kept_out_by_nobody(
    investigator: StaffMember, supervisor: StaffMember
) -> None:
    for name in ("investigator", "nobody", "admin", "' OR 1=1 --", "\0", "名" * 150):
        for _ in range(6):
            guess(name)
    assert guess("supervisor", password=cast.PASSWORD)["Location"] == GO_ON


def test_another_browser_is_the_same_guesser(investigator: StaffMember) -> None:
    for number in range(5):
        answer = guess(headers={"user-agent": str(number)})
    assert answer.status_code == 429


def test_addresses_of_one_ipv6_network_are_one_guesser(investigator: StaffMember) -> None:
    for number in range(5):
        guess(address=f"2001:db8:1:2::{number}")
    assert guess(address="2001:db8:1:2:ffff::9", password=cast.PASSWORD).status_code == 429
    assert guess(address="2001:db8:1:3::1", password=cast.PASSWORD)["Location"] == GO_ON


def test_only_both_factors_clear_what_was_missed(investigator: StaffMember) -> None:
    for _ in range(4):
        guess(address="127.0.0.1")
    with_the_password(investigator)
    assert AccessAttempt.objects.get().failures_since_start == 4
    all_the_way(investigator)
    assert not AccessAttempt.objects.exists()


def test_misses_are_forgotten_after_a_day(investigator: StaffMember) -> None:
    for _ in range(4):
        guess()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(hours=25))
    assert guess().status_code == 200
    assert AccessAttempt.objects.get().failures_since_start == 1


def test_neither_the_log_nor_the_database_has_names_or_passwords(
    investigator: StaffMember, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(6):
        guess(password="my-secret-guess")
    kept = repr(list(AccessAttempt.objects.values()))
    for private in ("investigator", "my-secret-guess"):
        assert private not in caplog.text
        assert private not in kept
    assert HERE not in caplog.text
    assert "has to wait" in caplog.text


@pytest.mark.parametrize("address", ["", "unix:", "not an address"])
def test_a_request_without_an_address_belongs_to_no_network(address: str) -> None:
    assert throttle.network(RequestFactory().get("/", REMOTE_ADDR=address)) is None


@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("", "10.0.0.1"),
        (ELSEWHERE, ELSEWHERE),
        (f"1.2.3.4, {ELSEWHERE}", ELSEWHERE),
        ("1.2.3.4,2001:db8::1", "2001:db8::1"),
    ],
)
def test_behind_the_proxy_the_address_is_the_one_the_proxy_saw(forwarded: str, seen: str) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": forwarded})
    the_senders_address(lambda _request: None)(request)  # type: ignore[arg-type, return-value]
    assert request.META["REMOTE_ADDR"] == seen


def test_behind_the_proxy_a_guesser_waits_and_others_come_in(investigator: StaffMember, settings: Any) -> None:
    settings.MIDDLEWARE = ["portal.middleware.the_senders_address", *settings.MIDDLEWARE]
    answers = [guess(headers={"x-forwarded-for": f"1.2.3.{number}, {ELSEWHERE}"}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    assert guess(headers={"x-forwarded-for": HERE}, password=cast.PASSWORD)["Location"] == GO_ON


def test_without_a_proxy_the_header_is_the_senders_claim(investigator: StaffMember) -> None:
    for number in range(5):
        answer = guess(headers={"x-forwarded-for": f"1.2.3.{number}"})
    assert answer.status_code == 429
