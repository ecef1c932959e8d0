"""What a text file is: a letter, a log, a table of calls, a mail, or a program in disguise. Pure."""

import codecs
import csv
import re
from collections import Counter

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# What Chinese text consists of: general and CJK punctuation, ideographs, full-width forms, a few symbols.
USUAL = re.compile("[\u0080-\u024f\u0370-\u04ff\u2000-\u27bf\u3000-\u33ff\u3400-\u9fff\uff00-\uffee]")
HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]*):[ \t]?[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*(?:\r?\n|\Z)")
PAGE = re.compile(
    r"<(?:!doctype|\?xml|!--|html|head|body|script|svg|iframe|img|object|embed|meta|a\s|div|style)", re.I
)
SCRIPT = re.compile(r"#!|<\?php|<%|@echo\s+off|powershell|on error resume next", re.I)
DOCUMENT = re.compile(r"\{\\rtf|%!PS")


def decoded(head: bytes) -> str | None:
    """The text of the beginning of a file, or None where it is none. UTF-8, UTF-16 with its mark, or GB18030.

    It may end in the middle of a character.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strict(head, "utf-16")
    text = _strict(head, "utf-8-sig")
    if text is None:
        text = _strict(head, "gb18030")
        if text is not None and not _reads_as_chinese(text):
            return None
    return text


def _strict(head: bytes, encoding: str) -> str | None:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head, final=False)
    except UnicodeDecodeError:
        return None
    return None if CONTROLS.search(text) or not text else text


def _reads_as_chinese(text: str) -> bool:
    """Almost any bytes are valid GB18030, so the characters must also be ones that people write."""
    foreign = [char for char in text if char > "\x7f"]
    return len(foreign) * 0.9 <= len(USUAL.findall("".join(foreign)))


def suspicion(text: str) -> str:
    """The refusal's code where the text begins like a page, a script or another program's document; else empty."""
    start = text.lstrip()[:1000]
    if SCRIPT.match(start):
        return "script"
    if PAGE.match(start):
        return "web_page"
    return "document" if DOCUMENT.match(start) else ""


def is_mail(head: bytes) -> bool:
    """Whether it begins with the header of an e-mail (RFC 5322): a sender, and what only a mail system writes."""
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
    """Whether most lines have the same number of columns, three or more (a bill begins with title lines)."""
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
