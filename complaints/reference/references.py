"""Writes the reference of a case, such as HF-2026-000042, and reads it in any spelling."""

import re

from . import folding

_DIGIT = "[0-9oil]"  # letters that look like digits are read as digits
_LABEL = (  # words that people copy with it, folded
    "(?:holdfast|your|my|the|complaint|case|reference|ref|number|no|is"
    "|我的|你的|您的|投诉|案件|受理|查询|参考|编号|案号|号码|号|是|为)*"
)
_WRITTEN = re.compile(rf"{_LABEL}hf{_DIGIT}{{4}}({_DIGIT}+){_LABEL}")
_LOOKALIKES = str.maketrans("oil", "011")
MOST = 18  # digits of a key


def written(year: int, key: int) -> str:
    """The reference of the case with this key."""
    return f"HF-{year}-{key:06d}"


def key_in(typed: str) -> int | None:
    """The primary key in a typed reference; None if it is not one. Dashes may be of any kind or missing, and there
    may be a label such as “reference:”."""
    found = _WRITTEN.fullmatch(folding.folded(typed))
    key = found[1].translate(_LOOKALIKES).lstrip("0") if found else ""
    return int(key or "0") if found and len(key) <= MOST else None
