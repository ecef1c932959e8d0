"""Makes the beginning of a Word document or an Excel table (ECMA-376) or an OFD (GB/T 33190) readable."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any, cast
from xml.parsers import expat

from . import table, workbook, written
from .unpacked import Enough, walk
from .wire import NoPreview, Original, Wire

MOST_PARTS = 5_000  # of the ZIP
OFD = "application/ofd"
LOCKED = b"\xd0\xcf\x11\xe0"  # an encrypted Office file is no ZIP, but OLE
AROUND = (r"word/header\d*\.xml", r"word/(foot|end)notes\.xml", r"word/footer\d*\.xml")


def warm_up() -> None:
    table.warm_up()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.xml", "<a>b</a>")
    with zipfile.ZipFile(out) as packed:
        walk(packed, "a.xml", lambda _name, _attributes: None, lambda _name, _text: None)
    workbook.date("1", is_1904=False)


def look(file: Original, wire: Wire, media_type: str) -> None:
    file.seek(0)
    if file.read(4) == LOCKED:
        raise NoPreview("encrypted")
    try:
        with zipfile.ZipFile(cast(Any, file)) as packed:
            if len(packed.namelist()) > MOST_PARTS:
                raise NoPreview("too_big")
            _reader_of(media_type)(packed, wire)
    except (zipfile.BadZipFile, KeyError, expat.ExpatError, ValueError, NotImplementedError, EOFError):
        raise NoPreview("damaged") from None
    except RuntimeError:  # zipfile's word for a password
        raise NoPreview("encrypted") from None


def _reader_of(media_type: str) -> Callable[[zipfile.ZipFile, Wire], None]:
    if media_type == OFD:
        return _fixed_pages
    return _document if media_type.endswith("wordprocessingml.document") else workbook.send


# Word


def _document(packed: zipfile.ZipFile, wire: Wire) -> None:
    """The paragraphs, headers and footers. Tabs separate the cells of a row."""
    names = [name for kind in AROUND for name in sorted(packed.namelist()) if re.fullmatch(kind, name)]
    texts: list[str] = []
    is_whole = True
    for part in (*(name for name in names if "header" in name), "word/document.xml"):
        text, all_read = _paragraphs(packed, part)
        texts, is_whole = [*texts, text], is_whole and all_read
    texts += [_paragraphs(packed, name)[0] for name in names if "header" not in name]
    written.send(wire, "\n".join(text.strip("\n") for text in texts if text.strip()), is_cut=not is_whole)


def _paragraphs(packed: zipfile.ZipFile, part: str) -> tuple[str, bool]:
    """The text of a part, and whether that is all of it."""
    found: list[str] = []
    length = inside = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside
        inside += name == "Fallback"  # the same once more, for older programs
        found.extend({"tab": ["\t"], "br": ["\n"], "cr": ["\n"]}.get(name, []))

    def end(name: str, text: str) -> None:
        nonlocal inside, length
        inside -= name == "Fallback"
        text = "" if inside else text
        found.extend({"t": [text], "p": ["\n"], "tc": ["\t"], "tr": ["\n"]}.get(name, []))
        length += len(text) if name == "t" else 1
        if length > 2 * written.MOST_LETTERS:
            raise Enough

    is_whole = walk(packed, part, start, end)
    return re.sub(r"\t\n", "\n", re.sub(r"\n\t", "\t", "".join(found))), is_whole  # a cell ends its paragraph


# OFD (GB/T 33190)


def _fixed_pages(packed: zipfile.ZipFile, wire: Wire) -> None:
    """The words of the first pages, a line for each run. Seals and pictures are not among them."""
    pages = sorted(
        (int(found[2]), int(found[3]), name)
        for name in packed.namelist()
        if (found := re.fullmatch(r"(.*/)?Doc_(\d{1,6})/Pages/Page_(\d{1,6})/Content\.xml", name))
    )
    texts: list[str] = []
    is_whole, left = True, 2 * written.MOST_LETTERS
    for _document_number, _page_number, name in pages:
        runs, all_read = _runs(packed, name, left)
        texts.append("\n".join(runs))
        left -= len(texts[-1])
        is_whole = is_whole and all_read
        if left < 0:
            break
    written.send(wire, "\n\n".join(texts), is_cut=not is_whole or len(texts) < len(pages))


def _runs(packed: zipfile.ZipFile, part: str, most: int) -> tuple[list[str], bool]:
    found: list[str] = []
    length = 0

    def end(name: str, text: str) -> None:
        nonlocal length
        if name == "TextCode":
            found.append(text)
            length += len(text) + 1
        if length > most:
            raise Enough

    return found, walk(packed, part, lambda _name, _attributes: None, end)
