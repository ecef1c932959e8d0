"""Makes the beginning of a Word document or an Excel table readable (ECMA-376). What it unpacks is bounded."""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from xml.parsers import expat

from . import table, written
from .wire import NoPreview, Original, Wire

MOST_UNPACKED = 32 << 20  # bytes of one part
MOST_PARTS = 5_000  # of the ZIP
MOST_STRINGS = 200_000
MOST_SHEETS = 20
LOCKED = b"\xd0\xcf\x11\xe0"  # an encrypted Office file is no ZIP, but OLE
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in number formats (18.8.30)
Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]  # gets the name and the text inside


class Enough(Exception):
    """The rest of the part is not needed."""


def warm_up() -> None:
    table.warm_up()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", "<a>b</a>")
    with zipfile.ZipFile(out) as packed:
        _walk(packed, "a.xml", lambda _name, _attributes: None, lambda _name, _text: None)
    _date("1", is_1904=False)


def look(file: Original, wire: Wire, media_type: str) -> None:
    file.seek(0)
    if file.read(4) == LOCKED:
        raise NoPreview("encrypted")
    try:
        with zipfile.ZipFile(cast(Any, file)) as packed:
            if len(packed.namelist()) > MOST_PARTS:
                raise NoPreview("too_big")
            (_document if media_type.endswith("wordprocessingml.document") else _workbook)(packed, wire)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, ValueError, NotImplementedError, EOFError):
        raise NoPreview("damaged") from None
    except RuntimeError:  # zipfile's word for a password
        raise NoPreview("encrypted") from None


def _walk(packed: zipfile.ZipFile, part: str, start: Start, end: End) -> bool:
    """Call `start` and `end` for each element of a part, by its local name. Returns whether it was all read.

    Office writes no document type: one that is there could only attack the reader.
    """
    parser, texts = expat.ParserCreate(namespace_separator=" "), [""]

    def refuse(*_arguments: object) -> None:
        raise NoPreview("kind")

    def begin(name: str, attributes: dict[str, str]) -> None:
        texts[0] = ""
        start(_local(name), {_local(key): value for key, value in attributes.items()})

    def finish(name: str) -> None:
        end(_local(name), texts[0])
        texts[0] = ""

    def gather(text: str) -> None:
        texts[0] += text if len(texts[0]) < written.MOST_LETTERS else ""

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, finish, gather
    parser.buffer_text = True
    left = MOST_UNPACKED
    with packed.open(part) as unpacked:
        try:
            while block := unpacked.read(min(left, 64 << 10)):
                parser.Parse(block, False)
                left -= len(block)
        except Enough:
            return False
    return left > 0


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


# Word


def _document(packed: zipfile.ZipFile, wire: Wire) -> None:
    """The paragraphs; cells of a row are parted by tabs."""
    found: list[str] = []
    length = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        found.extend({"tab": ["\t"], "br": ["\n"], "cr": ["\n"]}.get(name, []))

    def end(name: str, text: str) -> None:
        nonlocal length
        found.extend({"t": [text], "p": ["\n"], "tc": ["\t"], "tr": ["\n"]}.get(name, []))
        length += len(text) if name == "t" else 1
        if length > 2 * written.MOST_LETTERS:
            raise Enough

    is_whole = _walk(packed, "word/document.xml", start, end)
    text = re.sub(r"\n\t", "\t", "".join(found))  # the paragraph's end inside a cell
    written.send(wire, re.sub(r"\t\n", "\n", text), is_cut=not is_whole)


# Excel


def _workbook(packed: zipfile.ZipFile, wire: Wire) -> None:
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

    _walk(packed, "xl/workbook.xml", sheet, _nothing)
    _walk(packed, "xl/_rels/workbook.xml.rels", relation, _nothing)
    return [(name, parts[key]) for name, key in named if key in parts], from_1904[0]


def _nothing(_name: str, _text: str) -> None:
    """For elements whose text does not count."""


def _strings(packed: zipfile.ZipFile) -> list[str]:
    """The texts that cells share, as many as are read."""
    found: list[str] = []
    parts: list[str] = []

    def end(name: str, text: str) -> None:
        if name == "t":
            parts.append(text)
        elif name == "si":
            found.append("".join(parts))
            parts.clear()
            if len(found) == MOST_STRINGS:
                raise Enough

    if "xl/sharedStrings.xml" in packed.namelist():
        _walk(packed, "xl/sharedStrings.xml", lambda _name, _attributes: None, end)
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
        _walk(packed, "xl/styles.xml", start, end)
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

    return rows, _walk(packed, part, start, end)


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
        return _date(text, is_1904)
    return text


def _date(text: str, is_1904: bool) -> str:
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
