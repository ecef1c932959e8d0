"""Signs with the portal's Ed25519 key: checkpoints as signed notes (C2SP), receipts and exports as JSON."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from evidence.holdfast_verify import Broken, Note, key_change, parse_note, parse_vkey

ED25519 = b"\x01"  # C2SP signed-note: signature type of plain Ed25519


@lru_cache(maxsize=2)
def _key(seed: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed, validate=True))
    except ValueError as error:
        raise ImproperlyConfigured("LEDGER_SIGNING_KEY must be 32 bytes in base64.") from error


def public_key() -> bytes:
    """The 32 bytes of the Ed25519 public key."""
    return _public_key(settings.LEDGER_SIGNING_KEY)


@lru_cache(maxsize=2)
def _public_key(seed: str) -> bytes:
    return _key(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key_hash(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def vkey(seed: str = "") -> str:
    """The verifier key, `name+hex id+base64(0x01 || public key)` (C2SP signed-note): the portal's, or that of
    another seed."""
    name, public = settings.LEDGER_ORIGIN, _public_key(seed or settings.LEDGER_SIGNING_KEY)
    return f"{name}+{_key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def sign_note(text: str) -> str:
    """A signed note: the text (which must end in a newline), an empty line, the signature line."""
    name = settings.LEDGER_ORIGIN
    signature = _key_hash(name, public_key()) + _signature(text.encode())
    return f"{text}\n— {name} {base64.b64encode(signature).decode()}\n"


def check_own_note(text: str, key: str = "") -> Note:
    """The checkpoint in a note that this portal signed, with its present key or an earlier verifier key. Raises
    Broken unless the signature is valid.

    The same as `holdfast_verify.check_note`, but with a fast library.
    """
    note, expected = parse_note(text), parse_vkey(key or vkey())
    for name, key_id, mark in note.signatures:
        if (name, key_id) == (expected.name, expected.id):
            try:
                Ed25519PublicKey.from_public_bytes(expected.public).verify(mark, note.body.encode())
            except InvalidSignature as error:
                raise Broken("the checkpoint's signature is wrong") from error
            return note
    raise Broken("the checkpoint is not signed with this portal's key")


def sign(document: dict[str, Any]) -> bytes:
    """The document with a signature, as canonical JSON. The signature is over its `format`, a newline and the
    canonical JSON without the signature."""
    message = document["format"].encode() + b"\n" + rfc8785.dumps(document)
    signature = {"key": vkey(), "ed25519": base64.b64encode(_signature(message)).decode()}
    return rfc8785.dumps({**document, "signature": signature})


def sign_key_change(data: dict[str, Any], size: int) -> str:
    """The signature, in base64, of the present key under the new one's name: see `holdfast_verify.key_change`."""
    return base64.b64encode(_signature(key_change(data["from"], data["to"], size))).decode()


def _signature(message: bytes) -> bytes:
    return _key(settings.LEDGER_SIGNING_KEY).sign(message)
