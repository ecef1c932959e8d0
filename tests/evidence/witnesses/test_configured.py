"""Which entries of WITNESSES are witnesses, and what `manage.py check` says of the others."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as portal

from evidence import checks
from evidence.ledger import signing
from evidence.witnesses import configured
from tests.support.keys import vkey
from tests.support.witness_server import Witness

URL = "https://w.example/log/"


def checked(settings: Any, *vkeys: str) -> list[str]:
    """What `check` says of witnesses with these keys."""
    settings.WITNESSES = [{"vkey": one, "url": URL} for one in vkeys]
    return [str(error.msg) for error in checks.the_witnesses_can_be_asked()]


def test_witnesses_with_keys_of_their_own_are_taken(settings: Any) -> None:
    keys = [Witness(name).vkey for name in ("w.example", "见证.example/甲", "oid/1.2.3")]
    assert checked(settings, *keys) == []
    assert [one.vkey for one in configured.configured()] == keys
    assert {one.url for one in configured.configured()} == {"https://w.example/log"}


def test_none_has_to_be_named(settings: Any) -> None:
    assert checked(settings) == []
    assert configured.listed() == []


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "w.example", "w.example+00000000", "w.example+00000000+AAAA", "w.example+zzzzzzzz+BAAA"),
        Witness().vkey[:-4] + "AAA=",  # another key
        Witness().vkey.replace("witness", "other"),
        Witness("with space").vkey,
        Witness(kind=b"\x01").vkey,  # the type of a log's key
        Witness(kind=b"\x06").vkey,
        vkey("w.example", bytes(32), 4),  # of small order
    ],
    ids=range(11),  # since some keys are new in each process
)
def test_a_key_that_is_no_witnesss_is_refused(settings: Any, wrong: str) -> None:
    (says,) = checked(settings, wrong)
    assert says.startswith(f"WITNESSES has the key {wrong!r}: a witness's key ")
    assert configured.configured() == []


def test_a_key_for_which_the_database_has_no_room_is_refused(settings: Any) -> None:
    (says,) = checked(settings, Witness("w" * 250).vkey)
    assert says.endswith("it is too long.")
    assert checked(settings, Witness("w" * 240).vkey) == []


def test_a_key_counts_once_whatever_its_name(settings: Any) -> None:
    first, again = Witness("w.example/a"), Witness("w.example/b")
    again.key = first.key
    (says,) = checked(settings, first.vkey, again.vkey)
    assert says == "WITNESSES names the key of w.example/b twice: it would count as two witnesses."
    assert [one.name for one in configured.configured()] == ["w.example/a"]


def test_the_ledgers_own_key_is_no_witness(settings: Any) -> None:
    own = Ed25519PrivateKey.from_private_bytes(signing._key(portal.LEDGER_SIGNING_KEY).private_bytes_raw())
    (says,) = checked(settings, Witness("w.example", key=own).vkey)
    assert says == "WITNESSES names the ledger's own key as that of w.example: it proves nothing."
    assert configured.configured() == []


def test_more_witnesses_than_a_note_can_hold_are_refused(settings: Any) -> None:
    keys = [Witness(f"w.example/{number}").vkey for number in range(16)]
    assert checked(settings, *keys) == ["WITNESSES names more than 15 witnesses."]
    assert len(configured.configured()) == 15
