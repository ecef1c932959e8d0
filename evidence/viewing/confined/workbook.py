"""Makes the first rows of each sheet of an Excel table readable (ECMA-376)."""

import posixpath
import re
import zipfile
from datetime import UTC, datetime, timedelta

from . import table
from .unpacked import Enough, walk
from .wire import NoPreview, Wire

MOST_STRINGS = 200_000
MOST_SHEETS = 20
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in number formats (18.8.30)


def send(packed: zipfile.ZipFile, wire: Wire) -> None:
    """Each sheet's first rows, as a copy of its own."""
    sheets, is_1904 = _sheets(packed)
    strings, formats = _strings(packed), _dates(packed)
    made = 0
    for name, part in sheets[:MOST_SHEETS]:
        rows, is_whole = _rows(packed, part, strings, formats, is_1904)
        if any(any(row) for row in rows):
            made += 1
            head = [[name]] if len(sheets) > 1 else []
            table.send(wire, [*head, *rows], is_cut=not is_whole or len(sheets) > MOST_SHEETS, number=made)
    if not made:
        raise NoPreview("empty")


def _sheets(packed: zipfile.ZipFile) -> tuple[list[tuple[str, str]], bool]:
    """The sheets' names and parts, in their order, and whether days are counted from 1904."""
    named: list[tuple[str, str]] = []
    parts: dict[str, str] = {}
    from_1904 = [False]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            named.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            from_1904[0] = attributes.get("date1904") in ("1", "true")

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = attributes.get("Target", "")
            parts[attributes.get("Id", "")] = posixpath.normpath(posixpath.join("xl", target)).lstrip("/")

    walk(packed, "xl/workbook.xml", sheet, _nothing)
    walk(packed, "xl/_rels/workbook.xml.rels", relation, _nothing)
    return [(name, parts[key]) for name, key in named if key in parts], from_1904[0]


def _nothing(_name: str, _text: str) -> None:
    """For elements whose text does not count."""


def _strings(packed: zipfile.ZipFile) -> list[str]:
    """The texts that cells share, as many as are read."""
    found: list[str] = []
    parts: list[str] = []
    inside = [False]  # of a reading aid, which repeats the text in other signs

    def start(name: str, _attributes: dict[str, str]) -> None:
        inside[0] = inside[0] or name == "rPh"

    def end(name: str, text: str) -> None:
        if name == "rPh":
            inside[0] = False
        elif name == "t" and not inside[0]:
            parts.append(text)
        elif name == "si":
            found.append("".join(parts))
            parts.clear()
            if len(found) == MOST_STRINGS:
                raise Enough

    if "xl/sharedStrings.xml" in packed.namelist():
        walk(packed, "xl/sharedStrings.xml", start, end)
    return found


def _dates(packed: zipfile.ZipFile) -> list[bool]:
    """For each style of a cell, whether it shows a date or a time."""
    own: dict[str, bool] = {}
    styles: list[bool] = []
    inside = [False]

    def start(name: str, attributes: dict[str, str]) -> None:
        number = attributes.get("numFmtId", "0")
        if name == "numFmt":
            code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", attributes.get("formatCode", ""))
            own[number] = bool(re.search("[ymdhs]", code, re.I)) and "general" not in code.lower()
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.append(own.get(number, number.isdecimal() and int(number[:4]) in DATES))

    def end(name: str, _text: str) -> None:
        if name == "cellXfs":
            raise Enough

    if "xl/styles.xml" in packed.namelist():
        walk(packed, "xl/styles.xml", start, end)
    return styles


def _rows(
    packed: zipfile.ZipFile, part: str, strings: list[str], dates: list[bool], is_1904: bool
) -> tuple[list[list[str]], bool]:
    rows: list[list[str]] = []
    cell: dict[str, str] = {}
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            if len(rows) > table.MOST_ROWS:
                raise Enough
            rows.append([])
        elif name == "c":
            cell.clear()
            cell.update(attributes)
            texts.clear()

    def end(name: str, text: str) -> None:
        if name in ("v", "t"):
            texts.append(text)
        elif name == "c" and rows:
            place = _column(cell.get("r", ""), len(rows[-1]))
            if place <= table.MOST_COLUMNS:
                rows[-1] += [""] * (place - len(rows[-1])) + [
                    _value(cell, "".join(texts), strings, dates, is_1904)
                ]

    return rows, walk(packed, part, start, end)


def _column(reference: str, otherwise: int) -> int:
    """0 for A1, 26 for AA1."""
    letters = re.match("[A-Z]{1,3}", reference)
    if not letters:
        return otherwise
    place = 0
    for letter in letters[0]:
        place = 26 * place + ord(letter) - 64
    return max(place - 1, otherwise)


def _value(cell: dict[str, str], text: str, strings: list[str], dates: list[bool], is_1904: bool) -> str:
    kind, style = cell.get("t", "n"), cell.get("s", "")
    if kind == "s":
        return strings[int(text)] if text.isdecimal() and int(text[:9]) < len(strings) else "…"
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    if kind == "n" and style.isdecimal() and int(style[:6]) < len(dates) and dates[int(style[:6])]:
        return date(text, is_1904)
    return text


def date(text: str, is_1904: bool) -> str:
    """A day's number as a date; with its time unless that is midnight."""
    try:
        number = float(text)
        epoch = datetime(1904, 1, 1, tzinfo=UTC) if is_1904 else datetime(1899, 12, 30, tzinfo=UTC)
        moment = epoch + timedelta(seconds=round(number * 86400))
    except (ValueError, OverflowError):
        return text
    if 0 <= number < 1:
        return f"{moment:%H:%M:%S}"
    return f"{moment:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
