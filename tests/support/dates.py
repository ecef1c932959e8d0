"""Histories whose dates cannot be, or only the portal vouches for. Both verifiers judge the same ones."""

from datetime import UTC, datetime, timedelta
from typing import Any

from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339

START = datetime(2026, 11, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = 1, 60, 24 * 60
Line = tuple[str, float]  # the kind of an entry, and its time in minutes from START
Anchors = list[tuple[int, float]]  # the size of a stamped checkpoint, and the stamp's time


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def entries(lines: list[Line]) -> list[verifier.Entry]:
    """The entries of these lines. A seal has one token, and an arrival is, of its own time or of that behind a
    colon."""
    made = []
    for place, (kind, at) in enumerate(lines):
        name, _, stamped = kind.partition(":")
        tokens = [{"gen_time": rfc3339(after(float(stamped or at)))}] if name == "evidence.sealed" else []
        data = {"tokens": tokens, "received_at": rfc3339(after(float(stamped or at)))}
        content = {"kind": name, "at": rfc3339(after(at)), "data": data}
        made.append(verifier.Entry(place, b"", content))
    return made


def as_js(made: list[verifier.Entry]) -> list[dict[str, Any]]:
    return [{"place": one.place, "kind": one.kind, "content": one.content, "data": one.data} for one in made]


# The date in a document, in minutes from START; that of its entry, and of the one before it; what is said of them.
OWN_DATES: dict[str, tuple[float, float, float | None, str]] = {
    "at once": (0, 0, None, ""),
    "hours before": (0, 23 * HOUR, None, ""),
    "a minute later": (1, 0, None, ""),
    "days before": (
        0,
        2 * DAY + 1e-5,
        0,
        "finding-1 says that it was written at 2026-11-01 12:00 UTC, but ledger entry 1",
    ),
    "days before, while the clock was set back behind the entry before": (
        0,
        2 * DAY + 1e-5,
        2 * DAY + 1e-5,
        "a clock was wrong",
    ),
    "days before, while the clock was set back behind a timestamp": (0, 2 * DAY, 0, "a clock was wrong"),
    "later": (6, 0, None, "and was made with it: one is false"),
    "later, by the time of the entry before": (6, 0, 0, "and was made with it: one is false"),
}


def own_date(own: float, at: float) -> tuple[str, dict[str, str], verifier.Entry]:
    """A finding that says `own` of itself, and its entry of `at`."""
    return (
        "finding-1",
        {"found_at": rfc3339(after(own))},
        entries([("complaint.filed", 0), ("finding.made", at)])[1],
    )


def said_of(name: str) -> str:
    """What the Python verifier says of a row of OWN_DATES."""
    own, at, before, _ = OWN_DATES[name]
    try:
        return verifier.check_own_date(*own_date(own, at), None if before is None else after(before))
    except verifier.Broken as broken:
        return f"BROKEN {broken}"


FILED: list[Line] = [("complaint.filed", 0), ("evidence.sealed", 3)]
# name -> the history, and what is said of it; "" if it holds
ORDERS: dict[str, tuple[list[Line], str]] = {
    "in order": ([*FILED, ("case.replied", 30 * DAY)], ""),
    "two clocks that differ a little": ([*FILED, ("case.begun", 10), ("case.replied", 6)], ""),
    "a reply of thirty days before": ([*FILED, ("case.replied", -30 * DAY)], "sealed) says 2026-11-01 12:03"),
    "a reply of half an hour before": ([*FILED, ("case.replied", -29)], "and was written before it"),
    "one step at a time": (
        [*FILED, ("case.begun", -1), ("case.replied", -4)],
        "ledger entry 3 (case.replied) says 2026-11-01 11:56 UTC, but ledger entry 1",
    ),
    "a date to come, then one of today": (
        [*FILED, ("case.replied", 90 * DAY), ("case.closed", DAY)],
        "ledger entry 3 (case.closed) says 2026-11-02 12:00 UTC, but ledger entry 2 (case.replied)",
    ),
    "older than a timestamp before it": (
        [("complaint.filed", 0), ("evidence.sealed:4", 0), ("case.replied", -4)],
        "ledger entry 2 (case.replied) says 2026-11-01 11:56 UTC, but a timestamp of 2026-11-01 12:04 UTC",
    ),
    "received while the complaint was a draft": ([("complaint.filed", 0), ("evidence.received:-9000", 1)], ""),
    "received by a clock that was ahead": ([("complaint.filed", 0), ("evidence.received:481", 1)], ""),
    "received after that was written": (
        [("complaint.filed", 0), ("evidence.received:1447", 1)],
        "ledger entry 1 (evidence.received) says 2026-11-01 12:01 UTC, but what it is of is said to have come at "
        "2026-11-02 12:07 UTC: one is false",
    ),
    "an export that was begun before": ([*FILED, ("case.begun", 2 * HOUR), ("bundle.exported", HOUR)], ""),
    "an export that was begun last week": ([*FILED, ("case.begun", 7 * DAY), ("bundle.exported", 0)], "before it"),
}  # fmt: skip

REPLY = "the reply (entry 2, 2026-11-03)"
# name -> the history, stamps, and what is noted of its acts; BROKEN before what is refused
ACTS: dict[str, tuple[list[Line], Anchors, str]] = {
    "all are stamped": ([*FILED, ("case.replied", 2 * DAY)], [(1, HOUR), (3, 2 * DAY + HOUR)], ""),
    "the reply is not stamped": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(2, HOUR)],
        f"only the portal says when these were written: {REPLY}",
    ),
    "the reply is stamped late": (
        [*FILED, ("case.begun", DAY), ("case.replied", 2 * DAY)],
        [(1, HOUR), (3, DAY + HOUR), (4, 9 * DAY)],
        "only the portal says when these were written: the reply (entry 3, 2026-11-03); an authority dates "
        "the start of the investigation (entry 2, 2026-11-02)",
    ),
    "the reply says that it is older than a stamp without it": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(1, HOUR), (2, 2 * DAY + HOUR), (3, 2 * DAY + 2 * HOUR)],
        f"only the portal says when these were written: {REPLY}",
    ),
    "the reply says that it is days older than a stamp without it": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(1, HOUR), (2, 11 * DAY), (3, 11 * DAY + HOUR)],
        "BROKEN ledger entry 2 (case.replied) says 2026-11-03 12:00 UTC, but the ledger was stamped at "
        "2026-11-12 12:00 UTC without it: it is back-dated",
    ),
    "the reply is stamped nine hours later": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(1, HOUR), (3, 2 * DAY + 9 * HOUR)],
        f"stamped within a day, but not within hours, so only the portal says at what hour: {REPLY}",
    ),
    "the complaint is stamped nine hours later": (
        FILED,
        [(2, 9 * HOUR)],
        "only the portal says that the complaint came at 2026-11-01 12:00 UTC: it was first stamped at "
        "2026-11-01 21:00 UTC",
    ),
    "the reply says that it is newer than the stamp over it": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(1, HOUR), (3, 2 * DAY - HOUR)],
        f"only the portal says when these were written: {REPLY}",
    ),
    "the reply says that it is hours older than a stamp without it": (
        [*FILED, ("case.replied", 2 * DAY)],
        [(1, HOUR), (2, 2 * DAY + 2 * HOUR), (3, 2 * DAY + 3 * HOUR)],
        "BROKEN ledger entry 2 (case.replied) says 2026-11-03 12:00 UTC, but the ledger was stamped at "
        "2026-11-03 14:00 UTC without it: it is back-dated",
    ),
    "an export that was begun hours before a stamp without it": (
        [*FILED, ("bundle.exported", 2 * HOUR)],
        [(2, HOUR), (2, 9 * HOUR)],
        "",
    ),
    "nothing that counts": ([*FILED, ("evidence.viewed", 2 * DAY)], [(2, HOUR)], ""),
}


def noted(lines: list[Line], anchors: Anchors) -> tuple[str, bool]:
    """What the Python verifier notes of the acts after the complaint, and whether it calls everything dated."""
    report = verifier.Report()
    ledger = verifier.Ledger("", "", 0, b"", entries(lines), {}, [])
    try:
        verifier.date_the_acts(report, ledger, [(size, after(at), "") for size, at in anchors])
    except verifier.Broken as broken:
        return f"BROKEN {broken}", report.is_dated
    return " ".join(report.cautions), report.is_dated


def refusal(lines: list[Line]) -> str:
    """Why the Python verifier refuses the order of the dates, or ""."""
    try:
        verifier.check_dates(entries(lines))
    except verifier.Broken as broken:
        return str(broken)
    return ""
