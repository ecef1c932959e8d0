"""Decides what a text file is: a mail, a table, plain text, a web page or a program. Pure functions."""

import codecs
import csv
import re
from collections import Counter

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
FEW = 50  # characters of a text, of which one may be a control: a bell, or a sign between fields
END = b"\x1a"  # which DOS writes behind a text, once or more often
# Characters of Chinese text: general and CJK punctuation, ideographs, full-width forms, a few symbols.
C1 = re.compile("[\x80-\x9f]")
USUAL = re.compile("[\u0080-\u024f\u0370-\u04ff\u2000-\u27bf\u3000-\u33ff\u3400-\u9fff\uff00-\uffee]")
TYPED = set("‘’“”–—…£€•\u00a0")  # which word processors put in by themselves
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
# A list in HTML, as Excel and many programs that say they write .xls make it
LIST = re.compile(r"<table|urn:schemas-microsoft-com:office:(?:excel|spreadsheet)|Excel\.Sheet", re.I)
# XML: its declaration and comments, then the name of its root
ROOT = re.compile(r"(?:<\?[^>]*\?>\s*|<!--(?:(?!-->).)*-->\s*)+<([A-Za-z_][\w.:-]*)[\s/>]", re.S)
PAGES = re.compile(r"<!doctype|mso-application|www\.w3\.org/(?:1999/xhtml|2000/svg|1999/xlink)", re.I)
PAGE_ROOTS = {"html", "svg", "body", "xsl", "stylesheet", "transform", "script"}
DATE = re.compile(rb":\s*(?:[A-Z][a-z]{2},\s*)?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d")  # as mail systems write it
DOCUMENT = re.compile(r"\{\\rtf|%!PS")


def decode_text(head: bytes) -> str | None:
    """The beginning of a file as text; None if it is not text. The bytes may end in the middle of a character.

    Tries UTF-16 if it has a byte order mark or zeros, then UTF-8, GB18030, Big5 and Windows-1252.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(head, "utf-16")
    if head.count(b"\0") == 1:
        head = head.removesuffix(b"\0")
    head = head.rstrip(END)
    if b"\0" in head:
        return _wide(head, "utf-16-le") or _wide(head, "utf-16-be")
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
    controls = CONTROLS.findall(text)
    return None if not text or "\0" in controls or len(controls) > max(1, len(text) // FEW) else text


def _chinese(head: bytes, encoding: str) -> str | None:
    """Almost any bytes are valid in these encodings, so most characters must also be usual ones."""
    text = _strict(head, encoding)
    foreign = "".join(_foreign(text or ""))
    return text if len(foreign) * 0.9 <= len(USUAL.findall(foreign)) else None


def _wide(head: bytes, encoding: str) -> str | None:
    """Many bytes are valid in these encodings, so nearly all characters must be usual ones."""
    text = _strict(head, encoding)
    if not text or C1.search(text):
        return None
    ascii_signs = sum(sign <= "\x7f" for sign in text)
    usual = len(USUAL.findall(text)) + ascii_signs
    return text if ascii_signs and usual >= 0.95 * len(text) else None


def _western(head: bytes, encoding: str) -> str | None:
    """Almost any bytes are valid in this encoding, so most characters must be ASCII."""
    text = _strict(head, encoding)
    strange = [sign for sign in _foreign(text or "") if sign not in TYPED]
    return text if len(strange) * 8 <= len(text or "") else None


def _foreign(text: str) -> list[str]:
    return [sign for sign in text if sign > "\x7f"]


def refusal_code(text: str) -> str:
    """The code of a refusal if the text begins like a web page, a script, RTF or PostScript; else ""."""
    start = text.lstrip()[:1000]
    if SCRIPT.match(start) or BEGINNING.match(start) or CALL.search(start):
        return "script"
    if is_data(text):
        return ""
    if PAGE.match(start) or LIST.match(start):
        return "list_page" if LIST.search(text[:8000]) else "web_page"
    return "document" if DOCUMENT.match(start) else ""


def is_data(text: str) -> bool:
    """Whether it is XML with data, such as a backup of messages, and no page, drawing or Office file."""
    start = text.lstrip()[:8000]
    root = ROOT.match(start)
    return root is not None and not PAGES.search(start) and root[1].rpartition(":")[2].lower() not in PAGE_ROOTS


def is_mail(head: bytes) -> bool:
    """Whether it begins with an e-mail's header (RFC 5322): From, and a field that only mail systems write."""
    fields: dict[bytes, bytes] = {}
    at = 0
    while at < len(head) and (field := HEADER.match(head, at)):
        fields.setdefault(field[1].lower(), field[0])
        at = field.end()
    is_sent = bool(fields.keys() & {b"message-id", b"received", b"mime-version"})
    return b"from" in fields and len(fields) > 2 and (is_sent or bool(DATE.search(fields.get(b"date", b""))))


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
