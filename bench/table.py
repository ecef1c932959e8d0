"""The table of results: one row for each measurement, with its budget. It is printed, and saved as JSON."""

import json
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A measurement: `value` in `unit`. If it was `compared_with` another of the same run, `ratio` is set."""

    name: str
    value: float
    unit: str
    budget: str
    ok: bool
    compared_with: str = ""
    ratio: float | None = None


def at_most(name: str, value: float, unit: str, most: float) -> Row:
    return Row(name, value, unit, f"at most {most:g} {unit}", value <= most)


def ratio_at_most(name: str, value: float, floor: float, unit: str, compared_with: str, most: float) -> Row:
    """A row whose `value` may be at most `most` times the floor."""
    ratio = value / floor
    return Row(name, value, unit, f"at most {most:g} times", ratio <= most, compared_with, ratio)


def speed_at_least(name: str, seconds: float, floor: float, unit: str, compared_with: str, least: float) -> Row:
    """A row for work that took `seconds`: its speed must be at least `least` of the floor's speed."""
    ratio = floor / seconds
    return Row(name, seconds, unit, f"at least {least:g} of its speed", ratio >= least, compared_with, ratio)


def unfinished(room: str) -> Row:
    """A failed row, for a room that ended before its last measurement."""
    return Row(f"{room}: ended before all was measured", 1, "", "none", False)


def median_of(times: int, work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """The median seconds of the work, after a first run that does not count."""
    work()
    return statistics.median(timed(work, clock) for _ in range(times))


def timed(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def show(rows: Iterable[Row]) -> None:
    for row in rows:
        ratio = f"{row.ratio:.2f} of {row.compared_with}" if row.ratio is not None else ""
        mark = "ok  " if row.ok else "OVER"
        print(f"{mark} {row.name:<46} {row.value:>10.3f} {row.unit:<9} {row.budget:<24} {ratio}", flush=True)


def save(rows: Iterable[Row], path: Path) -> None:
    path.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")


def load(path: Path) -> list[Row]:
    """The rows of a file; none if it does not exist."""
    return [Row(**one) for one in json.loads(path.read_text())] if path.exists() else []
