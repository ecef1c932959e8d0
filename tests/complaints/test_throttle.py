"""Too many attempts are asked to wait: by address, and overall; and one kind does not use up another's."""

import pytest
from django.test import RequestFactory

from complaints import throttle
from complaints.throttle import RateLimit
from evidence.models import Counter

pytestmark = pytest.mark.django_db

FEW = RateLimit("few", window=600, by_network=2, overall=4)


def attempts(address: str, limit: RateLimit, times: int) -> list[bool]:
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    return [bool(throttle.too_many(request, limit)) for _attempt in range(times)]


def test_the_third_from_one_address_waits() -> None:
    assert attempts("192.0.2.1", FEW, 4) == [False, False, True, True]


def test_many_addresses_together_wait_too() -> None:
    answers = [attempts(f"192.0.2.{number}", FEW, 1)[0] for number in range(6)]
    assert answers == [False] * 4 + [True] * 2


def test_what_is_refused_to_one_network_uses_up_nothing_of_the_others() -> None:
    attempts("192.0.2.1", FEW, 300)
    assert attempts("192.0.2.2", FEW, 2) == [False, False]


def test_a_whole_network_of_addresses_counts_as_one_sender() -> None:
    answers = [attempts(f"2001:db8:0:1::{number:x}", FEW, 1)[0] for number in range(1, 5)]
    assert answers == [False, False, True, True]


def test_without_an_overall_limit_many_networks_pass() -> None:
    open_to_all = RateLimit("open", window=600, by_network=2, overall=None)
    assert not any(attempts(f"192.0.2.{number}", open_to_all, 1)[0] for number in range(50))


def test_one_kind_does_not_use_up_another() -> None:
    attempts("192.0.2.1", FEW, 3)
    assert attempts("192.0.2.1", RateLimit("other", 600, 2, 4), 1) == [False]


def test_the_sentence_says_how_long() -> None:
    request = RequestFactory().get("/")
    for _attempt in range(throttle.WRONG_CODES.by_network):
        assert throttle.wrong_code(request) == ""
    assert "ten minutes" in throttle.wrong_code(request)


def test_of_the_sender_only_a_keyed_digest_is_stored() -> None:
    attempts("192.0.2.1", FEW, 1)
    assert not any("192.0.2" in name for name in Counter.objects.values_list("name", flat=True))


def test_an_old_address_written_as_a_new_one_counts_by_itself() -> None:
    attempts("::ffff:192.0.2.1", FEW, 3)
    assert attempts("::ffff:192.0.2.2", FEW, 1) == [False]
    assert attempts("192.0.2.1", FEW, 1) == [True]
