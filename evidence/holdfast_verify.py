"""Verify a Holdfast receipt or case bundle without trusting the portal that made it.

    python holdfast_verify.py PATH [--against RECEIPT_OR_CHECKPOINT]... [--roots DIR] [--json]

PATH is a bundle (.zip or unpacked folder) or a receipt.json. `--roots` is a folder with what you got from
somewhere other than the bundle: *.vkey (the ledger's public key), *.pem (the timestamp authorities' roots).
`--against` is a receipt or checkpoint that somebody kept earlier.

Exit status: 0 verified, 1 broken (the first broken link is named), 2 self-consistent only: everything fits
together, but nothing from outside the file says that it is not all made up.

One file, Python 3.9 or later, its standard library and nothing else, so that it can be read before it is
believed. Signatures are verified here in plain Python (public data only); hashing is hashlib's. In this order:
JSON, Merkle tree, Ed25519, notes and signed documents, RSA and ECDSA, DER, X.509, RFC 3161, packages, checks.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, NamedTuple


class Broken(ValueError):
    """A check that did not hold; the message is a sentence for the reader."""


def hold(condition: object, sentence: str) -> None:
    """Go on if the condition holds, else say what is broken."""
    if not condition:
        raise Broken(sentence)


# ------------------------------------------------------------------------------------------- JSON (RFC 8259, 8785)


def canonical(value: Any) -> bytes:
    """RFC 8785 canonical JSON of strings, integers, booleans, null, lists and objects (we never use fractions)."""
    try:
        return _canonical(value).encode()
    except (UnicodeEncodeError, RecursionError):
        raise Broken("a JSON document holds broken characters or is nested too deeply") from None


def _canonical(value: Any) -> str:
    if isinstance(value, dict):
        hold(all(isinstance(key, str) for key in value), "a JSON key is not text")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return (
            "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{_canonical(value[key])}" for key in keys) + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    hold(value is None or isinstance(value, (str, int)), "a JSON value is neither text nor a whole number")
    hold(not isinstance(value, int) or abs(value) < 2**53, "a JSON number is too large")
    return json.dumps(value, ensure_ascii=False)


def load_json(data: bytes, what: str) -> dict[str, Any]:
    """The one JSON object in `data`. Keys given twice, fractions, huge numbers and deep nesting are refused."""

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        document = dict(found)
        hold(len(document) == len(found), f"{what} names a key twice")
        return document

    def whole(text: str) -> int:
        hold(len(text) <= 17, f"{what} holds a number that is too large")
        return int(text)

    def refuse(_: str) -> Any:
        raise Broken(f"{what} holds a fraction")

    try:
        document = json.loads(
            data.decode(), object_pairs_hook=pairs, parse_int=whole, parse_float=refuse, parse_constant=refuse
        )
    except Broken:
        raise
    except (ValueError, RecursionError):
        raise Broken(f"{what} is not readable JSON") from None
    hold(isinstance(document, dict), f"{what} is not a JSON object")
    return dict(document)


def field(document: Any, name: str, kind: type, what: str) -> Any:
    """A field of the expected type (bool is no int here)."""
    value = document.get(name) if isinstance(document, dict) else None
    hold(type(value) is kind, f"{what} has no proper “{name}”")
    return value


# ------------------------------------------------------------------------------------- Merkle tree (RFC 9162, 2.1)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2); Broken when its length is wrong."""
    hold(0 <= index < size, "an entry's place lies outside the ledger")
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        hold(last, "an inclusion proof is too long")
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    hold(last == 0, "an inclusion proof is too short")
    return root


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether the tree of size `new` begins with the whole tree of size `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and old_root == (sha256(b"") if old == 0 else new_root)
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(node, old_found), node_hash(node, new_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, node)
        place, last = place >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


# ---------------------------------------------------------------------------------------------- Ed25519 (RFC 8032)

P25519 = 2**255 - 19
ORDER25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, -1, P25519) % P25519
ROOT_OF_MINUS_ONE = pow(2, (P25519 - 1) // 4, P25519)
Point = tuple  # extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z


def _edwards_add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0])
    f = (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * D25519, 2 * a[2] * b[2]
    x, y, z, t = f - e, d - c, d + c, f + e
    return (x * y % P25519, z * t % P25519, y * z % P25519, x * t % P25519)


def _edwards_times(scalar: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = _edwards_add(total, point)
        point = _edwards_add(point, point)
        scalar >>= 1
    return total


def _edwards_point(data: bytes) -> Point | None:
    """The point of a 32-byte encoding, None where there is none (RFC 8032, 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P25519:
        return None
    square = (y * y - 1) * pow(D25519 * y * y + 1, -1, P25519) % P25519
    x = pow(square, (P25519 + 3) // 8, P25519)
    if (x * x - square) % P25519:
        x = x * ROOT_OF_MINUS_ONE % P25519
    if (x * x - square) % P25519 or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P25519 - x
    return (x, y, 1, x * y % P25519)


def _edwards_bytes(point: Point) -> bytes:
    inverse = pow(point[2], -1, P25519)
    x, y = point[0] * inverse % P25519, point[1] * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE25519 = _edwards_point((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))


def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is good. Strict: S below the order, R and key in their one encoding, no cofactor."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = _edwards_point(public), int.from_bytes(signature[32:], "little")
    if key is None or BASE25519 is None or s >= ORDER25519:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER25519
    minus_key = (P25519 - key[0], key[1], 1, P25519 - key[3])
    found = _edwards_add(_edwards_times(s, BASE25519), _edwards_times(k, minus_key))
    return _edwards_bytes(found) == signature[:32]


# -------------------------------------------------- signed notes (C2SP signed-note, tlog-checkpoint) and documents


class Key(NamedTuple):
    """A verifier key `name+hexid+base64(0x01 || public key)`."""

    name: str
    id: bytes
    public: bytes


class Note(NamedTuple):
    """A checkpoint: `body` is what was signed, `signatures` are (name, key id, signature)."""

    body: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes, bytes]]


def unbase64(text: str, what: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Broken(f"{what} is not base64") from None


def parse_vkey(vkey: str) -> Key:
    """The parts of a verifier key whose id is the right one for its name and key."""
    parts = vkey.strip().split("+", 2)
    hold(len(parts) == 3 and parts[0] and not any(c.isspace() for c in parts[0]), "a ledger key is malformed")
    data = unbase64(parts[2], "a ledger key")
    hold(len(data) == 33 and data[0] == 1, "a ledger key is not an Ed25519 key")
    key_id = sha256(f"{parts[0]}\n".encode() + data)[:4]
    hold(parts[1] == key_id.hex(), "a ledger key does not fit its own id")
    return Key(parts[0], key_id, data[1:])


def parse_note(text: str) -> Note:
    """A signed checkpoint note taken apart; its signatures are not verified yet."""
    hold(len(text) <= 1_000_000 and text.endswith("\n") and "\r" not in text, "the checkpoint is no signed note")
    body, blank, tail = text.rpartition("\n\n")
    lines, marks = body.split("\n"), tail[:-1].split("\n")
    hold(blank and len(lines) >= 3 and len(marks) <= 100, "the checkpoint is no signed note")
    origin, size = lines[0], lines[1]
    hold(
        origin and size.isascii() and size.isdigit() and str(int(size[:19])) == size, "the checkpoint has no size"
    )
    root = unbase64(lines[2], "the checkpoint's root")
    hold(len(root) == 32, "the checkpoint's root is not a SHA-256")
    return Note(body + "\n", origin, int(size), root, [_signature_line(line) for line in marks])


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    hold(len(parts) == 3 and parts[0] == "—" and parts[1], "the checkpoint has a malformed signature line")
    data = unbase64(parts[2], "a signature of the checkpoint")
    hold(len(data) > 4, "a signature of the checkpoint is too short")
    return parts[1], data[:4], data[4:]


def check_note(text: str, vkey: str) -> Note:
    """The checkpoint, if `vkey` signed it. Signatures by other keys (witnesses) are left aside."""
    note, key = parse_note(text), parse_vkey(vkey)
    hold(note.origin == key.name, f"the checkpoint is of another ledger ({note.origin})")
    mine = [mark for name, key_id, mark in note.signatures if (name, key_id) == (key.name, key.id)]
    hold(mine, "the checkpoint is not signed with the ledger's key")
    good = all(ed25519_verifies(key.public, note.body.encode(), mark) for mark in mine)
    hold(good, "the checkpoint's signature is wrong")
    return note


def check_signed(document: dict[str, Any], vkey: str) -> None:
    """Broken unless `vkey` signed this document: Ed25519 over format, newline, canonical rest."""
    what = str(document.get("format"))[:40]
    signature = field(document, "signature", dict, what)
    hold(signature.get("key") == vkey, f"{what} is signed with another key")
    mark = unbase64(field(signature, "ed25519", str, what), f"the signature of {what}")
    rest = {name: value for name, value in document.items() if name != "signature"}
    message = field(document, "format", str, what).encode() + b"\n" + canonical(rest)
    hold(ed25519_verifies(parse_vkey(vkey).public, message, mark), f"the signature of {what} is wrong")
