"""The reference of a case, such as HF-2026-000042: how it is written, and read however people type it."""

import re

from . import folding

_DIGIT = "[0-9oil]"  # letters are read as the digits they look like
_LABEL = (  # what people copy with it, folded
    "(?:holdfast|your|my|the|complaint|case|reference|ref|number|no|is"
    "|我的|你的|您的|投诉|案件|受理|查询|参考|编号|案号|号码|号|是|为)*"
)
_WRITTEN = re.compile(rf"{_LABEL}hf{_DIGIT}{{4}}({_DIGIT}+){_LABEL}")
_LOOKALIKES = str.maketrans("oil", "011")
MOST = 18  # digits of a key


def written(year: int, key: int) -> str:
    return f"HF-{year}-{key:06d}"


def key_in(typed: str) -> int | None:
    """The primary key that a reference names; None when it is none. Dashes may be of any kind or left out, and a
    label such as “reference:” may be before it."""
    found = _WRITTEN.fullmatch(folding.folded(typed))
    key = found[1].translate(_LOOKALIKES).lstrip("0") if found else ""
    return int(key or "0") if found and len(key) <= MOST else None
