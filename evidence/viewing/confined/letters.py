"""Finds letters that are missing in the picture of a PDF's page because the PDF does not contain their font."""

import ctypes
import unicodedata
from typing import Any

import pypdfium2.raw as pdfium
from PIL import Image

MOST = 20_000  # characters of a page that are checked
UNSEEN = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
PICTURE_FONTS = (b"wingdings", b"webdings")  # their signs would be drawn as letters


def are_missing(page: Any, picture: Image.Image) -> bool:
    """Whether a visible letter of a font that is not embedded left no mark in the picture of the whole page."""
    text = page.get_textpage()
    try:
        return any(_is_missing(page, picture, text, place) for place in range(min(text.count_chars(), MOST)))
    finally:
        text.close()


def _is_missing(page: Any, picture: Image.Image, text: Any, place: int) -> bool:
    drawn = pdfium.FPDFText_GetTextObject(text, place)
    if not drawn or pdfium.FPDFTextObj_GetTextRenderMode(drawn) in UNSEEN:
        return False
    font = pdfium.FPDFTextObj_GetFont(drawn)
    if not font or pdfium.FPDFFont_GetIsEmbedded(font) or _leaves_no_mark(text, place):
        return False
    return _name(font).startswith(PICTURE_FONTS) or _is_blank(page, picture, text, place)


def _leaves_no_mark(text: Any, place: int) -> bool:
    """Whether it is a space, a control character or one that PDFium added between words."""
    code = pdfium.FPDFText_GetUnicode(text, place)
    category = unicodedata.category(chr(code)) if 0 < code < 0x110000 else "Lo"
    is_unseen = category[0] in "ZC" and category != "Co"
    return is_unseen or bool(pdfium.FPDFText_IsGenerated(text, place) == 1)


def _name(font: Any) -> bytes:
    """Its name in lower case, without the mark of a subset."""
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.rpartition(b"+")[2].lower()


def _is_blank(page: Any, picture: Image.Image, text: Any, place: int) -> bool:
    """Whether the letter's box has one colour, and not the letter's own."""
    box = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, place, box):
        return False
    corners = [_pixel(page, picture, x, y) for x, y in ((box.left, box.bottom), (box.right, box.top))]
    (left, right), (top, bottom) = (sorted(sides) for sides in zip(*corners, strict=True))
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, picture.width), min(bottom, picture.height)
    if right - left < 2 or bottom - top < 2:
        return False
    colours: Any = picture.crop((left, top, right, bottom)).getcolors(1)
    return bool(colours) and colours[0][1] != _colour(text, place)


def _pixel(page: Any, picture: Image.Image, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, picture.width, picture.height, 0, x, y, across, down)
    return across.value, down.value


def _colour(text: Any, place: int) -> tuple[int, ...]:
    parts = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFText_GetFillColor(text, place, *parts)
    return tuple(part.value for part in parts[:3])
