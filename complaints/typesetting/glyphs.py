"""Characters that the font of PDFs can show. Any other is printed as its code point, never left out; and no run of
characters without a place to break is wider than its column."""

import re
import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn

BREAK = "\u200b"  # zero-width space
# Between two of these, and beside one, a line may break (UAX 14, class ID): Chinese characters, kana, Hangul.
_IDEOGRAPHS = (
    "\u2e80-\u2fdf\u3042\u3044\u3046\u3048\u304a-\u3062\u3064-\u3082\u3084\u3086\u3088-\u308d\u308f-\u3094"
    "\u30a2\u30a4\u30a6\u30a8\u30aa-\u30c2\u30c4-\u30e2\u30e4\u30e6\u30e8-\u30ed\u30ef-\u30f4\u30f7-\u30fa"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_BLANKS = " \n\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000"  # where a line may break as well
_TOGETHER = re.compile(rf"[{_IDEOGRAPHS}]?[^{_IDEOGRAPHS}{_BLANKS}]+[{_IDEOGRAPHS}]?")


def folder() -> Path:
    """The folder of the font files."""
    return Path(pylopdf_fonts_zh_cn.sans_path()).parent


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points for which the sans font has a glyph."""
    return frozenset(widths())


@lru_cache(maxsize=1)
def widths() -> dict[int, float]:
    """Code point -> width in em of its glyph in the sans font, by its tables (OpenType: hmtx, cmap format 12)."""
    data = Path(pylopdf_fonts_zh_cn.sans_path()).read_bytes()
    (em,) = struct.unpack_from(">H", data, _table(data, b"head") + 18)
    (count,) = struct.unpack_from(">H", data, _table(data, b"hhea") + 34)  # glyphs with a width of their own
    advances = struct.unpack_from(">" + "Hh" * count, data, _table(data, b"hmtx"))[::2]
    return {code: advances[min(glyph, count - 1)] / em for code, glyph in _glyphs(data).items()}


def _glyphs(data: bytes) -> dict[int, int]:
    cmap = _table(data, b"cmap")
    (count,) = struct.unpack_from(">H", data, cmap + 2)
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", data, at)
        if (platform, encoding) == (3, 10):  # Windows, full Unicode
            return _groups(data, cmap + offset)
    raise ValueError("the font has no full Unicode cmap")


def _table(data: bytes, wanted: bytes) -> int:
    """Offset of a table of the font file."""
    (count,) = struct.unpack_from(">H", data, 4)
    for at in range(12, 12 + 16 * count, 16):
        tag, _, offset = struct.unpack_from(">4sII", data, at)
        if tag == wanted:
            return int(offset)
    raise ValueError(f"the font has no table {wanted!r}")


def _groups(data: bytes, at: int) -> dict[int, int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    groups = (struct.unpack_from(">III", data, at + 16 + 12 * index) for index in range(count))
    return {start + n: glyph + n for start, end, glyph in groups if glyph for n in range(end - start + 1)}


def legible(text: str, column: float) -> str:
    """The text with characters that the font lacks as 〈U+1F600〉, and with places to break where it has none that
    would keep it within a column of so many em."""
    lines = re.sub(r"\r\n?|\u2028|\u2029|\u0085", "\n", text).replace("\t", "    ")
    lacking = {ord(letter): _spelled(letter) for letter in set(lines) - {"\n"} if ord(letter) not in widths()}
    return _TOGETHER.sub(lambda run: _fitting(run[0], column), lines.translate(lacking) if lacking else lines)


def _fitting(run: str, column: float) -> str:
    """A run without a place to break: the same if it fits, else with one before each letter."""
    if sum(widths().get(ord(letter), 1) for letter in run) <= column:
        return run
    return "".join(letter if _goes_with_the_one_before(letter) else BREAK + letter for letter in run)


def _goes_with_the_one_before(letter: str) -> bool:
    return unicodedata.category(letter) in ("Mn", "Mc", "Me", "Cf")


def _spelled(letter: str) -> str:
    return f"〈U+{ord(letter):04X}〉"
