"""Generates the demo's pictures and documents: screenshots of a phone, letters as PDF, phone bills as CSV."""

import csv
import io
import json
import textwrap
import unicodedata
from collections.abc import Iterable, Sequence

import pylopdf_fonts_zh_cn
import typst
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 720, 1280
PAPER, INK, SOFT, THEIRS, OURS = "#f4f4f6", "#17171a", "#8a8a90", "#ffffff", "#cfe8d5"
LINE, PADDING, BUBBLE = 44, 22, 520


def screenshot(sender: str, clock: str, messages: Sequence[tuple[str, str]]) -> bytes:
    """PNG of a phone that shows text messages: (time, text). A text that begins with ">" is by the phone's
    owner."""
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((28, 18), clock, INK, _font(26))
    pen.rectangle((WIDTH - 76, 24, WIDTH - 32, 44), outline=INK, width=2)
    pen.rectangle((WIDTH - 72, 28, WIDTH - 46, 40), fill=INK)
    pen.text((WIDTH / 2, 96), sender, INK, _font(34), anchor="mm")
    pen.line((0, 136, WIDTH, 136), "#dcdce0", 2)
    top = 164
    for time, text in messages:
        pen.text((WIDTH / 2, top + 14), time, SOFT, _font(24), anchor="mm")
        top = _bubble(pen, top + 44, text) + 28
    return _png(page)


def _bubble(pen: ImageDraw.ImageDraw, top: int, text: str) -> int:
    """Draw one message. Returns the y coordinate of its lower edge."""
    own, lines = text.startswith(">"), _lines(text.removeprefix(">"))
    width = max(int(pen.textlength(line, _font(30))) for line in lines) + 2 * PADDING
    left = WIDTH - 28 - width if own else 28
    bottom = top + len(lines) * LINE + 2 * PADDING - 8
    pen.rounded_rectangle((left, top, left + width, bottom), 24, fill=OURS if own else THEIRS)
    for number, line in enumerate(lines):
        pen.text((left + PADDING, top + PADDING - 6 + number * LINE), line, INK, _font(30))
    return bottom


def _lines(text: str) -> list[str]:
    """Break a text into lines for a bubble: Chinese between any two characters, English between words."""
    if not any(unicodedata.east_asian_width(char) == "W" for char in text):
        return textwrap.wrap(text, 30)
    lines, room = [""], float(BUBBLE - 2 * PADDING)
    for char in text:
        if _font(30).getlength(lines[-1] + char) > room and char not in "，。！？；：、）":
            lines.append("")
        lines[-1] += char
    return lines


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), size)


def _png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()


LETTER = """
#let it = json(bytes(sys.inputs.letter))
#set document(title: it.title, date: datetime(year: 2026, month: 10, day: 12))
#set page(paper: "a4", margin: (x: 28mm, y: 30mm))
#set text(font: "Noto Serif SC", size: 11.5pt, lang: it.lang)
#set par(leading: 1.1em, spacing: 1.4em, justify: true)
#align(center)[#text(size: 15pt, it.sender) \\ #text(size: 9pt, it.address) #line(length: 100%)]
#align(center, text(size: 18pt, it.title))
#it.to
#for part in it.parts { par(first-line-indent: (amount: 2em, all: true), part) }
#align(right)[#it.sender \\ #it.date]
"""


def letter(*, sender: str, address: str, title: str, to: str, parts: Sequence[str], date: str) -> bytes:
    """PDF of a letter on one page. The same arguments always give the same bytes."""
    words = {"sender": sender, "address": address, "title": title, "to": to, "parts": list(parts), "date": date}
    words["lang"] = "zh"
    return bytes(
        typst.compile(
            LETTER.encode(),
            format="pdf",
            font_paths=typst.Fonts(False, True, [str(pylopdf_fonts_zh_cn.serif_path().parent)]),
            sys_inputs={"letter": json.dumps(words)},
        )
    )


def call_list(title: str, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    """CSV of a phone bill in the form that carriers use: a title line, then the calls."""
    out = io.StringIO(newline="")
    table = csv.writer(out)
    table.writerows([[title], header, *rows])
    return out.getvalue().encode(encoding)
