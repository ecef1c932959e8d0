"""Ledger keys that nobody should accept."""

import base64
import hashlib

NO_KEY_NAMES = (
    "a b",
    " a",
    "a ",
    "a\n",
    "a\x00b",
    "a\x1bb",
    "a\x1fb",
    "a\x7fb",
    "a\x85b",
    "a\xa0b",
    "a\u3000b",
    "\ufeffa",
)
P = 2**255 - 19
EIGHTH = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7  # y of a point of order 8


def vkey(name: str, public: bytes, kind: int = 1) -> str:
    """A verifier key of C2SP signed-note with its right id: a ledger's, or of kind 4 a witness's."""
    data = bytes([kind]) + public
    key_id = hashlib.sha256(name.encode() + b"\n" + data).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(data).decode()}"


def points_of_small_order() -> list[bytes]:
    """The encodings of the eight points of Ed25519's curve of which eight times the point is the neutral one."""
    of_two_signs = [(y, sign) for y in (0, EIGHTH, P - EIGHTH) for sign in (0, 1)]
    return [(y | sign << 255).to_bytes(32, "little") for y, sign in [(1, 0), (P - 1, 0), *of_two_signs]]


def forgeries() -> list[tuple[bytes, bytes, bytes]]:
    """Key, message and signature: nobody knows a secret, and for some messages under each key the sum is right."""
    neutral, messages = points_of_small_order()[0], [b"%d" % number for number in range(30)]
    return [(key, message, neutral + bytes(32)) for key in points_of_small_order() for message in messages]
