"""Reads typed sums of money."""

import re
import unicodedata
from decimal import Decimal

from . import folding

_SIGNS, _CODES = "¥￥$€£₹元圆块钱整正", r"(?<![a-z])(?:rmb|cny|usd|gbp|eur|hkd)(?![a-z])"
_BEFORE = re.compile(
    rf"^(?:[{_SIGNS}(\[:=,;!?。、“”\"'\s]|{_CODES}|人民币|人民幣|金额|金額|共计|总共|总计|一共|共)+", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?:[{_SIGNS})\]:=,;!?。、“”\"'\s]|\.-?$|{_CODES}|人民币)+$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,2})?|\d{1,3}(?:[,\s'’]\d{3}){1,3}(?:\.\d{1,2})?")


def amount(typed: str) -> str | None:
    """The sum as `3200.00`; an empty string if nothing was typed, None if it cannot be read."""
    text = "".join(str(unicodedata.decimal(one, one)) for one in folding.clean(typed))
    number = _BEHIND.sub("", _BEFORE.sub("", text))
    if not text:
        return ""
    return f"{Decimal(re.sub(r'[^0-9.]', '', number)):.2f}" if _NUMBER.fullmatch(number) else None
