"""Gives PDFium the portal's own fonts for the text of fonts that a PDF does not contain.

PDFium has fonts for Latin text and for symbols built in, but none for Chinese. It would look for one in the
system's folders, which the confined child cannot open. So it calls the functions below (fpdf_sysfontinfo.h),
which answer from memory.
"""

import ctypes
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pypdfium2.raw as pdfium

# Scripts (wingdi.h) that the built-in fonts lack and the fonts below have, at least in part.
GREEK, TURKISH, VIETNAMESE, CYRILLIC, EASTERN_EUROPEAN = 161, 162, 163, 204, 238
JAPANESE, KOREAN, SIMPLIFIED, TRADITIONAL = 128, 129, 134, 136
SCRIPTS = {GREEK, TURKISH, VIETNAMESE, CYRILLIC, EASTERN_EUROPEAN, JAPANESE, KOREAN, SIMPLIFIED, TRADITIONAL}
LAST_RESORT = b"Helvetica"  # what PDFium asks for when no other font has a character
ROMAN = 0x10  # of pitch and family: a font with serifs
SERIF_NAMES = (b"song", b"sung", b"ming", b"serif", b"roman", b"fang", b"kai")
SANS, SERIF = 1, 2


class Fonts:
    """The fonts and the functions. PDFium keeps pointers to them: keep the object as long as it is used."""

    def __init__(self) -> None:
        paths = {SANS: pylopdf_fonts_zh_cn.sans_path(), SERIF: pylopdf_fonts_zh_cn.serif_path()}
        self._data = {handle: Path(path).read_bytes() for handle, path in paths.items()}
        self._info = pdfium.FPDF_SYSFONTINFO(version=1)
        types = dict(pdfium.FPDF_SYSFONTINFO._fields_)
        functions = {
            "MapFont": _mapped,
            "GetFont": lambda _info, _face: 0,
            "GetFontData": self._copied,
            "GetFaceName": lambda _info, _font, _buffer, _size: 0,
            "GetFontCharset": lambda _info, _font: SIMPLIFIED,
            "DeleteFont": lambda _info, _font: None,
        }
        for name, function in functions.items():
            setattr(self._info, name, types[name](function))
        pdfium.FPDF_SetSystemFontInfo(ctypes.byref(self._info))

    def _copied(self, _info: Any, font: int, table: int, buffer: Any, size: int) -> int:
        """The size of the font file, after copying it if the buffer is large enough. It has no other tables."""
        data = b"" if table else self._data.get(font, b"")
        if data and size >= len(data):
            ctypes.memmove(buffer, data, len(data))
        return len(data)


def _mapped(_info: Any, _weight: int, _italic: int, script: int, pitch: int, face: Any, _exact: Any) -> int:
    """The font to use; 0 for PDFium's own."""
    name = (ctypes.cast(face, ctypes.c_char_p).value or b"").lower()
    if script not in SCRIPTS:
        return SANS if name == LAST_RESORT.lower() else 0
    return SERIF if pitch & ROMAN or any(part in name for part in SERIF_NAMES) else SANS
