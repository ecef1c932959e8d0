"""Inputs in order, and those of which the verifiers once made different things: odd ones are made from them."""

import base64
import functools
import hashlib
import json
from collections.abc import Callable
from typing import Any

from evidence import holdfast_verify as verifier
from evidence.ledger import signing

from . import honest, zips


@functools.cache
def a_portal() -> tuple[honest.Portal, list[honest.Case]]:
    portal = honest.Portal(7)
    cases = [portal.file() for _ in range(6)]
    for case in cases:
        portal.live(case)
        portal.anchor()
        case.receipts.append(portal.receipt(case))
    return portal, cases


def _documents() -> list[bytes]:
    odd = {"a": [1, {"b": None, "c": [True, False, -7]}, 'é\u2028😀\x00\\/"'], "__proto__": {}, "": [[], {}]}
    levels = [b'{"a":' * deep + b"1" + b"}" * deep for deep in (198, 199, 200)]
    texts = [json.dumps(odd).encode(), verifier.canonical(odd), b'{"a":1}', b' { "a" : [ ] }\r\n', *levels, b"{}"]
    return [*texts, *JUDGED_APART]


# Of these, one verifier said once that they are broken, and the other that they are no JSON.
JUDGED_APART = (
    *(b'{"a":NaN}', b'{"a":-Infinity}', b'{"a":1,"a":2,', b'{"b":{"a":1,"a":2},', b'{"a":1.5,', b'{"a":"\xff"}'),
    *(b'{"a":' + b"[" * 199 + b"]" * 199 + b"}", b'{"a":[' + b"[" * 300 + b"]" * 300 + b",1.5]}"),
    b'{"a":"' + b'\\\\\\"[' * 300 + b'"}',
)


def _notes() -> list[bytes]:
    portal, _ = a_portal()
    size = len(portal.ledger.leaves)
    note = portal.ledger.note(size).encode()
    body = "origin\n{}\n" + base64.b64encode(bytes(32)).decode() + "\n\n— witness AAAAAAA=\n"
    sizes = [body.format(size).encode() for size in (2**53 - 1, 2**53, 2**60)]
    return [note, note + "— witness AAAAAAA=\n".encode(), portal.ledger.note(1).encode(), *sizes]


def _lists() -> list[bytes]:
    digest = hashlib.sha256(b"it").hexdigest()
    long = f"{digest}  data/{'1' * 200}\n".encode()
    names = ("data/report.pdf", "data/originals/E-001.png", "data/a", "data/b/c-d_e.txt")
    return [long, *("".join(f"{digest}  {name}\n" for name in names[:many]).encode() for many in (1, 2, 4))]


def _infos() -> list[bytes]:
    lines = ["External-Identifier: HF-2026-000001", "Bagging-Date: 2026-11-30", "Payload-Oxum: 12.3"]
    more = ["External-Description: Holdfast case bundle, version 1", "Source-Organization: 留证"]
    return ["".join(f"{line}\n" for line in part).encode() for part in (lines, lines + more, more + lines)]


def _pems() -> list[bytes]:
    found = [*honest.authorities().pems.values()]
    many = b"-----BEGIN CERTIFICATE-----A-----END CERTIFICATE-----\n" * 40 + b"!"
    return [*found, b"".join(found), found[0].replace(b"\n", b"\r\n"), many]


def known_roots() -> list[str]:
    return [one.digest for one in honest.authorities().roots.values()]


def _proofs() -> list[bytes]:
    leaf = "1" * 64
    shapes = ((0, 1, 0), (0, 2, 1), (5, 7, 3), (2**40, 2**41, 41), (6, 7, 2), (3, 4, 2))
    return [
        json.dumps({"index": index, "size": size, "leaf": leaf, "proof": [leaf] * many}).encode()
        for index, size, many in shapes
    ]


def _extensions() -> list[bytes]:
    nodes = [verifier.leaf_hash(bytes([number])).hex() for number in range(2)]
    both, none = verifier.node_hash(*map(bytes.fromhex, nodes)).hex(), hashlib.sha256().hexdigest()
    given = (
        (1, 2, [nodes[0], both, nodes[1]]),
        (2, 2, [both, both]),
        (0, 2, [none, both]),
        (0, 0, [none, both]),
    )
    return [json.dumps({"old": old, "size": size, "hashes": hashes}).encode() for old, size, hashes in given]


FILED = ("complaint.filed", {"exhibits": [], "statement": "0" * 64, "reporter": "1" * 64})
RECEIVED = {
    **{"item": "7", "sha256": "5" * 64, "size": 1, "media_type": "image/png"},
    "received_at": "2026-11-23T04:02:00.123456Z",
}
ENTRIES: tuple[tuple[tuple[str, dict[str, Any]], ...], ...] = (
    (
        FILED,
        ("consent.given", {"recipient": "court"}),
        ("redress.promised", {"redress": "2" * 64, "parts": {"2" * 64: "3" * 64}}),
        ("redress.ended", {"redress": "4" * 64, "of": "2" * 64, "parts": {"4" * 64: "3" * 64}}),
        ("consent.withdrawn", {"recipient": "court"}),
        ("case.decided", {}),
    ),
    (FILED, ("evidence.received", RECEIVED)),
    (FILED, ("evidence.received", {**RECEIVED, "exhibit": None})),
    (FILED, ("evidence.received", {**RECEIVED, "item": ""})),
    (FILED, ("consent.withdrawn", {})),
    (FILED, ("consent.asked", {})),
)


def _threads() -> list[bytes]:
    found = []
    for case in a_portal()[1][:4]:
        contents = [{**entry.content, "thread": "case:1"} for entry in case.entries[:7]]
        found.append(json.dumps({"entries": contents}).encode())
    return [*found, *map(_thread, ENTRIES)]


def _thread(rows: tuple[tuple[str, dict[str, Any]], ...]) -> bytes:
    same = {
        **{"by": {"role": "office", "id": "7"}, "subject": "case:1", "thread": "case:1", "v": 1, "prev": ""},
        **{"at": "2026-11-23T04:02:00.123456Z", "salt": "0a"},
    }
    entries = [
        {**same, "kind": kind, "data": data, "seq": at, "id": str(at)} for at, (kind, data) in enumerate(rows, 1)
    ]
    return json.dumps({"entries": entries}).encode()


def _contact_lists() -> list[bytes]:
    cells = ("=1", "＋1", "\u3000=a", "-", "a;b", 'say "no"', "\r", "夜", " @x", "\u200b=1", "\ufeff", "plain")
    rows: list[dict[str, Any]] = [{"contact": one, "said": one, "number": 7, "answered": True} for one in cells]
    broken = [json.dumps({"contacts": [{"said": "\ud800"}], "version": 2}).encode()]
    return [*broken, *(json.dumps({"contacts": rows, "version": version}).encode() for version in (1, 2))]


def _salted() -> list[bytes]:
    return [json.dumps({**json.loads(one), "salt": "0a1b"}).encode() for one in _documents()[:3]]


def _zips() -> list[bytes]:
    found = []
    for change in (*zips.HONEST.values(), *zips.COMPRESSED.values()):
        archive = zips.packed("HF", {"a": b"x", "data/b": b"yy", "c.txt": b""})
        change(archive)
        found.append(bytes(archive))
    return found


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "json": _documents,
    "base64": lambda: [b"", b"QQ==", b"QUI=", b"QUJD", b"+/+/QUJDREVGRw=="],
    "moment": lambda: [
        b"2026-11-23T04:02:00.123456Z",
        b"1970-01-01T00:00:00.000000Z",
        b"2424-02-29T23:59:59.999999Z",
    ],
    "note": _notes,
    "key": lambda: [
        signing.vkey().encode(),
        b"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
    "manifest": _lists,
    "info": _infos,
    "label": lambda: [b"builtin", "时间戳 TSA".encode(), b"a.b/c", b"-x-", b"A" * 45, "é😀".encode()],
    "pem": _pems,
    "inclusion": _proofs,
    "consistency": _extensions,
    "entries": _threads,
    "contacts": _contact_lists,
    "parts": _salted,
    "receipt": lambda: [case.receipts[-1] for case in a_portal()[1][:3]],
    "zip": _zips,
}
