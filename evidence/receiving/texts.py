"""Decides what a text file is: a mail, a table, plain text, a web page or a program. Pure functions."""

import codecs
import csv
import re
from collections import Counter

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# Characters of Chinese text: general and CJK punctuation, ideographs, full-width forms, a few symbols.
USUAL = re.compile("[\u0080-\u024f\u0370-\u04ff\u2000-\u27bf\u3000-\u33ff\u3400-\u9fff\uff00-\uffee]")
HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
PAGE = re.compile(
    r"<(?:!doctype|\?xml|!--|html|head|body|script|svg|iframe|img|object|embed|meta|a\s|div|style)", re.I
)
SCRIPT = re.compile(r"#!|<\?php|<%|@echo\s+off|powershell|on error resume next", re.I)
# Beginnings of programs that do not name their language, and of settings files that start a program when opened.
BEGINNING = re.compile(
    r"import [\w.]+$|from [\w.]+ import [\w(*]|(?:async )?function \w*\(|(?:var|let|const) \w+ ?= ?|set -e"
    r"|use strict;|(?:Get|Set|New|Remove|Start|Invoke)-[A-Z]\w+|REM |Dim \w+$|Option Explicit"
    r"|\[InternetShortcut\]|\[Desktop Entry\]|Windows Registry Editor",
    re.M,
)
CALL = re.compile(
    r"WScript\.|CreateObject\(|ActiveXObject|Invoke-(?:Expression|WebRequest)|os\.system\(|\brm -rf [/~]"
)
DOCUMENT = re.compile(r"\{\\rtf|%!PS")


def decode_text(head: bytes) -> str | None:
    """The beginning of a file as text; None if it is not text. The bytes may end in the middle of a character.

    Tries UTF-16 if it has a byte order mark, then UTF-8, GB18030, Big5 and Windows-1252.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(head, "utf-16")
    return (
        _strict(head, "utf-8-sig")
        or _chinese(head, "gb18030")
        or _chinese(head, "big5")
        or _western(head, "cp1252")
    )


def _strict(head: bytes, encoding: str) -> str | None:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=False)
    except UnicodeDecodeError:
        return None
    return None if CONTROLS.search(text) or not text else text


def _chinese(head: bytes, encoding: str) -> str | None:
    """Almost any bytes are valid in these encodings, so most characters must also be usual ones."""
    text = _strict(head, encoding)
    foreign = "".join(_foreign(text or ""))
    return text if len(foreign) * 0.9 <= len(USUAL.findall(foreign)) else None


def _western(head: bytes, encoding: str) -> str | None:
    """Almost any bytes are valid in this encoding, so most characters must be ASCII."""
    text = _strict(head, encoding)
    return text if len(_foreign(text or "")) * 8 <= len(text or "") else None


def _foreign(text: str) -> list[str]:
    return [sign for sign in text if sign > "\x7f"]


def refusal_code(text: str) -> str:
    """The code of a refusal if the text begins like a web page, a script, RTF or PostScript; else ""."""
    start = text.lstrip()[:1000]
    if SCRIPT.match(start) or BEGINNING.match(start) or CALL.search(start):
        return "script"
    if PAGE.match(start):
        return "web_page"
    return "document" if DOCUMENT.match(start) else ""


def is_mail(head: bytes) -> bool:
    """Whether it begins with an e-mail's header (RFC 5322): From, and a field that only mail systems write."""
    names, at = set(), 0
    while at < len(head) and (field := HEADER.match(head, at)):
        names.add(field[1].lower())
        at = field.end()
    return (
        b"from" in names
        and bool(names & {b"message-id", b"received", b"mime-version", b"date"})
        and len(names) > 2
    )


def is_table(text: str) -> bool:
    """Whether most lines have the same number of columns, at least three. Not all: a bill begins with titles."""
    lines = text.splitlines()[:100]
    return any(_has_columns(lines, delimiter) for delimiter in ",\t;|")


def _has_columns(lines: list[str], delimiter: str) -> bool:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return False
    width, rows = widths.most_common(1)[0] if widths else (0, 0)
    if width == 2:
        return rows >= 3 and rows == widths.total()
    return width > 2 and rows >= 2 and rows >= 0.6 * widths.total()
