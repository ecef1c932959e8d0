"""Makes the first rows and columns of a table readable, as lines of text with a tab between cells."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from . import written
from .wire import NoPreview, Original, Wire

MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 200, 30, 300
MOST_LETTERS = 60_000  # of a copy


def warm_up() -> None:
    written.warm_up()
    _regularity(["a,b"], ",")


def look(file: Original, wire: Wire, _media_type: str) -> None:
    text, is_cut = written.opened(file)
    lines = text.splitlines()
    if is_cut:
        del lines[-1:]
    delimiter = max(",\t;|", key=lambda one: _regularity(lines[:100], one))
    send(wire, csv.reader(lines, delimiter=delimiter), is_cut=is_cut)


def _regularity(lines: list[str], delimiter: str) -> int:
    """How many of the rows have the commonest number of columns, times that number."""
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0
    width, rows = widths.most_common(1)[0] if widths else (0, 0)
    return width * rows if width > 1 else 0


def send(wire: Wire, rows: Iterable[list[str]], *, is_cut: bool, number: int = 1) -> None:
    """Send the first rows as a copy. Raises NoPreview if there are none."""
    kept: list[str] = []
    letters, source = MOST_LETTERS, _readable(rows)
    for row in islice(source, MOST_ROWS):
        is_cut = is_cut or len(row) > MOST_COLUMNS or any(len(cell) > LONGEST_CELL for cell in row)
        kept.append("\t".join(_cell(cell) for cell in row[:MOST_COLUMNS]))
        letters -= len(kept[-1]) + 1
        if letters < 0:
            break
    if not any(line.strip() for line in kept):
        raise NoPreview("empty")
    is_cut = is_cut or next(source, None) is not None
    if is_cut:
        wire.send_json(b"J", facts={"is_cut": 1}, claims={})
    wire.send_copy("table", "\n".join(kept).encode("utf-8", "replace"), number)


def _readable(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """The rows up to the first that cannot be read."""
    try:
        yield from rows
    except csv.Error:
        yield ["…"]


def _cell(text: str) -> str:
    """One line, with hidden characters spelled."""
    shown = " ".join(text.replace("\t", " ").splitlines())
    return written.visible(shown[:LONGEST_CELL]) + ("…" if len(shown) > LONGEST_CELL else "")
