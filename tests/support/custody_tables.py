"""Tables that custody.csv of a made-up case can be, and changed ones, for both verifiers."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from evidence import holdfast_verify as verifier

AT = "2026-11-30T23:59:50.000000Z"
ITEM = "89c11b69-6d82-4adc-8761-2fd92a4e22dd"
RECEIVED = {"item": ITEM, "sha256": "a" * 64, "size": 3, "media_type": "image/png", "received_at": AT}
ACTS: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [  # kind, subject, by, data
    (
        "complaint.filed",
        "case:1",
        {"role": "borrower"},
        {"exhibits": [{"item": ITEM, "number": 1, "sha256": "a" * 64}]},
    ),
    ("evidence.received", f"item:{ITEM}", {"role": "borrower"}, RECEIVED),
    ("evidence.viewed", f"item:{ITEM}", {"role": "auditor", "id": "f9be3cde-1f6d"}, {}),
    ("case.assigned", "case:1", {"role": "a new role", "id": "😀😀😀😀😀😀😀😀😀"}, {"reason": '"; \r\n'}),
    ("=1+1", "case:1", {"role": "@SUM(A1)"}, {"＝x": "y"}),
]
OFFSETS: list[Callable[[datetime], str]] = [
    lambda _at: "+08:00",
    lambda at: "-03:30" if at.month < 12 else "+14:00",
]


def entries() -> list[verifier.Entry]:
    made = []
    for place, (kind, subject, by, data) in enumerate(ACTS):
        at = f"2026-1{place // 3 + 1}-30T23:59:5{place}.999999Z"
        content = {
            "v": 1,
            "id": str(place),
            "seq": place + 1,
            "prev": "",
            "thread": "case:1",
            "salt": "0" * 32,
            "at": at,
        }
        whole = {**content, "kind": kind, "subject": subject, "by": by, "data": data}
        made.append(verifier.Entry(place, verifier.canonical(whole), whole))
    return made


def tables() -> list[tuple[bytes, bool]]:
    """Tables, and whether the ledger gives such a table."""
    given = entries()
    exhibits = verifier.exhibits_of(given)
    good = [verifier.custody_table(given, exhibits)]
    for language in verifier.LANGUAGES:
        good += [verifier.custody_for_people(given, exhibits, language, offset) for offset in OFFSETS]
    whole = good[1]
    changes = [("+08:00", "+09:00"), ("+08:00", "+15:00"), ("+08:00", "+08:60"), ("+08:00", "?08:00")]
    changes += [
        ("收到证据", "退回证据"),
        ("提交投诉 / complaint filed", "提交投诉"),
        ("'=1+1", "=1+1"),
        ("E-1", "E-2"),
    ]
    changes += [("auditor", "borrower"), ("2026-12-01 07:59:50", "2026-12-01 07:59:51"), ("\r\n", "\n")]
    bad = [whole.replace(before.encode(), after.encode(), 1) for before, after in changes]
    bad += [whole[:-2], whole[3:], b"", b"\xff\xfe" + whole, whole + b"\xff", whole + whole[-40:]]
    bad += [whole.replace(b"\r\n", b"\r\n\r\n", 1), good[0][:-2], good[1].replace(whole[:60], good[3][:60])]
    return [*((one, True) for one in good), *((one, False) for one in bad)]
