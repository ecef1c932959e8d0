"""The places of senders are shared by draft and by network."""

from contextlib import ExitStack

from evidence.receiving.places import PER_OWNER, Places


def taken(places: Places, stack: ExitStack, *senders: tuple[str, str]) -> list[bool]:
    return [stack.enter_context(places.take(*sender)) for sender in senders]


def test_one_draft_has_a_few() -> None:
    places = Places(48)
    with ExitStack() as stack:
        assert taken(places, stack, *[("one", "here")] * (PER_OWNER + 1)) == [True] * PER_OWNER + [False]
        assert taken(places, stack, ("another", "here")) == [True]


def test_one_network_has_half_of_them() -> None:
    places = Places(48)
    with ExitStack() as stack:
        answers = taken(places, stack, *[(f"draft {number}", "here") for number in range(48)])
        assert answers == [True] * 24 + [False] * 24
        assert taken(places, stack, ("mine", "elsewhere")) == [True]


def test_all_together_have_no_more_than_there_are() -> None:
    places = Places(48)
    with ExitStack() as stack:
        answers = taken(places, stack, *[(f"draft {number}", f"network {number}") for number in range(50)])
        assert answers == [True] * 48 + [False] * 2
    with ExitStack() as stack:
        assert taken(places, stack, ("any", "where")) == [True]
    assert not places._held
