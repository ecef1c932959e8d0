"""The portal's key, against the standard's own example and an independent check."""

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.exceptions import ImproperlyConfigured

from evidence import checks
from evidence.holdfast_verify import Broken, check_note, check_signed
from evidence.ledger import signing


def test_the_verifier_key_has_the_form_of_the_signed_note_standard() -> None:
    name, key_id, key = signing.vkey().split("+", 2)
    assert name == "holdfast.demo/ledger"
    assert len(key_id) == 8
    assert base64.b64decode(key)[0] == 1
    assert base64.b64decode(key)[1:] == signing.public_key()


def test_a_note_is_signed_over_its_text_alone() -> None:
    note = signing.sign_note(f"holdfast.demo/ledger\n0\n{base64.b64encode(bytes(32)).decode()}\n")
    text, _, line = note.partition("\n\n")
    signature = base64.b64decode(line.split(" ")[2])
    Ed25519PublicKey.from_public_bytes(signing.public_key()).verify(signature[4:], text.encode() + b"\n")
    assert check_note(note, signing.vkey())


def test_the_portals_own_check_of_a_note_agrees_with_the_verifiers() -> None:
    note = signing.sign_note(f"holdfast.demo/ledger\n7\n{base64.b64encode(bytes(32)).decode()}\n")
    assert signing.check_own_note(note) == check_note(note, signing.vkey())
    for forged in (note.replace("\n7\n", "\n8\n"), note.replace("— holdfast.demo", "— stranger.demo")):
        for check in (signing.check_own_note, lambda text: check_note(text, signing.vkey())):
            with pytest.raises(Broken):
                check(forged)


def test_a_changed_document_does_not_check() -> None:
    signed = json.loads(signing.sign({"format": "holdfast-test/1", "n": 1}))
    check_signed(signed, signing.vkey())
    for change in ({"n": 2}, {"format": "holdfast-other/1"}, {"more": None}):
        with pytest.raises(Broken):
            check_signed({**signed, **change}, signing.vkey())


def test_a_key_that_is_no_key_stops_with_a_sentence() -> None:
    with pytest.raises(ImproperlyConfigured, match="32 bytes in base64"):
        signing._key("bm90IDMyIGJ5dGVz")


def test_check_names_a_key_that_no_verifier_would_accept(settings: Any) -> None:
    assert checks.the_ledgers_key_can_be_used() == []
    settings.LEDGER_ORIGIN = "example.org/our ledger"
    assert [error.id for error in checks.the_ledgers_key_can_be_used()] == ["evidence.E003"]
