"""Inputs in order, and those of which the verifiers once made different things: odd ones are made from them."""

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
    nested = b'{"a":' * 198 + b"1" + b"}" * 198
    return [json.dumps(odd).encode(), verifier.canonical(odd), b'{"a":1}', b' { "a" : [ ] }\r\n', nested, b"{}"]


def _notes() -> list[bytes]:
    portal, _ = a_portal()
    size = len(portal.ledger.leaves)
    note = portal.ledger.note(size).encode()
    return [note, note + "— witness AAAAAAA=\n".encode(), portal.ledger.note(1).encode()]


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
    return [*found, b"".join(found), found[0].replace(b"\n", b"\r\n")]


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


def _threads() -> list[bytes]:
    _, cases = a_portal()
    found = []
    for case in cases[:4]:
        contents = [{**entry.content, "thread": "case:1"} for entry in case.entries[:7]]
        found.append(json.dumps({"entries": contents}).encode())
    office = {"role": "office", "id": "7"}
    extra = [
        {
            "kind": kind,
            "data": data,
            "by": office,
            "subject": "case:1",
            "thread": "case:1",
            "at": "2026-11-23T04:02:00.123456Z",
            "seq": at,
            **{"v": 1, "id": str(at), "prev": "", "salt": "0a"},
        }
        for at, (kind, data) in enumerate(
            [
                ("complaint.filed", {"exhibits": [], "statement": "0" * 64, "reporter": "1" * 64}),
                ("consent.given", {"recipient": "court"}),
                ("redress.promised", {"redress": "2" * 64, "parts": {"2" * 64: "3" * 64}}),
                ("redress.ended", {"redress": "4" * 64, "of": "2" * 64, "parts": {"4" * 64: "3" * 64}}),
                ("consent.withdrawn", {"recipient": "court"}),
                ("case.decided", {}),
            ],
            1,
        )
    ]
    return [*found, json.dumps({"entries": extra}).encode()]


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
