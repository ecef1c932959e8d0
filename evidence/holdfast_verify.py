"""Verify a Holdfast receipt or case bundle without trusting the portal that made it.

    python holdfast_verify.py PATH [--against KEPT]... [--roots DIR] [--witness KEY]... [--quorum N] [--json]
        [--lang en|zh]

PATH is a bundle (.zip or unpacked folder) or a receipt.json. `--roots` is a folder with files that you did not get
from the bundle: *.vkey (the ledger's public key, one a line), *.pem or *.cer (root certificates of the timestamp
authorities). `--against` is a receipt, a checkpoint or another bundle that somebody kept, older or newer.
`--witness` is the key of a witness, or a file of such keys, that you got from the witness: `--quorum` of them, or
all, must have seen the ledger as it is here. Times are in UTC.

Exit status: 0 verified; 1 broken (the first failed check is named); 2 self-consistent only: all checks passed, but
nothing from outside the bundle was given, and somebody may have made up all of it; 3 not checked: a file could not
be read, or is of another kind; 4 verified, but not complete: originals are left out. Where several would fit, the
first of 1, 3, 2, 4.

This file needs Python 3.9 or later and its standard library only, so that everybody can read what it does before
trusting it. It verifies signatures in plain Python, which is safe because all data are public. Its sections: JSON,
Merkle tree, documents in their parts, Ed25519, notes and signed documents, DER, RSA and ECDSA, X.509, RFC 3161,
packages, the ledger, receipts, data from outside, bundles, command line.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import bisect
import contextlib
import functools
import hashlib
import io
import itertools
import json
import os
import re
import struct
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

UTC = timezone.utc  # noqa: UP017 (datetime.UTC came with Python 3.11)


class Broken(ValueError):
    """A check failed. The message is a sentence for the reader."""


class Unread(Exception):
    """A file could not be read, or is of another kind. That says nothing about its content. The message is a
    sentence for the reader, which says what to do."""


class NotJson(Broken):
    """Bytes that are not JSON."""


class Fraction(Broken):
    """JSON with a fraction. The portal writes none, but programs that save JSON anew make 1.0 of 1."""


def ensure(condition: object, sentence: str) -> None:
    """Raise Broken with the sentence unless the condition is true."""
    if not condition:
        raise Broken(sentence)


# ------------------------------------------------------------------------------------------- JSON (RFC 8259, 8785)

DEEPEST = 200  # levels of nested values; the same as in verify.html
MAX_NESTED = 1_000_000  # objects and lists of one document: in memory each is a hundred times as large
NO_SIGNS = bytes(set(range(256)) - set(b'"[]{},'))


def canonical(value: Any) -> bytes:
    """RFC 8785 canonical JSON. Raises Broken for fractions, which Holdfast's documents never contain."""
    try:
        return _canonical(value).encode()
    except (UnicodeEncodeError, RecursionError):
        raise Broken("a JSON document holds broken characters or is nested too deeply") from None


def _canonical(value: Any) -> str:
    if isinstance(value, dict):
        ensure(all(isinstance(key, str) for key in value), "a JSON key is not text")
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{_canonical(key)}:{_canonical(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_canonical, value)) + "]"
    ensure(value is None or isinstance(value, (str, int)), "a JSON value is neither text nor a whole number")
    ensure(not isinstance(value, int) or abs(value) < 2**53, "a JSON number is too large")
    return json.dumps(value, ensure_ascii=False)


def load_json(data: bytes, what: str) -> dict[str, Any]:
    """The JSON object in `data`. Raises Broken for duplicate keys, fractions, huge numbers and deep nesting.

    `what` names the data in the sentence of Broken, here and in all functions below.
    """

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        ensure(
            len(dict(found)) == len(found),
            f"this is damaged, or was not made by the portal ({what} names a key twice)",
        )
        return dict(found)

    def whole(text: str) -> int:
        ensure(len(text) <= 17 and abs(int(text)) < 2**53, f"{what} holds a number that is too large")
        return int(text)

    def refuse(_: str) -> NoReturn:
        raise Fraction(f"{what} holds a fraction")

    def unknown(_: str) -> NoReturn:  # NaN and Infinity
        raise NotJson(f"{what} is not readable JSON")

    _check_outline(data, what)
    readers: dict[str, Any] = {"parse_int": whole, "parse_float": refuse, "parse_constant": unknown}
    try:
        document = json.loads(data.decode(), object_pairs_hook=pairs, **readers)
    except Broken:
        raise
    except (ValueError, RecursionError):
        raise NotJson(f"{what} is not readable JSON") from None
    ensure(isinstance(document, dict), f"{what} is not a JSON object")
    return dict(document)


def _check_outline(data: bytes, what: str) -> None:
    """Refuse JSON with too many parts or levels before it is read. The page counts them in the same way."""
    opened, closed = (sum(map(data.count, signs)) for signs in ((b"{", b"["), (b"}", b"]")))
    if opened < DEEPEST and closed <= MAX_NESTED and data.count(b",") <= 4 * MAX_NESTED:
        return
    brackets = commas = level = deepest = 0
    for signs in outline(data):
        found = signs.replace(b",", b"")
        brackets, commas = brackets + len(found), commas + len(signs) - len(found)
        few = brackets <= 2 * MAX_NESTED and commas <= 4 * MAX_NESTED
        ensure(few, f"{what} has too many parts to be genuine")
        levels = [*_levels(found, level)]
        level, deepest = levels[-1], max(deepest, *levels)
    if deepest >= DEEPEST:
        raise NotJson(f"{what} is not readable JSON")


def outline(data: bytes) -> Iterator[bytes]:
    """The brackets and commas of JSON, without those in its texts, in pieces."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"").translate(None, NO_SIGNS)
    in_text = 0
    for at in range(0, len(plain), BLOCK):
        pieces = plain[at : at + BLOCK].split(b'"')
        yield b"".join(pieces[in_text::2])
        in_text ^= (len(pieces) - 1) & 1


def _levels(brackets: bytes, before: int = 0) -> Iterator[int]:
    """How many brackets are open, before and after each."""
    return itertools.accumulate((1 if one in b"[{" else -1 for one in brackets), initial=before)


def has_end(data: bytes) -> bool:
    """Whether as many brackets are closed as were opened, at some place of the JSON."""
    return 0 in itertools.islice(_levels(b"".join(outline(data)).replace(b",", b"")), 1, None)


def alike(a: Any, b: Any) -> bool:
    """Whether two values are the same JSON. `==` is not enough, because in Python True equals 1."""
    return bool(a == b) and canonical(a) == canonical(b)


def field(document: Any, name: str, kind: type, what: str) -> Any:
    """A field of the object, which must have exactly this type (a bool is not an int)."""
    value = document.get(name) if isinstance(document, dict) else None
    ensure(type(value) is kind, f"{what} has no proper “{name}”")
    return value


def check_fields(document: Any, needed: set[str], what: str, may: Iterable[str] = ()) -> None:
    """Check that an object has all of these fields and no others, so that nothing can be added to a paper.

    It may have those of `may`.
    """
    there = set(document) if isinstance(document, dict) else set()
    ensure(needed <= there <= needed.union(may), f"{what} has other fields than it should have")


@functools.lru_cache(maxsize=100_000)  # of some entries it is asked again and again
def moment(text: str, what: str) -> datetime:
    """The time in an entry, e.g. 2026-11-23T04:02:00.123456Z."""
    ensure(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", text, re.ASCII), f"{what} has a malformed time")
    ensure("1970" <= text[:4] < "2200", f"{what} has an impossible time")
    try:
        return datetime.strptime(text[:-1] + "+0000", "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        raise Broken(f"{what} has an impossible time") from None


def units(text: str) -> int:
    """How long the text is in UTF-16 units, in which the page counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def unhex(text: Any, what: str) -> bytes:
    good = isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text, re.ASCII)
    ensure(good, f"{what} is not a SHA-256 in hex")
    return bytes.fromhex(text)


def unhex_all(texts: Any, what: str) -> list[bytes]:
    ensure(isinstance(texts, list) and len(texts) <= 200, f"{what} is not a list of hashes")
    return [unhex(text, what) for text in texts]


def unbase64(text: str, what: str) -> bytes:
    """The bytes that the text encodes. Only one text encodes them: spare bits must be zero (RFC 4648, 3.5)."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, binascii.Error):
        raise Broken(f"{what} is not base64") from None
    ensure(base64.b64encode(found).decode() == text, f"{what} is not base64")
    return found


VERSIONS = {"receipt": 1, "export": 1, "masked": 2, "case": 1}  # the newest that is known here


def check_version(document: dict[str, Any], kind: str, what: str) -> int:
    """The number in the document's `format`, such as 1 of "holdfast-receipt/1".

    Raises Unread if it is larger than those known here, and Broken if it is none. A portal that begins to write
    what the verifiers of today call broken must count it up.
    """
    found = re.fullmatch(f"holdfast-{kind}/([1-9][0-9]{{0,5}})", str(document.get("format")), re.ASCII)
    version = int(found[1]) if found else 0
    refuse_newer(version, VERSIONS[kind], what)
    ensure(version, f"{what} is of a version not known here")
    return version


def refuse_newer(version: object, newest: int, what: str) -> None:
    """Raise Unread if the version is a number larger than the newest that is known here."""
    if type(version) is int and version > newest:
        raise Unread(
            f"{what} was made by a newer version of the portal than is known here: use that version's own "
            "verifier, from the portal or from somebody you trust"
        )


# ------------------------------------------------------------------------------------- Merkle tree (RFC 9162, 2.1)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\0" + entry)


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right)


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2). The caller must compare it.

    Raises Broken if the proof has the wrong length.
    """
    ensure(0 <= index < size, "an entry's place lies outside the ledger")
    place, last, root = index, size - 1, leaf
    for sibling in proof:
        ensure(last, "this is damaged, or was not made by the portal (an inclusion proof is too long)")
        if place & 1 or place == last:
            root = node_hash(sibling, root)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        place, last = place >> 1, last >> 1
    ensure(last == 0, "this is damaged, or was not made by the portal (an inclusion proof is too short)")
    return root


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: list[bytes]) -> bool:
    """Whether the proof shows that the tree of size `new` extends the tree of size `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old in (0, new):
        return not proof and (old < new or old_root == new_root) and (old > 0 or old_root == sha256(b""))
    return roots_from_consistency(old, new, proof, old_root) == (old_root, new_root)


def leads_to(root: bytes, old: int, new: int, proof: list[bytes]) -> bool:
    """Whether this can be a consistency proof of the tree of size `new` with this root, as far as can be seen
    without the root of the tree of size `old`."""
    if not 0 < old < new:
        return old == new and not proof
    found = roots_from_consistency(old, new, proof, b"")
    return bool(found) and (not old & (old - 1) or found[1:] == (root,))


def roots_from_consistency(old: int, new: int, proof: list[bytes], old_root: bytes) -> tuple[bytes, ...]:
    """The roots of both trees that a consistency proof leads to; () if it is too short or too long. A proof from a
    size that is a power of two begins with `old_root`, and does not show it."""
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    if not path:
        return ()
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for node in path[1:]:
        if last == 0:
            return ()
        if place & 1 or place == last:
            old_found, new_found = node_hash(node, old_found), node_hash(node, new_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, node)
        place, last = place >> 1, last >> 1
    return (old_found, new_found) if last == 0 else ()


# ----------------------------------------------------------------------------------------- a document in its parts

# Tokens of canonical JSON: an escape, a Latin word, any other character. Each is visible or hidden as a whole.
TOKENS = re.compile(r"\\u[0-9a-f]{4}|\\.|[A-Za-z]+|.", re.DOTALL)
MAX_LETTERS = 3_000_000  # of one document, in UTF-16 units: more than the longest that a portal accepts
MAX_WORDS = 5_000_000  # tokens of all documents of a bundle: hashing them takes about a minute
AT_ONCE = 4096  # leaves whose seeds are in memory at the same time
MASKS = ("[号码已遮盖 number masked]", "[邮箱已遮盖 e-mail masked]", "[姓名已遮盖 name masked]")
NOT_GENUINE = "a document is too long to be genuine"


def parts_root(document: dict[str, Any]) -> str:
    """The root over a document's parts, in hex. The ledger has it, so that parts can be shown and proved alone.

    It is a Merkle tree of RFC 9162's shape over the tokens of the canonical JSON without the salt. Each token is
    hashed with its own seed, and all seeds are derived from the salt along the tree. Somebody who gets the seed of
    a subtree can check its tokens; somebody who gets only its hash cannot guess a single digit (a redactable
    commitment: Johnson, Molnar, Song and Wagner 2002).
    """
    text, seed = text_and_seed(document)
    tokens = tokens_of(text)
    return root_with_counts(tokens, subtree(seed, tokens))


def text_and_seed(document: dict[str, Any]) -> tuple[str, bytes]:
    """A document's canonical JSON without its salt, and the seed of the whole tree."""
    salt = field(document, "salt", str, "a document")
    ensure(re.fullmatch("[0-9a-f]+", salt, re.ASCII), "a document has no proper “salt”")
    unsalted = {name: value for name, value in document.items() if name != "salt"}
    return canonical(unsalted).decode(), sha256(b"holdfast-parts/1" + salt.encode())


def tokens_of(text: str) -> list[str]:
    ensure(units(text) <= MAX_LETTERS, NOT_GENUINE)
    return TOKENS.findall(text)


def words_in(document: dict[str, Any]) -> int:
    """How many tokens the document has, without those of its salt."""
    return len(tokens_of(text_and_seed(document)[0]))


def root_with_counts(tokens: Sequence[str], top: bytes) -> str:
    """The root (hex) over the tree's top hash, the number of tokens and the number of quotes.

    Because the quotes are counted, none can be hidden, and so each gap lies within one string.
    """
    return sha256(b"\4" + struct.pack(">QQ", len(tokens), tokens.count('"')) + top).hex()


def subtree(seed: bytes, tokens: Sequence[str]) -> bytes:
    """The hash of a subtree. It is computed level by level, because a document has thousands of tokens."""
    if len(tokens) & (len(tokens) - 1) or len(tokens) > AT_ONCE:
        middle, (left, right) = largest_power_below(len(tokens)), seeds_below(seed)
        return node_hash(subtree(left, tokens[:middle]), subtree(right, tokens[middle:]))
    seeds = [seed]
    while len(seeds) < len(tokens):
        seeds = [below for one in seeds for below in seeds_below(one)]
    level = [leaf_hash(one + token.encode()) for one, token in zip(seeds, tokens)]  # noqa: B905 (of equal length)
    while len(level) > 1:
        level = list(map(node_hash, level[::2], level[1::2]))
    return level[0]


def seeds_below(seed: bytes) -> tuple[bytes, bytes]:
    return sha256(b"\2" + seed), sha256(b"\3" + seed)


def largest_power_below(size: int) -> int:
    """The number of leaves in the left half of a tree of this size (RFC 9162, 2.1.1). `size` is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def read_pieces(pieces: list[Any]) -> tuple[str, list[str], bytearray]:
    """The text that a masked document's pieces make up, its tokens ("" for a hidden one), and for each token a
    byte that is 1 if it is hidden.

    A piece is a text, or a gap: how many tokens it hides, and the word that replaces them.
    """
    read: list[str] = []
    tokens: list[str] = []
    hidden = bytearray()
    for piece in pieces:
        if isinstance(piece, str):
            word, found, mark = piece, tokens_of(piece), b"\0"
        else:
            count, word = field(piece, "hidden", int, "a gap"), field(piece, "as", str, "a gap")
            ensure(word in MASKS and len(piece) == 2, "a gap is not marked as gaps are")
            ensure(0 < count <= MAX_LETTERS, "a gap hides nothing, or more than a document has")
            found, mark = [""] * count, b"\1"
        read.append(word)
        tokens += found
        hidden += mark * len(found)
        ensure(len(tokens) <= MAX_LETTERS, NOT_GENUINE)
    return "".join(read), tokens, hidden


def root_from_pieces(tokens: list[str], hidden: bytearray, proof: list[Any]) -> str:
    """The root that the pieces of a masked document lead to; "" if the proof has the wrong length.

    The proof has, from left to right, the seed of each largest subtree of which everything is visible, and the
    hash of each of which everything is hidden.
    """
    ensure(tokens, "a masked document has no words")
    given = iter([unhex(one, "what proves a masked document") for one in proof])

    def top(start: int, end: int) -> bytes:
        is_shown, is_hidden = hidden.find(1, start, end) < 0, hidden.find(0, start, end) < 0
        if is_hidden:
            return next(given)
        if is_shown:
            return subtree(next(given), tokens[start:end])
        middle = start + largest_power_below(end - start)
        return node_hash(top(start, middle), top(middle, end))

    try:
        root = root_with_counts(tokens, top(0, len(tokens)))
    except StopIteration:
        return ""
    return "" if any(given) else root


# ---------------------------------------------------------------------------------------------- Ed25519 (RFC 8032)

P25519 = 2**255 - 19
ORDER25519 = 2**252 + 27742317777372353535851937790883648493
D25519 = -121665 * pow(121666, -1, P25519) % P25519
ROOT_OF_MINUS_ONE = pow(2, (P25519 - 1) // 4, P25519)
Point = tuple[int, int, int, int]  # extended coordinates (X, Y, Z, T): x = X/Z, y = Y/Z, xy = T/Z


def _edwards_add(a: Point, b: Point) -> Point:
    e = (a[1] - a[0]) * (b[1] - b[0])
    f = (a[1] + a[0]) * (b[1] + b[0])
    c, d = 2 * a[3] * b[3] * D25519, 2 * a[2] * b[2]
    x, y, z, t = f - e, d - c, d + c, f + e
    return (x * y % P25519, z * t % P25519, y * z % P25519, x * t % P25519)


def _edwards_sum(s: int, base: Point, k: int, key: Point) -> Point:
    """The point s * base + k * key."""
    addends = (None, base, key, _edwards_add(base, key))
    total: Point = (0, 1, 1, 0)
    for bit in range(max(s, k).bit_length() - 1, -1, -1):
        total = _edwards_add(total, total)
        addend = addends[(s >> bit & 1) + 2 * (k >> bit & 1)]
        total = _edwards_add(total, addend) if addend else total
    return total


def _edwards_point(data: bytes) -> Point | None:
    """The point of a 32-byte encoding; None if it encodes no point (RFC 8032, 5.1.3)."""
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
    x = P25519 - x if x & 1 != sign else x
    return (x, y, 1, x * y % P25519)


def _edwards_bytes(point: Point) -> bytes:
    inverse = pow(point[2], -1, P25519)
    x, y = point[0] * inverse % P25519, point[1] * inverse % P25519
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE25519 = _edwards_point((4 * pow(5, -1, P25519) % P25519).to_bytes(32, "little"))


def is_of_small_order(encoding: bytes) -> bool:
    """Whether the bytes encode one of the eight points of order 1, 2, 4 or 8.

    With such a public key there are signatures that are valid for every message, and anybody can make them.
    """
    point = _edwards_point(encoding)
    return point is not None and _is_small(point)


def _is_small(point: Point) -> bool:
    for _ in range(3):
        point = _edwards_add(point, point)
    return point[0] == 0 and point[1] == point[2]


@functools.lru_cache(maxsize=100)
def ed25519_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is valid (RFC 8032, 5.1.7). Strict: S is below the order, R and key have their
    canonical encoding and are not of small order, and the equation is checked without the cofactor."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, r, s = _edwards_point(public), _edwards_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or BASE25519 is None or s >= ORDER25519 or _is_small(key) or _is_small(r):
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER25519
    minus_key = (P25519 - key[0], key[1], 1, P25519 - key[3])
    return _edwards_bytes(_edwards_sum(s, BASE25519, k, minus_key)) == signature[:32]


# -------------------------------------------------- signed notes (C2SP signed-note, tlog-checkpoint) and documents


class Key(NamedTuple):
    """A verifier key `name+hexid+base64(0x01 || public key)` (C2SP signed-note), parsed."""

    name: str
    id: bytes
    public: bytes


class Note(NamedTuple):
    """A checkpoint note (C2SP tlog-checkpoint), parsed but not cryptographically verified.

    `body` is the signed text, `signatures` are tuples of name, key id and signature.
    """

    body: str
    origin: str
    size: int
    root: bytes
    signatures: list[tuple[str, bytes, bytes]]


# The name of a key in signed notes: no plus, no Unicode space, no control character of ASCII. The same as in
# verify.html.
KEY_NAME = re.compile(
    "[^+\\x00-\\x20\\x7f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]+"
)


def parse_vkey(vkey: str, what: str = "a ledger key", kind: int = 1) -> Key:
    """The parts of a verifier key. Raises Broken if its id is not the one of its name and key, or if anybody could
    sign with it."""
    fields = vkey.split("+", 2)
    ensure(len(fields) == 3 and KEY_NAME.fullmatch(fields[0]), f"{what} is malformed")
    data = unbase64(fields[2], what)
    other = f"{what} is of a kind that is not checked here (ML-DSA-44): name the Ed25519 key of the witness"
    ensure(kind != COSIGNATURE or data[:1] != bytes([ML_DSA_44]), other)
    ensure(len(data) == 33 and data[0] == kind, f"{what} is not an Ed25519 key")
    ensure(not is_of_small_order(data[1:]), f"{what} is one with which anybody can sign (it is of small order)")
    key_id = sha256(f"{fields[0]}\n".encode() + data)[:4]
    ensure(fields[1] == key_id.hex(), f"{what} does not fit its own id")
    return Key(fields[0], key_id, data[1:])


BLANK = re.compile("[\\s\ufeff]+")


def parse_keys(text: str) -> list[tuple[str, int | None]]:
    """The keys of a text, which are separated by blanks or line ends. A number after a former key is the most
    entries of a ledger that it signed."""
    found: list[tuple[str, int | None]] = []
    for word in filter(None, BLANK.split(text)):
        if found and found[-1][1] is None and re.fullmatch("[0-9]{1,15}", word):
            found[-1] = (found[-1][0], int(word))
        else:
            found.append((parse_vkey(word) and word, None))
    ensure(found, "a ledger key is malformed")
    return found


def parse_note(text: str) -> Note:
    """The parts of a checkpoint note. Its signatures are not verified."""
    ensure(
        units(text) <= 1_000_000 and text.endswith("\n") and "\r" not in text,
        "this is damaged, or was not made by the portal (the checkpoint is no signed note)",
    )
    body, blank, tail = text.rpartition("\n\n")
    lines, marks = body.split("\n"), tail[:-1].split("\n")
    ensure(
        blank and len(lines) >= 3 and len(marks) <= 100,
        "this is damaged, or was not made by the portal (the checkpoint is no signed note)",
    )
    origin, size = lines[0], lines[1]
    good = origin and re.fullmatch("0|[1-9][0-9]{0,15}", size) and int(size) < 2**53
    ensure(good, "the checkpoint has no size")
    root = unbase64(lines[2], "the checkpoint's root")
    ensure(len(root) == 32, "the checkpoint's root is not a SHA-256")
    return Note(body + "\n", origin, int(size), root, [_signature_line(line) for line in marks])


def _signature_line(line: str) -> tuple[str, bytes, bytes]:
    fields = line.split(" ")
    ensure(len(fields) == 3 and fields[0] == "—" and fields[1], "the checkpoint has a malformed signature line")
    data = unbase64(fields[2], "a signature of the checkpoint")
    ensure(len(data) > 4, "a signature of the checkpoint is too short")
    return fields[1], data[:4], data[4:]


def check_note(text: str, vkey: str) -> Note:
    """The checkpoint, verified: `vkey` signed it. Signatures by other keys (witnesses) are ignored."""
    note, key = parse_note(text), parse_vkey(vkey)
    ensure(note.origin == key.name, f"the checkpoint is of another ledger ({note.origin})")
    mine = [mark for name, key_id, mark in note.signatures if (name, key_id) == (key.name, key.id)]
    ensure(mine, "the checkpoint is not signed with the ledger's key")
    good = all(ed25519_verifies(key.public, note.body.encode(), mark) for mark in mine)
    ensure(good, "the checkpoint's signature is wrong")
    return note


def is_signed_with(text: str, vkey: str) -> bool:
    """Whether the note carries a valid signature of the key."""
    try:
        check_note(text, vkey)
    except Broken:
        return False
    return True


COSIGNATURE = 4  # type of a witness's key
ML_DSA_44 = 6  # type of a key that is not checked here
ML_DSA_MARK = 8 + 2420  # bytes of its time and signature
LATEST = 7_258_118_400  # seconds since 1970: the year 2200, before which all times of the ledger are


def witness_keys(given: Sequence[str]) -> list[Key]:
    """The keys in these texts, separated by blanks or line ends; lines may be comments. A public key is one
    witness, whatever names it has."""
    lines = (line.strip(BLANKS) for text in given for line in text.removeprefix("\ufeff").split("\n"))
    keys = [
        parse_vkey(word, "a witness's key", COSIGNATURE)
        for line in lines
        if not line.startswith(("#", "//", ";"))
        for word in filter(None, BLANK.split(line))
    ]
    ensure(keys or not given, "a witness's key is malformed")
    return [*{key.public: key for key in keys}.values()]


def cosigned_at(note: Note, witnesses: Iterable[Key]) -> dict[Key, int]:
    """Which of the witnesses cosigned the note (C2SP tlog-cosignature, version 1), and when first, in seconds
    since 1970. Raises Broken if a signature in the name of one does not verify."""
    found: dict[Key, int] = {}
    for key in witnesses:
        for data in (mark for name, key_id, mark in note.signatures if (name, key_id) == (key.name, key.id)):
            time = int.from_bytes(data[:8], "big")
            message = f"cosignature/v1\ntime {time}\n{note.body}".encode()
            good = 0 < time < LATEST and ed25519_verifies(key.public, message, data[8:])
            ensure(good, f"the signature of the witness {key.name} under {note.size} entries is wrong")
            found[key] = min(time, found.get(key, time))
    return found


def check_signed(document: dict[str, Any], vkey: str) -> None:
    """Raise Broken unless `vkey` signed this document. The signature is over its `format`, a newline, and the
    canonical JSON without the signature."""
    what = str(document.get("format"))[:40]
    signature = field(document, "signature", dict, what)
    check_fields(signature, {"key", "ed25519"}, f"the signature of {what}")
    ensure(signature.get("key") == vkey, f"{what} is signed with another key")
    mark = unbase64(field(signature, "ed25519", str, what), f"the signature of {what}")
    rest = {name: value for name, value in document.items() if name != "signature"}
    message = field(document, "format", str, what).encode() + b"\n" + canonical(rest)
    ensure(ed25519_verifies(parse_vkey(vkey).public, message, mark), f"the signature of {what} is wrong")


def key_change(former: str, new: str, size: int) -> bytes:
    """What a former key signs when another follows it: both keys, and the ledger's size up to which the former one
    signs."""
    return b"holdfast-key-change/1\n" + canonical({"from": former, "to": new, "ledger_size": size})


class KeyChange(NamedTuple):
    """The ledger's key was changed: checkpoints of up to `size` entries are signed with `former`.

    `is_signed` is False where the portal says that the former key was lost.
    """

    size: int
    former: str
    is_signed: bool


def key_changes(entries: list[Entry], key: str) -> list[KeyChange]:
    """The changes that lead to the present key, oldest first, from the ledger's entries about them. Raises Broken
    unless each former key, if it was not lost, signed the name of the one that followed."""
    keys = [*(entry.data_field("from", str) for entry in entries), key]
    ensure(len(set(keys)) == len(keys), "the ledger goes back to an earlier key")
    ensure(
        len({parse_vkey(one).name for one in keys}) == 1, "the ledger's key was changed to that of another ledger"
    )
    found: list[KeyChange] = []
    for entry, following in zip(entries, keys[1:]):  # noqa: B905 (of the keys, all but the first)
        same = entry.kind == "ledger.key_changed" and entry.data_field("to", str) == following
        same = same and entry.place > (found[-1].size if found else -1)
        ensure(same, f"the change of the ledger's key in entry {entry.place} does not lead to the next key")
        is_signed = "ed25519" in entry.data
        if is_signed:
            mark = unbase64(entry.data_field("ed25519", str), "the signature of a former key")
            former, message = (
                parse_vkey(entry.data["from"]),
                key_change(entry.data["from"], following, entry.place),
            )
            good = ed25519_verifies(former.public, message, mark)
            ensure(
                good, f"the change of the ledger's key in entry {entry.place} is not signed with the former key"
            )
        found.append(KeyChange(entry.place, entry.data["from"], is_signed))
    return found


# ----------------------------------------------------------------------------------------------------- DER (X.690)

BOOLEAN, INTEGER, BITS, OCTETS, OID, SEQUENCE, SET = 0x01, 0x02, 0x03, 0x04, 0x06, 0x30, 0x31
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18


class Der(NamedTuple):
    """One DER element: `raw` is all of its bytes, `body` those after tag and length."""

    tag: int
    body: bytes
    raw: bytes


def der(data: bytes, tag: int, what: str) -> Der:
    """The element that `data` consists of, which must have this tag."""
    found, end = _der_at(data, 0)
    ensure(end == len(data) and found.tag == tag, f"{what} is not the DER it should be")
    return found


def _der_at(data: bytes, at: int) -> tuple[Der, int]:
    """The element at an offset, and the offset after it. Only one-byte tags and shortest definite lengths."""
    ensure(len(data) - at >= 2 and data[at] & 31 != 31, "a DER structure is cut short or malformed")
    size, start = data[at + 1], at + 2
    if size > 127:
        start += size & 127
        ensure(128 < size < 133 and start <= len(data), "a DER length is malformed")
        size = int.from_bytes(data[at + 2 : start], "big")
        ensure(size > 127 and size >> (start - at - 3) * 8, "a DER length is not the shortest")
    end = start + size
    ensure(end <= len(data), "a DER structure is cut short")
    return Der(data[at], data[start:end], data[at:end]), end


def der_elements(element: Der) -> list[Der]:
    """The elements inside a constructed one."""
    found: list[Der] = []
    at = 0
    while at < len(element.body):
        ensure(len(found) < 1000, "a DER structure has too many parts")
        inner, at = _der_at(element.body, at)
        found.append(inner)
    return found


class Fields:
    """Reads the fields of a SEQUENCE one after the other. `element` is the SEQUENCE, parsed or as bytes."""

    def __init__(self, element: Der | bytes, what: str) -> None:
        self.rest = der_elements(element if isinstance(element, Der) else der(element, SEQUENCE, what))
        self.what = what

    def take(self, tag: int) -> Der:
        ensure(self.rest and self.rest[0].tag == tag, f"{self.what} is not built as it should be")
        return self.rest.pop(0)

    def optional(self, tag: int) -> Der | None:
        return self.rest.pop(0) if self.rest and self.rest[0].tag == tag else None

    def number(self) -> int:
        return der_int(self.take(INTEGER))

    def oid(self) -> str:
        return der_oid(self.take(OID))

    def inside(self, tag: int, what: str) -> Fields:
        """The fields of the next field, which is a SEQUENCE or an explicit tag around one."""
        element = self.take(tag)
        return Fields(element if tag == SEQUENCE else element.body, what)

    def end(self) -> None:
        ensure(not self.rest, f"{self.what} has more parts than it should have")


def der_int(element: Der) -> int:
    """The number, which must be written without needless bytes at its beginning."""
    body = element.body
    ensure(element.tag == INTEGER and 0 < len(body) <= 2048, "a DER number is malformed")
    needless = len(body) > 1 and (body[0], body[1] >> 7) in ((0, 0), (255, 1))
    ensure(not needless, "a DER number is malformed")
    return int.from_bytes(body, "big", signed=True)


def der_oid(element: Der) -> str:
    ensure(element.tag == OID and 0 < len(element.body) <= 64 and element.body[-1] < 128, "a DER OID is malformed")
    numbers, number = [], 0
    for byte in element.body:
        number = number << 7 | byte & 127
        if byte < 128:
            numbers.append(number)
            number = 0
    first = min(numbers[0] // 40, 2)
    return ".".join(map(str, [first, numbers[0] - 40 * first, *numbers[1:]]))


def der_time(element: Der) -> datetime:
    """The time of a UTCTime or GeneralizedTime in UTC. What is smaller than a microsecond is cut off."""
    text = element.body.decode("ascii", "replace")
    if element.tag == UTC_TIME:
        text = ("19" if text[:2] >= "50" else "20") + text
    match = re.fullmatch(r"(\d{14})(?:\.(\d{1,20}))?Z", text, re.ASCII)
    if match is None or element.tag not in (UTC_TIME, GENERALIZED_TIME):
        raise Broken("a DER time is malformed")
    try:
        found = datetime.strptime(match[1] + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError:
        raise Broken("a DER time is malformed") from None
    return found.replace(microsecond=int(((match[2] or "") + "000000")[:6]))


# ------------------------------------------------------------------------- RSA (RFC 8017) and ECDSA (FIPS 186-5)

DIGESTS = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
RSA, EC, ED25519 = "1.2.840.113549.1.1.1", "1.2.840.10045.2.1", "1.3.101.112"
PSS, MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
SIGNATURES = {  # OID of the signature algorithm -> kind of key, digest (None: another field names it)
    RSA: (RSA, None),
    PSS: (RSA, None),
    "1.2.840.113549.1.1.11": (RSA, "sha256"),
    "1.2.840.113549.1.1.12": (RSA, "sha384"),
    "1.2.840.113549.1.1.13": (RSA, "sha512"),
    EC: (EC, None),
    "1.2.840.10045.4.3.2": (EC, "sha256"),
    "1.2.840.10045.4.3.3": (EC, "sha384"),
    "1.2.840.10045.4.3.4": (EC, "sha512"),
    ED25519: (ED25519, "sha512"),
}
WEAK = {
    "1.2.840.113549.2.5": "MD5",
    "1.3.14.3.2.26": "SHA-1",
    "1.2.840.113549.1.1.4": "MD5",
    "1.2.840.113549.1.1.5": "SHA-1",
    "1.2.840.10045.4.1": "SHA-1",
}
PKCS1 = {  # the DigestInfo before the digest in a PKCS #1 v1.5 signature (RFC 8017, 9.2)
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


class Curve(NamedTuple):
    """The curve y² = x³ - 3x + b over the field of p elements, with base point (x, y) of order n."""

    p: int
    b: int
    x: int
    y: int
    n: int


def _curve(p: int, numbers: str) -> Curve:
    return Curve(p, *(int("".join(number.split()), 16) for number in numbers.split(",")))


CURVES = {
    "1.2.840.10045.3.1.7": _curve(
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        """5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b,
        6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
        4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5,
        ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551""",
    ),
    "1.3.132.0.34": _curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        """b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef,
        aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
        3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f,
        ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973""",
    ),
    "1.3.132.0.35": _curve(
        2**521 - 1,
        """51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1
        56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00,
        c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba
        a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66,
        11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662
        c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650,
        1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
        a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409""",
    ),
}
Affine = tuple[int, int]


def _ec_add(curve: Curve, a: Affine | None, b: Affine | None) -> Affine | None:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % curve.p == 0:
            return None
        slope = 3 * (a[0] * a[0] - 1) * pow(2 * a[1], -1, curve.p)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, curve.p)
    x = (slope * slope - a[0] - b[0]) % curve.p
    return x, (slope * (a[0] - x) - a[1]) % curve.p


def ecdsa_verifies(curve: Curve, public: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether a DER ECDSA signature over the digest is valid. `public` is an uncompressed point."""
    width = (curve.p.bit_length() + 7) // 8
    x, y = int.from_bytes(public[1 : width + 1], "big"), int.from_bytes(public[width + 1 :], "big")
    on_curve = x < curve.p and y < curve.p and (y * y - x * x * x + 3 * x - curve.b) % curve.p == 0
    ensure(len(public) == 2 * width + 1 and public[0] == 4 and on_curve, "an ECDSA key is no point of its curve")
    pair = [der_int(number) for number in der_elements(der(signature, SEQUENCE, "an ECDSA signature"))]
    if len(pair) != 2 or not all(0 < number < curve.n for number in pair):
        return False
    e = int.from_bytes(digest, "big") >> max(0, 8 * len(digest) - curve.n.bit_length())
    inverse = pow(pair[1], -1, curve.n)
    times_base, times_key = e * inverse % curve.n, pair[0] * inverse % curve.n
    base, key = (curve.x, curve.y), (x, y)
    addends = (None, base, key, _ec_add(curve, base, key))
    total: Affine | None = None
    for bit in range(curve.n.bit_length() - 1, -1, -1):
        total = _ec_add(curve, total, total)
        total = _ec_add(curve, total, addends[(times_base >> bit & 1) + 2 * (times_key >> bit & 1)])
    return total is not None and total[0] % curve.n == pair[0]


def _rsa_recovered(key: bytes, signature: bytes) -> tuple[bytes, int]:
    """The padded message that an RSA signature encodes under an RSAPublicKey (b"" if its size is wrong), and the
    number of bits of the modulus. Raises Broken for weak keys."""
    numbers = Fields(key, "an RSA key")
    modulus, exponent = numbers.number(), numbers.number()
    strong = 2048 <= modulus.bit_length() <= 8192 and exponent % 2 and 2 < exponent < 2**33
    ensure(strong, "an RSA key is weak or odd")
    width, number = (modulus.bit_length() + 7) // 8, int.from_bytes(signature, "big")
    good = len(signature) == width and number < modulus
    return pow(number, exponent, modulus).to_bytes(width, "big") if good else b"", modulus.bit_length()


def _pkcs1_matches(opened: bytes, name: str, digest: bytes) -> bool:
    """Whether the padded message is exactly the PKCS #1 v1.5 encoding of the digest (RFC 8017, 8.2.2)."""
    expected = PKCS1[name] + digest
    return opened == b"\0\1" + b"\xff" * (len(opened) - len(expected) - 3) + b"\0" + expected


def _pss_matches(opened: bytes, bits: int, name: str, digest: bytes, salt_size: int) -> bool:
    """Whether the padded message is a PSS encoding of the digest (RFC 8017, 9.1.2). `bits` are the modulus's."""
    encoded = opened[-((bits + 6) // 8) :]
    end, spare = len(encoded) - len(digest) - 1, 8 * len(encoded) - bits + 1
    if end <= salt_size or any(opened[: -len(encoded)]) or encoded[-1] != 0xBC or encoded[0] >> 8 - spare:
        return False
    seed = encoded[end:-1]
    mask = b"".join(hashlib.new(name, seed + struct.pack(">I", at)).digest() for at in range(end // 32 + 1))
    block = int.from_bytes(encoded[:end], "big") ^ int.from_bytes(mask[:end], "big")
    plain = (block & (1 << 8 * end - spare) - 1).to_bytes(end, "big")
    padding, salt = plain[: end - salt_size], plain[end - salt_size :]
    same = hashlib.new(name, bytes(8) + digest + salt).digest() == seed
    return same and padding == bytes(len(padding) - 1) + b"\1"


def _pss_parameters(algorithm: Fields) -> tuple[str, int]:
    """Digest and salt size of RSA-PSS. Raises Broken if no digest is named: then it is SHA-1 (RFC 4055, 3.1)."""
    what = "the parameters of RSA-PSS"
    parameters = algorithm.inside(SEQUENCE, what)
    named = [one.tag for one in parameters.rest[:2]] == [0xA0, 0xA1]
    ensure(named, "the weak digest SHA-1 is used")
    name = digest_name(der(parameters.take(0xA0).body, SEQUENCE, what))
    mask = parameters.inside(0xA1, what)
    ensure(mask.oid() == MGF1 and digest_name(mask.take(SEQUENCE)) == name, f"{what} are not known here")
    salt = parameters.optional(0xA2)
    size = der_int(der(salt.body, INTEGER, what)) if salt else 20
    ensure(0 <= size <= 64 and not parameters.rest, f"{what} are not known here")
    return name, size


def digest_name(algorithm: Der) -> str:
    """The digest of an AlgorithmIdentifier. Raises Broken for weak and unknown ones."""
    oid = Fields(algorithm, "a digest algorithm").oid()
    ensure(oid not in WEAK, f"the weak digest {WEAK.get(oid)} is used")
    ensure(oid in DIGESTS, f"the digest algorithm {oid} is not known here")
    return DIGESTS[oid]


def check_signature(key: Der, algorithm: Der, data: bytes, signature: bytes, digest: str | None = None) -> None:
    """Raise Broken unless the key (SubjectPublicKeyInfo) signed the data by the algorithm (AlgorithmIdentifier).

    `digest` is the digest that another field names, if there is one.
    """
    identifier = Fields(algorithm, "a signature algorithm")
    oid = identifier.oid()
    ensure(oid not in WEAK, f"the weak digest {WEAK.get(oid)} is used")
    ensure(oid in SIGNATURES, f"the signature algorithm {oid} is not known here")
    kind, own_digest = SIGNATURES[oid]
    salt_size = None
    if oid == PSS:
        own_digest, salt_size = _pss_parameters(identifier)
    ensure(
        not own_digest or not digest or own_digest == digest, "two digest algorithms are named for one signature"
    )
    name = own_digest or digest
    if name is None:
        raise Broken("no digest algorithm is named for a signature")
    info = Fields(key, "a public key")
    described = info.inside(SEQUENCE, "a public key")
    bits = info.take(BITS).body
    named = described.oid()
    ensure(bits[:1] == b"\0" and (named == kind or named == oid == PSS), "a key does not fit its signature")
    good = _key_verifies(kind, described, bits[1:], data, signature, (name, salt_size))
    ensure(good, "a signature is wrong")


def _key_verifies(
    kind: str, described: Fields, key: bytes, data: bytes, signature: bytes, how: tuple[str, int | None]
) -> bool:
    """Whether the signature is valid. `how` is the digest, and the salt size for RSA-PSS (else None)."""
    name, salt_size = how
    digest = hashlib.new(name, data).digest()
    if kind == ED25519:
        return ed25519_verifies(key, data, signature)
    if kind == RSA:
        opened, bits = _rsa_recovered(key, signature)
        if salt_size is None:
            return _pkcs1_matches(opened, name, digest)
        return _pss_matches(opened, bits, name, digest, salt_size)
    curve = CURVES.get(described.oid())
    if curve is None:
        raise Broken("an ECDSA key is on a curve not known here")
    return ecdsa_verifies(curve, key, digest, signature)


# ----------------------------------------------------------------------------------- X.509 certificates (RFC 5280)

KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_USAGE = "2.5.29.15", "2.5.29.19", "2.5.29.37"
SUBJECT_KEY_ID, OTHER_NAMES, NAME_CONSTRAINTS = "2.5.29.14", "2.5.29.17", "2.5.29.30"
DIRECTORY_NAME = 0xA4  # the tag of a GeneralName that is a Name, as subjects are
POLICIES, CRL_PLACES = "2.5.29.32", "2.5.29.31"  # which are not checked, as revocation is not
UNDERSTOOD = {KEY_USAGE, BASIC_CONSTRAINTS, EXTENDED_USAGE, OTHER_NAMES, POLICIES, CRL_PLACES}
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
DIGITAL_SIGNATURE, NON_REPUDIATION, CERT_SIGN = 0x80, 0x40, 0x04


class Certificate(NamedTuple):
    """An X.509 certificate, parsed but not verified."""

    raw: bytes
    signed: bytes
    algorithm: Der
    signature: bytes
    serial: int
    issuer: bytes
    subject: bytes
    not_before: datetime
    not_after: datetime
    key: Der
    extensions: dict[str, tuple[bool, bytes]]  # OID -> critical, DER value

    @property
    def digest(self) -> str:
        """SHA-256 of the DER in hex. Receipts identify a root by it."""
        return sha256(self.raw).hex()

    @property
    def is_local_clock(self) -> bool:
        """Whether it is of a demo's authority, which uses the portal's own clock and proves nothing."""
        return b"local clock" in self.subject

    def usage(self) -> int:
        """The bits of the key usage; all of them if the extension is missing."""
        if KEY_USAGE not in self.extensions:
            return 255
        bits = der(self.extensions[KEY_USAGE][1], BITS, "a key usage").body
        return bits[1] if len(bits) > 1 else 0

    def path_length(self) -> int:
        """How many authorities may be below this one in a chain; -1 if it is not an authority."""
        _, value = self.extensions.get(BASIC_CONSTRAINTS, (False, b"0\0"))
        constraints = Fields(value, "basic constraints")
        authority = constraints.optional(BOOLEAN)
        if not (authority and authority.body == b"\xff" and self.usage() & CERT_SIGN):
            return -1
        return constraints.number() if constraints.rest else 99

    def allows(self, subject: bytes) -> bool:
        """Whether its name constraints allow certificates of this subject (RFC 5280, 4.2.1.10).

        Constraints of other kinds of names are not looked at; a certificate where they are critical is refused.
        """
        _, value = self.extensions.get(NAME_CONSTRAINTS, (False, b"0\0"))
        constraints, name = Fields(value, "name constraints"), plain_name(subject)
        permitted, excluded = (_subtrees(constraints.optional(tag)) for tag in (0xA0, 0xA1))
        is_permitted = not permitted or any(name[: len(one)] == one for one in permitted)
        return is_permitted and not any(name[: len(one)] == one for one in excluded)


PlainName = list[list[tuple[str, bytes]]]


def plain_name(name: bytes) -> PlainName:
    """A Name (DER) without what makes no difference: kind of text, capitals and spaces (RFC 5280, 7.1)."""
    parts = der_elements(der(name, SEQUENCE, "a name"))
    return [sorted(_plain_attribute(pair) for pair in der_elements(part)) for part in parts]


def _plain_attribute(pair: Der) -> tuple[str, bytes]:
    fields = Fields(pair, "a name")
    oid = fields.oid()
    ensure(len(fields.rest) == 1, "a name is not built as it should be")
    return oid, b" ".join(fields.rest[0].body.lower().split())


def _subtrees(element: Der | None) -> list[PlainName]:
    """The Names in one of the two lists of name constraints."""
    bases = [der_elements(tree)[:1] for tree in (der_elements(element) if element else [])]
    return [plain_name(base.body) for found in bases for base in found if base.tag == DIRECTORY_NAME]


@functools.lru_cache(maxsize=200)
def certificate(raw: bytes) -> Certificate:
    """The parts of a DER certificate. Its signature is not verified."""
    outer = Fields(raw, "a certificate")
    signed, algorithm, mark = outer.take(SEQUENCE), outer.take(SEQUENCE), outer.take(BITS).body
    inner = Fields(signed, "a certificate")
    ensure(inner.optional(0xA0), "a certificate is not of version 3")
    serial = inner.number()
    ensure(inner.take(SEQUENCE).raw == algorithm.raw and mark[:1] == b"\0", "a certificate contradicts itself")
    issuer = inner.take(SEQUENCE).raw
    times = [der_time(time) for time in der_elements(inner.take(SEQUENCE))]
    ensure(len(times) == 2, "a certificate has no validity")
    subject, key = inner.take(SEQUENCE).raw, inner.take(SEQUENCE)
    inner.optional(0x81), inner.optional(0x82)
    names, found = (serial, issuer, subject), _extensions(inner.optional(0xA3))
    return Certificate(raw, signed.raw, algorithm, mark[1:], *names, times[0], times[1], key, found)


def _extensions(wrapped: Der | None) -> dict[str, tuple[bool, bytes]]:
    return _read_extensions(der(wrapped.body, SEQUENCE, "extensions")) if wrapped else {}


def _read_extensions(extensions: Der) -> dict[str, tuple[bool, bytes]]:
    found: dict[str, tuple[bool, bytes]] = {}
    for element in der_elements(extensions):
        extension = Fields(element, "an extension")
        oid, critical = extension.oid(), extension.optional(BOOLEAN)
        ensure(oid not in found, "a certificate has an extension twice")
        found[oid] = (bool(critical and critical.body == b"\xff"), extension.take(OCTETS).body)
    return found


MOST_OF_A_NAME = 8  # certificates of one name that are tried as the issuer of another: an old one, a renewed one …


@functools.lru_cache(maxsize=1000)
def _is_issued_by(raw: bytes, issuer_raw: bytes) -> bool:
    child, issuer = certificate(raw), certificate(issuer_raw)
    try:
        check_signature(issuer.key, child.algorithm, child.signed, child.signature)
    except Broken:
        return False
    return True


def chain_root(child: Certificate, pool: list[Certificate], roots: list[Certificate], at: datetime) -> Certificate:
    """The trusted root of a chain in which all certificates were valid at that time (RFC 5280, 6).

    `pool` are untrusted certificates that may be in the chain. Raises Broken if there is no chain.
    """
    _check_valid(child, at)
    found = _chain([child], [*roots, *pool], {root.raw for root in roots}, at, set())
    if found is None:
        raise Broken("the token's certificate does not lead to a trusted root that was valid at the token's time")
    return found


def _chain(
    path: list[Certificate], issuers: list[Certificate], roots: set[bytes], at: datetime, tried: set[bytes]
) -> Certificate | None:
    """The root that the last certificate of `path` leads to, or None. Each one of `path` issued the one before.

    Each certificate is tried once, so that a hostile set of certificates does not take long.
    """
    child = path[-1]
    if child.raw in roots:
        return child
    tried.add(child.raw)
    named = [one for one in issuers if one.subject == child.issuer and one.raw not in tried]
    for issuer in named[:MOST_OF_A_NAME]:
        if issuer.raw not in tried and _may_issue(issuer, path, at):
            found = _chain([*path, issuer], issuers, roots, at, tried)
            if found:
                return found
    return None


def _may_issue(issuer: Certificate, path: list[Certificate], at: datetime) -> bool:
    """Whether it was valid, signed the last certificate of `path`, and may have all of them below it."""
    try:
        if issuer.path_length() < len(path) - 1 or not _is_valid(issuer, at):
            return False
        return all(issuer.allows(one.subject) for one in path) and _is_issued_by(path[-1].raw, issuer.raw)
    except Broken:  # it cannot be read: an authority may put certificates of any kind beside the signer's
        return False


def _is_valid(one: Certificate, at: datetime) -> bool:
    """Whether the certificate was valid at the time. An authority may have an expired and a renewed one."""
    try:
        _check_valid(one, at)
    except Broken:
        return False
    return True


def _check_valid(one: Certificate, at: datetime) -> None:
    ensure(one.not_before <= at <= one.not_after, "a certificate was not valid at the token's time")
    unknown = {oid for oid, (critical, _) in one.extensions.items() if critical} - UNDERSTOOD
    ensure(not unknown, f"a certificate has a critical extension not known here ({', '.join(sorted(unknown))})")


PEM_BLOCK = re.compile(b"-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----")


def certificates_in(pem: bytes, what: str) -> list[Certificate]:
    """All certificates of a PEM file."""
    blocks = re.findall(rb"-----BEGIN CERTIFICATE-----([^-]{1,100000})-----END CERTIFICATE-----", pem)
    ensure(0 < len(blocks) <= 1000, f"{what} holds no certificate")
    return [certificate(unbase64("".join(block.decode("ascii", "replace").split()), what)) for block in blocks]


PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[A-Za-z0-9+/= \t\r\n]+-----END CERTIFICATE-----")


def only_certificates(pem: bytes, what: str) -> list[Certificate]:
    """The certificates of a PEM file that has nothing else in it."""
    alone = len(pem) <= MAX_TOKEN and not PEM.sub(b"", pem).strip(BLANKS.encode())
    ensure(alone, f"{what} holds something else than certificates")
    return certificates_in(pem, what)


# ------------------------------------------------------------------------------- Timestamps (RFC 3161, 5652, 5816)

SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
NAMES_CERTIFICATE, NAMES_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"
MAX_TOKEN = 1 << 20
LEAST_ACCURATE = 60_000_000  # microseconds by which an authority's time may be wrong


class Imprint(NamedTuple):
    """The digest, nonce and policy of a query or of a token."""

    algorithm: str
    digest: bytes
    nonce: int | None
    policy: str | None


class Token(NamedTuple):
    """The signed data of a timestamp response, parsed but not cryptographically verified."""

    content: bytes
    certificates: list[Certificate]
    signer: Certificate
    digest: str
    attributes: dict[str, Der]
    signed: bytes
    algorithm: Der
    signature: bytes


def _imprint(fields: Fields) -> tuple[str, bytes]:
    imprint = fields.inside(SEQUENCE, "a message imprint")
    return digest_name(imprint.take(SEQUENCE)), imprint.take(OCTETS).body


def parse_query(data: bytes) -> Imprint:
    """Parse a TimeStampReq (RFC 3161, 2.4.1)."""
    query = Fields(data, "the timestamp query")
    ensure(query.number() == 1, "the timestamp query is not of version 1")
    algorithm, digest = _imprint(query)
    policy, nonce = query.optional(OID), query.optional(INTEGER)
    return Imprint(algorithm, digest, nonce and der_int(nonce), policy and der_oid(policy))


def _parse_token_info(data: bytes) -> tuple[Imprint, datetime, Der | None]:
    """Parse a TSTInfo (RFC 3161, 2.4.2). Returns its imprint, its time and, if there is one, its authority's
    name."""
    info = Fields(data, "the token")
    ensure(info.number() == 1, "the token is not of version 1")
    policy, (algorithm, digest) = info.oid(), _imprint(info)
    info.number()  # its serial number
    time = der_time(info.take(GENERALIZED_TIME))
    _check_accuracy(info.optional(SEQUENCE))
    info.optional(BOOLEAN)  # ordering
    nonce, authority, further = info.optional(INTEGER), info.optional(0xA0), info.optional(0xA1)
    info.end()
    critical = [one for one, _ in _read_extensions(further).values() if one] if further else []
    ensure(not critical, "the token has a critical extension not known here")
    return Imprint(algorithm, digest, nonce and der_int(nonce), policy), time, authority


def _check_accuracy(accuracy: Der | None) -> None:
    """Raise Broken if the authority says that its time may be wrong by more than a minute."""
    if accuracy is None:
        return
    fields = Fields(accuracy, "the token's accuracy")
    parts = [fields.optional(tag) for tag in (INTEGER, 0x80, 0x81)]  # seconds, milli- and microseconds
    fields.end()
    numbers = [der_int(part._replace(tag=INTEGER)) if part else 0 for part in parts]
    wrong_by = numbers[0] * 1_000_000 + numbers[1] * 1000 + numbers[2]
    ensure(min(numbers) >= 0 and wrong_by <= LEAST_ACCURATE, "the token's time may be wrong by more than a minute")


def parse_response(data: bytes) -> Token:
    """Parse a TimeStampResp (RFC 3161, 2.4.2; RFC 5652, 5). Raises Broken unless it grants a token with one
    signer.

    No signature is verified.
    """
    ensure(len(data) <= MAX_TOKEN, "the timestamp response is too large")
    response = Fields(data, "the timestamp response")
    status = response.inside(SEQUENCE, "the timestamp response").number()
    ensure(status in (0, 1), f"the authority did not grant a token (status {status})")
    wrapper = response.inside(SEQUENCE, "the token")
    response.end()
    ensure(wrapper.oid() == SIGNED_DATA, "the token is not signed data")
    signed = wrapper.inside(0xA0, "the token")
    wrapper.end()
    signed.take(INTEGER), signed.take(SET)
    inner = signed.inside(SEQUENCE, "the token")
    ensure(inner.oid() == TST_INFO, "the signed content is not a timestamp")
    content = der(inner.take(0xA0).body, OCTETS, "the token's content").body
    pool = signed.optional(0xA0)
    elements = der_elements(pool)[:30] if pool else []
    known = [*_readable(element.raw for element in elements if element.tag == SEQUENCE)]
    signed.optional(0xA1)
    signers = der_elements(signed.take(SET))
    signed.end()
    ensure(len(signers) == 1, "the token does not have exactly one signer")
    return _parse_signer(Fields(signers[0], "the token's signer"), content, known)


def _readable(raws: Iterable[bytes]) -> Iterator[Certificate]:
    """Those of the certificates that can be read. Of the others, none can have signed the token."""
    for raw in raws:
        with contextlib.suppress(Broken):
            yield certificate(raw)


def _parse_signer(signer: Fields, content: bytes, known: list[Certificate]) -> Token:
    signer.take(INTEGER)
    found = _signing_certificate(signer, known)
    digest = digest_name(signer.take(SEQUENCE))
    attributes = signer.take(0xA0)
    algorithm, signature = signer.take(SEQUENCE), signer.take(OCTETS).body
    signer.optional(0xA1)  # attributes that are not signed
    signer.end()
    signed = bytes([SET]) + attributes.raw[1:]  # RFC 5652, 5.4: signed under the tag of a SET
    return Token(content, known, found, digest, _attributes(attributes), signed, algorithm, signature)


def _signing_certificate(signer: Fields, known: list[Certificate]) -> Certificate:
    by_key = signer.optional(0x80)
    if by_key:
        matching = [one for one in known if one.extensions.get(SUBJECT_KEY_ID, (0, b""))[1][2:] == by_key.body]
    else:
        wanted = signer.inside(SEQUENCE, "the token's signer")
        issuer, serial = wanted.take(SEQUENCE).raw, wanted.number()
        matching = [one for one in known if (one.issuer, one.serial) == (issuer, serial)]
    ensure(matching, "the token does not hold the certificate that signed it")
    return matching[0]


def _attributes(element: Der) -> dict[str, Der]:
    """The signed attributes by OID. Raises Broken if one occurs twice or does not have one value."""
    found: dict[str, Der] = {}
    for inner in der_elements(element):
        attribute = Fields(inner, "a signed attribute")
        oid, values = attribute.oid(), der_elements(attribute.take(SET))
        ensure(oid not in found and len(values) == 1, "a signed attribute is there twice")
        found[oid] = values[0]
    return found


def check_timestamp(
    response: bytes, query: bytes, digest: bytes, roots: list[Certificate]
) -> tuple[datetime, Certificate]:
    """The token's time and its trusted root, if the response passes every check. Raises Broken otherwise."""
    asked, token = parse_query(query), parse_response(response)
    answered, time, authority = _parse_token_info(token.content)
    ensure((answered.algorithm, answered.digest) == ("sha256", digest), "the token is for other bytes")
    ensure((asked.algorithm, asked.digest) == ("sha256", digest), "the timestamp query is for other bytes")
    ensure(
        asked.nonce is not None and asked.nonce == answered.nonce, "the token does not answer this query (nonce)"
    )
    ensure(asked.policy in (None, answered.policy), "the token has another policy than was asked for")
    _check_attributes(token)
    check_signature(token.signer.key, token.algorithm, token.signed, token.signature, token.digest)
    _check_may_stamp(token.signer)
    _check_authority_name(authority, token.signer)
    return time, chain_root(token.signer, token.certificates, roots, time)


def is_time_of(time: datetime, recorded: str, what: str) -> bool:
    """Whether a recorded time is the token's. Earlier portals cut it to whole seconds."""
    return moment(recorded, what) in (time, time.replace(microsecond=0))


def _check_attributes(token: Token) -> None:
    """Check that the signed attributes have the content's type and digest, and name the signing certificate
    (RFC 5816)."""
    kind, digest = token.attributes.get(CONTENT_TYPE), token.attributes.get(MESSAGE_DIGEST)
    ensure(kind and der_oid(kind) == TST_INFO, "the token's signature is not over a timestamp")
    expected = hashlib.new(token.digest, token.content).digest()
    ensure(
        digest and (digest.tag, digest.body) == (OCTETS, expected), "the token's content is not what was signed"
    )
    named = {NAMES_CERTIFICATE, NAMES_CERTIFICATE_V2} & set(token.attributes)
    ensure(named, "the token does not name the certificate that signed it (ESSCertID)")
    for oid in named:
        _check_certificate_name(token.attributes[oid], oid == NAMES_CERTIFICATE_V2, token.signer)


def _check_certificate_name(value: Der, is_v2: bool, signer: Certificate) -> None:
    """Check that the first ESSCertID is the signer's. Version 1 uses SHA-1 (RFC 2634), version 2 a strong
    digest."""
    certificates = der_elements(Fields(value, "the ESSCertID").take(SEQUENCE))
    ensure(certificates, "the ESSCertID is empty")
    first = Fields(certificates[0], "the ESSCertID")
    algorithm = first.optional(SEQUENCE) if is_v2 else None
    name = digest_name(algorithm) if algorithm else "sha256" if is_v2 else "sha1"
    same = first.take(OCTETS).body == hashlib.new(name, signer.raw).digest()
    same = same and _is_issuer_and_serial(first.optional(SEQUENCE), signer)
    ensure(same, "the token names another certificate than the one that signed it (ESSCertID)")


def _is_issuer_and_serial(named: Der | None, signer: Certificate) -> bool:
    """Whether an IssuerSerial (RFC 5035, 5), if there is one, is the signer's."""
    if named is None:
        return True
    fields = Fields(named, "the ESSCertID")
    names, serial = der_elements(fields.take(SEQUENCE)), fields.number()
    return serial == signer.serial and [_plain_general(one) for one in names] == [plain_name(signer.issuer)]


def _check_may_stamp(signer: Certificate) -> None:
    """Check that the extended key usage is critical and time stamping only (RFC 3161, 2.3)."""
    critical, value = signer.extensions.get(EXTENDED_USAGE, (False, b"0\0"))
    purposes = [der_oid(purpose) for purpose in der_elements(der(value, SEQUENCE, "a key usage"))]
    ensure(critical and purposes == [TIME_STAMPING], "the token's certificate is not for timestamps alone")
    ensure(signer.usage() & (DIGITAL_SIGNATURE | NON_REPUDIATION), "the token's certificate may not sign")


def _check_authority_name(named: Der | None, signer: Certificate) -> None:
    """Check that the authority's name in the token, if there is one, is the certificate's subject or one of its
    other names (RFC 3161, 2.4.2)."""
    if named is None:
        return
    names = der_elements(named)
    ensure(len(names) == 1, "the token is not built as it should be")
    _, others = signer.extensions.get(OTHER_NAMES, (False, b"0\0"))
    known = [_plain_general(one) for one in der_elements(der(others, SEQUENCE, "other names"))]
    same = _plain_general(names[0]) in [plain_name(signer.subject), *known]
    ensure(same, "the token names another authority than its certificate does")


def _plain_general(name: Der) -> PlainName | bytes:
    return plain_name(name.body) if name.tag == DIRECTORY_NAME else name.raw


# -------------------------------------------------------------------------------------------------------- packages

BLOCK = 1 << 20
MAX_MEMBERS = 100_000
MAX_DOCUMENT = 64 << 20  # bytes of a file that is read whole
SAFE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*", re.ASCII)
# What programs leave beside a bundle's files: macOS, Windows, Android, Office, LibreOffice, commands of an earlier
# VERIFY.txt or verify-by-hand.md. A name, and how a file of that name begins. No such name is one that a reader
# would open as a document or start as a program; a file that begins in another way was not left by these programs.
DROPPINGS = (
    (r"(?:.*/)?\.DS_Store", r"\x00\x00\x00\x01Bud1"),
    (r"(?:.*/)?\._[^/]*", r"\x00\x05\x16\x07"),
    (r"(?:.*/)?(?:eh)?thumbs\.db", r"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    (r"(?:.*/)?desktop\.ini", r"(?:\xff\xfe)?[\x00\t\r\n ]*\[\x00?(?:\.\x00?S|L\x00?o|V\x00?i|D\x00?e|\{)"),
    (r"(?:.*/)?[^/]+:Zone\.Identifier", r"\[ZoneTransfer\]"),
    (r"(?:.*/)?\.[^/]*\.sw[a-p]", r"b0VIM\x20"),
    (r"(?:.*/)?\.directory", r"\[(?:Dolphin|Desktop\x20Entry)\]"),
    (r"(?:.*/)?(?:~\$|\.~(?!lock\.))[^/]*", r"[\x01-\x36][\x00-\xff]{54,199}(?![\x00-\xff])"),  # who has it open
    (r"(?:.*/)?\.~lock\.[^/]*#", r"(?:[^,;\n]*,){4}[^,;\n]*;(?![\x00-\xff])"),
    (r"(?:.*/)?(?:\.(?:nomedia|localized)|icon(?:\r|\uf00d|\xef\x80\x8d))", r"(?![\x00-\xff])"),
    (r"(?:.*/)?@eaDir/(?:.*/)?[^/]*@Syno(?:EAStream|Resource)", r"\x00\x05\x16\x07"),
    (
        r"(?:.*/)?\.fseventsd/(?:[0-9a-f]{16}|fseventsd-uuid)",
        r"\x1f\x8b|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}",
    ),
    (r"ROOTS/[^/]*\.(?:pem|cer|crt|der)", r"0\x82|[\x00-\xff]*?-----BEGIN\x20CERTIFICATE-----"),
    (r"(?:ROOTS/[^/]*|ledger)\.vkey", r"[^+\n]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+"),
    (r"(?:work/)?key\.raw", r"[\x00-\xff]{32}(?![\x00-\xff])"),
    (r"(?:work/)?key\.der", r"0\*0\x05\x06\x03\+ep\x03!\x00[\x00-\xff]{32}(?![\x00-\xff])"),
    (r"(?:work/[a-z-]+|checkpoint)\.sig", r"[\x00-\xff]{64}(?![\x00-\xff])"),
    (
        r"work/[a-z-]+(?:\.txt)?|checkpoint\.txt",
        r'\{"(?:at|entry)":|holdfast-(?:export|receipt)/1\n\{|[^\n{]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n',
    ),
)
# Names that only programs give: hidden files and folders, thumbnails, unfinished downloads, drafts, things thrown
# away. Anything could be in such a file. So it is neither evidence nor an accusation.
OF_PROGRAMS = "|".join(
    (
        r"(?:.*/)?[.~@$#][^/]*(?:/.*)?",
        r"(?:.*/)?(?:__MACOSX|RECYCLER|System\x20Volume\x20Information|lost\+found)/.*",
        r"(?:.*/)?(?:(?:eh)?thumbs\.db|desktop\.ini|picasa\.ini|icon(?:\r|\uf00d|\xef\x80\x8d)|[^/]+:Zone\.Identifier)",
        r"(?:.*/)?[^/]+(?:~|\.(?:bak|wbk|tmp|temp|part|partial|crdownload|opdownload|download|downloading|aria2|td|xltd))",
    )
)
STRANGE = re.compile("|".join([*(name for name, _ in DROPPINGS), OF_PROGRAMS]), re.IGNORECASE)
LEFT_BY_PROGRAMS = re.compile(OF_PROGRAMS, re.IGNORECASE)
HEAD = 4096  # bytes of a strange file that are looked at
ZONE = ":Zone.Identifier"  # of a file from the internet, where a Windows folder was copied into a Linux one
COPIED = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][^/]*")  # “E-001 - Copy.png”, in any language
HARMLESS = re.compile(r"[^\\:*?\"<>|\x00-\x1f]{1,200}")  # a name without letters that a name cannot have


def is_strange(name: str) -> bool:
    """Whether the name is of a file that a program of the reader put there. No bundle has such a file."""
    plain = next((name[: -len(end)] for end in (ZONE, "\r") if name.endswith(end)), name)
    return is_harmless(plain) and bool(STRANGE.fullmatch(name))


def is_dropping(name: str, head: bytes) -> bool:
    """Whether a file of a strange name begins as those do that programs leave, or is empty."""
    kinds = ((re.compile(one, re.IGNORECASE), begins) for one, begins in DROPPINGS)
    text = head.decode("latin-1")
    return not head or any(one.fullmatch(name) and re.match(begins, text) for one, begins in kinds)


def is_harmless(path: str) -> bool:
    """Whether each program that unpacks a ZIP would write the path as it is, and inside its folder."""
    return bool(HARMLESS.fullmatch(path)) and not {"", ".", ".."} & set(path.split("/"))


def may_be_of_bundle(name: str) -> bool:
    """Whether a file of a bundle, or one that programs put into it, may have the name."""
    return bool(SAFE_NAME.fullmatch(name) and len(name) <= 200) or may_be_copy(name) or is_strange(name)


def may_be_copy(name: str) -> bool:
    """Whether the name could be of a copy that a file manager made, which has the bytes of another file."""
    return bool(HARMLESS.fullmatch(name) and COPIED.fullmatch(name))


class Package:
    """The files of a bundle. Names are relative to its top folder; `sizes` has all of them but the `strange`
    ones."""

    sizes: dict[str, int]
    strange: list[str]

    def blocks(self, name: str) -> Iterator[bytes | memoryview]:
        raise NotImplementedError

    def read(self, name: str, limit: int = MAX_DOCUMENT) -> bytes:
        """The bytes of a small file. Raises Broken if it is missing or larger than `limit`."""
        ensure(name in self.sizes, f"{name} is missing")
        ensure(self.sizes[name] <= limit, f"{name} is too large to be genuine")
        return b"".join(bytes(block) for block in self.blocks(name))

    def text(self, name: str) -> str:
        return self.read(name).decode("utf-8")

    def json(self, name: str) -> dict[str, Any]:
        return load_json(self.read(name), name)

    def digest(self, name: str) -> str:
        found = hashlib.sha256()
        for block in self.blocks(name):
            found.update(block)
        return found.hexdigest()

    def heads(self) -> Iterator[tuple[str, bytes]]:
        """The name and the first bytes of each file with a strange name."""
        raise NotImplementedError

    def set_files(self, found: list[tuple[str, int]]) -> None:
        """Set `sizes` from names and sizes. Raises Broken for names that no bundle has."""
        ensure(len(found) <= MAX_MEMBERS, "the package has too many files to be a bundle")
        self.strange = sorted(name for name, _ in found if is_strange(name))
        found = [one for one in found if not is_strange(one[0])]
        for name, _ in found:
            ensure(may_be_of_bundle(name), f"the package has a file with a forbidden name: {name}")
        self.sizes = dict(found)
        folded = {name.lower() for name in self.sizes}
        ensure(len(folded) == len(found), "the package has two files of one name")


def _file_blocks(file: io.FileIO, size: int) -> Iterator[memoryview]:
    """The next `size` bytes in blocks. Each block overwrites the one before it."""
    buffer = memoryview(bytearray(min(size, BLOCK)))
    while size:
        got = file.readinto(buffer[: min(size, BLOCK)])
        ensure(got, "a file ends too early")
        yield buffer[:got]
        size -= got


def head_of(blocks: Iterator[bytes | memoryview]) -> bytes:
    """The first HEAD bytes. All are read, because the end of a compressed file may be damaged."""
    found = b""
    for block in blocks:
        found += bytes(block[: HEAD - len(found)])
    return found


def _inside_folders(around: Path) -> Path:
    """The folder of the bundle in folders around it, which some programs make."""
    while not any((around / name).is_file() for name in BAG_LISTS):
        folders = [one for one in around.iterdir() if one.is_dir() and not one.is_symlink()]
        bags = [one for one in folders if (one / "bagit.txt").is_file()] or folders
        if len(bags) != 1:
            break
        around = bags[0]
    return around


def _files_and_folders(path: Path) -> Iterator[Path]:
    """Everything below the folder. Raises OSError for a folder that may not be listed."""
    for folder, folders, files in os.walk(path, onerror=_raised):
        yield from (Path(folder, name) for name in (*folders, *files))


def _raised(error: OSError) -> None:
    raise error


class Folder(Package):
    """An unpacked bundle. The path may also be a folder around it, which some programs create."""

    def __init__(self, path: str) -> None:
        self.path = _inside_folders(Path(path))
        found: list[tuple[str, int]] = []
        for file in _files_and_folders(self.path):
            ensure(len(found) < MAX_MEMBERS, "the folder has too many files to be a bundle")
            ensure(not file.is_symlink(), f"{file.name} is a link, not a file")
            ensure(file.is_file() or file.is_dir(), f"{file.name} is not an ordinary file")
            if file.is_file():
                found.append((file.relative_to(self.path).as_posix(), file.stat().st_size))
        self.set_files(found)

    def blocks(self, name: str) -> Iterator[bytes | memoryview]:
        with self.path.joinpath(name).open("rb", buffering=0) as file:
            yield from _file_blocks(file, self.sizes[name])
            ensure(not file.read(1), f"{name} grew while it was read")

    def heads(self) -> Iterator[tuple[str, bytes]]:
        for name in self.strange:
            with self.path.joinpath(name).open("rb") as file:
                yield name, file.read(HEAD)


MOST_UNPACKED = 1 << 30  # bytes that a ZIP may unpack to beyond 200 times its own: a recording of silence has many
NO_ZIP = "this is no ZIP, it is cut short, or it has bytes behind its end"
DAMAGED = "the ZIP is damaged"
TWO_ENDS = "the records that end the ZIP contradict each other"
HIDES = "the ZIP's members overlap or hide bytes"
LOCAL, CENTRAL, DESCRIPTOR = b"PK\3\4", b"PK\1\2", b"PK\7\x08"
END, END64, LOCATOR64 = b"PK\5\6", b"PK\6\6", b"PK\6\7"
ALL16, ALL32 = 2**16 - 1, 2**32 - 1  # these values say that a ZIP64 record has the number
LATER, FLAGS = 8, 0x80E  # flag “CRC and sizes come after the bytes”; this one, the level of deflate, and UTF-8
STORED, DEFLATED = 0, 8
NOTHING = b"\3\0"  # no bytes, deflated, as Java writes folders
NEWEST = 45  # version of the format; a program leaves out members of later ones
SET_ID = 0o7000  # in Unix modes: set-uid and the like
NOT_A_FILE = 0x458  # in DOS attributes: folder, device, link …
WIDE = 1  # kind of the extra field with the numbers of ZIP64
UNICODE_PATH = 0x7075  # kind of the extra field with the name in UTF-8


class Member(NamedTuple):
    """What a ZIP's index says of one member. `header` is where its local header begins."""

    name: str
    flags: int
    method: int
    moment: bytes
    crc: int
    packed: int
    size: int
    header: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(("/", "\\"))


def _read_at(file: io.FileIO, at: int, size: int) -> bytes:
    ensure(at >= 0, DAMAGED)
    file.seek(at)
    found = file.read(size)
    ensure(len(found) == size, DAMAGED)
    return found


def _find_index(file: io.FileIO) -> tuple[int, int, int]:
    """Place, size and number of members of a ZIP's index (APPNOTE 4.3.14 to 4.3.16).

    The index must end where the first end record begins. Each record must say the same of it, because programs
    differ in which one they read.
    """
    at = os.fstat(file.fileno()).st_size - 22
    ensure(at >= 0, NO_ZIP)
    mark, disk, first, here, count, size, place, comment = struct.unpack("<4s4H2IH", _read_at(file, at, 22))
    ensure(mark == END and not comment, NO_ZIP)
    narrow, end = (here, count, size, place), at
    if at >= 20 and _read_at(file, at - 20, 4) == LOCATOR64:
        end = at - 76
        here, count, size, place = _wide_end(file, end)
    wide = zip(narrow, (here, count, size, place), (ALL16, ALL16, ALL32, ALL32))  # noqa: B905 (of equal length)
    agree = all(one == other or (one == most and end < at) for one, other, most in wide)
    ensure(agree and (disk, first) == (0, 0) and here == count and place + size == end, TWO_ENDS)
    ensure(end < at or (count < ALL16 and max(size, place) < ALL32), TWO_ENDS)
    ensure(0 < count <= MAX_MEMBERS, "the ZIP is empty, or has too many members to be a bundle")
    ensure(size <= MAX_DOCUMENT, "the ZIP's index is too large to be genuine")
    return place, size, count


def _wide_end(file: io.FileIO, at: int) -> tuple[int, ...]:
    """The numbers of the ZIP64 end record, which its locator follows."""
    record = struct.unpack("<4sQ4x2I4Q4sIQI", _read_at(file, at, 76))
    mark, rest, disk, first, here, count, size, place = record[:8]
    ensure((mark, rest, disk, first) == (END64, 44, 0, 0), TWO_ENDS)
    ensure(record[8:] == (LOCATOR64, 0, at, 1), TWO_ENDS)
    return here, count, size, place


def _read_index(data: bytes, count: int) -> list[Member]:
    """The members of an index of `count` members and nothing else (APPNOTE 4.3.12)."""
    found: list[Member] = []
    at = 0
    while at < len(data):
        ensure(at + 46 <= len(data) and len(found) < count, DAMAGED)
        head = struct.unpack("<4s4H4s3I5H2I", data[at : at + 46])
        mark, _, needs, flags, method, when, crc, packed, size = head[:9]
        names, extras, comment, disk, text, attributes, header = head[9:]
        name = data[at + 46 : at + 46 + names].decode("latin-1")
        at += 46 + names + extras
        ensure(mark == CENTRAL and at <= len(data), DAMAGED)
        shown = name[:200]
        ensure(
            not comment and not disk and text <= 1, f"the ZIP has a comment on {shown}, or it is on another disk"
        )
        numbers = _widened([size, packed, header], extra_fields(data[at - extras : at], name, False), shown)
        size, packed, header = numbers
        found.append(Member(name, flags, method, when, crc, packed, size, header))
        _check_member(found[-1], needs, attributes)
    ensure(len(found) == count, DAMAGED)
    return found


def _widened(numbers: list[int], extra: dict[int, bytes], name: str) -> list[int]:
    """The numbers, with those that are all ones from the ZIP64 field, which has exactly these (4.5.3)."""
    wanted = [place for place, number in enumerate(numbers) if number == ALL32]
    wide = extra.get(WIDE, b"")
    ensure(
        (WIDE in extra) == bool(wanted) and len(wide) == 8 * len(wanted), f"the ZIP describes {name} in two ways"
    )
    for place, number in zip(wanted, struct.unpack(f"<{len(wanted)}Q", wide)):  # noqa: B905 (of equal length)
        numbers[place] = number
    return numbers


def extra_fields(data: bytes, full_name: str, is_local: bool) -> dict[int, bytes]:
    """The extra fields of a member by kind. Raises Broken for kinds other than ZIP64, times and owners.

    Other kinds can hide bytes. Info-ZIP's “Unicode path” must repeat the name.
    """
    found: dict[int, bytes] = {}
    name, raw = full_name[:200], full_name.encode("latin-1")
    at, odd = 0, f"the ZIP adds something to {name} that no bundle needs"
    while at < len(data):
        ensure(at + 4 <= len(data), odd)
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        at += 4 + size
        same = kind == UNICODE_PATH and body == struct.pack("<BI", 1, zlib.crc32(raw)) + raw
        ensure(at <= len(data) and kind not in found and (same or _is_harmless(kind, body, is_local)), odd)
        found[kind] = body
    return found


def _is_harmless(kind: int, body: bytes, is_local: bool) -> bool:
    """Whether an extra field has a form that ZIP programs write: times, owners, the mark of jar."""
    if kind == 0x5455:
        return len(body) in (1, 5, 9, 13) and body[0] < 8
    if kind == 0x000A:
        return len(body) == 32 and body[:8] == b"\0\0\0\0\1\0\x18\0"
    if kind == 0x7875:
        owner = body[1] if len(body) > 1 else 99
        group = body[2 + owner] if len(body) > 2 + owner else 99
        return body[:1] == b"\1" and max(owner, group) <= 8 and len(body) == 3 + owner + group
    sizes = {WIDE: (16,) if is_local else (8, 16, 24), 0x5855: (8, 12), 0x7855: (0, 4), 0xCAFE: (0,)}
    return len(body) in sizes.get(kind, ())


def _check_member(member: Member, needs: int, attributes: int) -> None:
    """Check what the index says of one member. The upper half of `attributes` is the Unix mode, the lower half has
    the DOS attributes."""
    name, stored, mode = member.name[:200], member.method == STORED, attributes >> 16
    if member.flags & 1:
        raise not_checked(name, "a password locks it; unpack the ZIP with the password, and check the folder")
    usual = (stored or member.method == DEFLATED) and not member.flags & ~FLAGS and needs <= NEWEST
    if not usual:
        raise not_checked(name, "it is compressed in an unusual way; unpack the ZIP, and check the folder")
    ensure(not stored or member.size == member.packed, f"{name} has two sizes")
    empty = member.size == member.crc == 0 and member.packed in ((0,) if stored else (0, len(NOTHING)))
    ensure(not member.is_folder or empty, f"{name} is a folder with content")
    kinds, dos = ((0, 4), NOT_A_FILE & ~0x10) if member.is_folder else ((0, 8), NOT_A_FILE)
    ensure(
        mode >> 12 in kinds and not mode & SET_ID and not attributes & dos,
        f"{name} is a link or a device, not a file",
    )


def _as_paths(members: list[Member]) -> list[Member]:
    """The members with their names as other programs write them: with slashes, where all have backslashes (Windows
    PowerShell 5), and without "./", where all begin with it (tar)."""
    if not any("/" in one.name for one in members):
        members = [one._replace(name=one.name.replace("\\", "/")) for one in members]
    if all(one.name.startswith("./") for one in members):
        members = [one._replace(name=one.name[2:]) for one in members if one.name != "./"]
    return members


def folder_of_bundle(members: list[Member], what: str) -> str:
    """The folder of the ZIP `what` that has the bundle's files, with a slash at its end; "" if they are in none.
    Raises Broken for names that no program should unpack, and Unread if there is more than one bundle."""
    files = [one.name for one in members if not one.is_folder]
    tops = {one[: one.rfind("/") + 1] for one in files if one[one.rfind("/") + 1 :] in BAG_LISTS}
    top = min(tops, key=len, default="")
    beside = False
    for one in members:
        path, name = one.name[:-1] if one.is_folder else one.name, beside_or_inside(one.name, top)
        ours = one.name.startswith(top)
        good = is_strange(name) or (may_be_of_bundle(name) if ours and not one.is_folder else is_harmless(path))
        ensure(good, f"the ZIP has a forbidden name: {one.name[:200]}")
        beside = beside or not (ours or one.is_folder or is_strange(name))
    ensure(not top or is_harmless(top[:-1]), f"the ZIP has a forbidden name: {top[:200]}")
    if any(not one.startswith(top) for one in tops):
        raise not_checked(what, "there are several case bundles in it; unpack it, and check each one")
    if beside:
        raise not_checked(
            what, "there are other files beside the bundle; unpack it, and check the bundle's folder"
        )
    return top


def beside_or_inside(path: str, top: str) -> str:
    """The name of a file relative to the bundle's folder, or to the folder around it."""
    around = top[: top.rstrip("/").rfind("/") + 1]
    return path[len(top) :] if path.startswith(top) else path[len(around) :] if path.startswith(around) else path


class Zip(Package):
    """A bundle as ZIP. What its end records, its index and the headers of its members say twice must be the same,
    because programs differ in which of them they read. CRCs are not computed: the bag has SHA-256."""

    def __init__(self, file: io.FileIO, name: str) -> None:
        self.file = file
        place, size, count = _find_index(file)
        members = _read_index(_read_at(file, place, size), count)
        most = MOST_UNPACKED + 200 * os.fstat(file.fileno()).st_size
        if sum(one.size for one in members) > most:
            raise not_checked(name, "it unpacks to far more than it holds, as ZIP bombs do")
        self.starts = self._check_order(members, place)
        members = _as_paths(members)
        top = folder_of_bundle(members, name)
        once = {one.name.rstrip("/").lower() for one in members}
        ensure(len(once) == len(members), "the package has two files of one name")
        files = [(beside_or_inside(one.name, top), one) for one in members if not one.is_folder]
        self.members = {inside: one for inside, one in files if not is_strange(inside)}
        self.around = sorted((beside, one) for beside, one in files if is_strange(beside))
        self.set_files([(inside, one.size) for inside, one in files])

    def _check_order(self, members: list[Member], index: int) -> dict[int, int]:
        """Place of each header -> where its bytes begin. Checks that every byte of the ZIP is used exactly once,
        so that programs that read a ZIP from its beginning see the same files."""
        starts, ordered = {}, sorted(members, key=lambda one: one.header)
        ends = [one.header for one in ordered[1:]] + [index]
        ensure(ordered[0].header == 0, HIDES)
        for one, end in zip(ordered, ends):  # noqa: B905 (of equal length)
            starts[one.header] = self._check_local(one, end)
        return starts

    def _check_local(self, member: Member, end: int) -> int:
        """Where the member's bytes begin. Its local header, and what follows its bytes up to `end`, must say what
        the index says (4.3.7, 4.3.9)."""
        head = _read_at(self.file, member.header, 30)
        mark, needs, flags, method, when, crc, packed, size, names, extras = struct.unpack("<4s3H4s3I2H", head)
        ensure(mark == LOCAL, DAMAGED)
        name = member.name[:200]
        same = self.file.read(names).decode("latin-1") == member.name
        ensure(same, "the ZIP names a member in two ways")
        extra = extra_fields(self.file.read(extras), member.name, True)
        start: int = member.header + 30 + names + extras
        same = (flags, method, when) == (member.flags, member.method, member.moment) and needs <= NEWEST
        # Without sizes, a program reads on to what looks like the member's end, which stored bytes may contain.
        later = bool(flags & LATER)
        unsaid = (0,) if later and (method == DEFLATED or not member.size) else ()
        sizes = (member.size, member.packed)
        wide = struct.unpack("<QQ", extra.get(WIDE, struct.pack("<QQ", *sizes)))
        for narrow, whole, real in zip((size, packed), wide, sizes):  # noqa: B905
            same = same and whole in (real, *unsaid)
            same = same and narrow in (real, *unsaid, *([ALL32] if WIDE in extra else []))
        same = same and crc in (member.crc, *([0] if later else []))
        if later and member.method == STORED and (crc, packed, size) == (0, 0, 0) and wide in ((0, 0), sizes):
            raise not_checked(name, "it was packed without its size; unpack the ZIP, and check the folder")
        ensure(same, f"the ZIP describes {name} in two ways")
        behind = end - start - member.packed
        ensure(0 <= behind <= 24 and bool(behind) == later, HIDES)
        told = struct.pack("<IQQ" if WIDE in extra else "<III", member.crc, member.packed, member.size)
        found = _read_at(self.file, end - behind, behind)
        ensure(not later or found in (told, DESCRIPTOR + told), HIDES)
        nothing = not member.is_folder or _read_at(self.file, start, member.packed) in (b"", NOTHING)
        ensure(nothing, f"{name} is a folder with content")
        return start

    def blocks(self, name: str) -> Iterator[bytes | memoryview]:
        return self._blocks(self.members[name], name)

    def heads(self) -> Iterator[tuple[str, bytes]]:
        for name, member in self.around:
            yield name, head_of(self._blocks(member, name))

    def _blocks(self, member: Member, name: str) -> Iterator[bytes | memoryview]:
        self.file.seek(self.starts[member.header])
        packed = _file_blocks(self.file, member.packed)
        yield from packed if member.method == STORED else _inflated(packed, member.size, name)


def _inflated(packed: Iterator[memoryview], size: int, name: str) -> Iterator[bytes]:
    """The bytes of a compressed member, which has `size` of them."""
    engine, left = zlib.decompressobj(-zlib.MAX_WBITS), size
    for block in packed:
        ensure(not engine.eof, f"{name} is longer than the ZIP says")
        waiting: bytes | memoryview = block
        while not engine.eof:
            try:
                found = engine.decompress(waiting, BLOCK)
            except zlib.error:
                raise Broken(f"{name} is damaged") from None
            left, waiting = left - len(found), engine.unconsumed_tail
            ensure(left >= 0, f"{name} is longer than the ZIP says")
            yield found
            if not waiting and len(found) < BLOCK:
                break
    ensure(engine.eof and not engine.unused_data, f"{name} is damaged")
    ensure(left == 0, f"{name} is shorter than the ZIP says")


# ----------------------------------------------------------------------------------------- the ledger in documents

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # no entry is older
TOLERANCE = timedelta(minutes=5)  # difference of the portal's clock from an authority's
LATE = timedelta(days=1)  # usually a portal gets its stamps within hours
SOON = timedelta(hours=2)  # a portal has its ledger stamped each hour, while authorities answer
LAG = timedelta(hours=1)  # the portal sees to it that no entry is dated further before a stamp without it
FEWEST_CUT = 100  # a portal leaves out the proof from an earlier receipt only where so many later sizes are proved
FEWEST_PASSED = 50  # and a bundle that from an earlier bundle: it proves the latest 64 checkpoints
BEGUN_BEFORE = {"bundle.exported"}  # kinds of entries whose time is when the work for them began, at most LATE ago
DOCUMENTS = {  # kind of entry -> fields with digests of documents, which are also the documents' names
    "complaint.filed": ("statement", "reporter"),
    "case.decided": ("finding",),  # in old ledgers only; now each finding has its own entry
    "finding.made": ("finding",),
    "case.proposed": ("proposal",),
    "case.sent_back": ("proposal",),
    "measure.ordered": ("measure",),
    "measure.ended": ("measure",),
    "redress.promised": ("redress",),
    "redress.ended": ("redress",),
    "case.referred": ("referral",),
    "case.replied": ("message",),
    "reporter.changed": ("reporter",),
    "review.asked": ("review",),
    "retaliation.reported": ("retaliation",),
    "withdrawal.asked": ("withdrawal",),
    "message.written": ("message",),
    "question.asked": ("message",),
    "question.answered": ("message",),
    "addendum.added": ("message",),
    "evidence.added": ("message",),
    "enquiry.sent": ("enquiry",),
    "enquiry.answered": ("response",),
    "clock.extension_asked": ("extension",),
    "clock.extended": ("decision",),
    "clock.extension_declined": ("decision",),
    "note.written": ("note",),
}
OWN_DATES = {  # name of documents -> the fields that say when they were written; the first of them counts
    **{"statement": ("filed_at",), "finding": ("confirmed_at", "found_at"), "referral": ("referred_at",)},
    **{"proposal": ("sent_back_at", "proposed_at"), "measure": ("ended_at", "ordered_at")},
    **{"redress": ("ended_at", "ordered_at"), "message": ("written_at",), "reporter": ("changed_at",)},
    **{"review": ("asked_at",), "retaliation": ("reported_at",), "withdrawal": ("asked_at",)},
    **{"enquiry": ("sent_at",), "response": ("received_at",), "extension": ("asked_at",), "note": ("written_at",)},
}
MAY_LACK = {"case.decided"}  # kinds of entries that may name no document
NUMBERED = (
    *("finding", "message", "review", "retaliation", "withdrawal", "enquiry", "response"),
    *("proposal", "measure", "redress", "referral", "extension", "decision", "note"),
)
PLURALS = {"redress": "redress", "enquiry": "enquiries"}
# Documents that an export may leave out, in all their versions ("reporter", "reporter-2"): who filed, and the
# office's own papers, such as proposals, measures against staff, extensions and notes.
# Redress may be left out as well while no decision counts (`undecided_redress`).
MAY_BE_WITHHELD = ("reporter", "proposal", "measure", "extension", "decision", "note", "receipt")
LEFT_OUT = {  # why an original is not in the bundle, as the signed export says
    "chosen": "it was not chosen for this recipient",
    "missing": "the portal's stored file is missing",
    "altered": "the portal's stored file was altered",
    "unreadable": "the portal could not read its stored file",
    "quarantined": "the malware scanner found something in it",
}
STATES = {  # kind of entry -> the state that it brings the case to
    "complaint.filed": "filed",
    "case.routed": "routed",
    "case.begun": "investigating",
    "case.proposed": "proposed",
    "case.sent_back": "investigating",
    "case.decided": "decided",
    "case.replied": "replied",
    "case.closed": "closed",
    "case.withdrawn": "closed",
    "case.reopened": "routed",
}
# Kinds of entries that a deadline or a right can hang on, with all of DOCUMENTS -> what to call them.
DATED = {
    "complaint.filed": "the complaint",
    "case.begun": "the start of the investigation",
    "case.proposed": "a proposed decision",
    "case.sent_back": "a proposal that was sent back",
    "case.decided": "the decision",
    "case.replied": "the reply",
    "case.closed": "the closing of the case",
    "case.withdrawn": "the end by withdrawal",
    "case.reopened": "the reopening",
    "case.referred": "a referral",
    "finding.made": "a finding",
    "measure.ordered": "a measure",
    "measure.ended": "the end of a measure",
    "redress.promised": "a promise of redress",
    "redress.ended": "the outcome of a promise",
    "message.written": "a message",
    "question.asked": "a question",
    "question.answered": "the answer to a question",
    "addendum.added": "an addition",
    "evidence.added": "added evidence",
    "reporter.changed": "a change of the contact details",
    "consent.given": "a consent",
    "consent.withdrawn": "the end of a consent",
    "review.asked": "the request for a review",
    "retaliation.reported": "a report of retaliation",
    "withdrawal.asked": "the wish to withdraw",
    "withdrawal.taken_back": "the end of the wish to withdraw",
    "withdrawal.declined": "the refusal of the withdrawal",
    "enquiry.sent": "an enquiry",
    "enquiry.answered": "the answer to an enquiry",
    "clock.extension_asked": "the request for more time",
    "clock.extended": "an extension of time",
    "clock.extension_declined": "the refusal of an extension",
    "clock.overdue": "a missed deadline",
    "note.written": "a note of the office",
}
ENTRY_FIELDS = {"v": int, "id": str, "at": str, "kind": str, "thread": str, "seq": int, "prev": str}
ENTRY_FIELDS.update({"subject": str, "by": dict, "data": dict, "salt": str})


def file_label(authority: str) -> str:
    """An authority's name for use in file names: ASCII only, and different for each authority."""
    if re.fullmatch(r"[A-Za-z0-9-]{1,40}", authority, re.ASCII):
        return authority
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", authority)[:30].strip("-")
    return f"{plain}-{sha256(authority.encode()).hex()[:8]}"


def labelled(label: str) -> Callable[[str], bool]:
    """Whether an authority has this name in file names."""
    return lambda authority: file_label(authority) == label


class Entry(NamedTuple):
    """One ledger entry: its place (index), its bytes and its JSON object."""

    place: int
    raw: bytes
    content: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.content["kind"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.content["data"])

    @property
    def at(self) -> datetime:
        return moment(self.content["at"], "a ledger entry")

    def data_field(self, name: str, kind: type) -> Any:
        """A field of the entry's `data`, which must have this type."""
        return field(self.content["data"], name, kind, f"ledger entry {self.place}")


def open_entry(index: int, text: str) -> Entry:
    """Parse an entry. Raises Broken unless it is of version 1: canonical JSON with exactly the eleven fields."""
    what = f"ledger entry {index}"
    try:
        raw = text.encode()
    except UnicodeEncodeError:
        raise Broken("a JSON document holds broken characters or is nested too deeply") from None
    content = load_json(raw, what)
    refuse_newer(content.get("v"), 1, what)
    for name, kind in ENTRY_FIELDS.items():
        field(content, name, kind, what)
    ensure(len(content) == len(ENTRY_FIELDS) and content["v"] == 1, f"{what} is of a version not known here")
    ensure(
        canonical(content) == raw,
        f"this is damaged, or was not made by the portal ({what} is not in its canonical form)",
    )
    moment(content["at"], what)
    return Entry(index, raw, content)


class Ledger(NamedTuple):
    """The `ledger` object of a receipt or bundle, verified: every entry is in the tree of the signed checkpoint.

    `key` is the one that the object itself names; whether it is the right one must be checked apart.
    """

    key: str
    note: str
    size: int
    root: bytes
    entries: list[Entry]
    consistency: dict[int, list[bytes]]  # earlier size -> proof; without the earlier root it is verified in part
    changes: list[KeyChange]  # of its key
    witnessed: tuple[Note, ...] = ()  # its earlier checkpoints that witnesses cosigned, smallest first

    def key_at(self, size: int) -> str:
        """The key with which the checkpoint of so many entries is signed."""
        return next((change.former for change in self.changes if size <= change.size), self.key)

    def is_signed_since(self, key: str, size: int) -> bool:
        """Whether `key` signed the ledger of so many entries, and each key since signed the name of the next."""
        since = [change for change in self.changes if size <= change.size]
        return self.key_at(size) == key and all(change.is_signed for change in since)

    def of(self, kind: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == kind]


def open_ledger(document: Any) -> Ledger:
    check_fields(document, {"key", "checkpoint", "entries"}, "the ledger", {"consistency", "keys", "witnessed"})
    key, note = field(document, "key", str, "the ledger"), field(document, "checkpoint", str, "the ledger")
    checkpoint = check_note(note, key)
    entries = [_proved(listed, checkpoint) for listed in field(document, "entries", list, "the ledger")]
    changed = field({"keys": [], **document}, "keys", list, "the ledger")
    changes = key_changes([_proved(listed, checkpoint) for listed in changed], key)
    proofs = {}
    for listed in field({"consistency": [], **document}, "consistency", list, "the ledger"):
        check_fields(listed, {"from", "proof"}, "a consistency proof")
        size = field(listed, "from", int, "a consistency proof")
        proof = unhex_all(field(listed, "proof", list, "a consistency proof"), "a consistency proof")
        good = leads_to(checkpoint.root, size, checkpoint.size, proof)
        ensure(good, f"the proof from {size} entries on does not lead to the record that the portal signed")
        proofs[size] = proof
    ledger = Ledger(key, note, checkpoint.size, checkpoint.root, entries, proofs, changes)
    cosigned = field({"witnessed": [], **document}, "witnessed", list, "the ledger")
    return ledger._replace(witnessed=_witnessed(cosigned, ledger))


MOST_WITNESSED = 1000  # checkpoints that witnesses cosigned, in one paper


def _witnessed(listed: list[Any], ledger: Ledger) -> tuple[Note, ...]:
    """The earlier checkpoints that witnesses cosigned: the ledger's key signed each, and the ledger extends it.
    The cosignatures are not verified here."""
    few = len(listed) <= MOST_WITNESSED
    ensure(few, "the list of checkpoints that witnesses cosigned has too many parts to be genuine")
    found: list[Note] = []
    for text in listed:
        ensure(isinstance(text, str), "a checkpoint that witnesses cosigned is no text")
        note = check_note(text, ledger.key_at(parse_note(text).size))
        least = found[-1].size if found else 0
        ensure(least < note.size < ledger.size, "the checkpoints that witnesses cosigned are not in order")
        what = f"the checkpoint of {note.size} entries"
        proved = compare_ledgers(ledger, note.size, note.root, what)
        ensure(proved, f"there is no proof that the ledger extends {what} that witnesses cosigned")
        found.append(note)
    return tuple(found)


def _proved(listed: Any, checkpoint: Note) -> Entry:
    """An entry that is listed with its proof. Raises Broken unless it is in the tree of the checkpoint."""
    check_fields(listed, {"index", "entry", "proof"}, "a ledger entry")
    index = field(listed, "index", int, "a ledger entry")
    entry = open_entry(index, field(listed, "entry", str, "a ledger entry"))
    path = unhex_all(field(listed, "proof", list, "a ledger entry"), f"the proof of entry {index}")
    root = root_from_inclusion(index, checkpoint.size, leaf_hash(entry.raw), path)
    what = f"ledger entry {index} ({entry.kind})"
    ensure(root == checkpoint.root, f"{what} is not part of the record that the portal signed")
    return entry


def check_thread(entries: list[Entry], thread: str, gapless: bool) -> None:
    """Check that all entries belong to the thread, in order. `gapless`: the first is number 1, and each names the
    hash of the one before it."""
    before = None
    for entry in entries:
        what = f"ledger entry {entry.place} ({entry.kind})"
        ensure(entry.content["thread"] == thread, f"{what} is of another case")
        last = before.content["seq"] if before else 0
        ensure(
            entry.content["seq"] > last and (not before or entry.place > before.place), f"{what} is out of order"
        )
        if gapless:
            ensure(entry.content["seq"] == last + 1, f"an entry of the case is left out before {what}")
            prev = leaf_hash(before.raw).hex() if before else ""
            ensure(entry.content["prev"] == prev, f"{what} does not name the entry before it")
        before = entry


def check_dates(entries: list[Entry]) -> None:
    """Check that no entry of a case says that it is older than what comes before it in the ledger.

    Before an entry are those that were written earlier, the timestamps that these name by their digests, and the
    arrival of the file that it is about. The clocks may differ by TOLERANCE; when a file came, a portal's clock
    may have been wrong by LATE. This needs no authority: an honest ledger does not contradict itself.
    """
    newest, latest, stamped = entries[0] if entries else None, EPOCH, EPOCH
    for entry in entries:
        at, slack = entry.at, LATE if entry.kind in BEGUN_BEFORE else TOLERANCE
        if newest and at < latest - slack:
            raise Broken(f"{_dated(entry)}, but {_dated(newest)} and was written before it: one is false")
        if at < stamped - slack:
            says, time = _dated(entry), utc(stamped)
            raise Broken(f"{says}, but a timestamp of {time} was there before it: it is back-dated")
        if entry.kind == "evidence.received":
            received = moment(entry.data_field("received_at", str), "an exhibit")
            early = f"{_dated(entry)}, but what it is of is said to have come at {utc(received)}: one is false"
            ensure(received <= at + LATE, early)
        newest, latest = (entry, at) if at > latest else (newest, latest)
        for token in entry.data_field("tokens", list) if entry.kind == "evidence.sealed" else []:
            stamped = max(stamped, moment(field(token, "gen_time", str, "a seal"), "a seal"))


def check_made_after(at: str, entries: list[Entry], what: str) -> None:
    """Check that a paper does not say that it is older than the newest entry in it."""
    newest, made = max(entries, key=lambda entry: entry.at), moment(at, what)
    says = _dated(newest)
    early = f"{what} says that it was made at {utc(made)}, but {says} and is in it: one is false"
    ensure(made >= newest.at - TOLERANCE, early)


def check_own_date(name: str, document: dict[str, Any], entry: Entry, before: datetime | None) -> str:
    """Compare the date in a document with that of the entry that has its digest: a portal makes both at once.
    `before` is the time of the entry before it. Returns a caution, or "".

    A document may say that it is older if the ledger moved its entry's time forward, because the portal's clock
    was set back: then the entry has the time of the one before it, or of a timestamp (seldom with microseconds).
    """
    says = next((one for one in OWN_DATES.get(name.partition("-")[0], ()) if document.get(one)), "")
    text = field(document, says, str, name) if says else ""
    if not text or any(mask in text for mask in MASKS):
        return ""
    own = moment(text, name)
    if -TOLERANCE <= entry.at - own <= LATE:
        return ""
    was_moved = own < entry.at and (entry.at == before or entry.at.microsecond % 1000 == 0)
    false = (
        f"{name} says that it was written at {utc(own)}, but {_dated(entry)} and was made with it: one is false"
    )
    ensure(was_moved, false)
    return (
        f"{name} says that it was written at {utc(own)}, but its ledger entry {utc(entry.at)}: a clock was wrong"
    )


def _dated(entry: Entry) -> str:
    return f"ledger entry {entry.place} ({entry.kind}) says {utc(entry.at)}"


def _act(entry: Entry, called: str) -> str:
    return f"{called} (entry {entry.place}, {entry.at:%Y-%m-%d})"


def utc(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"


def compare_ledgers(ledger: Ledger, size: int, root: bytes, what: str) -> bool:
    """Whether the ledger is proved to extend an earlier checkpoint of `size` and `root`.

    False if it has no proof for that size. Raises Broken if it contradicts the checkpoint.
    """
    cut = f"the ledger ends at {ledger.size} entries, but {what} saw {size}: it was cut, or {what} is newer"
    ensure(size <= ledger.size, cut)
    good = extends(ledger, size, root)
    split = f"{what} shows another ledger of the same size: one of the two was made up"
    rewritten = f"the portal's record was changed after you got {what}"
    ensure(good is not False, split if size == ledger.size else rewritten)
    return good is True


def extends(ledger: Ledger, size: int, root: bytes) -> bool | None:
    """Whether the ledger extends a checkpoint of at most its size; None if it has no proof for that size."""
    if size == ledger.size:
        return root == ledger.root
    if size not in ledger.consistency:
        return None
    return check_consistency(size, ledger.size, root, ledger.root, ledger.consistency[size])


def compare_entries(ledger: Ledger, fewer: Ledger, what: str, *, is_here: bool = True) -> None:
    """Raise Broken unless every entry of `fewer`, up to the size of the other, is in the other at the same place,
    byte for byte. `what` names the one that was kept: it is `fewer` if `is_here`, else `ledger`."""
    found = {entry.place: entry.raw for entry in ledger.entries}
    for entry in fewer.entries:
        gone = f"entry {entry.place} ({entry.kind}) of {what} is not here as it was"
        new = f"entry {entry.place} ({entry.kind}) is not in {what} as it is here"
        same = entry.place >= ledger.size or found.get(entry.place) == entry.raw
        ensure(same, gone if is_here else new)


class Exhibit(NamedTuple):
    """One item of evidence, as the ledger's entries describe it."""

    number: int
    item: str
    sha256: str
    size: int
    media_type: str
    received_at: str
    source: str

    @property
    def label(self) -> str:
        return f"E-{self.number}"

    @property
    def stem(self) -> str:
        return f"E-{self.number:03d}"


def exhibits_of(entries: list[Entry]) -> dict[str, Exhibit]:
    """Item id -> exhibit. Raises Broken unless the exhibits that filing, messages and answers list were
    received."""
    filed = [entry for entry in entries if entry.kind == "complaint.filed"]
    ensure(len(filed) == 1 and filed[0].content["seq"] == 1, "the case does not begin with exactly one complaint")
    listed = _listed(entries)
    found: dict[str, Exhibit] = {}
    for entry in entries:
        if entry.kind == "evidence.received":
            exhibit = _received(entry, listed, max(len(listed), len(found)) + 1)
            ensure(exhibit.item not in found, f"{exhibit.label} was received twice")
            found[exhibit.item] = exhibit
    ensure(set(listed) <= set(found), "an exhibit of the complaint or of a message was never received")
    numbers = {exhibit.number for exhibit in found.values() if 0 < exhibit.number < 10**6}
    ensure(len(numbers) == len(found), "exhibits share a number")
    return found


def _listed(entries: list[Entry]) -> dict[str, tuple[int, str, str]]:
    """Item id -> number, SHA-256 and source, from the entries that list exhibits."""
    found: dict[str, tuple[int, str, str]] = {}
    for entry in entries:
        if entry.kind == "complaint.filed" or (entry.kind in DOCUMENTS and "exhibits" in entry.data):
            for one in entry.data_field("exhibits", list):
                number, item = field(one, "number", int, "an exhibit"), field(one, "item", str, "an exhibit")
                ensure(item not in found, f"ledger entry {entry.place} lists an exhibit that was listed before")
                found[item] = (number, field(one, "sha256", str, "an exhibit"), _source(entry))
    return found


def _source(entry: Entry) -> str:
    """Who sent an entry's exhibits. Those of an answer are the respondent's, even if the office entered it."""
    if entry.kind == "enquiry.answered":
        return "respondent"
    return "borrower" if entry.content["by"].get("role") == "borrower" else "office"


def _received(entry: Entry, listed: dict[str, tuple[int, str, str]], fallback: int) -> Exhibit:
    what = f"ledger entry {entry.place}"
    item, digest = entry.data_field("item", str), entry.data_field("sha256", str)
    unlisted = (entry.data.get("exhibit", fallback), digest, _source(entry))
    number, listed_digest, source = listed.get(item, unlisted)
    ensure(type(number) is int and listed_digest == digest, f"{what} and what it came with name different bytes")
    unhex(digest, what)
    moment(entry.data_field("received_at", str), what)
    rest = entry.data_field("size", int), entry.data_field("media_type", str), entry.data_field("received_at", str)
    return Exhibit(number, item, digest, *rest, source)


def documents_of(entries: list[Entry]) -> dict[str, str]:
    """Name of each document ("statement", "finding-1", later "reporter-2") -> its SHA-256 (hex) in the ledger."""
    return {name: digest for name, (digest, _) in frozen_documents(entries).items()}


def frozen_documents(entries: list[Entry]) -> dict[str, tuple[str, Entry]]:
    """Name of each document -> its SHA-256 (hex), and the entry that states it."""
    found: dict[str, tuple[str, Entry]] = {}
    counts: dict[str, int] = {}
    for entry in entries:
        for name in _named_documents(entry):
            digest = entry.data_field(name, str)
            unhex(digest, f"ledger entry {entry.place}")
            counts[name] = count = counts.get(name, 0) + 1
            found[f"{name}-{count}" if name in NUMBERED or count > 1 else name] = digest, entry
    return found


def undecided_redress(entries: list[Entry]) -> set[str]:
    """Names of the promises of redress that no decision has confirmed, and of what became of these promises.

    The entry of an end names its promise by digest in `of`.
    """
    waiting: dict[str, str] = {}  # digest of a promise, or of its end -> name
    frozen = frozen_documents(entries).items()
    named = {entry.place: (name, digest) for name, (digest, entry) in frozen if name.startswith("redress")}
    decided = False
    for entry in entries:
        if entry.kind in ("case.decided", "case.reopened"):
            decided = entry.kind == "case.decided"
            waiting = {} if decided else waiting
        elif entry.place in named and not decided:
            name, digest = named[entry.place]
            if entry.kind == "redress.promised" or str(entry.data.get("of")) in waiting:
                waiting[digest] = name
    return {*waiting.values()}


def recorded_root(entry: Entry, digest: str) -> str:
    """The root over a document's parts, from the entry that names the document; "" in old entries without
    `parts`."""
    if "parts" not in entry.data:
        return ""
    root = entry.data_field("parts", dict).get(digest)
    unhex(root, f"what ledger entry {entry.place} says of a document's parts")
    return str(root)


def check_parts_continue(frozen: list[tuple[str, Entry]]) -> None:
    """Raise Broken if an entry has no root over its document's parts, although an earlier one has.

    `frozen` are the documents' digests and entries in the ledger's order.
    """
    since: int | None = None
    for digest, entry in frozen:
        has_root = bool(recorded_root(entry, digest))
        ensure(
            has_root or since is None,
            f"ledger entry {entry.place} leaves out its document's parts, told since entry {since}",
        )
        since = entry.place if since is None and has_root else since


def _named_documents(entry: Entry) -> tuple[str, ...]:
    names = DOCUMENTS.get(entry.kind, ())
    return tuple(name for name in names if name in entry.data or entry.kind not in MAY_LACK)


def plural(name: str) -> str:
    """The field of case.json that lists the documents of this name."""
    return PLURALS.get(name, f"{name}s")


def may_be_withheld(name: str) -> bool:
    return name.partition("-")[0] in MAY_BE_WITHHELD


def consents_of(entries: list[Entry]) -> list[dict[str, str]]:
    """Who was allowed to know the borrower's name, from when until when ("" if not withdrawn)."""
    found: list[dict[str, str]] = []
    in_force: dict[str, list[dict[str, str]]] = {}  # by recipient
    for entry in entries:
        if entry.kind in ("consent.given", "consent.withdrawn"):
            recipient, at = entry.data_field("recipient", str), entry.content["at"]
            if entry.kind == "consent.given":
                found.append({"recipient": recipient, "given_at": at, "withdrawn_at": ""})
                in_force.setdefault(recipient, []).append(found[-1])
            else:
                for one in in_force.pop(recipient, []):
                    one["withdrawn_at"] = at
    return found


def papers_of(entries: list[Entry]) -> list[dict[str, str]]:
    """The documents of the case after filing, as a receipt's `papers` lists them."""
    later = [entry for entry in entries if entry.kind != "complaint.filed"]
    return [
        {"kind": entry.kind, "at": entry.content["at"], "sha256": entry.data_field(name, str)}
        for entry in later
        for name in _named_documents(entry)
    ]


def copies_of(entries: list[Entry], exhibits: dict[str, Exhibit]) -> dict[str, str]:
    """Stem of the file of each copy made for viewing ("E-001-sound-1") -> its SHA-256 (hex) in the ledger."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.kind == "evidence.derived":
            exhibit = exhibits.get(entry.data_field("item", str))
            good = exhibit and entry.data_field("from", str) == exhibit.sha256
            ensure(good, f"ledger entry {entry.place} tells of a copy of something else than an exhibit")
            stem = copy_stem(
                exhibit.stem if exhibit else "", entry.data_field("kind", str), entry.data_field("number", int)
            )
            found[stem] = entry.data_field("sha256", str)
    return found


def copy_stem(exhibit: str, kind: str, number: int | str) -> str:
    return f"{exhibit}-{kind}-{number}"


CUSTODY_HEAD = ("entry", "at", "event", "exhibit", "by", "details")
# The columns of custody.csv for people, before the others. Words that are out in bundles never change: a table has
# the code of a kind or role that is not here.
CUSTODY_FOR_PEOPLE = (("时间", "事项", "证据", "经办"), ("Time", "What", "Exhibit", "Who"))
CUSTODY_EVENTS = {  # kind of entry -> its words in Chinese and English
    "complaint.filed": ("提交投诉", "complaint filed"),
    "evidence.received": ("收到证据，计算摘要", "evidence received, digest taken"),
    "evidence.sealed": ("封存：重新核对字节，取得时间戳", "sealed: bytes read again, timestamp obtained"),
    "evidence.fault": ("存储的文件缺失、被改动或读不出", "stored file missing, altered or unreadable"),
    "evidence.restored": ("存储的文件恢复完好", "stored file whole again"),
    "evidence.copy_fault": ("存储的副本缺失、被改动或读不出", "stored copy missing, altered or unreadable"),
    "evidence.copy_restored": ("存储的副本恢复完好", "stored copy whole again"),
    "document.fault": ("数据库里的文书缺失或被改动", "document missing from the database, or altered"),
    "document.restored": ("数据库里的文书恢复完好", "document whole again in the database"),
    "evidence.derived": ("制作供查看的副本", "copy made for viewing"),
    "evidence.viewed": ("查看", "looked at"),
    "evidence.quarantined": ("病毒扫描发现问题，隔离", "quarantined: the malware scanner found something"),
    "evidence.released": ("解除隔离", "released from quarantine"),
    "evidence.downloaded": ("下载原件", "original downloaded"),
    "case.routed": ("分派", "routed to a team"),
    "case.assigned": ("指定办案人", "investigator assigned"),
    "clock.overdue": ("期限已过，已通知主管", "a deadline passed; the supervisors were informed"),
    "clock.extension_asked": ("申请延期", "more time asked for"),
    "clock.extended": ("批准延期", "more time given"),
    "clock.extension_declined": ("不同意延期", "no more time given"),
    "case.begun": ("开始调查", "investigation begun"),
    "finding.made": ("就一项投诉作出认定", "finding made on one allegation"),
    "case.proposed": ("提出认定方案，待第二人确认", "decision proposed, for a second person to confirm"),
    "case.sent_back": ("认定方案退回", "proposed decision sent back"),
    "case.decided": ("作出决定", "decided"),
    "measure.ordered": ("确定问责措施", "accountability measure ordered"),
    "measure.ended": ("问责措施办结", "accountability measure settled"),
    "redress.promised": ("承诺补救", "redress promised"),
    "redress.ended": ("补救办结", "redress settled"),
    "case.referred": ("移送有关机关", "referred to an authority"),
    "severity.changed": ("调整案件严重程度", "severity of the case changed"),
    "case.replied": ("答复投诉人", "reply sent to the borrower"),
    "case.closed": ("结案", "case closed"),
    "case.withdrawn": ("按投诉人意愿撤回，结案", "closed: withdrawn by the borrower"),
    "case.reopened": ("重新打开", "opened again"),
    "withdrawal.asked": ("投诉人申请撤回", "the borrower asked to withdraw"),
    "withdrawal.taken_back": ("投诉人收回撤回申请", "the borrower took the withdrawal back"),
    "withdrawal.declined": ("主管决定不撤回，继续办理", "a supervisor kept the case open"),
    "review.asked": ("投诉人申请换人复核", "the borrower asked for a review"),
    "retaliation.reported": ("投诉人反映遭到报复", "the borrower reported retaliation"),
    "reporter.changed": ("投诉人更改联系方式", "the borrower changed how to be reached"),
    "consent.given": ("投诉人同意", "the borrower agreed"),
    "consent.withdrawn": ("投诉人收回同意", "the borrower withdrew consent"),
    "code.renewed": ("投诉人更换查询码", "the borrower renewed the access code"),
    "message.written": ("留言", "message written"),
    "message.read": ("办案部门已读", "read by the office"),
    "question.asked": ("向投诉人提问", "question to the borrower"),
    "question.answered": ("投诉人回答提问", "question answered"),
    "addendum.added": ("补充说明", "addendum to the statement"),
    "evidence.added": ("补充证据", "evidence added"),
    "bundle.exported": ("导出案卷包", "case bundle exported"),
    "bundle.approved": ("第二人批准导出", "export approved by a second person"),
    "bundle.downloaded": ("下载案卷包", "case bundle downloaded"),
    "grant.given": ("授权他人领取案卷包", "somebody was allowed to fetch a case bundle"),
    "grant.opened": ("接收人打开链接", "the recipient opened the link"),
    "grant.revoked": ("收回授权", "the grant was taken back"),
    "enquiry.sent": ("向对方发出问询", "enquiry sent to the other side"),
    "enquiry.printed": ("取出问询函", "letter of the enquiry taken"),
    "enquiry.opened": ("通过链接打开问询", "enquiry opened by its link"),
    "enquiry.reminded": ("催促答复", "reminded of the enquiry"),
    "enquiry.answered": ("对方答复", "the other side answered"),
    "enquiry.overdue": ("到期未全部提供", "not everything came in time"),
    "enquiry.assessed": (
        "认定对方是否提供了所要求的内容",
        "the office recorded whether something asked for was supplied",
    ),
    "enquiry.revoked": ("停用问询链接", "link of the enquiry ended"),
    "enquiry.renewed": ("更换问询链接", "link of the enquiry renewed"),
    "note.written": ("内部备注", "internal note written"),
    "task.set": ("设定任务", "task set"),
    "task.done": ("任务完成", "task done"),
}
CUSTODY_ROLES = {
    "borrower": ("投诉人", "borrower"),
    "investigator": ("办案人", "investigator"),
    "supervisor": ("主管", "supervisor"),
    "auditor": ("审计", "auditor"),
    "administrator": ("管理员", "administrator"),
    "system": ("系统", "system"),
    "recipient": ("接收人", "recipient"),
    "respondent": ("对方（凭链接）", "other side, by the link"),
}
LANGUAGES = ("both", "zh", "en")  # of a table for people, and of a report


def custody_table(entries: list[Entry], exhibits: dict[str, Exhibit]) -> bytes:
    """The bytes of custody.csv in old bundles: one row for each entry, in the ledger's order.

    The entries are its only source.
    """
    rows = [CUSTODY_HEAD, *(_custody_row(entry, exhibits) for entry in entries)]
    return "".join(map(_csv_row, rows)).encode()


def custody_for_people(
    entries: list[Entry], exhibits: dict[str, Exhibit], language: str, offset_of: Callable[[datetime], str]
) -> bytes:
    """The bytes of custody.csv with columns for people in one of LANGUAGES.

    `offset_of` gives the local offset from UTC of a time, such as "+08:00".
    """
    rows = [_custody_row_in_words(one, exhibits, language, offset_of(one.at)) for one in entries]
    return (_custody_head_in_words(language) + "".join(rows)).encode()


def is_custody_table(table: bytes, entries: list[Entry], exhibits: dict[str, Exhibit]) -> bool:
    """Whether these are the bytes of custody.csv of these entries, in the old form or in one with words."""
    if table == custody_table(entries, exhibits):
        return True
    heads = {language: _custody_head_in_words(language).encode() for language in LANGUAGES}
    languages = [language for language in LANGUAGES if table.startswith(heads[language])]
    return bool(languages) and _are_custody_rows(table, len(heads[languages[0]]), entries, exhibits, languages[0])


def _are_custody_rows(
    table: bytes, at: int, entries: list[Entry], exhibits: dict[str, Exhibit], language: str
) -> bool:
    """Whether the rows with words of all entries, and nothing else, are in the table from there on."""
    for entry in entries:
        start = at + len("2026-11-23 12:02:00 UTC")
        offset = table[start : start + len("+08:00")].decode("ascii", "replace")
        if not OFFSET.fullmatch(offset):
            return False
        row = _custody_row_in_words(entry, exhibits, language, offset).encode()
        if not table.startswith(row, at):
            return False
        at += len(row)
    return at == len(table)


OFFSET = re.compile(r"[+-](?:0\d|1[0-4]):[0-5]\d", re.ASCII)  # from UTC


def _custody_row(entry: Entry, exhibits: dict[str, Exhibit]) -> tuple[str, ...]:
    content = entry.content
    is_of_item, item = content["subject"].startswith("item:"), content["subject"][5:]
    exhibit = exhibits[item].label if is_of_item and item in exhibits else ""
    by = " ".join(_plain(content["by"][name]) for name in ("role", "id") if name in content["by"])
    names = sorted(entry.data, key=lambda name: name.encode("utf-16-be"))  # as in canonical JSON
    details = "; ".join(f"{name}={_plain(entry.data[name])}" for name in names)
    return (str(entry.place), content["at"], entry.kind, exhibit, by, details)


def _custody_head_in_words(language: str) -> str:
    words = [_in_words(zh, en, language) for zh, en in zip(*CUSTODY_FOR_PEOPLE)]  # noqa: B905 (of equal length)
    return "\ufeff" + _csv_row((*words, *CUSTODY_HEAD))


def _custody_row_in_words(entry: Entry, exhibits: dict[str, Exhibit], language: str, offset: str) -> str:
    hours, minutes = int(offset[1:3]), int(offset[4:])
    ahead = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    when = f"{entry.at + ahead:%Y-%m-%d %H:%M:%S} UTC{offset}"
    by, row = entry.content["by"], _custody_row(entry, exhibits)
    role = _plain(by.get("role", ""))
    who = [_in_words(*CUSTODY_ROLES.get(role, (role, role)), language), _plain(by.get("id", ""))[:8]]
    what = _in_words(*CUSTODY_EVENTS.get(entry.kind, (entry.kind, entry.kind)), language)
    return _csv_row(tuple(map(harmless, (when, what, row[3], " ".join(filter(None, who)), *row))))


def _in_words(zh: str, en: str, language: str) -> str:
    both = zh if zh == en else f"{zh} / {en}"
    return {"zh": zh, "en": en}.get(language, both)


CONTACTS_HEAD = (
    *("contact", "when", "precision", "channel", "direction", "number", "answered"),
    *("speaker", "claimed", "reached", "disclosed", "said"),
)
IN_A_ROW = (
    "until",
    "times",
)  # of several contacts in one row, from the table's third version
CONTACTS = "data/contacts.csv"


# What a spreadsheet could take for a formula, by the version of the table. From the second also full-width signs,
# line ends, and signs behind blanks.
_UNSEEN = "\t\n\v\f\r \u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
FORMULAS = {
    1: re.compile("[=+\\-@\t]"),
    2: re.compile(f"[\t\r\n]|[{_UNSEEN}]*[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"),
}
FORMULAS[3] = FORMULAS[2]  # the third differs in its columns
NEWEST_TABLE = max(FORMULAS)


def harmless(cell: str, version: int = NEWEST_TABLE) -> str:
    """The text of a cell of any CSV. An apostrophe is added if a spreadsheet could take it for a formula."""
    return "'" + cell if FORMULAS[version].match(cell) else cell


def contacts_version(statement: dict[str, Any]) -> dict[str, int]:
    """The field of case.json that names the version of the table. It is left out where the first version reads as
    the newest, so that earlier verifiers still read it."""
    if "contacts" not in statement:
        return {}
    newest = contacts_table(statement, NEWEST_TABLE)
    version = next(one for one in FORMULAS if contacts_table(statement, one) == newest)
    return {"contacts_table": version} if version > 1 else {}


def contacts_table(statement: dict[str, Any], version: int) -> bytes:
    """The bytes of contacts.csv: one row for each contact in the statement, which is its only source."""
    listed = field(statement, "contacts", list, "the statement")
    head = (*CONTACTS_HEAD, *(IN_A_ROW if version > 2 and has_rows(statement) else ()))
    rows = [head, *(tuple(_contact_cell(one, name, version) for name in head) for one in listed)]
    return ("\ufeff" + "".join(map(_csv_row, rows))).encode()


def has_rows(statement: dict[str, Any]) -> bool:
    """Whether the statement lists several contacts as one row."""
    listed = field(statement, "contacts", list, "the statement")
    return any(isinstance(one, dict) and name in one for one in listed for name in IN_A_ROW)


def _contact_cell(one: Any, name: str, version: int) -> str:
    ensure(isinstance(one, dict), "a contact of the statement is malformed")
    return harmless(_plain(one.get(name, "")), version)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else canonical(value).decode()


def _csv_row(cells: tuple[str, ...]) -> str:
    return ",".join(map(_csv_cell, cells)) + "\r\n"


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if re.search('[",;\r\n]', text) else text


# -------------------------------------------------------------------------------------------------------- receipts


RECEIPT_FIELDS = {
    *("format", "reference", "case", "filed_at", "issued_at", "language", "statement", "reporter"),
    *("files", "authorities", "ledger", "signature"),
}
LATER_RECEIPT_FIELDS = {"anchors", "papers"}  # not in a receipt of filing
FILE_FIELDS = {"exhibit", "item", "name", "size", "media_type", "sha256", "received_at", "timestamps"}
TOKEN_FIELDS = {"authority", "gen_time", "sha256"}
ANCHOR_FIELDS = {"authority", "gen_time", "note", "query", "response", "root"}


class Receipt(NamedTuple):
    """A receipt, verified with its own key: signature, proofs, and agreement with its ledger entries. Or a bundle
    that somebody kept: its signed export, and its ledger."""

    document: dict[str, Any]
    ledger: Ledger
    schema: str = ""  # SHA-256 of a kept bundle's case.schema.json, which shows how old its portal was

    @property
    def case(self) -> str:
        return str(self.document.get("case"))

    @property
    def reference(self) -> str:
        return str(self.document["reference"])

    @property
    def is_bundle(self) -> bool:
        return bool(self.document.get("format") == "holdfast-export/1")

    @property
    def made(self) -> datetime:
        name = "made_at" if self.is_bundle else "issued_at"
        return moment(field(self.document, name, str, "it"), "it")

    @property
    def is_of_filing(self) -> bool:
        """Whether it is the receipt that was given at filing. Later ones have stamps, papers or proofs."""
        later = "anchors" in self.document or "papers" in self.document or self.ledger.consistency
        return not later and not self.is_bundle and not self.ledger.of("evidence.sealed")


def open_receipt(data: bytes) -> Receipt:
    """Parse and verify a receipt. Raises Broken unless it is signed, proved and agrees with its ledger entries.

    The key is the receipt's own; `Outside.check_key` checks whether it is the right one.
    """
    document = load_json(data, "the receipt")
    check_version(document, "receipt", "the receipt")
    check_fields(document, RECEIPT_FIELDS, "the receipt", LATER_RECEIPT_FIELDS)
    _listed_authorities(document)
    for anchor in field({"anchors": [], **document}, "anchors", list, "the receipt"):
        check_fields(anchor, ANCHOR_FIELDS, "a stamped checkpoint")
        only_certificates(field(anchor, "root", str, "a stamped checkpoint").encode(), "a stamped checkpoint")
    ledger = open_ledger(field(document, "ledger", dict, "the receipt"))
    check_signed(document, ledger.key)
    check_thread(ledger.entries, field(document, "case", str, "the receipt"), gapless=False)
    check_dates(ledger.entries)
    _check_receipt_says(document, ledger)
    return Receipt(document, ledger)


def open_kept_bundle(package: Package) -> Receipt:
    """The signed export and the ledger of a bundle that somebody kept. Its other files are not looked at."""
    export = package.json(EXPORT)
    check_version(export, "export", EXPORT)
    ledger = open_ledger(package.json("proofs/ledger.json"))
    check_signed(export, ledger.key)
    check_thread(ledger.entries, field(export, "case", str, "the export"), gapless=True)
    check_dates(ledger.entries)
    exhibits_of(ledger.entries)
    ensure(alike(ledger.size, export.get("ledger_size")), "the checkpoint is not the one of this export")
    check_made_after(field(export, "made_at", str, "the export"), ledger.entries, "the export")
    return Receipt(export, ledger, package.digest(SCHEMA) if SCHEMA in package.sizes else "")


def _check_receipt_says(document: dict[str, Any], ledger: Ledger) -> None:
    exhibits, filed = exhibits_of(ledger.entries), ledger.of("complaint.filed")[0]
    for name in ("reference", "statement", "reporter", "language"):
        same = field(document, name, str, "the receipt") == filed.data.get(name)
        ensure(same, f"the receipt's {name} is not the one in the ledger")
    same = document.get("filed_at") == filed.content["at"]
    ensure(same, "the receipt's time of filing is not the one in the ledger")
    check_made_after(field(document, "issued_at", str, "the receipt"), ledger.entries, "the receipt")
    same = document.get("papers", []) == papers_of(ledger.entries)
    ensure(same, "the receipt lists other papers than the ledger")
    files = field(document, "files", list, "the receipt")
    items = {field(listed, "item", str, "a file of the receipt") for listed in files}
    ensure(len(files) == len(items) == len(exhibits), "the receipt lists other files than the ledger")
    sealed = {entry.data_field("item", str): entry for entry in ledger.of("evidence.sealed")}
    for listed in files:
        check_fields(listed, FILE_FIELDS, "a file of the receipt")
        same = _agrees(listed, exhibits.get(listed["item"]))
        ensure(same, f"the receipt's {listed.get('exhibit')} is not the one in the ledger")
        field(listed, "name", str, "a file of the receipt")
        seal, stamps = sealed.get(listed["item"]), field(listed, "timestamps", list, "a file of the receipt")
        ensure(
            seal is None or _sorted(stamps) == _sorted(seal.data.get("tokens")),
            "the receipt lists other timestamps than the ledger",
        )
        for stamp in stamps:
            _check_listed_stamp(
                stamp, seal.content["at"] if seal else document["issued_at"], listed["received_at"]
            )


def _check_listed_stamp(stamp: Any, written: str, received: str) -> None:
    """Check what a receipt says of a stamp of a file. `written` is when the seal that has it was written. A file
    that is not sealed has some stamps when one of two authorities is away."""
    check_fields(stamp, TOKEN_FIELDS, "a timestamp of the receipt")
    for name in TOKEN_FIELDS:
        field(stamp, name, str, "a timestamp of the receipt")
    unhex(stamp["sha256"], "a timestamp of the receipt")
    time = moment(stamp["gen_time"], "a timestamp of the receipt")
    early, late = moment(received, "the receipt") - TOLERANCE, moment(written, "the receipt") + TOLERANCE
    ensure(early <= time <= late, "the receipt lists a timestamp of a time at which it cannot have been made")


def _agrees(listed: dict[str, Any], exhibit: Exhibit | None) -> bool:
    """Whether a receipt's or case.json's line about an exhibit agrees with the ledger."""
    if exhibit is None or listed.get("exhibit") != exhibit.label:
        return False
    names = ("sha256", "size", "media_type", "received_at")
    return all(alike(listed.get(name), getattr(exhibit, name)) for name in names)


def _sorted(tokens: Any) -> list[bytes]:
    return sorted(canonical(token) for token in tokens) if isinstance(tokens, list) else []


# ------------------------------------------------------------------------------- the report, and data from outside


# A checkpoint that is dated from outside: its size, the time at which it existed, and a sentence.
Anchor = tuple[int, datetime, str]


class Check(NamedTuple):
    name: str
    ok: bool
    says: str
    unread: bool = False  # not ok, because a file could not be read or is of another kind


class Report:
    """The results of all checks, in order, and the verdict."""

    def __init__(self) -> None:
        self.checks: list[Check] = []
        self.doubts: list[str] = []  # why the verdict is "self-consistent only"
        self.cautions: list[str] = []  # notes that do not change the verdict
        self.is_entire = True  # nothing is masked or left out
        self.lacks = False  # originals are left out
        self.is_dated = True  # an authority dated everything, at most LATE after it is said to have come
        self.vouched = ""  # what the named witnesses vouch for

    def run(self, name: str, check: Callable[..., str], *arguments: Any) -> None:
        """Run one check and add its result: the sentence that it returns, or that of Broken or Unread."""
        try:
            self.checks.append(Check(name, True, one_line(check(*arguments))))
        except Broken as broken:
            self.checks.append(Check(name, False, one_line(str(broken))))
        except Unread as unread:
            self.checks.append(Check(name, False, one_line(str(unread)), True))
        except OSError as error:
            says = f"this file cannot be opened ({error.strerror})"
            self.checks.append(Check(name, False, one_line(says), True))
        except Exception as error:  # hostile input may raise anything; the verifier must still give its verdict
            says = f"this is damaged, or was not made by the portal ({type(error).__name__}: {error})"
            self.checks.append(Check(name, False, one_line(says)))

    def doubt(self, why: str) -> None:
        self.doubts += [] if one_line(why) in self.doubts else [one_line(why)]

    def caution(self, what: str) -> None:
        self.cautions += [] if one_line(what) in self.cautions else [one_line(what)]

    def note_missing(self, what: str) -> None:
        """Note something that the signed export says is masked or left out."""
        self.is_entire = False
        self.caution(what)

    def caution_of_dates(
        self, what: str, claimed: datetime, stamped: list[datetime], within: timedelta = LATE
    ) -> None:
        """Add a caution if `what` has no stamp, or its first one is not `within` that time after the one that is
        claimed, or before it.

        Before the first stamp, only the portal says when it came.
        """
        self.is_dated = self.is_dated and bool(stamped) and -TOLERANCE <= min(stamped) - claimed <= within
        if not stamped:
            self.caution(f"no authority has dated {what}: that it came on {claimed:%Y-%m-%d} is the portal's word")
        elif min(stamped) - claimed > LATE:
            first = f"{min(stamped):%Y-%m-%d}"
            self.caution(f"{what} is said to have come on {claimed:%Y-%m-%d}, but was first stamped on {first}")
        elif min(stamped) - claimed > within:
            at, first = utc(claimed), utc(min(stamped))
            self.caution(f"only the portal says that {what} came at {at}: it was first stamped at {first}")

    def note_if_to_come(self, what: str, at: datetime) -> None:
        """Note that a paper was made later than this computer's clock says. A clock is no proof against it."""
        if at > datetime.now(UTC) + LATE:
            self.is_dated = False
            self.caution(f"{what} says {utc(at)}, which is still to come by the clock of this computer")

    @property
    def first_broken(self) -> Check | None:
        return next((check for check in self.checks if not check.ok and not check.unread), None)

    @property
    def first_unread(self) -> Check | None:
        return next((check for check in self.checks if check.unread), None)

    @property
    def exit(self) -> int:
        """The exit status, of the worst that was found: see RESULTS."""
        if self.first_broken:
            return 1
        if self.first_unread or not self.checks:
            return 3
        return 2 if self.doubts else 4 if self.lacks else 0

    @property
    def result(self) -> str:
        return RESULTS[self.exit]


RESULTS = ("verified", "broken", "self-consistent only", "unreadable", "incomplete")  # by exit status


def one_line(text: str) -> str:
    """The text in one line without control characters, which hostile names may contain."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:1000]


# ------------------------------------------------------------------------------------------ what kind a file is of

AGE = "it is encrypted with age; decrypt it first, and check the ZIP that comes out"
ARCHIVE = "it is an archive of another kind (7z, RAR, tar, gzip …); unpack it, and check what is inside"
REWRITTEN = (
    "another program wrote its numbers anew, with a fraction (1.0 for 1); get the file as the portal made it"
)
PICTURE = "it is a picture; take receipt.json, or the bundle's ZIP"
ARCHIVES = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"\xfd7zXZ", b"BZh", b"\x28\xb5\x2f\xfd")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
FORMS = (  # where the mark of another kind of file is, the mark, what the file is and what to do
    (0, b"%PDF", "it is a PDF, which is the form for paper; take receipt.json, or the bundle's ZIP"),
    *((0, mark, AGE) for mark in (b"age-encryption.org/", b"-----BEGIN AGE")),
    *((0, mark, ARCHIVE) for mark in ARCHIVES),
    *((0, mark, PICTURE) for mark in PICTURES),
    *((4, mark, PICTURE) for mark in (b"ftypheic", b"ftypmif1", b"ftypavif")),
    (257, b"ustar", ARCHIVE),
)
BLANKS = " \t\r\n"  # the same in the page, for which the standard functions differ
FIRST_BYTES = 400
HTML = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|\?xml)", re.IGNORECASE)
CURLY = re.compile("[{,:\\[]\\s*[“”„«]")
EDITED = "it was saved in another form, for instance by an editor; get the file as the portal made it"
CUT = "its end is missing: it was cut; get it again"
ODD_ZIP = "it is a ZIP with something before or behind it, or a part of one; unpack it, and check the folder"
NO_PAPER = "it is no receipt, checkpoint or case bundle"
BAG_LISTS = ("bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")


def not_checked(name: str, why: str) -> Unread:
    return Unread(f"{name} cannot be checked: {why}")


def refuse_other_kinds(data: bytes, name: str) -> None:
    """Raise Unread if the file's first bytes are of another kind of file."""
    if len(data) <= FIRST_BYTES and not data.strip(BLANKS.encode()):
        raise not_checked(name, "it is empty; get it again")
    for at, mark, why in FORMS:
        if data.startswith(mark, at):
            raise not_checked(name, why)
    if HTML.match(data):
        raise not_checked(name, "it is a web page that was saved in place of the file; download the file again")


def paper_text(data: bytes, name: str) -> str:
    """The text of a receipt or checkpoint, without a byte order mark. Raises Unread for other kinds of files."""
    refuse_other_kinds(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise not_checked(name, EDITED if b"\0" in data[:200] or _is_text(data) else NO_PAPER) from None
    if "\0" in text:
        raise not_checked(name, EDITED)
    return text


def _is_text(data: bytes) -> bool:
    """Whether the bytes could be text in another encoding, such as GBK."""
    return b"{" in data[:200] or data.count(b"\n") > 3


def receipt_text(text: str, name: str) -> bytes:
    """The bytes of a receipt. Raises Unread if the text is no JSON, or no receipt."""
    if not text.lstrip(BLANKS).startswith("{"):
        raise not_checked(name, NO_PAPER)
    try:
        document = load_json(text.encode(), "the receipt")
    except NotJson:
        whole = text.rstrip(BLANKS).endswith("}") or has_end(text.encode())
        raise not_checked(name, EDITED if CURLY.search(text) or whole else CUT) from None
    except Fraction:
        raise not_checked(name, REWRITTEN) from None
    if not str(document.get("format")).startswith("holdfast-receipt/"):
        raise not_checked(name, "it is no Holdfast receipt")
    return text.encode()


GROWTH = re.compile(r'[ \t\r\n]*\{[ \t\r\n]*"proof"')  # how the portal's answer at /ledger/consistency/ begins


def growth_in(data: bytes) -> list[bytes]:
    """The hashes of a proof that a ledger extends an earlier one (RFC 9162, 2.1.4), as the portal gives it."""
    document = load_json(data, "the proof")
    check_fields(document, {"proof"}, "the proof")
    return unhex_all(document["proof"], "the proof")


NOTE = re.compile(r"(?:^|\n)([^\n{]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n)")  # how a checkpoint begins
MARK = re.compile("(?:\u2014|\u2013|--?) ([^ ]+) ([A-Za-z0-9+/=]+)")  # a signature, with any dash
BASE64 = re.compile("[A-Za-z0-9+/=]+")
MOST_LINES = 10_000


def note_text(text: str) -> str:
    """The checkpoint in a text, as it was before it went through editors and mail programs; "" if there is none.

    These quote it, change blanks and dashes, double or break its lines, and write something before and behind it.
    """
    lines = [line.replace("\u00a0", " ").strip(BLANKS) for line in text.strip(BLANKS).split("\n")]
    if text.lstrip(BLANKS).startswith("{") or len(lines) > MOST_LINES:
        return ""
    plain = "".join(re.sub("^> ?", "", line) + "\n" for line in lines)
    for one in (plain, plain.replace("\n\n", "\n")):
        if found := NOTE.search(one):
            body, gap, tail = one[found.start(1) :].partition("\n\n")
            marks = _marks(tail.strip("\n").split("\n"))
            return f"{body}\n\n{marks}" if gap and marks else f"{body.strip(BLANKS)}\n"
    return ""


def _marks(lines: list[str]) -> str:
    """The signature lines of a checkpoint, each of them whole, up to the first line of another kind."""
    found: list[str] = []
    for line in lines:
        if found and BASE64.fullmatch(line):
            found[-1] += line
        elif mark := MARK.fullmatch(line):
            found.append(f"\u2014 {mark[1]} {mark[2]}")
        else:
            break
    return "".join(f"{line}\n" for line in found)


def is_zip(path: Path) -> bool:
    """Whether the file is a ZIP, or is called one and is no JSON."""
    with path.open("rb") as file:
        start = file.read(FIRST_BYTES)
    return start[:2] == b"PK" or (path.suffix.lower() == ".zip" and not start.lstrip().startswith(b"{"))


def look_at_zip(file: io.FileIO, name: str) -> None:
    """Raise Unread if the file is of another kind, is a ZIP that was cut, or has no bundle in it."""
    first = file.read(FIRST_BYTES)
    refuse_other_kinds(first, name)
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - ALL16 - 22))
    tail = file.read(ALL16 + 22)
    if tail.rfind(END) in (-1, *range(max(0, len(tail) - 21), len(tail))):
        raise not_checked(name, CUT)
    if not first.startswith(LOCAL) or tail[-22:-18] != END or tail[-2:] != b"\0\0":
        raise not_checked(name, ODD_ZIP)
    place, length, _ = _find_index(file)
    names = [*names_in(_read_at(file, place, length))]
    if not any(re.split(r"[/\\]", one)[-1] in BAG_LISTS for one in names):
        nested = any(one.lower().endswith(".zip") for one in names)
        inside = "it is a ZIP with another ZIP in it; unpack it, and check the one inside"
        raise not_checked(name, inside if nested else "it is a ZIP, but there is no case bundle in it")


def names_in(index: bytes) -> Iterator[str]:
    """The names in a ZIP's index, without any check."""
    at = 0
    while at + 46 <= len(index) and index.startswith(CENTRAL, at):
        name, extra, comment = struct.unpack_from("<3H", index, at + 28)
        yield index[at + 46 : at + 46 + name].decode("latin-1")
        at += 46 + name + extra + comment


def read_small(path: Path) -> bytes:
    ensure(path.stat().st_size <= MAX_DOCUMENT, f"{path.name} is too large to be genuine")
    return path.read_bytes()


KEY = r"[^+\s<>]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}(?: [0-9]{1,15})?"
KEY_LINE = re.compile(KEY, re.ASCII)
KEYS_OF_A_LINE = re.compile(rf"(?:^|[ \t])({KEY})(?=$|[ \t](?![0-9]))", re.ASCII)


def keys_in(data: bytes) -> list[str]:
    """The ledger keys in a text, between other words and lines. A key may be in UTF-16, within marks of HTML, and
    broken into two lines. A text with too many lines has none."""
    is_wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = re.sub("<[^<>\n]{0,100}>", "", data.decode("utf-16" if is_wide else "utf-8-sig", "replace"))
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    if len(lines) >= MOST_LINES:
        return []
    joined = [line + after for line, after in zip(lines, lines[1:])]  # noqa: B905, RUF007 (Python 3.9 has no pairwise)
    whole = [key for line in lines for key in KEYS_OF_A_LINE.findall(line)]
    return list(filter(_is_key, dict.fromkeys([*whole, *filter(KEY_LINE.fullmatch, joined)])))


def _is_key(line: str) -> bool:
    with contextlib.suppress(Broken):
        return bool(parse_keys(line))
    return False


def roots_in(data: bytes) -> list[Certificate]:
    """The certificates in a file that the reader holds, in PEM or one in DER, without damaged and unknown ones."""
    blocks = [data] if data[:2] == b"\x30\x82" else PEM_BLOCK.findall(data)[:MOST_LINES]
    found: list[Certificate] = []
    for block in blocks:
        with contextlib.suppress(Broken):
            is_der = block is data
            found.append(certificate(data) if is_der else certificates_in(block, "a certificate")[0])
    return found


AWAY = timedelta(days=3)  # witnesses look each day


class Outside:
    """What the reader did not get from the bundle: keys, roots, and receipts and checkpoints that were kept."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.keys: list[str] = []
        self.most: dict[str, int] = {}  # a former key -> most entries of a ledger that it signed
        self.roots: list[Certificate] = []
        self.receipts: list[tuple[str, Receipt]] = []
        self.notes: list[tuple[str, str]] = []
        self.proofs: list[list[bytes]] = []  # that a ledger extends another; each fits one pair of roots alone
        self.witnesses: list[Key] = []
        self.quorum = 0  # so many of them must have cosigned
        # Checkpoints that the ledger contains: so many witnesses saw them or later ones, or them or earlier ones.
        self.seen: list[Anchor] = []
        self.cosigned: list[Anchor] = []

    def take_roots(self, path: str) -> str:
        """Take the keys and root certificates from all files of a folder, or from one file. Passes over files that
        have none, and over damaged ones."""
        folder = Path(path)
        files = sorted(file for file in folder.iterdir() if file.is_file()) if folder.is_dir() else [folder]
        passed = [file.name for file in files if not self._take_root(file)]
        if not self.keys and not self.roots:
            raise Unread(
                f"{path} has neither a ledger key (a line in *.vkey) nor a root certificate (*.pem, *.cer)"
            )
        passed = [name for name in passed if name not in ("holdfast_verify.py", "verify.html")]
        if passed:
            self.report.caution(
                f"passed over, for it is neither a ledger key nor a certificate: {', '.join(passed)}"
            )
        return f"{len(self.keys)} ledger key(s) and {len(self.roots)} timestamp root(s) from {path}"

    def _take_root(self, file: Path) -> bool:
        """Whether the file has ledger keys (one a line), or certificates (PEM or DER)."""
        if file.stat().st_size > MAX_TOKEN:
            return False
        data = file.read_bytes()
        roots, keys = roots_in(data), keys_in(data)
        self.roots += roots
        for key, most in (found for line in keys for found in parse_keys(line)):
            self.keys.append(key)
            self.most.update({} if most is None else {key: most})
        return bool(roots or keys)

    def take_kept(self, path: str) -> str:
        """Take a receipt, checkpoint or bundle that somebody kept. Raises Unread if it does not hold in itself:
        then it says nothing about what is checked."""
        try:
            return self._take_kept(path)
        except (Unread, OSError):
            raise
        except Exception as error:
            why = f"{Path(path).name} does not hold in itself, so nothing is compared with it: {error}"
            raise Unread(why) from None

    def _take_kept(self, path: str) -> str:
        name, file = Path(path).name, Path(path)
        if file.is_dir() or is_zip(file):
            with contextlib.ExitStack() as files:
                bundle = open_kept_bundle(_package(file, files))
            _listed_authorities(bundle.document)
            self._looks_of(bundle.ledger)
            self.receipts.append((name, bundle))
            return f"{name} is a bundle of {bundle.reference}; its ledger is whole in itself"
        text = paper_text(read_small(file), name)
        if found := note_text(text):
            note = parse_note(found)
            self._looks_at(note)
            self.notes.append((name, found))
            return f"{name} is a checkpoint of {note.size} entries"
        if GROWTH.match(text):
            self.proofs.append(growth_in(text.encode()))
            return f"{name} is a proof that a ledger grew out of another, used where it fits"
        receipt = open_receipt(receipt_text(text, name))
        _listed_authorities(receipt.document)
        self._looks_of(receipt.ledger)
        self.receipts.append((name, receipt))
        return f"{name} is a receipt of {receipt.reference}, whole in itself"

    def take_witnesses(self, given: Sequence[str], quorum: int | None) -> None:
        """Take the keys of witnesses. Raises Broken if one is no such key, or fewer are there than must agree."""
        self.witnesses = witness_keys(given)
        count = len(self.witnesses)
        self.quorum = count if quorum is None else quorum
        few = f"{self.quorum} witnesses must agree, but you named {count}"
        ensure(1 <= self.quorum <= count or (quorum is None and not given), few)

    def check_key(self, key: str, opened: Callable[[], Ledger]) -> str:
        """Raise Broken unless `key` is one from outside, or signed keys lead from it to one from outside. Without
        any, add a doubt. `opened` opens the ledger that names the key."""
        name = parse_vkey(key).name  # receipts of another portal say nothing about this one's key
        kept = [receipt.ledger.key for _, receipt in self.receipts]
        known = self.keys or [one for one in kept if parse_vkey(one).name == name]
        mine = not known or self._is_known(key, known, opened)
        lost = (
            "it is not from the portal whose key you hold: another key signed it. It says that the one you hold "
            "was lost, which anybody could say: get the new key from where you have the old one, and check again"
        )
        ensure(mine or not self._says_lost(known, opened), lost)
        ensure(mine, "it is not from the portal whose key you hold: another key signed it")
        if not known:
            self.report.doubt("nothing from outside says whose key signed it")
            return f"It is signed with the key {key}, which it brings itself."
        if key not in known:
            return (
                f"It is signed with the key {key}. The ledger's key was changed, and each key signed the next one."
            )
        return f"It is signed with the key you hold from outside ({key})."

    def _is_known(self, key: str, known: list[str], opened: Callable[[], Ledger]) -> bool:
        """Whether the key is known, or the ledger had a known one and each key since signed the next, or a newer
        receipt says so."""
        if key in known and key not in self.most:
            return True
        try:
            ledger = opened()
        except Broken:  # a later check names it
            return False
        newer = [receipt.ledger for _, receipt in self.receipts if receipt.ledger.key in known]
        older = [(change.former, change.size) for change in ledger.changes if change.former in known]
        return (
            self._holds_key_of(ledger)
            or any(ledger.is_signed_since(*one) for one in older)
            or any(one.is_signed_since(ledger.key, ledger.size) for one in newer)
        )

    def _says_lost(self, known: list[str], opened: Callable[[], Ledger]) -> bool:
        """Whether the ledger says that it had a known key, and that this or a later one was lost."""
        try:
            changes = opened().changes
        except Broken:
            return False
        return any(change.former in known for change in changes) and not all(one.is_signed for one in changes)

    def note_lost_keys(self, ledger: Ledger) -> None:
        """Note each change of the ledger's key that the former one did not sign."""
        for change in ledger.changes:
            if not change.is_signed:
                self.report.caution(
                    f"the portal says that it lost the key with which it had signed {change.size} entries of its "
                    "ledger. That key did not sign the next one: that both are of one portal is the portal's word"
                )

    def _holds_key_of(self, ledger: Ledger) -> bool:
        return ledger.key in self.keys and ledger.size <= self.most.get(ledger.key, ledger.size)

    def _is_of_one_portal(self, ledger: Ledger, other: Ledger) -> bool:
        """Whether the keys of two ledgers are the same, or one signed the other's name, or both are held."""
        signed = ledger.is_signed_since(other.key, other.size) or other.is_signed_since(ledger.key, ledger.size)
        return signed or (self._holds_key_of(ledger) and self._holds_key_of(other))

    def check_kept(self, mine: Receipt, filing: Receipt | None) -> None:
        """Run one check for each receipt, bundle and checkpoint that was kept: its ledger and that of `mine`, the
        one that is checked, must be one. `filing` is the receipt of filing that comes with `mine`."""
        for name, receipt in self.receipts:
            self.report.run(f"against {name}", self._against_receipt, mine, filing, name, receipt)
        for name, text in self.notes:
            self.report.run(f"against {name}", self._against_note, mine, name, text)

    def _against_receipt(self, mine: Receipt, filing: Receipt | None, name: str, kept: Receipt) -> str:
        one = self._is_of_one_portal(mine.ledger, kept.ledger)
        if kept.case != mine.case:
            return self._against_another_case(mine.ledger, name, kept, one)
        ensure(one, f"{name} was signed with another key: one of the two was made up")
        if filing and kept.is_of_filing:
            same = alike(filing.document, kept.document)
            ensure(same, f"the receipt of filing here is not the one that you hold ({name}): it was made up later")
        is_newer = kept.ledger.size > mine.ledger.size
        cut = f"this was made at {utc(mine.made)}, after {name}, but its ledger is shorter: it was cut"
        ensure(not is_newer or mine.made <= kept.made + TOLERANCE, cut)
        proved = self._is_one_with(mine.ledger, kept.ledger.size, kept.ledger.root, name)
        if _has_fewer(kept, mine):
            compare_entries(mine.ledger, kept.ledger, name)
        else:
            compare_entries(kept.ledger, mine.ledger, name, is_here=False)
        ensure(proved or is_newer or not _must_prove(mine, kept), _not_shown(name))
        return self._compared(proved, name, kept.ledger.size, mine.ledger.size)

    def _against_another_case(self, ledger: Ledger, name: str, kept: Receipt, is_of_one_portal: bool) -> str:
        """Of a paper of another case only the ledger is compared, if something shows that it is the same."""
        what = kept.reference
        if is_of_one_portal and self._is_one_with(ledger, kept.ledger.size, kept.ledger.root, name):
            return f"{name} is of another case ({what}), but of the same ledger, unchanged between the two."
        raise Unread(
            f"{name} is of another case ({what}), not proved to be of the same ledger: it is not compared"
        )

    def _against_note(self, mine: Receipt, name: str, text: str) -> str:
        """Of a bundle, the extension of the latest checkpoints must be proved; receipts prove that of others."""
        ledger = mine.ledger
        note = check_note(text, self._key_of(ledger, text))
        proved, is_newer = self._is_one_with(ledger, note.size, note.root, name), note.size > ledger.size
        is_latest = sum(size > note.size for size in ledger.consistency) < FEWEST_PASSED
        must = mine.is_bundle and note.size > 0 and is_latest
        ensure(proved or is_newer or not must, _not_shown(name))
        return self._compared(proved, name, note.size, ledger.size)

    def _key_of(self, ledger: Ledger, text: str) -> str:
        """The key that must have signed a checkpoint: the ledger's, or a later one from outside."""
        size = parse_note(text).size
        known = [ledger.key_at(size), *(self.keys if size > ledger.size else [])]
        then = [key for key in known if self.most.get(key, size) >= size]
        ensure(then, "the checkpoint is not signed with the ledger's key")
        return next((key for key in then if is_signed_with(text, key)), then[0])

    def _is_one_with(self, ledger: Ledger, size: int, root: bytes, name: str) -> bool:
        """Whether the ledger extends an earlier checkpoint, or something that was kept extends both.

        Raises Broken if they contradict each other.
        """
        if size <= ledger.size and compare_ledgers(ledger, size, root, name):
            return True
        (old, old_root), (new, new_root) = sorted([(size, root), (ledger.size, ledger.root)])
        if any(check_consistency(old, new, old_root, new_root, proof) for proof in self.proofs):
            return True
        least = max(size, ledger.size)
        for held, one in self.receipts:
            if one.ledger.size >= least and self._is_of_one_portal(one.ledger, ledger):
                both = [extends(one.ledger, size, root), extends(one.ledger, ledger.size, ledger.root)]
                differs = f"the ledger of {held} does not contain this one as it is: one of the two was made up"
                ensure(False not in both, differs)
                if all(both):
                    return True
        return False

    def _compared(self, proved: bool, name: str, size: int, here: int) -> str:
        is_newer = size > here
        if proved and is_newer:
            return f"{name} ({size} entries) is newer: this ledger is contained in its ledger, unchanged."
        if proved:
            return f"The ledger of {name} ({size} entries) is contained in this one, unchanged."
        if is_newer:
            newer = f"{name} is newer than this: that the one grew out of the other is not shown here"
            self.report.doubt(newer)
            return f"{newer}."
        self.report.doubt(
            f"there is no proof that the ledger extends the one {name} saw at {size} entries: get it from the "
            f"portal (/ledger/consistency/{size}/{here}), and check again with it among what you kept"
        )
        return f"There is no proof here from {size} entries on: {name} says nothing about what came between."

    def check_witnesses(self, mine: Receipt) -> None:
        """Run one check if witnesses are named: enough of them saw this ledger. Else note that there are some."""
        notes = [*self._notes_of(mine.ledger), *(parse_note(text) for _, text in self.notes)]
        others = {name for note in notes for name, _, mark in note.signatures if len(mark) == ML_DSA_MARK}
        if others:
            names = listed_names(others)
            self.report.caution(
                f"signatures by {names} are not checked here: they are of another kind (ML-DSA-44)"
            )
        if self.witnesses:
            self.report.run("witnesses", self._witnesses, mine)
            return
        marks = [
            name for note in self._notes_of(mine.ledger) for name, _, mark in note.signatures if len(mark) == 72
        ]
        if marks:
            names = listed_names(set(marks))
            self.report.caution(f"witnesses signed checkpoints of it ({names}): name their keys to count them")

    def _notes_of(self, ledger: Ledger) -> list[Note]:
        return [*ledger.witnessed, parse_note(ledger.note)]

    def _witnesses(self, mine: Receipt) -> str:
        ledger = mine.ledger
        self._refuse_its_own(ledger)
        looks = [*self._looks_of(ledger), *self._looks_of_kept(mine)]
        for size in sorted({size for _, size, _ in looks}):
            self._count(ledger, size, looks)
        count = len(self.witnesses)
        unseen = (
            f"No record that {self.quorum} of your {count} witnesses saw is this one or contained in it, so this "
            "could be another record than the one that is shown to everybody"
        )
        if not self.seen:
            raise Unread(unseen) if self.report.first_unread else Broken(unseen)  # a kept file could have shown it
        newest = self.seen[-1]
        self.report.vouched = (
            f"Your witnesses vouch for the first {newest[0]} entries of the ledger, not for what is newer."
        )
        later = [entry for entry in ledger.entries if entry.place >= newest[0]]
        acts = [_act(entry, DATED[entry.kind]) for entry in later if entry.kind in DATED]
        rest = len(later) - len(acts)
        if later:
            unseen = "; ".join([*acts, *([f"{rest} entries that are no acts"] if rest else [])])
            self.report.caution(f"not yet seen by the witnesses: {unseen}")
        self._doubt_old(later, mine.made)
        self._doubt_seen_without(ledger.entries, looks)
        return newest[2]

    def _doubt_seen_without(self, entries: list[Entry], looks: list[tuple[Key, int, int]]) -> None:
        """Add a doubt if fewer witnesses than must agree saw the ledger without an entry, long after its date. One
        witness may be wrong, or have been shown an old checkpoint by somebody else."""
        for entry in entries:
            last = max((look for look in looks if look[1] <= entry.place), key=lambda look: look[2], default=None)
            if last and entry.at < _at(last[2]) - LATE:
                name, at = last[0].name, utc(_at(last[2]))
                self.report.doubt(
                    f"{_dated(entry)}, but the witness {name} saw the ledger at {at} without it: "
                    "it may be back-dated"
                )
                return

    def _refuse_its_own(self, ledger: Ledger) -> None:
        """Raise Unread if a witness's key is one with which the ledger itself is or was signed."""
        signed = [ledger.key, *(change.former for change in ledger.changes if change.is_signed)]
        public = {parse_vkey(key).public for key in signed}
        own = listed_names(witness.name for witness in self.witnesses if witness.public in public)
        if own:
            raise Unread(f"the key of the witness {own} is the ledger's own, which is no witness: name others")

    def _doubt_old(self, unseen: list[Entry], made: datetime) -> None:
        """Add a doubt if an entry that the witnesses have not seen is said to be old: they look each day."""
        old = next((entry for entry in unseen if entry.at < made - AWAY), None)
        if old:
            self.report.doubt(
                f"{_dated(old)}, but the witnesses have not yet seen it: "
                "get their newest checkpoints, and check again"
            )

    def _looks_of(self, ledger: Ledger) -> list[tuple[Key, int, int]]:
        return [look for note in self._notes_of(ledger) for look in self._looks_at(note)]

    def _looks_of_kept(self, mine: Receipt) -> list[tuple[Key, int, int]]:
        """The looks in kept files whose ledger is one with this, also at what such a ledger extends."""
        ledger = mine.ledger
        looks: list[tuple[Key, int, int]] = []
        for name, text in self.notes:
            if found := self._looks_at(note := parse_note(text)):
                check_note(text, self._key_of(ledger, text))
                is_one = self._is_one_with(ledger, note.size, note.root, name)
                looks += found if is_one else self._check_not_cut(mine, name, found)
        for name, receipt in self.receipts:
            found, kept = self._looks_of(receipt.ledger), receipt.ledger
            if found and self._is_of_one_portal(kept, ledger):
                looks += found if self._is_one_with(ledger, kept.size, kept.root, name) else []
        return looks

    def _check_not_cut(self, mine: Receipt, name: str, looks: list[tuple[Key, int, int]]) -> list[Any]:
        """Raise Broken if enough witnesses had seen the ledger larger than it is here before this was made."""
        times = sorted(time for _, size, time in looks if size > mine.ledger.size)
        cut = len(times) >= self.quorum and mine.made > _at(times[self.quorum - 1]) + TOLERANCE
        ensure(not cut, f"this was made at {utc(mine.made)}, after {name}, but its ledger is shorter: it was cut")
        return []

    def _looks_at(self, note: Note) -> list[tuple[Key, int, int]]:
        """The witnesses who cosigned the note: key, size and time. Raises Broken for a line that is wrong."""
        return [(key, note.size, time) for key, time in cosigned_at(note, self.witnesses).items()]

    def _count(self, ledger: Ledger, size: int, looks: list[tuple[Key, int, int]]) -> None:
        """Note whether enough witnesses saw the first `size` entries, which are dated by when enough had. Who
        cosigned a larger checkpoint saw them, too; but who cosigned none larger than this did not see the next."""
        last: dict[Key, int] = {}
        for key, one, time in looks:
            if one <= size:
                last[key] = max(time, last.get(key, time))
        if len(last) >= self.quorum:
            self.cosigned.append((size, _at(sorted(last.values())[-self.quorum]), ""))
        by: dict[Key, int] = {}
        for key, one, time in looks:
            if one >= size:
                by[key] = min(time, by.get(key, time))
        if len(by) < self.quorum:
            return
        seen = _at(sorted(by.values())[self.quorum - 1])
        for entry in ledger.entries:
            early = entry.place >= size or entry.at <= seen + TOLERANCE
            ensure(early, f"{_dated(entry)}, but the witnesses had seen it by {utc(seen)}: one is false")
        names = listed_names(key.name for key in by)
        says = f"{names}: saw the ledger of up to {size} entries at {utc(seen)}, and this one continues it."
        self.seen.append((size, seen, says))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def listed_names(names: Iterable[str]) -> str:
    """At most ten names, in the order of the page."""
    return ", ".join(sorted(names, key=lambda name: name.encode("utf-16-be"))[:10])


def first_ten(names: list[str]) -> str:
    return ", ".join(names[:10]) + (" …" if len(names) > 10 else "")


def early_stamps(receipt: Receipt) -> list[str]:
    """Labels of the files for which a receipt lists stamps that no ledger entry names yet."""
    sealed = {entry.data.get("item") for entry in receipt.ledger.of("evidence.sealed")}
    return [one["exhibit"] for one in receipt.document["files"] if one["timestamps"] and one["item"] not in sealed]


def _has_fewer(one: Receipt, other: Receipt) -> bool:
    """Whether `other` has the entries of `one` and perhaps more: a bundle has all, a receipt some kinds."""
    if one.is_bundle != other.is_bundle:
        return other.is_bundle
    return one.ledger.size <= other.ledger.size


def _not_shown(name: str) -> str:
    return (
        f"The portal does not show that today's record grew out of the one on {name}. An honest portal always "
        "does. Ask for it."
    )


def _must_prove(mine: Receipt, kept: Receipt) -> bool:
    """Whether an honest portal always proves that the ledger of `mine` extends that of `kept`.

    It does for the receipt of filing, and for each bundle whose export the ledger has. Besides, each paper proves
    the extension of the latest receipts, and each bundle that of the latest checkpoints, other cases' included.
    Receipts have proofs from bundles whose portal was no older than that, and which were ready: it may take LATE.
    """
    later = sum(size > kept.ledger.size for size in mine.ledger.consistency)
    if not kept.is_bundle:
        return kept.is_of_filing or later < FEWEST_CUT
    sizes = [entry.data.get("ledger_size") for entry in mine.ledger.of("bundle.exported")]
    if kept.ledger.size in sizes or mine.is_bundle:
        return kept.ledger.size in sizes or later < FEWEST_PASSED
    was_ready = kept.schema not in {"", *FIRST_SCHEMAS} and mine.made > kept.made + LATE
    return was_ready and later < FEWEST_CUT


MOST_AUTHORITIES = 1000  # in one paper


class Listed(NamedTuple):
    """What a signed document says of one root: its SHA-256 (hex), the name of its authority, and whether that is a
    local clock. A root may be listed twice, because authorities are renamed."""

    digest: str
    name: str
    is_local: bool


def _listed_authorities(paper: dict[str, Any]) -> list[Listed]:
    found, listed = [], field(paper, "authorities", list, "the list of authorities")
    ensure(len(listed) <= MOST_AUTHORITIES, "the list of authorities has too many parts to be genuine")
    for one in listed:
        check_fields(one, {"name", "root_sha256"}, "an authority", {"local_clock"})
        digest = field(one, "root_sha256", str, "an authority")
        unhex(digest, "an authority")
        found.append(Listed(digest, field(one, "name", str, "an authority"), one.get("local_clock") is True))
    return found


class Authorities:
    """The roots that timestamps are verified with: those from outside, and those of `own` (the bundle's) that a
    kept receipt lists. If nothing from outside was given, all of `own`, which makes the verdict doubtful."""

    def __init__(self, outside: Outside, own: list[Certificate], paper: dict[str, Any]) -> None:
        kept = [one for _, receipt in outside.receipts for one in _listed_authorities(receipt.document)]
        pinned = {one.digest for one in kept}
        self.are_known = bool(outside.roots or pinned)
        trusted = [root for root in own if root.digest in pinned] if self.are_known else own
        self.roots, self.report = [*outside.roots, *trusted], outside.report
        self.here = _listed_authorities(paper)
        self.listed = [*self.here, *kept]
        self.seen: set[str] = set()  # SHA-256 of the stamps over checkpoints so far

    def check_stamp(
        self, response: bytes, query: bytes, digest: bytes, is_called: Callable[[str], bool]
    ) -> tuple[datetime, str]:
        """Verify a stamp over a digest. Returns its time and the name of its authority.

        The paper must list the stamp's root by a name that `is_called` accepts, which says what the stamp is said
        to be of.
        """
        time, root = check_timestamp(response, query, digest, self.roots)
        here = [one.name for one in self.here if one.digest == root.digest]
        name = next(filter(is_called, here), "")
        ensure(name or not here, f"it is of another authority than it is said to be: of {', '.join(here)}")
        listed = [one for one in self.listed if one.digest == root.digest]
        self._note_names(sorted({one.name for one in listed}))
        if root.is_local_clock or any(one.is_local for one in listed):
            self.report.is_dated = False
            local = name or "an authority"
            self.report.caution(f"{local} is a local clock: its timestamps prove nothing against the operator.")
        if not self.are_known:
            self.report.doubt("nothing from outside says that the timestamp authorities are real ones")
        return time, name or "an authority"

    def _note_names(self, names: list[str]) -> None:
        if not names:
            self.report.caution(
                "the portal does not list the authority of a timestamp: its name is not shown to be true"
            )
        elif len(names) > 1:
            self.report.caution(
                f"one authority is called by several names, for they have one root: {', '.join(names)}"
            )

    def check_anchor(
        self, note: str, query: bytes, response: bytes, ledger: Ledger, is_called: Callable[[str], bool]
    ) -> Anchor:
        """Verify a stamp over a signed checkpoint, which the ledger must extend and which was not there before.
        Returns the checkpoint's size, the stamp's time and a sentence. `is_called` is as in check_stamp."""
        anchored = check_note(note, ledger.key_at(parse_note(note).size))
        what = f"the checkpoint of {anchored.size} entries"
        proved = compare_ledgers(ledger, anchored.size, anchored.root, what)
        ensure(proved, f"there is no proof that the ledger extends {what} that was stamped")
        try:
            ensure(sha256(response).hex() not in self.seen, "it is there twice")
            self.seen.add(sha256(response).hex())
            time, name = self.check_stamp(response, query, sha256(note.encode()), is_called)
            written = [entry.at for entry in ledger.entries if entry.place < anchored.size]
            late = time >= max(written, default=time) - TOLERANCE
            ensure(late, "its time lies before entries under it were written: it is back-dated")
        except Broken as broken:
            raise Broken(f"the stamp of {what} does not hold: {broken}") from None
        sentence = f"The ledger up to {anchored.size} entries existed at {time:%Y-%m-%d %H:%M:%S} UTC, by {name}."
        return anchored.size, time, sentence


def date_the_acts(
    report: Report,
    ledger: Ledger,
    stamped: list[Anchor],
    seen: Sequence[Anchor] = (),
    cosigned: Sequence[Anchor] = (),
) -> str:
    """Note which acts of the case nobody outside has dated, by the checkpoints above them that were `stamped` or
    `seen` by witnesses, and those below that were stamped or `cosigned`. Returns what the stamps say.

    Raises Broken if an act is said to be older than one that did not have it: by more than LAG if that was
    stamped, by more than LATE if witnesses cosigned it.
    """
    vouched: list[str] = []
    to_the_day: list[str] = []
    rest: list[str] = []
    for entry in ledger.entries:
        _check_not_older(entry, stamped, LATE if entry.kind in BEGUN_BEFORE else LAG)
        _check_not_older(entry, cosigned, LATE)
        above = [time for size, time, _ in (*stamped, *seen) if size > entry.place]
        if entry.kind == "complaint.filed":
            report.caution_of_dates("the complaint", entry.at, above, SOON)
        elif entry.kind in DATED:
            below = (time for size, time, _ in (*stamped, *cosigned) if size <= entry.place)
            last = max(below, default=entry.at)
            later = min(above, default=entry.at - LATE) - entry.at
            good = later >= -TOLERANCE and entry.at >= last - TOLERANCE
            kind = vouched if good and later <= SOON else to_the_day if good and later <= LATE else rest
            kind.append(_act(entry, DATED[entry.kind]))
    if to_the_day:
        report.is_dated = False
        acts = "; ".join(to_the_day)
        report.caution(f"stamped within a day, but not within hours, so only the portal says at what hour: {acts}")
    if rest:
        report.is_dated = False
        acts, others = "; ".join(rest), "; ".join(vouched)
        undated = f"only the portal says when these were written: {acts}"
        both = f"only the portal says when these were written: {acts}; an authority dates {others}"
        report.caution(both if vouched else undated)
    return " ".join(says for *_, says in stamped) or "No authority has stamped a checkpoint of this ledger yet."


def _check_not_older(entry: Entry, anchors: Sequence[Anchor], slack: timedelta) -> None:
    """Raise Broken if the entry is said to be older, by more than `slack`, than a checkpoint without it."""
    last = max((time for size, time, _ in anchors if size <= entry.place), default=entry.at)
    if entry.at < last - slack:
        says = _dated(entry)
        raise Broken(f"{says}, but the ledger was stamped at {utc(last)} without it: it is back-dated")


def date_the_exhibits(report: Report, ledger: Ledger, anchors: Sequence[Anchor]) -> None:
    """Note which files of a receipt are said to have come long before a stamp over their entries, or before these
    were written. Of a file that no stamp covers, date_the_acts says with what it came."""
    exhibits = exhibits_of(ledger.entries)
    for entry in ledger.of("evidence.received"):
        exhibit = exhibits[entry.data["item"]]
        received = moment(exhibit.received_at, "an exhibit")
        above = [time for size, time, _ in anchors if size > entry.place]
        if above or entry.at - received > LATE:
            report.caution_of_dates(exhibit.label, received, above)


def caution_of_unlisted(report: Report, entries: list[Entry]) -> None:
    """Note each exhibit that came with no complaint, message or answer, as in old ledgers."""
    listed = _listed(entries)
    for item, exhibit in exhibits_of(entries).items():
        if item not in listed:
            report.caution(
                f"{exhibit.label} came with no complaint, message or answer: whose it is, is the portal's word"
            )


# ------------------------------------------------------------------------------------------------------ the bundle

KNOWN_FILES = {
    *("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"),
    *("VERIFY.txt", "verify.html", "holdfast_verify.py", "case.schema.json"),
    *(f"data/{name}" for name in ("report.pdf", "case.json", "custody.csv", "contacts.csv")),
    *(f"proofs/{name}" for name in ("ledger.json", "checkpoint", "ledger.vkey", "receipt.json", "export.json")),
}
SCHEMA, EXPORT = "case.schema.json", "proofs/export.json"
FIRST_SCHEMAS = (  # of portals whose later receipts had no proofs from bundles
    "d18fc456d4a71e023b203eb5b1c82b53e3054b28a2b0bcc31e6cde7b6426b8e8",
    "689ddb25aacef18ef481e0e74649017c1dcee8d3dc612b78a3be421e5e601786",
)
SCHEMAS = {  # SHA-256 of each version of case.schema.json that portals give out
    *FIRST_SCHEMAS,
    "5f837e971a4ef5a877889761aab1743646b1d8de601d9af85f005a4832f57a9b",
    "6dbc0cf6f4cb3132821d9baaa8899d8b22f64874818b8ed752898b3f2cf4d37c",
    "f726d292a8e806b0bd52793415421332b6d163a9b959aa1e6e2223b5384ab82c",
}
KNOWN_FOLDERS = (  # each file in these is checked against the ledger
    *("data/documents/", "data/masked/", "data/originals/", "data/copies/"),
    *("proofs/authorities/", "proofs/timestamps/", "proofs/anchors/"),
)


EXPORT_FIELDS = {
    *("format", "reference", "case", "manifest", "ledger_size", "audience", "made_at", "withheld"),
    *("authorities", "signature"),
}
LATER_EXPORT_FIELDS = {"masked", "left_out"}  # only where something is masked or left out
AUDIENCES = ("borrower", "office", "legal_aid", "court", "complaint", "regulator", "police")
BAG_FIELDS = {"External-Identifier", "Bagging-Date", "Payload-Oxum"}
LATER_BAG_FIELDS = {"External-Description", "Source-Organization"}  # the second only in old bundles
BAG_DESCRIPTION = "Holdfast case bundle, version 1"
ENDINGS = {  # media type of an original -> ending of its file's name
    **{f"audio/{kind}": kind for kind in ("aac", "aiff", "amr", "flac", "ogg", "silk", "wav")},
    **{"audio/amr-wb": "awb", "audio/basic": "au", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/webm": "weba"},
    **{"audio/3gpp": "3gp", "audio/3gpp2": "3g2", "audio/vnd.rn-realaudio": "ra", "audio/x-pn-realaudio": "rm"},
    **{"audio/x-ape": "ape", "audio/x-caf": "caf", "audio/x-matroska": "mka", "audio/x-ms-wma": "wma"},
    **{"audio/x-wavpack": "wv", "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm"},
    **{"video/3gpp": "3gp", "video/3gpp2": "3g2", "video/mp2t": "ts", "video/mpeg": "mpg", "video/ogg": "ogv"},
    **{"video/vnd.rn-realmedia": "rm", "video/x-flv": "flv", "video/x-matroska": "mkv"},
    **{"video/x-ms-wmv": "wmv", "video/x-msvideo": "avi"},
    **{f"image/{kind}": kind for kind in ("avif", "bmp", "gif", "heic", "heif", "jp2", "jxl", "png", "webp")},
    **{"image/jpeg": "jpg", "image/tiff": "tif"},
    **{"application/pdf": "pdf", "application/ofd": "ofd", "message/rfc822": "eml"},
    **{"text/csv": "csv", "text/plain": "txt"},
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
COPY_ENDINGS = {  # kind of a copy for viewing -> ending
    **{"sound": "m4a", "video": "mp4", "picture": "webp", "page": "webp"},
    **{"transcript": "txt", "text": "txt", "table": "txt"},
}
CASE_FIELDS = {
    *("format", "reference", "case", "state", "made_at", "ledger_size", "audience"),
    *("statement", "reporter", "exhibits", "findings", "messages"),
}
OLD_MASKED_FIELDS = {"format", "name", "original", "document"}
MASKED_FIELDS = {*OLD_MASKED_FIELDS, "pieces", "proof"}
LATER_CASE_FIELDS = {
    "reporter_changes",
    "reviews",
    "retaliations",
    "withdrawals",
    "consents",
    *("enquiries", "responses", "proposals", "measures", "redress", "referrals"),
    *("extensions", "decisions", "notes", "contacts_table"),
}  # not in old bundles
EXHIBIT_FIELDS = {
    *("exhibit", "item", "file", "name", "description", "size", "media_type", "sha256"),
    *("received_at", "sealed_at", "timestamps", "copies"),
}
LATER_EXHIBIT_FIELDS = {"declared", "authority", "source"}
DESCRIBES = ("statement", "message", "response")  # kinds of documents that describe the exhibits they came with
EXHIBIT_DESCRIPTION: dict[str, Any] = {"name": None, "description": None, "declared": {}, "authority": False}


class BundleChecks:
    """The checks of a bundle. Each one relies on those before it, and returns a sentence or raises Broken."""

    def __init__(self, package: Package, outside: Outside) -> None:
        self.package, self.outside, self.report = package, outside, outside.report
        self.digests: dict[str, str] = {}
        self.names: list[str] = []
        self.unknown: list[
            str
        ] = []  # files with the names of those that programs leave, and with something else in them
        self.export: dict[str, Any] = {}
        self.masked: dict[str, None] = {}  # names of the documents of which the bundle has only a masked copy
        self.left_out: dict[str, str] = {}  # label of an exhibit whose original is left out -> a key of LEFT_OUT
        self.ledger: Ledger | None = None
        self.exhibits: dict[str, Exhibit] = {}
        self.filing: Receipt | None = None  # the receipt that the bundle has of the filing
        self.words = 0  # of its documents, as far as they were hashed

    def run(self) -> None:
        steps = (
            *(("files", self.files), ("key", self.key), ("export", self.signed_export)),
            *(("checkpoint", self.checkpoint), ("entries", self.entries), ("thread", self.thread)),
            *(("documents", self.documents), ("originals", self.originals), ("copies", self.copies)),
            *(("timestamps", self.timestamps), ("anchors", self.anchors)),
            *(("custody", self.custody), ("case", self.case), ("receipt", self.receipt)),
        )
        for name, check in steps:
            if name == "anchors" and self.ledger:
                self.outside.check_witnesses(Receipt(self.export, self.ledger))
            self.report.run(name, check)
            if self.report.checks[-1].unread:  # what could not be read is no reason to call the rest broken
                return
        if self.ledger:
            self.outside.check_kept(Receipt(self.export, self.ledger), self.filing)
        if self.unknown:
            self.report.run("files", self.name_unknown)

    def name_unknown(self) -> str:
        names = first_ten(self.unknown)
        raise Unread(
            f"{names}: programs leave files of such names, but what is in these is not known here. Remove them, "
            "and check again"
        )

    def proved_ledger(self) -> Ledger:
        if self.ledger is None:
            raise Broken("not checked, because the ledger's entries are not proved")
        return self.ledger

    def names_under(self, start: str) -> list[str]:
        """The files whose names begin with `start`, sorted. By bisection, because a hostile bundle may have
        many."""
        first = bisect.bisect_left(self.names, start)
        return self.names[first : bisect.bisect_left(self.names, f"{start}\x7f")]

    def check_no_others(self, folder: str, expected: set[str], why: str) -> None:
        for name in self.names_under(folder):
            ensure(name[len(folder) :] in expected, f"{name} does not belong here: {why}")

    # -- the bag (RFC 8493)

    def files(self) -> str:
        """Every file is in the bag's lists with its digest; none is missing, added or renamed."""
        with contextlib.suppress(Broken):  # what is no export, the check of the export names
            check_version(self.package.json(EXPORT), "export", EXPORT)
        self.digests = {name: self.package.digest(name) for name in self.package.sizes}
        odd = {name: self.digests.pop(name) for name in [*self.digests] if not SAFE_NAME.fullmatch(name)}
        self.names = sorted(self.digests)
        self._set_aside(odd)
        bagit = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        listed = {**self._manifest("manifest-sha256.txt"), **self._manifest("tagmanifest-sha256.txt")}
        for name in listed:
            known = name in KNOWN_FILES or name.startswith(KNOWN_FOLDERS)
            ensure(known, f"{name} does not belong here: no bundle has such a file")
        self._check_listed(listed)
        ensure(self.package.read("bagit.txt") == bagit, "bagit.txt is not that of BagIt 1.0")
        for name in ("data/report.pdf", "data/case.json", "data/custody.csv", "proofs/ledger.json"):
            ensure(name in listed, f"{name} is missing")
        payload = [self.package.sizes[name] for name in self.names_under("data/")]
        counted = self._bag_info()["Payload-Oxum"] == f"{sum(payload)}.{len(payload)}"
        ensure(counted, "bag-info.txt tells another number of bytes or files")
        return f"All {len(self.digests)} files are there, none added, each with the digest in the bag's lists."

    def _lines(self, name: str) -> list[str]:
        """The lines of a list, each of which ends as the portal ends it."""
        *lines, rest = self.package.text(name).split("\n")
        ensure(not rest, f"{name} is malformed")
        return lines

    def _bag_info(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self._lines("bag-info.txt"):
            name, gap, value = line.partition(": ")
            ensure(gap and name not in found, "bag-info.txt is malformed")
            found[name] = value
        check_fields(found, BAG_FIELDS, "bag-info.txt", LATER_BAG_FIELDS)
        return found

    def _check_bag_info(self) -> None:
        """bag-info.txt repeats the export. Old ones also name the portal as it calls itself, which a note says."""
        info, made = self._bag_info(), str(self.export["made_at"])
        same = (info["External-Identifier"], info["Bagging-Date"]) == (self.export["reference"], made[:10])
        known = info.get("External-Description", BAG_DESCRIPTION) == BAG_DESCRIPTION
        ensure(same and known, "bag-info.txt tells something else than the export")
        if source := info.get("Source-Organization"):
            self.report.caution(f"bag-info.txt names “{source}” as its source: that is the portal's word")

    def _set_aside(self, odd: dict[str, str]) -> None:
        """Note what the reader's programs put there: strange files, and the `odd` ones, which must be copies."""
        odd_heads = [name for name, head in self.package.heads() if not is_dropping(name, head)]
        self.unknown = [name for name in odd_heads if LEFT_BY_PROGRAMS.fullmatch(name)]
        unknown = {*self.unknown}
        added = ", ".join(name for name in odd_heads if name not in unknown)
        ensure(not added, f"{added} was added: the bag does not list it")
        there = {(name.rpartition("/")[0], digest) for name, digest in self.digests.items()}
        for name, digest in odd.items():
            is_copy = (name.rpartition("/")[0], digest) in there
            ensure(is_copy, f"the package has a file with a forbidden name: {name}")
        strange = [name for name in [*self.package.strange, *odd] if name not in unknown]
        if strange:
            names = first_ten(strange)
            self.report.caution(
                f"{names}: macOS, Windows or another program put this there. It is not of the bundle; remove it. "
                "Everything else was checked."
            )

    def _manifest(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        payload = name.startswith("manifest")
        for line in self._lines(name):
            digest, gap, path = line.partition("  ")
            good = gap and re.fullmatch("[0-9a-f]{64}", digest) and SAFE_NAME.fullmatch(path)
            ensure(good and len(path) <= 200 and path not in found, f"{name} is malformed")
            ensure(path.startswith("data/") == payload, f"{name} lists {path}, which belongs elsewhere")
            found[path] = digest
        return found

    def _check_listed(self, listed: dict[str, str]) -> None:
        free = {"tagmanifest-sha256.txt", "proofs/export.json"}
        added = sorted(set(self.digests) - set(listed) - free)
        for name in sorted(set(listed) - set(self.digests)):
            twin = next((other for other in added if self.digests[other] == listed[name]), None)
            ensure(twin is None, f"{name} was renamed to {twin}")
            raise Broken(f"{name} is missing")
        ensure(not added, f"{', '.join(added)} was added: the bag does not list it")
        for name, digest in listed.items():
            ensure(self.digests[name] == digest, f"{name} was altered: its digest is not the one listed")

    # -- who signed it

    def key(self) -> str:
        key = self.package.text("proofs/ledger.vkey").removesuffix("\n")
        ledger = self.package.json("proofs/ledger.json")
        ensure(field(ledger, "key", str, "the ledger") == key, "the bundle names two ledger keys")
        parse_vkey(key)
        return self.outside.check_key(key, lambda: open_ledger(ledger))

    def signed_export(self) -> str:
        """The portal signed the digest of the tag manifest, and thereby all files."""
        raw, what = self.package.read(EXPORT), EXPORT
        export = load_json(raw, what)
        check_version(export, "export", what)
        check_signed(export, self.package.text("proofs/ledger.vkey").removesuffix("\n"))
        ensure(
            canonical(export) == raw,
            f"this is damaged, or was not made by the portal ({what} is not in its canonical form)",
        )
        self.export = export
        check_fields(export, EXPORT_FIELDS, "the export", LATER_EXPORT_FIELDS)
        ensure(export["audience"] in AUDIENCES, "the export is for a recipient not known here")
        same = self.digests.get("tagmanifest-sha256.txt") == field(export, "manifest", str, "the export")
        ensure(same, "the list of files is not the one the portal signed: files and lists were changed together")
        masked = field({"masked": [], **export}, "masked", list, "the export")
        texts = all(isinstance(name, str) for name in masked)
        ensure(texts, "the export masks a document that the ledger does not know")
        self.masked = dict.fromkeys(masked)
        left_out = field({"left_out": {}, **export}, "left_out", dict, "the export")
        known = all(isinstance(why, str) and why in LEFT_OUT for why in left_out.values())
        ensure(known, "the export leaves out an exhibit for no reason known here")
        self.left_out = left_out
        made = field(export, "made_at", str, "the export")
        self.report.note_if_to_come("the export", moment(made, "the export"))
        self._check_bag_info()
        if self.digests.get("case.schema.json", "") not in {"", *SCHEMAS}:
            self.report.caution("case.schema.json is of a version not known here: it is the portal's word")
        return f"The portal signed this list of files for {export.get('reference')} at {made}."

    # -- the ledger

    def checkpoint(self) -> str:
        text, ledger = self.package.text("proofs/checkpoint"), self.package.json("proofs/ledger.json")
        ensure(text == field(ledger, "checkpoint", str, "the ledger"), "the bundle has two different checkpoints")
        note = check_note(text, field(ledger, "key", str, "the ledger"))
        ensure(alike(note.size, self.export.get("ledger_size")), "the checkpoint is not the one of this export")
        return f"The checkpoint of {note.origin} ({note.size} entries) carries the ledger's signature."

    def entries(self) -> str:
        self.ledger = open_ledger(self.package.json("proofs/ledger.json"))
        self.outside.note_lost_keys(self.ledger)
        count = len(self.ledger.entries)
        return f"All {count} ledger entries of the case lie in the tree that the checkpoint signs."

    def thread(self) -> str:
        """The case's history has no gap from its first entry on."""
        entries = self.proved_ledger().entries
        check_thread(entries, field(self.export, "case", str, "the export"), gapless=True)
        check_dates(entries)
        check_made_after(field(self.export, "made_at", str, "the export"), entries, "the export")
        self.exhibits = exhibits_of(entries)
        caution_of_unlisted(self.report, entries)
        same = entries[0].data.get("reference") == self.export.get("reference")
        ensure(same, "the case has another reference in the ledger")
        return f"The case's history has no gap: {len(entries)} entries, each naming the one before."

    # -- files whose digest is in the ledger

    def documents(self) -> str:
        """Each document is the one in the ledger. None is missing, except those that may be withheld."""
        withheld: Any = field(self.export, "withheld", list, "the export")
        unconfirmed = undecided_redress(self.proved_ledger().entries)
        good = all(isinstance(name, str) and (may_be_withheld(name) or name in unconfirmed) for name in withheld)
        ensure(good, "the export withholds a document that it may not")
        expected = frozen_documents(self.proved_ledger().entries)
        there = {*withheld} <= {*expected, "receipt"}
        ensure(there, "the export withholds a document that the ledger does not know")
        check_parts_continue(list(expected.values()))
        withheld = dict.fromkeys(withheld)
        self._check_masked(expected, withheld)
        for name, (digest, entry) in expected.items():
            path = f"data/documents/{name}.json"
            if name in self.masked:
                ensure(path not in self.digests, f"{path} is there although it is masked")
                continue
            if name in withheld:
                ensure(path not in self.digests, f"{path} is there although it is withheld")
                self.report.note_missing(f"{name} is withheld: the ledger has only its SHA-256 here, {digest}")
                continue
            ensure(path in self.digests, f"{path} is missing, but the ledger knows it")
            ensure(self.digests[path] == digest, f"{path} is not the document in the ledger")
            document = self.package.json(path)
            self._check_date(name, document, entry)
            if root := recorded_root(entry, digest):
                self._count_words(words_in(document))
                same = root == parts_root(document)
                ensure(same, f"ledger entry {entry.place} says of the parts of {path} what they are not")
        names = {f"{name}.json" for name in expected}
        self.check_no_others("data/documents/", names, "the ledger knows no such document")
        remarks = f" Withheld: {', '.join(withheld)}." if withheld else ""
        remarks += f" Masked: {', '.join(self.masked)}." if self.masked else ""
        return f"All {len(expected)} documents are the ones in the ledger.{remarks}"

    def _check_date(self, name: str, document: dict[str, Any], entry: Entry) -> None:
        number, entries = entry.content["seq"], self.proved_ledger().entries
        if caution := check_own_date(name, document, entry, entries[number - 2].at if number > 1 else None):
            self.report.is_dated = False
            self.report.caution(caution)

    def _check_masked(self, expected: dict[str, tuple[str, Entry]], withheld: dict[str, None]) -> None:
        for name in self.masked:
            good = name in expected and name not in withheld
            ensure(good, "the export masks a document that the ledger does not know")
            self.report.note_missing(self._masked(name, *expected[name]))
        names = {f"{name}.json" for name in self.masked}
        self.check_no_others("data/masked/", names, "the export names no such masked copy")

    def _masked(self, name: str, digest: str, entry: Entry) -> str:
        """Check that a masked copy names the document in the ledger, and that its visible words lead to the root
        that the ledger has. Returns the caution about it.

        In an old ledger without that root, the words cannot be proved, and the caution says so.
        """
        path = f"data/masked/{name}.json"
        copy = self.package.json(path)
        is_old, root = check_version(copy, "masked", path) == 1, recorded_root(entry, digest)
        fields = OLD_MASKED_FIELDS if is_old else MASKED_FIELDS
        ensure(copy.get("name") == name and set(copy) == fields, f"{path} is no masked copy of {name}")
        ensure(copy.get("original") == digest, f"{path} is not of the document in the ledger")
        ensure(not (is_old and root), f"{path} does not prove its words, although the ledger knows its parts")
        count = 0 if is_old else _hidden_in(copy, path, root, self._count_words)
        self._check_date(name, field(copy, "document", dict, path), entry)
        if root:
            where = f"ledger entry {entry.place}, {entry.content['at']}"
            return (
                f"{name} is masked: the words that are left are those that were filed ({where}); what is hidden "
                f"({count} words, digits or signs) stands in the document with the SHA-256 {digest}"
            )
        return (
            f"{name} is masked: that nothing but numbers and names was changed in it is the portal's word, "
            f"until the document with the SHA-256 {digest} is shown"
        )

    def _count_words(self, count: int) -> None:
        """Stop before there is more to hash than anybody waits for. A portal may make it, so it is no fault."""
        self.words += count
        if self.words > MAX_WORDS:
            raise Unread("the documents are so long together that checking them would take too long")

    def originals(self) -> str:
        """Each exhibit is there once, with the digest and size that it had when it was received."""
        self.proved_ledger()
        names = set()
        labels = {exhibit.label for exhibit in self.exhibits.values()}
        ensure(set(self.left_out) <= labels, "the export leaves out an exhibit that the ledger does not know")
        for exhibit in self.exhibits.values():
            if why := self.left_out.get(exhibit.label):
                self.report.lacks = True
                self.report.note_missing(f"{exhibit.label} is left out: {LEFT_OUT[why]}")
                continue
            name = self._original(exhibit)
            whole = (self.digests[name], self.package.sizes[name]) == (exhibit.sha256, exhibit.size)
            ensure(whole, f"{name} ({exhibit.label}) is not the file that was received: its bytes differ")
            ending = ENDINGS.get(exhibit.media_type)
            named = name == f"data/originals/{exhibit.stem}.{ending}"
            ensure(named, f"{name} has another ending than a file of the type {exhibit.media_type}")
            names.add(name.rpartition("/")[2])
        self.check_no_others("data/originals/", names, "the ledger knows no such exhibit")
        remark = f" Left out: {', '.join(sorted(self.left_out))}." if self.left_out else ""
        return f"All {len(names)} originals are the bytes that were received.{remark}"

    def _original(self, exhibit: Exhibit) -> str:
        found = self.names_under(f"data/originals/{exhibit.stem}.")
        ensure(found, f"the original of {exhibit.label} is missing")
        ensure(len(found) == 1, f"the original of {exhibit.label} is there twice")
        return found[0]

    def copies(self) -> str:
        """Each copy made for viewing is in the ledger. Copies may be left out, because they are not evidence."""
        known, stems, folder = copies_of(self.proved_ledger().entries, self.exhibits), set(), "data/copies/"
        for name in self.names_under(folder):
            stem = name[len(folder) :].rpartition(".")[0]
            ensure(
                stem in known and stem not in stems, f"{name} does not belong here: the ledger knows no such copy"
            )
            ensure(self.digests[name] == known[stem], f"{name} is not the copy that was made: its bytes differ")
            kind = stem.split("-")[2]
            named = name == f"{folder}{stem}.{COPY_ENDINGS.get(kind)}"
            ensure(named, f"{name} has another ending than a copy of the kind {kind}")
            stems.add(stem)
        return f"{len(stems)} of {len(known)} copies for viewing are here, as they were made."

    # -- timestamps

    def authorities(self) -> Authorities:
        """The roots in the bundle, each of which the export lists under the name of its authority."""
        own: list[Certificate] = []
        listed = field(self.export, "authorities", list, "the list of authorities")
        _listed_authorities(self.export)
        known = {(f"proofs/authorities/{file_label(one['name'])}.pem", one["root_sha256"]) for one in listed}
        for name in self.names_under("proofs/authorities/"):
            for root in only_certificates(self.package.read(name, MAX_TOKEN), name):
                named = (name, root.digest) in known
                ensure(named, f"{name} does not belong here: the export lists no such root")
                own.append(root)
        return Authorities(self.outside, own, self.export)

    def timestamps(self) -> str:
        """Every token that the ledger names is there, answers its query and leads to a trusted root."""
        authorities, used = self.authorities(), set()
        stamped: dict[str, list[datetime]] = {exhibit.label: [] for exhibit in self.exhibits.values()}
        for entry in self.proved_ledger().of("evidence.sealed"):
            exhibit = self._sealed(entry)
            for token in entry.data_field("tokens", list):
                stem, time = self._token(token, exhibit, entry, authorities)
                used |= {f"{stem}.tsr", f"{stem}.tsq"}
                stamped[exhibit.label].append(time)
        self.check_no_others("proofs/timestamps/", used, "the ledger names no such token")
        for exhibit in self.exhibits.values():
            received = moment(exhibit.received_at, "an exhibit")
            self.report.caution_of_dates(exhibit.label, received, stamped[exhibit.label])
        pending = sorted(label for label, times in stamped.items() if not times)
        remark = f" Not sealed yet: {', '.join(pending)}." if pending else ""
        return f"{len(used) // 2} timestamps of {len(stamped) - len(pending)} exhibits hold.{remark}"

    def _sealed(self, entry: Entry) -> Exhibit:
        exhibit = self.exhibits.get(field(entry.data, "item", str, "a seal"))
        if exhibit is None:
            raise Broken(f"ledger entry {entry.place} seals an unknown item")
        ensure(entry.data.get("sha256") == exhibit.sha256, f"the seal of {exhibit.label} is for other bytes")
        return exhibit

    def _token(
        self, listed: Any, exhibit: Exhibit, entry: Entry, authorities: Authorities
    ) -> tuple[str, datetime]:
        """Verify one token of a seal. Returns the name of its two files without their endings, and its time."""
        authority = field(listed, "authority", str, "a seal")
        stem = f"{exhibit.stem}.{file_label(authority)}"
        try:
            response, query = self._token_files(f"proofs/timestamps/{stem}")
            ensure(sha256(response).hex() == listed.get("sha256"), "the token is not the one in the ledger")
            time, _ = authorities.check_stamp(response, query, bytes.fromhex(exhibit.sha256), authority.__eq__)
            same = is_time_of(time, field(listed, "gen_time", str, "a seal"), "a seal")
            ensure(same, "its time is not the one in the ledger")
            received = moment(exhibit.received_at, "an exhibit")
            ensure(time >= received - TOLERANCE, "its time lies before the item was received: it is back-dated")
            ensure(time <= entry.at + TOLERANCE, "its time lies after the item was sealed")
        except Broken as broken:
            raise Broken(f"the timestamp of {exhibit.label} by {authority} does not hold: {broken}") from None
        return stem, time

    def _token_files(self, stem: str) -> tuple[bytes, bytes]:
        return self.package.read(f"{stem}.tsr", MAX_TOKEN), self.package.read(f"{stem}.tsq", MAX_TOKEN)

    def anchors(self) -> str:
        """Every stamp over a checkpoint is valid. It dates the whole ledger below the checkpoint from outside."""
        ledger, authorities, folder = self.proved_ledger(), self.authorities(), "proofs/anchors/"
        stems = sorted({name[len(folder) :].rpartition(".")[0] for name in self.names_under(folder)})
        ends = (".note", ".tsq", ".tsr")
        self.check_no_others(folder, {stem + end for stem in stems for end in ends}, "it is no stamped checkpoint")
        labels = {file_label(one.name) for one in authorities.here}
        found = []
        for stem in stems:
            note = self.package.text(f"{folder}{stem}.note")
            named = stem.startswith(f"{parse_note(note).size}.")
            ensure(named, f"{folder}{stem} names another size than its checkpoint")
            _, label, when = [*stem.split("."), "", ""][:3]
            known = label in labels and stem.count(".") == 2 and re.fullmatch(r"\d{8}T\d{6}Z", when, re.ASCII)
            ensure(known, f"{folder}{stem}.note does not belong here: it is no stamped checkpoint")
            response, query = self._token_files(f"{folder}{stem}")
            found.append(authorities.check_anchor(note, query, response, ledger, labelled(label)))
            timed = when == f"{found[-1][1]:%Y%m%dT%H%M%SZ}"
            ensure(timed, f"{folder}{stem} names another time than its stamp")
        return date_the_acts(self.report, ledger, found, self.outside.seen, self.outside.cosigned)

    # -- files that repeat documents and entries

    def custody(self) -> str:
        """custody.csv agrees with the ledger, byte for byte."""
        table = self.package.read("data/custody.csv")
        same = is_custody_table(table, self.proved_ledger().entries, self.exhibits)
        ensure(same, "data/custody.csv does not say what the ledger says")
        return "custody.csv says what the ledger says, row by row."

    def case(self) -> str:
        """case.json agrees with the documents, the exhibits and the ledger."""
        case, entries = self.package.json("data/case.json"), self.proved_ledger().entries
        check_version(case, "case", "data/case.json")
        ensure(
            CASE_FIELDS <= set(case) <= CASE_FIELDS | LATER_CASE_FIELDS,
            "data/case.json has other fields than a case has",
        )
        for name in ("reference", "case", "ledger_size", "audience", "made_at"):
            same = name in case and alike(case[name], self.export.get(name))
            ensure(same, f"data/case.json has another {name} than the export")
        for name in ("statement", "reporter"):
            ensure(alike(case.get(name), self._document(name)), f"data/case.json does not repeat the {name}")
        for name in NUMBERED:
            found = [self._document(one) for one in documents_of(entries) if one.startswith(name)]
            expected = [one for one in found if one]
            ensure(
                alike(case.get(plural(name), []), expected), f"data/case.json does not repeat the {plural(name)}"
            )
        changes = [self._document(one) for one in documents_of(entries) if one.startswith("reporter-")]
        same = alike(case.get("reporter_changes", []), [one for one in changes if one])
        ensure(same, "data/case.json does not repeat the changes of the reporter")
        same = case.get("consents", []) == consents_of(entries)
        ensure(same, "data/case.json does not repeat the consents")
        states = [STATES[entry.kind] for entry in entries if entry.kind in STATES]
        ensure(case.get("state") == states[-1], "data/case.json has another state than the ledger")
        self._check_case_exhibits(field(case, "exhibits", list, "data/case.json"), self._described_exhibits())
        version = case.get("contacts_table", 1)
        refuse_newer(version, max(FORMULAS), CONTACTS)
        ensure(type(version) is int and version in FORMULAS, f"{CONTACTS} is of a version not known here")
        self._check_contacts(field(case, "statement", dict, "data/case.json"), version)
        return "case.json repeats the documents and the exhibits faithfully."

    def _described_exhibits(self) -> dict[Any, dict[str, Any]]:
        """Number of an exhibit -> its description in the document whose ledger entry lists it.

        A document may describe no other exhibits, so that a later one cannot rename those of the complaint.
        """
        found: dict[Any, dict[str, Any]] = {}
        for name, (_, entry) in frozen_documents(self.proved_ledger().entries).items():
            document = self._document(name) if name.partition("-")[0] in DESCRIBES else None
            if document is not None:
                said = field({"exhibits": [], **document}, "exhibits", list, "a document")
                numbers = [field(one, "number", int, "an exhibit of a document") for one in said]
                listed = field({"exhibits": [], **entry.data}, "exhibits", list, "a ledger entry")
                same = sorted(numbers) == sorted(one["number"] for one in listed)
                ensure(same, f"the {name} describes other exhibits than its ledger entry lists")
                found |= dict(zip(numbers, said))  # noqa: B905 (of equal length)
        return found

    def _check_contacts(self, statement: dict[str, Any], version: int) -> None:
        """contacts.csv is there if the statement has contacts, and agrees with it."""
        here, expected = CONTACTS in self.digests, "contacts" in statement
        ensure(
            here == expected,
            f"{CONTACTS} is missing" if expected else f"{CONTACTS} is there, but no contacts were told",
        )
        same = not expected or (
            (version > 2 or not has_rows(statement))
            and self.package.read(CONTACTS) == contacts_table(statement, version)
        )
        ensure(same, f"{CONTACTS} does not say what the statement says")

    def _document(self, name: str) -> dict[str, Any] | None:
        if name in self.masked:
            copy = self.package.json(f"data/masked/{name}.json")
            return dict(field(copy, "document", dict, "a masked copy"))
        path = f"data/documents/{name}.json"
        return self.package.json(path) if path in self.digests else None

    def _check_case_exhibits(self, listed: list[Any], described: dict[Any, dict[str, Any]]) -> None:
        """`described` has, by exhibit number, its description in the document that it came with."""
        items = {field(one, "item", str, "an exhibit of data/case.json") for one in listed}
        once = len(listed) == len(items) == len(self.exhibits)
        ensure(once, "data/case.json lists other exhibits than the ledger")
        sealed = self.proved_ledger().of("evidence.sealed")
        seals = {entry.data.get("item"): [entry.content["at"], entry.data.get("tokens")] for entry in sealed}
        for one in listed:
            exhibit = self.exhibits.get(one["item"])
            same = exhibit and _agrees(one, exhibit) and one.get("file") == self._file(exhibit)
            same = same and EXHIBIT_FIELDS <= set(one) <= EXHIBIT_FIELDS | LATER_EXHIBIT_FIELDS
            same = same and exhibit and _same_description(one, described.get(exhibit.number, one))
            same = same and exhibit and one.get("source", exhibit.source) == exhibit.source
            seal = [one.get("sealed_at"), one.get("timestamps")]
            same = same and alike(seal, seals.get(one["item"], ["", []]))
            same = same and exhibit and _copies_listed(one, exhibit) == self._copies_of(exhibit)
            ensure(same, f"data/case.json tells {one.get('exhibit')} otherwise than the ledger")

    def _file(self, exhibit: Exhibit) -> str:
        return "" if exhibit.label in self.left_out else self._original(exhibit)[len("data/") :]

    def _copies_of(self, exhibit: Exhibit) -> list[tuple[str, str]]:
        names = self.names_under(f"data/copies/{exhibit.stem}-")
        return sorted((name[len("data/") :], self.digests[name]) for name in names)

    def receipt(self) -> str:
        """The receipt given at filing has the same key and case, and this ledger extends its ledger."""
        if "receipt" in self.export.get("withheld", []):
            ensure("proofs/receipt.json" not in self.digests, "the receipt is there although it is withheld")
            self.report.note_missing("the receipt is left out, for it names files as the borrower did")
            return "The receipt is left out."
        receipt, ledger = open_receipt(self.package.read("proofs/receipt.json")), self.proved_ledger()
        self.filing = receipt
        ensure(receipt.case == self.export.get("case"), f"the receipt is of another case ({receipt.reference})")
        same = receipt.ledger.key == ledger.key_at(receipt.ledger.size)
        ensure(same, "the receipt was signed with another key")
        proved = compare_ledgers(ledger, receipt.ledger.size, receipt.ledger.root, "the receipt")
        ensure(proved, "there is no proof that the ledger extends the one the receipt saw")
        compare_entries(ledger, receipt.ledger, "the receipt")
        self._check_file_names(receipt)
        issued = receipt.document["issued_at"]
        return f"The receipt of {issued} is genuine, and its ledger is contained in this one."

    def _check_file_names(self, receipt: Receipt) -> None:
        """The receipt of filing names the files as the statement does, if that is here and not masked."""
        statement = self._document("statement") if "statement" not in self.masked else None
        said = field({"exhibits": [], **(statement or {})}, "exhibits", list, "a document")
        names = {f"E-{one['number']}": one.get("name") for one in said}
        for one in receipt.document["files"]:
            same = one["exhibit"] not in names or alike(one["name"], names[one["exhibit"]])
            ensure(same, f"the receipt names the file of {one['exhibit']} otherwise than the statement")


def _hidden_in(copy: dict[str, Any], path: str, root: str, count: Callable[[int], object] = bool) -> int:
    """How many tokens a masked copy hides. Raises Broken unless its pieces make up its document and lead to the
    root. `count` gets the number of all its tokens."""
    document = field(copy, "document", dict, path)
    read, tokens, hidden = read_pieces(field(copy, "pieces", list, path))
    count(len(tokens))
    ensure(canonical(document).decode() == read, f"{path} reads otherwise than its pieces")
    ensure(not any(mask in key for key in _keys(document) for mask in MASKS), f"{path} hides the name of a field")
    found = root_from_pieces(tokens, hidden, field(copy, "proof", list, path))
    ensure(root in ("", found), f"{path} has other words than the document that was filed")
    return hidden.count(1)


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(one)


def _same_description(listed: dict[str, Any], described: dict[str, Any]) -> bool:
    return all(
        alike(listed.get(name, none), described.get(name, none)) for name, none in EXHIBIT_DESCRIPTION.items()
    )


def _copies_listed(listed: dict[str, Any], exhibit: Exhibit) -> list[tuple[str, str]]:
    """File and digest of each copy in an exhibit's line of case.json. The file's name must begin with exhibit and
    kind."""
    found = []
    for one in field(listed, "copies", list, "an exhibit of data/case.json"):
        file, kind, digest = (field(one, name, str, "a copy") for name in ("file", "kind", "sha256"))
        known = len(one) == 3 and file.startswith(f"copies/{copy_stem(exhibit.stem, kind, '')}")
        ensure(known, f"data/case.json tells {exhibit.label} otherwise than the ledger")
        found.append((file, digest))
    return sorted(found)


# ----------------------------------------------------------------------------------------------- receipt or bundle


def verify(
    path: str,
    against: Sequence[str] = (),
    roots: str | None = None,
    witnesses: Sequence[str] = (),
    quorum: int | None = None,
) -> Report:
    """Check a bundle or a receipt against the kept files `against`, the keys and roots in the folder `roots`, and
    the keys of `witnesses`, of whom `quorum` (else all) must have seen it. Raises Broken for improper keys."""
    report = Report()
    outside = Outside(report)
    outside.take_witnesses(witnesses, quorum)
    if roots:
        report.run("roots", outside.take_roots, roots)
    for kept in against:
        report.run(f"kept {Path(kept).name}", outside.take_kept, kept)
    file = Path(path)
    if _is_paper(file):
        check_receipt(lambda: receipt_text(paper_text(read_small(file), file.name), file.name), outside)
        return report
    with contextlib.ExitStack() as files:
        packages: list[Package] = []

        def package() -> str:
            if not file.exists():
                raise Unread(f"{path} is not there")
            packages.append(_package(file, files))
            return f"{path} is a bundle of {len(packages[0].sizes)} files."

        report.run("package", package)
        for opened in packages:
            BundleChecks(opened, outside).run()
    return report


def _is_paper(file: Path) -> bool:
    """Whether it is a file and no ZIP. Of what cannot be opened, the check of the package says so."""
    try:
        return file.is_file() and not is_zip(file)
    except OSError:
        return False


def _package(file: Path, files: contextlib.ExitStack) -> Package:
    """The bundle in a folder or ZIP. `files` keeps it open."""
    return _folder(file) if file.is_dir() else _zip(files.enter_context(_opened(file)), file.name)


def _opened(path: Path) -> io.FileIO:
    return path.open("rb", buffering=0)


def _zip(file: io.FileIO, name: str) -> Zip:
    look_at_zip(file, name)
    return Zip(file, name)


def _folder(path: Path) -> Folder:
    found = Folder(str(path))
    if not set(BAG_LISTS) & set(found.sizes):
        raise not_checked(path.name, "it is a folder, but there is no case bundle in it")
    return found


def check_receipt(read: Callable[[], bytes], outside: Outside) -> None:
    """Check a receipt without a bundle. `read` returns its bytes."""
    opened: list[Receipt] = []

    def content() -> str:
        receipt = open_receipt(data := read())
        opened.append(receipt)
        if data.strip(BLANKS.encode()) != canonical(receipt.document):
            outside.report.caution(
                "another program saved the receipt anew: what it says is what the portal signed, but its bytes "
                "are not those that the portal gave out"
            )
        issued = moment(receipt.document["issued_at"], "the receipt")
        outside.report.note_if_to_come("the receipt", issued)
        outside.note_lost_keys(receipt.ledger)
        caution_of_unlisted(outside.report, receipt.ledger.entries)
        count = len(receipt.ledger.entries)
        return f"{receipt.reference}: signed and proved; {count} ledger entries say the same."

    outside.report.run("receipt", content)
    for receipt in opened:
        for label in early_stamps(receipt):
            outside.report.caution(f"the receipt lists timestamps of {label} that the ledger does not name yet")
        outside.report.run("key", outside.check_key, receipt.ledger.key, lambda receipt=receipt: receipt.ledger)
        outside.check_witnesses(receipt)
        if receipt.document.get("anchors") or outside.seen:
            outside.report.run("anchors", _receipts_anchors, receipt, outside)
        else:
            date_the_acts(outside.report, receipt.ledger, [])
            date_the_exhibits(outside.report, receipt.ledger, [])
        outside.check_kept(receipt, receipt if receipt.is_of_filing else None)
        if any(file.get("timestamps") for file in receipt.document["files"]):
            outside.report.caution(
                "the receipt lists timestamps that are not in it: a bundle has them, and there they are checked"
            )


def _receipts_anchors(receipt: Receipt, outside: Outside) -> str:
    """Verify the stamped checkpoints in a later receipt, each of which has its root with it."""
    found, what, seen = [], "a stamped checkpoint", set[str]()
    for anchor in field({"anchors": [], **receipt.document}, "anchors", list, "the receipt"):
        names = ("authority", "note", "root", "query", "response")
        called, note, root, query, response = (field(anchor, name, str, what) for name in names)
        authorities = Authorities(outside, certificates_in(root.encode(), what), receipt.document)
        authorities.seen = seen
        answer = unbase64(query, what), unbase64(response, what)
        found.append(authorities.check_anchor(note, *answer, receipt.ledger, called.__eq__))
        time = found[-1][1]
        same = is_time_of(time, field(anchor, "gen_time", str, what), what)
        ensure(same, "the receipt tells another time of a stamp than the stamp does")
        made, at = utc(receipt.made), utc(time)
        early = f"the receipt says that it was made at {made}, but a stamp in it is of {at}: it is back-dated"
        ensure(time <= receipt.made + LATE, early)
    says = date_the_acts(outside.report, receipt.ledger, found, outside.seen, outside.cosigned)
    date_the_exhibits(outside.report, receipt.ledger, [*found, *outside.seen])
    return says


# ---------------------------------------------------------------------------------------------------- in Chinese

# Every sentence that the verifier may say: its template -> the same in Chinese. A template has a name in braces
# where the sentence's f-string has an expression. So a new sentence is written where it is said, in English, and
# gets a line here; static/verify/words.js has the same pair. tests/evidence/verifier/test_chinese.py finds a
# sentence without a line.
CHINESE = {
    "a JSON document holds broken characters or is nested too deeply": "JSON 里有残缺字符，或嵌套过深",
    "a JSON key is not text": "JSON 里有不是文字的键",
    "a JSON value is neither text nor a whole number": "JSON 里有既非文字也非整数的值",
    "a JSON number is too large": "JSON 里有过大的数",
    "this is damaged, or was not made by the portal ({what} names a key twice)": (
        "这已损坏，或不是由平台生成的（{what} 里有重复的键）"
    ),
    "{what} holds a number that is too large": "{what} 里有过大的数",
    "{what} holds a fraction": "{what} 里有小数",
    "{what} has too many parts to be genuine": "{what} 的组成部分太多，不会是真的",
    "{what} is not readable JSON": "{what} 不是可读的 JSON",
    "{what} is not a JSON object": "{what} 不是 JSON 对象",
    "{what} has no proper “{name}”": "{what} 缺少正确的“{name}”",
    "{what} has a malformed time": "{what} 的时间格式不对",
    "{what} has an impossible time": "{what} 的时间不可能存在",
    "{what} is not a SHA-256 in hex": "{what} 不是十六进制的 SHA-256",
    "{what} is not a list of hashes": "{what} 不是摘要列表",
    "{what} is not base64": "{what} 不是 base64",
    "an entry's place lies outside the ledger": "有一条记录的位置不在存证账本内",
    "this is damaged, or was not made by the portal (an inclusion proof is too long)": (
        "这已损坏，或不是由平台生成的（一份包含证明过长）"
    ),
    "this is damaged, or was not made by the portal (an inclusion proof is too short)": (
        "这已损坏，或不是由平台生成的（一份包含证明过短）"
    ),
    "the documents are so long together that checking them would take too long": (
        "文书合起来太长，核验会花太多时间"
    ),
    "a document is too long to be genuine": "有一份文书太长，不会是真的",
    "a document": "一份文书",
    "a document has no proper “salt”": "一份文书缺少正确的“salt”",
    "a gap": "一处遮盖",
    "a gap is not marked as gaps are": "有一处遮盖没有按规定标明",
    "a gap hides nothing, or more than a document has": "有一处遮盖什么也没遮，或遮得比一份文书还多",
    "{what} has other fields than it should have": "{what} 的字段与应有的不同",
    "a timestamp of the receipt": "回执里的一个时间戳",
    "the receipt lists a timestamp of a time at which it cannot have been made": (
        "回执列出的一个时间戳，不可能是在它写明的时间签发的"
    ),
    "the receipt lists timestamps of {label} that the ledger does not name yet": (
        "回执为 {label} 列出了存证账本里尚未记下的时间戳"
    ),
    "the receipt names the file of {exhibit} otherwise than the statement": (
        "回执里 {exhibit} 的文件名与陈述中的不同"
    ),
    "the export is for a recipient not known here": "导出说明写的接收人，本程序不认识",
    "bag-info.txt tells something else than the export": "bag-info.txt 与导出说明不符",
    "bag-info.txt names “{source}” as its source: that is the portal's word": (
        "bag-info.txt 写明来源为“{source}”：这只是本站自己的说法"
    ),
    "bag-info.txt is malformed": "bag-info.txt 格式不对",
    "the export withholds a document that the ledger does not know": "导出说明略去了存证账本里没有的文书",
    "{name} has another ending than a file of the type {kind}": "{name} 的扩展名与 {kind} 类文件应有的不同",
    "{name} has another ending than a copy of the kind {kind}": "{name} 的扩展名与 {kind} 类副本应有的不同",
    "{name} does not belong here: the export lists no such root": (
        "{name} 不该在这里：导出说明里没有列出这个根证书"
    ),
    "{folder}{stem}.note does not belong here: it is no stamped checkpoint": (
        "{folder}{stem}.note 不该在这里：它不是加盖时间戳的检查点"
    ),
    "the {name} describes other exhibits than its ledger entry lists": (
        "{name} 描述的证据与其存证账本记录所列的不同"
    ),
    "{what} holds something else than certificates": "{what} 里有证书以外的内容",
    "a masked document has no words": "一份遮盖件没有内容",
    "what proves a masked document": "遮盖件的证明",
    "a witness's key": "见证方公钥",
    "{count} witnesses must agree, but you named {named}": "要求 {count} 个见证方一致，但您只写了 {named} 个",
    "the signature of the witness {name} under {size} entries is wrong": (
        "见证方 {name} 对 {size} 条时的检查点所作的签名是错的"
    ),
    "signatures by {names} are not checked here: they are of another kind (ML-DSA-44)": (
        "{names} 的签名在这里不核验：属于另一种算法（ML-DSA-44）"
    ),
    "{what} is of a kind that is not checked here (ML-DSA-44): name the Ed25519 key of the witness": (
        "{what}属于这里不核验的算法（ML-DSA-44）：请写见证方的 Ed25519 公钥"
    ),
    "witnesses signed checkpoints of it ({names}): name their keys to count them": (
        "有见证方为它的检查点签过名（{names}）：写上他们的公钥，才会计入"
    ),
    "No record that {quorum} of your {count} witnesses saw is this one or contained in it, so this could be "
    "another record than the one that is shown to everybody": (
        "找不到一份由您的 {count} 个见证方中至少 {quorum} 个见过、且与这一份相同或包含在其中的记录；"
        "所以这可能不是向所有人公开的那一份"
    ),
    "Your witnesses vouch for the first {size} entries of the ledger, not for what is newer.": (
        "您写明的见证方证明的是存证账本的前 {size} 条，不包括更新的内容。"
    ),
    "{what}, but the witnesses have not yet seen it: get their newest checkpoints, and check again": (
        "{what}，但见证方尚未看到它：请向他们索取最新的检查点，再核验一次"
    ),
    "{what}, but the witness {name} saw the ledger at {at} without it: it may be back-dated": (
        "{what}，但见证方 {name} 在 {at} 看到的存证账本里还没有它：日期可能被倒填"
    ),
    "the key of the witness {name} is the ledger's own, which is no witness: name others": (
        "见证方 {name} 的公钥就是存证账本自己的公钥，不能算见证方：请写别的见证方"
    ),
    "not yet seen by the witnesses: {acts}": "见证方尚未看到：{acts}",
    "{count} entries that are no acts": "{count} 条不是行为的记录",
    "{what}, but the witnesses had seen it by {at}: one is false": (
        "{what}，但见证方在 {at} 已经看到它：两者有一个是假的"
    ),
    "{names}: saw the ledger of up to {size} entries at {at}, and this one continues it.": (
        "{names}：在 {at} 见过存证账本的前 {size} 条，这一份由它续写而来。"
    ),
    "a ledger key": "存证账本公钥",
    "{key} is not an Ed25519 key": "{key}不是 Ed25519 公钥",
    "{key} does not fit its own id": "{key}与它自己的编号不符",
    "this is damaged, or was not made by the portal (the checkpoint is no signed note)": (
        "这已损坏，或不是由平台生成的（检查点不是签名文件）"
    ),
    "the checkpoint has no size": "检查点没有写明条数",
    "the checkpoint's root": "检查点的根",
    "the checkpoint's root is not a SHA-256": "检查点的根不是 SHA-256",
    "the checkpoint has a malformed signature line": "检查点的签名行格式不对",
    "a signature of the checkpoint": "检查点的一个签名",
    "a signature of the checkpoint is too short": "检查点的一个签名太短",
    "the checkpoint is of another ledger ({origin})": "检查点属于另一个存证账本（{origin}）",
    "the checkpoint is not signed with the ledger's key": "检查点没有用存证账本公钥对应的私钥签名",
    "the checkpoint's signature is wrong": "检查点的签名不对",
    "{what} is signed with another key": "{what} 是用另一把密钥签名的",
    "the signature of {what}": "{what} 的签名",
    "the signature of {what} is wrong": "{what} 的签名不对",
    "{what} is not the DER it should be": "{what} 不是应有的 DER 结构",
    "a DER structure is cut short or malformed": "一处 DER 结构不完整或格式不对",
    "a DER length is malformed": "一处 DER 长度格式不对",
    "a DER length is not the shortest": "一处 DER 长度不是最短写法",
    "a DER structure is cut short": "一处 DER 结构不完整",
    "a DER structure has too many parts": "一处 DER 结构的组成部分太多",
    "{what} is not built as it should be": "{what} 的结构不对",
    "a DER number is malformed": "一个 DER 数字格式不对",
    "a DER OID is malformed": "一个 DER 对象标识符格式不对",
    "a DER time is malformed": "一个 DER 时间格式不对",
    "an ECDSA key is no point of its curve": "一把 ECDSA 公钥不在所属曲线上",
    "an ECDSA signature": "一个 ECDSA 签名",
    "an RSA key": "一把 RSA 公钥",
    "an RSA key is weak or odd": "一把 RSA 公钥太弱或不正常",
    "the parameters of RSA-PSS": "RSA-PSS 的参数",
    "{what} are not known here": "本程序不认识{what}",
    "a digest algorithm": "一个摘要算法",
    "the weak digest {name} is used": "用了不安全的摘要算法 {name}",
    "the digest algorithm {oid} is not known here": "本程序不认识摘要算法 {oid}",
    "a signature algorithm": "一个签名算法",
    "the signature algorithm {oid} is not known here": "本程序不认识签名算法 {oid}",
    "two digest algorithms are named for one signature": "同一个签名写了两种摘要算法",
    "no digest algorithm is named for a signature": "有一个签名没有写明摘要算法",
    "a public key": "一把公钥",
    "a key does not fit its signature": "一把公钥与签名的类型不符",
    "a signature is wrong": "一个签名不对",
    "an ECDSA key is on a curve not known here": "一把 ECDSA 公钥所在的曲线本程序不认识",
    "a key usage": "证书的密钥用途",
    "basic constraints": "证书的基本约束",
    "a certificate": "一份证书",
    "a certificate is not of version 3": "一份证书不是第 3 版",
    "a certificate contradicts itself": "一份证书自相矛盾",
    "a certificate has no validity": "一份证书没有有效期",
    "an extension": "证书的一个扩展项",
    "a certificate has an extension twice": "一份证书把同一扩展项写了两次",
    "the token's certificate does not lead to a trusted root that was valid at the token's time": (
        "时间戳的证书通不到在当时有效的可信根证书"
    ),
    "a certificate was not valid at the token's time": "一份证书在时间戳的时间不在有效期内",
    "a certificate has a critical extension not known here ({names})": (
        "一份证书有本程序不认识的关键扩展项（{names}）"
    ),
    "{what} holds no certificate": "{what} 里没有证书",
    "a message imprint": "时间戳所针对的摘要",
    "the timestamp query": "时间戳请求",
    "the timestamp query is not of version 1": "时间戳请求不是第 1 版",
    "the token": "时间戳",
    "the token is not of version 1": "时间戳不是第 1 版",
    "the timestamp response is too large": "时间戳应答太大",
    "the timestamp response": "时间戳应答",
    "the authority did not grant a token (status {status})": "机构没有签发时间戳（状态 {status}）",
    "the token is not signed data": "时间戳不是签名数据",
    "the signed content is not a timestamp": "签名的内容不是时间戳",
    "the token's content": "时间戳的内容",
    "the token does not have exactly one signer": "时间戳不是恰好由一方签名",
    "the token's signer": "时间戳的签名方",
    "the token does not hold the certificate that signed it": "时间戳里没有签名所用的证书",
    "a signed attribute": "一个签名属性",
    "a signed attribute is there twice": "有一个签名属性出现了两次",
    "the token is for other bytes": "时间戳针对的是别的字节",
    "the timestamp query is for other bytes": "时间戳请求针对的是别的字节",
    "the token does not answer this query (nonce)": "时间戳不是对这份请求的应答（随机数不符）",
    "the token has another policy than was asked for": "时间戳的策略与请求的不同",
    "the token's signature is not over a timestamp": "时间戳的签名不是签在时间戳上",
    "the token's content is not what was signed": "时间戳的内容不是签名的内容",
    "the token does not name the certificate that signed it (ESSCertID)": (
        "时间戳没有写明签名所用的证书（ESSCertID）"
    ),
    "the ESSCertID": "签名证书标识（ESSCertID）",
    "the ESSCertID is empty": "签名证书标识（ESSCertID）是空的",
    "the token names another certificate than the one that signed it (ESSCertID)": (
        "时间戳写的证书不是签名所用的那一份（ESSCertID）"
    ),
    "the token's certificate is not for timestamps alone": "时间戳的证书不是专用于时间戳的",
    "the token's certificate may not sign": "时间戳的证书无权签名",
    "{name} is missing": "缺少 {name}",
    "{name} is too large to be genuine": "{name} 太大，不会是真的",
    "the package has too many files to be a bundle": "文件太多，不会是证据包",
    "the package has a file with a forbidden name: {name}": "证据包里有文件名不合规：{name}",
    "the package has two files of one name": "证据包里有两个同名文件",
    "a file ends too early": "有一个文件没有完整",
    "the folder has too many files to be a bundle": "文件夹里文件太多，不会是证据包",
    "{name} is a link, not a file": "{name} 是链接，不是文件",
    "{name} is not an ordinary file": "{name} 不是普通文件",
    "{name} grew while it was read": "{name} 在读取时变大了",
    "the ZIP's index is too large to be genuine": "ZIP 的目录太大，不会是真的",
    "the ZIP is empty, or has too many members to be a bundle": "ZIP 是空的，或文件过多，不会是证据包",
    "the ZIP's members overlap or hide bytes": "ZIP 里的文件互相重叠，或藏有字节",
    "the ZIP has bytes behind its end": "ZIP 末尾之后还有内容",
    "{name} is longer than the ZIP says": "{name} 比 ZIP 里写的长",
    "{name} is shorter than the ZIP says": "{name} 比 ZIP 里写的短",
    "the ZIP is damaged": "ZIP 已损坏",
    "the ZIP names a member in two ways": "ZIP 给同一个文件写了两个名字",
    "the ZIP describes {name} in two ways": "ZIP 对 {name} 有两种说法",
    "the ZIP names {name} in two ways": "ZIP 给 {name} 写了两个名字",
    "the ZIP has a forbidden name: {name}": "ZIP 里有不合规的文件名：{name}",
    "{name} is encrypted": "{name} 被加密",
    "{name} is compressed in an unusual way": "{name} 的压缩方式不常见",
    "{name} has two sizes": "{name} 写有两种大小",
    "it unpacks to far more than it holds, as ZIP bombs do": "它解压后大得不正常，像是压缩炸弹",
    "{name} is a folder with content": "{name} 是文件夹，却带有内容",
    "{name} is a link or a device, not a file": "{name} 是链接或设备，不是文件",
    "it was not chosen for this recipient": "没有为这位接收人选入",
    "the portal's stored file is missing": "本站存储的文件缺失",
    "the portal's stored file was altered": "本站存储的文件被改动",
    "the portal could not read its stored file": "本站读不出存储的文件",
    "the malware scanner found something in it": "病毒扫描发现问题",
    "a ledger entry": "一条存证账本记录",
    "ledger entry {index}": "存证账本第 {index} 条",
    "{what} is of a version not known here": "{what} 的版本本程序不认识",
    "{what} was made by a newer version of the portal than is known here: use that version's own verifier, "
    "from the portal or from somebody you trust": (
        "{what} 由更新版本的平台生成，本程序还不认识：请用那个版本自己的核验程序，从平台或您信任的人那里取得"
    ),
    "this is damaged, or was not made by the portal ({what} is not in its canonical form)": (
        "这已损坏，或不是由平台生成的（{what} 不是规范写法）"
    ),
    "the ledger": "存证账本",
    "the proof of entry {index}": "第 {index} 条的证明",
    "ledger entry {index} ({kind})": "存证账本第 {index} 条（{kind}）",
    "a consistency proof": "一份一致性证明",
    "{what} is of another case": "{what} 属于另一个案件",
    "{what} is out of order": "{what} 次序不对",
    "an entry of the case is left out before {what}": "在 {what} 之前漏掉了本案的一条记录",
    "{what} does not name the entry before it": "{what} 没有接上前一条",
    "the ledger ends at {size} entries, but {what} saw {seen}: it was cut, or {what} is newer": (
        "存证账本到第 {size} 条为止，但 {what} 见过 {seen} 条：存证账本被截短，或者 {what} 更新"
    ),
    "{what} shows another ledger of the same size: one of the two was made up": (
        "{what} 显示的是同样条数的另一本存证账本：两本里有一本是假的"
    ),
    "the portal's record was changed after you got {what}": "在您取得 {what} 之后，平台的记录被改过",
    "entry {index} ({kind}) of {what} is not here as it was": "{what} 里的第 {index} 条（{kind}）在这里不是原样",
    "the case does not begin with exactly one complaint": "案件不是从恰好一份投诉开始的",
    "{exhibit} was received twice": "{exhibit} 收到了两次",
    "an exhibit of the complaint or of a message was never received": "投诉或消息里有一份证据从未收到",
    "exhibits share a number": "有证据共用一个编号",
    "an exhibit": "一份证据",
    "ledger entry {index} lists an exhibit that was listed before": "存证账本第 {index} 条又列出了先前列过的证据",
    "{what} and what it came with name different bytes": "{what} 与随它而来的那份写的不是同样的字节",
    "what ledger entry {index} says of a document's parts": "存证账本第 {index} 条所记的文书各部分",
    "ledger entry {index} leaves out its document's parts, told since entry {since}": (
        "存证账本第 {index} 条没有记下文书的各部分，而自第 {since} 条起都有记录"
    ),
    "the statement": "陈述",
    "a contact of the statement is malformed": "陈述里有一条催收记录格式不对",
    "the receipt": "回执",
    "the receipt's {exhibit} is not the one in the ledger": "回执里的 {exhibit} 与存证账本不符",
    "the receipt's time of filing is not the one in the ledger": "回执的提交时间与存证账本不符",
    "the receipt lists other papers than the ledger": "回执列的书面材料与存证账本不符",
    "a file of the receipt": "回执里的一个文件",
    "the receipt lists other files than the ledger": "回执列的文件与存证账本不符",
    "the receipt lists other timestamps than the ledger": "回执列的时间戳与存证账本不符",
    "no authority has dated {what}: that it came on {date} is the portal's word": (
        "没有时间戳机构证明{what}的时间：说它于 {date} 收到，只有本站的说法"
    ),
    "{what} is said to have come on {date}, but was first stamped on {first}": (
        "据称{what}于 {date} 收到，但最早的时间戳是 {first}"
    ),
    "{path} holds neither a ledger key (*.vkey) nor roots (*.pem)": (
        "{path} 里既没有存证账本公钥（*.vkey），也没有根证书（*.pem）"
    ),
    "{keys} ledger key(s) and {roots} timestamp root(s) from {path}": (
        "{path}：{keys} 把存证账本公钥，{roots} 份时间戳根证书"
    ),
    "{name} is a checkpoint of {size} entries": "{name} 是 {size} 条时的检查点",
    "{name} is a receipt of {reference}, whole in itself": "{name} 是 {reference} 的回执，本身完整",
    "it is not from the portal whose key you hold: another key signed it. It says that the one you hold was lost, "
    "which anybody could say: get the new key from where you have the old one, and check again": (
        "它不是您手里公钥所属的平台出具的：签名用的是另一把密钥。它说您手里那把已经丢失，但这话谁都能说："
        "请从取得旧公钥的地方取得新公钥，再核验一次"
    ),
    "the portal says that it lost the key with which it had signed {size} entries of its ledger. That key did not "
    "sign the next one: that both are of one portal is the portal's word": (
        "本站说它丢失了曾签署存证账本前 {size} 条的密钥。那把密钥没有签认下一把：两把同属一个平台，只有本站的说法"
    ),
    "it is not from the portal whose key you hold: another key signed it": (
        "它不是您手里公钥所属的平台出具的：签名用的是另一把密钥"
    ),
    "nothing from outside says whose key signed it": "没有外来的凭据说明签名的是谁的密钥",
    "It is signed with the key {key}, which it brings itself.": "签名的公钥是它自己带来的：{key}。",
    "It is signed with the key you hold from outside ({key}).": "签名的公钥就是您另行取得的那一把（{key}）。",
    "It is signed with the key {key}. The ledger's key was changed, and each key signed the next one.": (
        "签名的公钥是 {key}。存证账本更换过密钥，每一把都为下一把签了名。"
    ),
    "the ledger goes back to an earlier key": "存证账本又换回了先前的密钥",
    "the ledger's key was changed to that of another ledger": "存证账本的密钥换成了另一个存证账本的密钥",
    "the change of the ledger's key in entry {index} does not lead to the next key": (
        "存证账本第 {index} 条所记的密钥更换，与下一把密钥接不上"
    ),
    "the change of the ledger's key in entry {index} is not signed with the former key": (
        "存证账本第 {index} 条所记的密钥更换，没有先前那把密钥的签名"
    ),
    "the signature of a former key": "先前密钥的签名",
    "{what} is of another case ({reference})": "{what} 属于另一个案件（{reference}）",
    "{what} was signed with another key: one of the two was made up": (
        "{what} 是用另一把密钥签名的：两者之中有一个是假的"
    ),
    "The ledger of {name} ({size} entries) is contained in this one, unchanged.": (
        "{name} 见过的存证账本（{size} 条）原样包含在这一本里。"
    ),
    "there is no proof that the ledger extends the one {name} saw at {count} entries: get it from the portal "
    "(/ledger/consistency/{size}/{here}), and check again with it among what you kept": (
        "没有证据表明存证账本是在 {name} 见过的 {count} 条之后续写的：请向平台取得这份证明"
        "（/ledger/consistency/{size}/{here}），与您留存的凭据一起再核验一次"
    ),
    "the proof": "这份证明",
    "{name} is a proof that a ledger grew out of another, used where it fits": (
        "{name} 证明一个存证账本由另一个续写而来，用于相符之处"
    ),
    "There is no proof here from {size} entries on: {name} says nothing about what came between.": (
        "这里没有从第 {size} 条起的证明：{name} 不能说明其间发生了什么。"
    ),
    "the list of authorities": "时间戳机构名单",
    "the list of checkpoints that witnesses cosigned": "见证方联署的检查点名单",
    "an authority": "一家时间戳机构",
    "{authority} is a local clock: its timestamps prove nothing against the operator.": (
        "{authority} 是本机时钟：它的时间戳对运营者不具证明力。"
    ),
    "the receipt lists timestamps that are not in it: a bundle has them, and there they are checked": (
        "回执列出了文件的时间戳，但里面没有时间戳本身：证据包里有，在那里核验"
    ),
    "nothing from outside says that the timestamp authorities are real ones": "没有外来的凭据说明时间戳机构是真的",
    "the checkpoint of {size} entries": "{size} 条时的检查点",
    "a checkpoint that witnesses cosigned is no text": "一个由见证方联署的检查点不是文字",
    "the checkpoints that witnesses cosigned are not in order": "由见证方联署的检查点次序不对",
    "there is no proof that the ledger extends {what} that witnesses cosigned": (
        "没有证据表明存证账本是从见证方联署过的{what}延续下来的"
    ),
    "there is no proof that the ledger extends {what} that was stamped": (
        "没有证据表明存证账本是在加盖时间戳的那个{what}之后续写的"
    ),
    "its time lies before entries under it were written: it is back-dated": (
        "它的时间早于其下存证账本记录的时间：日期被倒填"
    ),
    "the stamp of {what} does not hold: {why}": "{what}的时间戳不成立：{why}",
    "the complaint": "投诉",
    "not checked, because the ledger's entries are not proved": "未检查，因为存证账本记录没有得到证明",
    "{name} does not belong here: {why}": "{name} 不该在这里：{why}",
    "bagit.txt is not that of BagIt 1.0": "bagit.txt 不是 BagIt 1.0 的",
    "bag-info.txt tells another number of bytes or files": "bag-info.txt 写的字节数或文件数不对",
    "All {count} files are there, none added, each with the digest in the bag's lists.": (
        "{count} 个文件都在，没有多出的，摘要都与清单一致。"
    ),
    "{list} is malformed": "{list} 格式不对",
    "{list} lists {name}, which belongs elsewhere": "{list} 里列了不该在其中的 {name}",
    "{name} was renamed to {twin}": "{name} 被改名为 {twin}",
    "{names} was added: the bag does not list it": "{names} 是后来加入的：清单里没有",
    "{names}: programs leave files of such names, but what is in these is not known here. Remove them, "
    "and check again": ("{names}：程序会留下这种名称的文件，但其中的内容在这里无法判断。请删去后再核验"),
    "{name} was altered: its digest is not the one listed": "{name} 被改动过：摘要与清单不符",
    "the bundle names two ledger keys": "证据包里写有两把存证账本公钥",
    "the export": "导出说明",
    "the list of files is not the one the portal signed: files and lists were changed together": (
        "文件清单不是本站签名的那一份：文件和清单被一起改过"
    ),
    "the export leaves out an exhibit for no reason known here": "导出说明略去证据的理由本程序不认识",
    "The portal signed this list of files for {reference} at {made}.": (
        "本站于 {made} 为 {reference} 签署了这份文件清单。"
    ),
    "the bundle has two different checkpoints": "证据包里有两个不同的检查点",
    "the checkpoint is not the one of this export": "检查点不是这次导出的那一个",
    "The checkpoint of {origin} ({size} entries) carries the ledger's signature.": (
        "{origin} 的检查点（{size} 条）带有存证账本的签名。"
    ),
    "All {count} ledger entries of the case lie in the tree that the checkpoint signs.": (
        "本案 {count} 条存证账本记录都在检查点签署的那棵树里。"
    ),
    "the case has another reference in the ledger": "存证账本里本案的编号不同",
    "The case's history has no gap: {count} entries, each naming the one before.": (
        "本案经过没有缺口：{count} 条记录，条条相接。"
    ),
    "the export withholds a document that it may not": "导出说明略去了不可略去的文书",
    "{path} is there although it is masked": "{path} 本应遮盖，却在这里",
    "{path} is there although it is withheld": "{path} 本应不提供，却在这里",
    "{path} is missing, but the ledger knows it": "缺少 {path}，而存证账本里有它",
    "{path} is not the document in the ledger": "{path} 不是存证账本里的那份文书",
    "ledger entry {index} says of the parts of {path} what they are not": (
        "存证账本第 {index} 条所记的 {path} 各部分与该文书不符"
    ),
    "the ledger knows no such document": "存证账本里没有这份文书",
    "All {count} documents are the ones in the ledger.": "{count} 份文书都是存证账本里的那些。",
    "the export masks a document that the ledger does not know": "导出说明遮盖了存证账本里没有的文书",
    "the export names no such masked copy": "导出说明里没有这份遮盖件",
    "{path} is no masked copy of {name}": "{path} 不是 {name} 的遮盖件",
    "{path} is not of the document in the ledger": "{path} 不是存证账本里那份文书的遮盖件",
    "{path} does not prove its words, although the ledger knows its parts": (
        "{path} 没有证明自己的文字，而存证账本里有它各部分的记录"
    ),
    "ledger entry {index}, {at}": "存证账本第 {index} 条，{at}",
    (
        "{name} is masked: that nothing but numbers and names was changed in it is the portal's word, until "
        "the document with the SHA-256 {digest} is shown"
    ): (
        "{name} 已遮盖：除号码和姓名外别无改动，这一点只有本站的说法；要核对，须出示 SHA-256 为 {digest} 的原文书"
    ),
    "the export leaves out an exhibit that the ledger does not know": "导出说明略去了存证账本里没有的证据",
    "{exhibit} is left out: {why}": "{exhibit} 未收入：{why}",
    "{name} ({exhibit}) is not the file that was received: its bytes differ": (
        "{name}（{exhibit}）不是当初收到的文件：字节不同"
    ),
    "the ledger knows no such exhibit": "存证账本里没有这份证据",
    "Left out: {names}.": "未收入：{names}。",
    "All {count} originals are the bytes that were received.": "{count} 份原件都是收到时的原始字节。",
    "the original of {exhibit} is missing": "缺少 {exhibit} 的原件",
    "the original of {exhibit} is there twice": "{exhibit} 的原件有两份",
    "{name} is not the copy that was made: its bytes differ": "{name} 不是当初制作的副本：字节不同",
    "{count} of {known} copies for viewing are here, as they were made.": (
        "{known} 份供查看的副本里有 {count} 份在此，都是当初制作的样子。"
    ),
    "the ledger names no such token": "存证账本里没有这个时间戳",
    "Not sealed yet: {names}.": "尚未封存：{names}。",
    "{count} timestamps of {exhibits} exhibits hold.": "{exhibits} 份证据的 {count} 个时间戳成立。",
    "a seal": "一次封存",
    "ledger entry {index} seals an unknown item": "存证账本第 {index} 条封存的证据不在案内",
    "the seal of {exhibit} is for other bytes": "{exhibit} 的封存针对的是别的字节",
    "the token is not the one in the ledger": "时间戳文件不是存证账本里的那一个",
    "its time is not the one in the ledger": "它的时间与存证账本记的不同",
    "its time lies before the item was received: it is back-dated": "时间早于收到证据的时间：日期被倒填",
    "its time lies after the item was sealed": "时间晚于封存的时间",
    "the timestamp of {exhibit} by {authority} does not hold: {why}": (
        "{exhibit} 由 {authority} 签发的时间戳不成立：{why}"
    ),
    "it is no stamped checkpoint": "它不是加盖时间戳的检查点",
    "No authority has stamped a checkpoint of this ledger yet.": "还没有机构给这本存证账本的检查点加盖时间戳。",
    "data/custody.csv does not say what the ledger says": "data/custody.csv 与存证账本不一致",
    "custody.csv says what the ledger says, row by row.": "custody.csv 逐行与存证账本一致。",
    "data/case.json has other fields than a case has": "data/case.json 的字段与案卷应有的不同",
    "data/case.json has another {name} than the export": "data/case.json 的 {name} 与导出说明不符",
    "data/case.json does not repeat the {name}": "data/case.json 没有如实重复 {name}",
    "data/case.json does not repeat the changes of the reporter": "data/case.json 没有如实重复投诉人信息的更改",
    "data/case.json does not repeat the consents": "data/case.json 没有如实重复各项同意",
    "data/case.json has another state than the ledger": "data/case.json 的状态与存证账本不符",
    "case.json repeats the documents and the exhibits faithfully.": "case.json 如实重复了各份文书和证据。",
    "a masked copy": "一份遮盖件",
    "an exhibit of data/case.json": "data/case.json 里的一份证据",
    "data/case.json lists other exhibits than the ledger": "data/case.json 列的证据与存证账本不符",
    "data/case.json tells {exhibit} otherwise than the ledger": "data/case.json 里的 {exhibit} 与存证账本不符",
    "the receipt is there although it is withheld": "回执本应不提供，却在这里",
    "the receipt is left out, for it names files as the borrower did": "未收入回执，因为其中有投诉人所起的文件名",
    "The receipt is left out.": "未收入回执。",
    "the receipt is of another case ({reference})": "回执属于另一个案件（{reference}）",
    "the receipt was signed with another key": "回执是用另一把密钥签名的",
    "there is no proof that the ledger extends the one the receipt saw": (
        "没有证据表明存证账本是在回执见过的那本之后续写的"
    ),
    "The receipt of {at} is genuine, and its ledger is contained in this one.": (
        "{at} 的回执是真的，它的存证账本包含在这一本里。"
    ),
    "{path} reads otherwise than its pieces": "{path} 与它自己的各段不一致",
    "{path} hides the name of a field": "{path} 遮盖了字段名",
    "{path} has other words than the document that was filed": "{path} 的文字与当初提交的文书不同",
    "an exhibit of a document": "一份文书里的一份证据",
    "a copy": "一份供查看的副本",
    "{path} is not there": "找不到 {path}",
    "{name} is a bundle of {count} files.": "{name} 是含 {count} 个文件的证据包。",
    "{reference}: signed and proved; {count} ledger entries say the same.": (
        "{reference}：签名和证明成立，{count} 条存证账本记录说法一致。"
    ),
    "a stamped checkpoint": "一个加盖时间戳的检查点",
    "extensions": "证书的扩展项",
    "The ledger up to {size} entries existed at {time}, by {authority}.": (
        "存证账本的前 {size} 条在 {time} 已经存在（{authority}）。"
    ),
    "Withheld: {names}.": "未提供：{names}。",
    "Masked: {names}.": "已遮盖：{names}。",
    "the weak digest SHA-1 is used": "用了不安全的摘要算法 SHA-1",
    "{what} is not part of the record that the portal signed": "{what} 不在平台签名的记录里",
    "{what} tells of a copy of something else than an exhibit": "{what} 说的供查看的副本不是某份证据的",
    "this is damaged, or was not made by the portal ({error})": "这已损坏，或不是由平台生成的（{error}）",
    "no bundle has such a file": "证据包里没有这种文件",
    "the ledger knows no such copy": "存证账本里没有这份副本",
    (
        "{name} is masked: the words that are left are those that were filed ({where}); what is hidden "
        "({count} words, digits or signs) stands in the document with the SHA-256 {digest}"
    ): (
        "{name} 已遮盖：留下的文字就是当初提交的文字（{where}）；被遮盖的 {count} 个字词、数字或符号，见 SH"
        "A-256 为 {digest} 的原文书"
    ),
    "the proof from {from} entries on does not lead to the record that the portal signed": (
        "从第 {from} 条起的证明，通不到平台签名的记录"
    ),
    "{what}, but what it is of is said to have come at {at}: one is false": (
        "{what}，但它所记的文件却写着 {at} 才收到：两者必有一假"
    ),
    "it is of another authority than it is said to be: of {names}": (
        "它并非所写的那家机构签发，而是 {names} 签发的"
    ),
    "one authority is called by several names, for they have one root: {names}": (
        "同一家机构有几个名称，因为它们用同一份根证书：{names}"
    ),
    "the portal does not list the authority of a timestamp: its name is not shown to be true": (
        "本站没有列出某个时间戳的机构：该机构的名称没有得到证明"
    ),
    "it is there twice": "它出现了两次",
    "{name} names another time than its stamp": "{name} 写的时间与时间戳不符",
    "the receipt says that it was made at {made}, but a stamp in it is of {at}: it is back-dated": (
        "回执写明生成于 {made}，但其中有一个时间戳是 {at} 的：日期倒签了"
    ),
    "{exhibit} came with no complaint, message or answer: whose it is, is the portal's word": (
        "{exhibit} 不是随投诉、来信或答复提交的：它是谁的，只是本站自己的说法"
    ),
    "{what} is of another case ({reference}), but of the same ledger, unchanged between the two.": (
        "{what} 属于另一个案件（{reference}），但存证账本是同一本：一本包含在另一本里，没有改动。"
    ),
    "{what} is of another case ({reference}), not proved to be of the same ledger: it is not compared": (
        "{what} 属于另一个案件（{reference}），这里没有什么能说明存证账本是同一本：未作比对"
    ),
    "{name} does not hold in itself, so nothing is compared with it: {why}": (
        "{name} 自身就不成立，因此没有与它比对：{why}"
    ),
    "it is a ZIP with something before or behind it, or a part of one; unpack it, and check the folder": (
        "这个 ZIP 的前面或后面还有别的内容，或只是分卷的一部分；请先解压，再核验文件夹"
    ),
    "it was packed without its size; unpack the ZIP, and check the folder": (
        "它打包时没有写明大小；请先解压，再核验文件夹"
    ),
    "{name} names another size than its checkpoint": "{name} 写的条数与检查点不符",
    "{name} is there, but no contacts were told": "有 {name}，但陈述里没有催收记录",
    "{name} does not say what the statement says": "{name} 与陈述不一致",
    "{name} does not say what the ledger says": "{name} 与存证账本不一致",
    "{key} is one with which anybody can sign (it is of small order)": "{key}是人人都能用来签名的那种（小阶点）",
    "a name": "证书里的一个名称",
    "name constraints": "证书的名称限制",
    "other names": "证书的其他名称",
    "the ZIP adds something to {name} that no bundle needs": "ZIP 给 {name} 附加了证据包用不着的内容",
    "the ZIP has a comment on {name}, or it is on another disk": "ZIP 给 {name} 附了注释，或把它放在另一张盘上",
    "the receipt tells another time of a stamp than the stamp does": "回执写的时间戳时间与时间戳本身不同",
    "the records that end the ZIP contradict each other": "ZIP 末尾的几处记录互相矛盾",
    "the token has a critical extension not known here": "时间戳有本程序不认识的关键扩展项",
    "the token names another authority than its certificate does": "时间戳写的机构与它的证书不同",
    "the token's accuracy": "时间戳的精度",
    "the token's time may be wrong by more than a minute": "时间戳的时间误差可能超过一分钟",
    "this is no ZIP, it is cut short, or it has bytes behind its end": (
        "这不是 ZIP，或者不完整，或者末尾之后还有内容"
    ),
    "{what} has more parts than it should have": "{what} 的组成部分比应有的多",
    "{what} is damaged": "{what} 已损坏",
    "{name} cannot be checked: {why}": "{name} 无法核验：{why}",
    "it is a PDF, which is the form for paper; take receipt.json, or the bundle's ZIP": (
        "它是 PDF，只供打印；请用 receipt.json 或证据包 ZIP"
    ),
    "it is encrypted with age; decrypt it first, and check the ZIP that comes out": (
        "它用 age 加密了；请先解密，再核验解出的 ZIP"
    ),
    "it is an archive of another kind (7z, RAR, tar, gzip …); unpack it, and check what is inside": (
        "它是别的压缩格式（7z、RAR、tar、gzip 等）；请先解压，再核验里面的内容"
    ),
    "it is a picture; take receipt.json, or the bundle's ZIP": "它是图片；请用 receipt.json 或证据包 ZIP",
    "it was saved in another form, for instance by an editor; get the file as the portal made it": (
        "它被编辑器之类的软件另存过，格式变了；请取得平台给出的原始文件"
    ),
    "its end is missing: it was cut; get it again": "它不完整，缺了末尾；请重新取得",
    "it is no receipt, checkpoint or case bundle": "它不是回执、检查点或证据包",
    "it is empty; get it again": "它是空文件；请重新取得",
    "it is a web page that was saved in place of the file; download the file again": (
        "它是误存的网页，不是那个文件；请重新下载"
    ),
    "it is no Holdfast receipt": "它不是留证回执",
    "another program saved the receipt anew: what it says is what the portal signed, but its bytes are not "
    "those that the portal gave out": (
        "别的软件重新保存过这份回执：它的内容就是平台签过的内容，但字节已不是平台给出的原样"
    ),
    "another program wrote its numbers anew, with a fraction (1.0 for 1); get the file as the portal made it": (
        "别的软件另存过它，把数字改写成了小数（1 写成 1.0）；请取得平台给出的原始文件"
    ),
    "it is a ZIP with another ZIP in it; unpack it, and check the one inside": (
        "它是套着 ZIP 的 ZIP；请先解压，再核验里面那个"
    ),
    "there are several case bundles in it; unpack it, and check each one": (
        "里面有不止一个证据包；请先解压，再逐个核验"
    ),
    "there are other files beside the bundle; unpack it, and check the bundle's folder": (
        "除证据包外还有别的文件；请先解压，再核验证据包的文件夹"
    ),
    "case.schema.json is of a version not known here: it is the portal's word": (
        "case.schema.json 的版本本程序不认识：这只是本站的说法"
    ),
    "it is a ZIP, but there is no case bundle in it": "它是 ZIP，但里面没有证据包",
    "it is a folder, but there is no case bundle in it": "它是文件夹，但里面没有证据包",
    "a password locks it; unpack the ZIP with the password, and check the folder": (
        "它有密码；请用密码解压 ZIP，再核验文件夹"
    ),
    "it is compressed in an unusual way; unpack the ZIP, and check the folder": (
        "它的压缩方式不常见；请解压 ZIP，再核验文件夹"
    ),
    "this could not be checked ({kind}: {error})": "无法核验（{kind}：{error}）",
    "this file cannot be opened ({error})": "这个文件打不开（{error}）",
    (
        "{names}: macOS, Windows or another program put this there. It is not of the bundle; remove it. "
        "Everything else was checked."
    ): ("{names}：由 macOS、Windows 或别的程序放进去的，不属于证据包，请删掉。其余内容都已核验。"),
    "{name} is withheld: the ledger has only its SHA-256 here, {digest}": (
        "{name} 未提供：这里只有存证账本所记的 SHA-256 {digest}"
    ),
    "{path} has neither a ledger key (a line in *.vkey) nor a root certificate (*.pem, *.cer)": (
        "{path} 里既没有存证账本公钥（*.vkey 里的一行），也没有根证书（*.pem、*.cer）"
    ),
    "passed over, for it is neither a ledger key nor a certificate: {names}": (
        "以下文件既不是存证账本公钥也不是证书，没有用到：{names}"
    ),
    "nothing was given": "没有给出文件",
    "Times are in UTC.": "时间都是世界协调时（UTC）；加 8 小时就是北京时间。",
    "the start of the investigation": "开始调查",
    "the closing of the case": "结案",
    "the decision": "决定",
    "a proposed decision": "拟定的决定",
    "a referral": "移送",
    "the reopening": "重新开启",
    "the reply": "答复",
    "a proposal that was sent back": "退回的拟定决定",
    "the end by withdrawal": "因撤回而终结",
    "an extension of time": "延期",
    "the request for more time": "申请延期",
    "the refusal of an extension": "不予延期",
    "a missed deadline": "逾期",
    "a consent": "同意",
    "the end of a consent": "收回同意",
    "the answer to an enquiry": "对问询的答复",
    "an enquiry": "问询",
    "added evidence": "补充证据",
    "a finding": "认定",
    "the end of a measure": "措施终止",
    "a measure": "措施",
    "a message": "消息",
    "a note of the office": "办案备注",
    "the answer to a question": "对提问的回答",
    "a question": "提问",
    "an addition": "补充陈述",
    "the outcome of a promise": "承诺的结果",
    "a promise of redress": "补救承诺",
    "a change of the contact details": "联系方式变更",
    "a report of retaliation": "报复情况的反映",
    "the request for a review": "申请复核",
    "the wish to withdraw": "申请撤回",
    "the refusal of the withdrawal": "不予撤回",
    "the end of the wish to withdraw": "取消撤回",
    "{act} (entry {index}, {on})": "{act}（第 {index} 条，{on}）",
    "only the portal says that {what} came at {claimed}: it was first stamped at {first}": (
        "说{what}于 {claimed} 收到，只有本站的说法：最早的时间戳是 {first}"
    ),
    "stamped within a day, but not within hours, so only the portal says at what hour: {acts}": (
        "下列内容当天加盖了时间戳，但不是几小时之内，写于几时只有本站的说法：{acts}"
    ),
    "only the portal says when these were written: {rest}": "下列内容写于何时，只有本站的说法：{rest}",
    "only the portal says when these were written: {rest}; an authority dates {vouched}": (
        "下列内容写于何时，只有本站的说法：{rest}；有时间戳机构证明日期的是：{vouched}"
    ),
    "{what}, but the ledger was stamped at {at} without it: it is back-dated": (
        "{what}，但存证账本在 {at} 加盖时间戳时还没有它：日期被倒填"
    ),
    "{what}, but a timestamp of {at} was there before it: it is back-dated": (
        "{what}，但在它之前已有 {at} 的时间戳：日期被倒填"
    ),
    "ledger entry {index} ({kind}) says {at}": "存证账本第 {index} 条（{kind}）写的时间是 {at}",
    "{what}, but {newest} and was written before it: one is false": (
        "{what}，但写在它之前的{newest}：两个时间里有一个是假的"
    ),
    "{name} says that it was written at {at}, but {entry} and was made with it: one is false": (
        "{name} 写明作于 {at}，但与它同时写下的{entry}：两个时间里有一个是假的"
    ),
    "{name} says that it was written at {own}, but its ledger entry {at}: a clock was wrong": (
        "{name} 写明作于 {own}，而它的存证账本条目写的是 {at}：平台的时钟曾经不准"
    ),
    "{what} says that it was made at {at}, but {newest} and is in it: one is false": (
        "{what}写明作于 {at}，但其中的{newest}：两个时间里有一个是假的"
    ),
    "{what} says {at}, which is still to come by the clock of this computer": (
        "{what}写的时间是 {at}，而按这台电脑的时钟那一刻还没有到"
    ),
    "the receipt of filing here is not the one that you hold ({name}): it was made up later": (
        "这里的提交回执与您手里的（{name}）不同：它是事后另造的"
    ),
    "{name} ({size} entries) is newer: this ledger is contained in its ledger, unchanged.": (
        "{name}（{size} 条）更新：这本存证账本原样包含在它的存证账本里。"
    ),
    "this was made at {at}, after {name}, but its ledger is shorter: it was cut": (
        "这一份作于 {at}，在 {name} 之后，存证账本却更短：存证账本被截短了"
    ),
    "{name} is a bundle of {reference}; its ledger is whole in itself": (
        "{name} 是 {reference} 的证据包，其存证账本本身完整"
    ),
    "{name} is newer than this: that the one grew out of the other is not shown here": (
        "{name} 比这一份新：这里没有显示其中一个是由另一个续写而来的"
    ),
    "{name} is newer than this: that the one grew out of the other is not shown here.": (
        "{name} 比这一份新：这里没有显示其中一个是由另一个续写而来的。"
    ),
    "The portal does not show that today's record grew out of the one on {name}. An honest portal always "
    "does. Ask for it.": (
        "本站没有显示今天的记录是由 {name} 上的那份续写而来的。诚实的网站总会显示这一点。请向本站索取。"
    ),
    "entry {index} ({kind}) is not in {what} as it is here": "第 {index} 条（{kind}）在 {what} 里与这里的不同",
    "the ledger of {name} does not contain this one as it is: one of the two was made up": (
        "{name} 的存证账本不包含这一本：两者之中有一个是假的"
    ),
}
TITLES = {  # of the checks
    "witnesses": "见证方",
    "package": "证据包",
    "files": "文件与清单",
    "key": "公钥",
    "export": "签名的清单",
    "checkpoint": "检查点",
    "entries": "存证账本记录",
    "thread": "本案经过",
    "documents": "文书",
    "originals": "原件",
    "copies": "供查看的副本",
    "timestamps": "时间戳",
    "anchors": "加盖时间戳的检查点",
    "custody": "保管记录",
    "case": "case.json",
    "receipt": "回执",
    "roots": "您手里的公钥和根证书",
    "kept": "您留存的",
    "against": "与您留存的比对",
}
BRACES = re.compile(r"\{(\w+)\}")
SENTENCE_END = re.compile(r"(?<=\.) (?=[A-Z])")


def chinese(says: str) -> str:
    """The sentence, or several, in Chinese. Values in it that are sentences themselves are translated as well.

    What has no template is returned as it is.
    """
    found = _translated(says, is_one=True)
    parts = SENTENCE_END.split(says)
    if found is None and len(parts) > 1:
        each = [_translated(part, is_one=True) for part in parts]
        found = "".join(part or "" for part in each) if all(each) else None
    return found or _translated(says, is_one=False) or says


def _translated(says: str, is_one: bool) -> str | None:
    """The sentence by the template that fits it with the most letters; None if there is none.

    `is_one`: no value may have the end of a sentence in it.
    """
    best: tuple[int, str, dict[str, str]] = (0, "", {})
    for letters, template, literals, names in _templates():
        values = _values(literals, says) if letters > best[0] else None
        if values is not None and not (is_one and any(map(SENTENCE_END.search, values))):
            best = letters, template, dict(zip(names, values))  # noqa: B905 (of equal length)
    if not best[0]:
        return None
    return BRACES.sub(lambda name: _list_in_chinese(best[2][name[1]]), CHINESE[best[1]])


def _list_in_chinese(value: str) -> str:
    """A value of a sentence in Chinese; if each part of it between semicolons is a sentence, each part."""
    parts = value.split("; ")
    each = [_translated(part, is_one=True) for part in parts] if len(parts) > 1 else []
    return "；".join(part or "" for part in each) if each and all(each) else chinese(value)


@functools.lru_cache(maxsize=1)
def _templates() -> list[tuple[int, str, list[str], list[str]]]:
    """For each template: its letters without its names, itself, the texts between the names, the names."""
    parts = {template: BRACES.split(template) for template in CHINESE}
    return [(len("".join(found[::2])), one, found[::2], found[1::2]) for one, found in parts.items()]


def _values(literals: list[str], says: str) -> list[str] | None:
    """What is between these texts in the sentence; None if they are not in it. Each is searched once, so that a
    hostile sentence does not take long."""
    at, end = len(literals[0]), len(says) - len(literals[-1])
    if len(literals) == 1 or not (says.startswith(literals[0]) and says.endswith(literals[-1]) and at <= end):
        return [] if [says] == literals else None
    values = []
    for literal in literals[1:-1]:
        found = says.find(literal, at, end)
        if found < 0:
            return None
        values.append(says[at:found])
        at = found + len(literal)
    return [*values, says[at:end]]


# ---------------------------------------------------------------------------------------------------- command line

VERDICTS = (
    "VERIFIED: nothing was altered{removed}{dates}, as far as what you hold can tell.{entire}",
    "BROKEN: the first broken link is “{name}”: {says}",
    "SELF-CONSISTENT ONLY: everything fits together, but {doubts}. Get the ledger's key and the roots (--roots) "
    "or an earlier receipt (--against) from somewhere else than this file.",
    "NOT CHECKED: {says}. Nothing is said of what is in it.",
    "VERIFIED, BUT NOT COMPLETE: what is here was not altered{dates}, as far as what you hold can tell. "
    "But originals are missing: the notes say which, and why.",
)
REMARKS = (
    ", added or back-dated",
    " or added (of the dates see the notes)",
    " The notes say what is masked or left out.",
    " and ",
    ", removed",
)
CHINESE_VERDICTS = (
    "已核实：就您手里的凭据而言，没有改动{removed}{dates}。{entire}",
    "核验不通过：第一处断点是“{name}”：{says}",
    "前后一致，还差一步：{doubts}。请从这份文件以外的地方取得存证账本公钥和根证书（--roots），或早先的回执（--against）。",
    "未核验：{says}。对其中的内容不作结论。",
    "已核实，但不完整：就您手里的凭据而言，这里的内容没有改动{dates}。但缺少原件：缺哪些、为什么，见上面的说明。",
)
CHINESE_REMARKS = (
    "、添加或倒填日期",
    "或添加（日期见上面的说明）",
    "遮盖和未收入的内容见上面的说明。",
    "，而且",
    "、缺失",
)


def show(report: Report, language: str = "en") -> None:
    """Print the report in English ("en") or Chinese ("zh")."""
    is_chinese = language == "zh"
    speak = chinese if is_chinese else str
    words = ("ok    ", "BROKEN", "unread", "note  ", ": ")
    good, bad, unread, note, colon = ("成立  ", "不成立", "未核验", "注意  ", "：") if is_chinese else words
    for check in report.checks:
        mark = good if check.ok else unread if check.unread else bad
        print(f"{mark}  {title(check.name, language)}{colon}{speak(check.says)}")
    for caution in report.cautions:
        print(f"{note}  {speak(caution)}")
    print(f"{note}  {speak('Times are in UTC.')}")
    print(verdict(report, language))


def title(name: str, language: str) -> str:
    """A check's name for the reader, for instance of "against kept.json"."""
    kind, _, rest = name.partition(" ")
    return f"{TITLES[kind]} {rest}".rstrip() if language == "zh" and kind in TITLES else name


def verdict(report: Report, language: str) -> str:
    """The last sentence of the report."""
    speak: Callable[[str], str]
    if language == "zh":
        verdicts, speak, dates, undated, entire, join, removed = (CHINESE_VERDICTS, chinese, *CHINESE_REMARKS)
    else:
        verdicts, speak, dates, undated, entire, join, removed = (VERDICTS, str, *REMARKS)
    first = report.first_broken or report.first_unread or Check("", False, "nothing was given")
    values = {"name": title(first.name, language), "says": speak(first.says)}
    values["doubts"] = join.join(map(speak, report.doubts))
    values["dates"] = dates if report.is_dated else undated
    values["removed"], values["entire"] = (removed, "") if report.is_entire else ("", entire)
    space = "" if language == "zh" else " "
    vouched = f"{space}{speak(report.vouched)}" if report.vouched and report.exit in (0, 2, 4) else ""
    return verdicts[report.exit].format(**values) + vouched


def as_json(report: Report, language: str = "en") -> str:
    """The report for programs. Codes and names are the same in each language; only the sentences differ."""
    first, speak = report.first_broken, chinese if language == "zh" else str
    answer = {
        "result": report.result,
        "exit": report.exit,
        "checks": [{**check._asdict(), "says": speak(check.says)} for check in report.checks],
        "first_broken": first.name if first else None,
        "first_unread": report.first_unread.name if report.first_unread else None,
        "doubts": [*map(speak, report.doubts)],
        "cautions": [*map(speak, report.cautions)],
        "vouched": speak(report.vouched),
    }
    return json.dumps(answer, indent=1)


def _count(text: str) -> int:
    """A number in ASCII digits, as the page takes it: int() takes those of all scripts."""
    if not re.fullmatch("[0-9]{1,9}", text.strip(BLANKS)):
        raise ValueError
    return int(text)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Exit with 3, because nothing was checked. argparse's own 2 would mean “self-consistent only”."""
        self.exit(3, f"{self.format_usage()}{message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):  # in any encoding (cp936, ASCII), “?” and no crash
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    parser = _Parser(description="Verify a Holdfast receipt or case bundle without trusting the portal.")
    parser.add_argument("path", metavar="PATH", help="a bundle (.zip or folder) or a receipt.json")
    kept = "a receipt, checkpoint or bundle that somebody kept"
    parser.add_argument("--against", metavar="FILE", action="append", default=[], help=kept)
    parser.add_argument("--roots", metavar="DIR", help="folder with *.vkey and *.pem from outside the bundle")
    parser.add_argument("--witness", metavar="KEY", action="append", default=[], help="a witness's key, or a file")
    parser.add_argument("--quorum", metavar="N", type=_count, help="how many of the witnesses must have seen it")
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--lang", choices=["en", "zh"], help="language of the answer; else that of the system")
    chosen = parser.parse_args(arguments)
    language = chosen.lang or system_language()
    try:
        named = [one if KEY_LINE.fullmatch(one) else Path(one).read_text("utf-8") for one in chosen.witness]
        report = verify(chosen.path, chosen.against, chosen.roots, named, chosen.quorum)
    except (Broken, OSError, UnicodeDecodeError) as error:
        parser.error(str(error))
    except Exception as error:  # 1 would mean that the file is broken
        report = Report()
        says = f"this could not be checked ({type(error).__name__}: {error})"
        report.checks.append(Check("package", False, one_line(says), unread=True))
    try:
        print(as_json(report, chosen.lang or "en")) if chosen.json else show(report, language)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader closed the connection
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return report.exit


def system_language() -> str:
    """The language of this computer: "zh" where it is Chinese, else "en"."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"))
    first = next((one for one in named if one), "")
    if sys.platform == "win32" and not first:
        import ctypes  # of Windows' functions, which are here alone

        first = "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF == 4 else ""
    return "zh" if first.lower().startswith("zh") else "en"


if __name__ == "__main__":
    sys.exit(main())
