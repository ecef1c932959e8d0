"""Odd inputs for both verifiers: those of odd_seeds with a few small changes."""

import io
import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from evidence import holdfast_verify as verifier
from evidence.ledger import signing

from .bundles import Opened
from .odd_seeds import SEEDS, a_portal

Dice = random.Random

PIECES = (
    *(b"null", b"true", b"false", b"-0", b"0.0", b"1e3", b"1E-2", b"-", b"01", b"7", b"{", b"}", b"[", b"]", b","),
    *(b'"', b":", b"\\", b"\\u0000", b"\\ud800", b"\\udc00", b"\\ud83d\\ude00", b"\\/", b"\\x", b'"a":1,', b"{}"),
    *(
        b"9007199254740991",
        b"9007199254740992",
        b"-9007199254740991",
        b"99999999999999999",
        b"1" * 400,
        b"Infinity",
    ),
    *(b"NaN", b'"__proto__"', b'"constructor"', b"\xef\xbb\xbf", b"\xff", b"\xed\xa0\x80", b"\xc0\x80", b"\x00"),
    *("\u2028".encode(), "\x85".encode(), "\ufeff".encode(), "\u3000".encode(), "😀".encode(), "é".encode()),
    *(
        b"\r\n",
        b"\n",
        b"\r",
        b"\t",
        b" ",
        b"\x0b",
        b"\x0c",
        b"\x1c",
        b"\x1f",
        b"\x7f",
        b"=",
        b"==",
        b"+",
        b"/",
        b"-",
    ),
    *(
        b"_",
        b".",
        b"..",
        b"//",
        b"  ",
        b": ",
        "—".encode(),
        "١".encode(),
        "０".encode(),
        "ſ".encode(),
        "İ".encode(),
    ),
    *(
        b"0000",
        b"9999",
        b"-01-01",
        b"T24",
        b":60",
        b"Z",
        b"z",
        b"+00:00",
        b"A",
        b"a",
        b"data/",
        b"../",
        b"PK\x03\x04",
    ),
)


def bent(dice: Dice, given: bytes, others: list[bytes]) -> bytes:
    """The input with one to four small changes."""
    content = bytearray(given)
    for _ in range(dice.choice((1, 1, 1, 2, 2, 4))):
        at, size = dice.randrange(len(content) + 1), dice.choice((0, 0, 1, 1, 2, 5, 20))
        match dice.randrange(7):
            case 0:
                content[at : at + size] = dice.choice(PIECES)
            case 1:
                content[at:at] = dice.choice(PIECES)
            case 2:
                del content[at : at + size]
            case 3:
                content[at : at + 1] = bytes([dice.randrange(256)])
            case 4:
                content[at:at] = content[at : at + size]
            case 5:
                other = dice.choice(others)
                start = dice.randrange(len(other) + 1)
                content[at : at + size] = other[start : start + dice.randrange(30)]
            case _:
                content[at : at + 1] = bytes(one ^ (1 << dice.randrange(8)) for one in content[at : at + 1])
    return bytes(content)


VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 10**6, 2**53 - 1, "", "a", "E-1", "item:1", "case:1", "0" * 64, "f" * 64),
    *([], {}, [1], ["0" * 64], {"a": 1}, "__proto__", "constructor", "toString", "\u2028", "😀", "\uffee", "\x00"),
    *("2026-11-23T04:02:00.123456Z", "0000-01-01T00:00:00.000000Z", "statement", "=1+1", "＝1", "borrower"),
)


def other_value(dice: Dice, document: Any) -> Any:
    """The JSON document with another value, another key, or a field more or less, somewhere in it."""
    places = [*_places(document)]
    if not places:
        return document
    holder, key = dice.choice(places)
    match dice.randrange(6):
        case 0 if isinstance(holder, dict):
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[dice.choice([one for one in VALUES if isinstance(one, str)])] = dice.choice(VALUES)
        case 2 if isinstance(holder, list):
            holder.insert(dice.randrange(len(holder) + 1), dice.choice([holder[key], dice.choice(VALUES)]))
        case 3:
            other, its = dice.choice(places)
            value = json.loads(json.dumps(other[its])) if its in other or isinstance(other, list) else None
            holder[key] = value
        case _:
            holder[key] = json.loads(json.dumps(dice.choice(VALUES)))
    return document


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Every value in a JSON document, as what holds it and its key there."""
    keys = document if isinstance(document, dict) else range(len(document)) if isinstance(document, list) else ()
    for key in [*keys]:
        yield document, key
        yield from _places(document[key])


def inputs(kind: str, dice: Dice, count: int) -> Iterator[bytes]:
    """`count` odd inputs of a kind, and a few that are in order."""
    seeds = SEEDS[kind]()
    yield from seeds
    for _ in range(count):
        seed = dice.choice(seeds)
        if kind in ("entries", "contacts", "inclusion", "consistency", "parts") and dice.random() < 0.8:
            yield json.dumps(other_value(dice, json.loads(seed))).encode()
        elif kind == "receipt":
            yield _signed_again(dice, seed)
        else:
            yield bent(dice, seed, seeds)


def _signed_again(dice: Dice, receipt: bytes) -> bytes:
    document = json.loads(receipt)
    del document["signature"]
    for _ in range(dice.choice((1, 1, 2))):
        document = other_value(dice, document)
    try:
        return signing.sign(document)
    except Exception:
        return receipt


EXPORTED = ("audience", "withheld", "masked", "left_out", "made_at", "case", "authorities", "x")


def bundles(dice: Dice, count: int, *real: Opened) -> Iterator[bytes]:
    """Bundles of which something was changed and everything signed again."""
    portal, cases = a_portal()
    whole = [*real, *(Opened(case.reference, portal.bundle(case)) for case in cases)]
    for _ in range(count):
        chosen = dice.choice(whole)
        bag = Opened(chosen.reference, dict(chosen.files))
        name = dice.choice(
            [one for one in bag.files if one.endswith(("json", "txt", "csv", "pem", "note", "vkey"))]
            + [*bag.files]
        )
        _change(dice, bag, name)
        more = {dice.choice(EXPORTED): dice.choice(VALUES)} if dice.random() < 0.2 else {}
        if dice.random() < 0.8:
            with suppress(
                KeyError, ValueError, verifier.Broken
            ):  # what is so odd that no lists fit it stays unsigned
                bag.re_sign(**more)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for one, content in bag.files.items():
                archive.writestr(f"{bag.reference}/{one}", content)
        yield packed.getvalue()


def _change(dice: Dice, bag: Opened, name: str) -> None:
    match dice.randrange(6):
        case 0:
            bag.files[f"{name}{dice.choice(['', '.exe', '2'])}"] = bag.files.pop(name)
        case 1:
            bag.files[dice.choice(["data/copies/E-001-page-1.html", "proofs/authorities/a.pem", f"{name}.x"])] = (
                b"x"
            )
        case 2 if not name.endswith("json"):
            del bag.files[name]
        case _ if name.endswith("json") and not name.startswith("proofs/receipt"):
            bag.files[name] = verifier.canonical(other_value(dice, json.loads(bag.files[name])))
        case _:
            bag.files[name] = bent(dice, bag.files[name], [*bag.files.values()])
