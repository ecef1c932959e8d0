"""Characters that the report's font can show. Any other is printed as its code point, never left out."""

import re
import struct
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn

LONGEST_WORD = 79  # characters; a line may break anywhere in a longer word
BREAK = "\u200b"  # zero-width space


def folder() -> Path:
    """The folder of the font files."""
    return Path(pylopdf_fonts_zh_cn.sans_path()).parent


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The code points for which the sans font has a glyph, from its cmap table (OpenType, format 12)."""
    data = Path(pylopdf_fonts_zh_cn.sans_path()).read_bytes()
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


def _groups(data: bytes, at: int) -> frozenset[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    groups = (struct.unpack_from(">III", data, at + 16 + 12 * index) for index in range(count))
    return frozenset(code for start, end, glyph in groups if glyph for code in range(start, end + 1))


def legible(text: str) -> str:
    """The text with characters that the font lacks as 〈U+1F600〉, and with places to break very long words."""
    lines = re.sub(r"\r\n?|\u2028|\u2029|\u0085", "\n", text).replace("\t", "    ")
    lacking = {ord(letter): _spelled(letter) for letter in set(lines) - {"\n"} if ord(letter) not in covered()}
    shown = lines.translate(lacking) if lacking else lines
    return re.sub(rf"[!-~]{{{LONGEST_WORD + 1},}}", lambda found: BREAK.join(found[0]), shown)


def _spelled(letter: str) -> str:
    return f"〈U+{ord(letter):04X}〉"
