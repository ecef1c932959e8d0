"""Reads typed sums of money, and writes them."""

import re
import unicodedata
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from . import folding

_SIGNS, _CODES = "¥￥$€£₹元圆块钱整正", r"(?<![a-z])(?:rmb|cny|usd|gbp|eur|hkd)(?![a-z])"
_BEFORE = re.compile(
    rf"^(?:[{_SIGNS}(\[:=,;!?。、“”\"'\s]|{_CODES}|人民币|人民幣|金额|金額|共计|总共|总计|一共|共)+", re.IGNORECASE
)
_BEHIND = re.compile(rf"(?:[{_SIGNS})\]:=,;!?。、“”\"'\s]|\.-?$|{_CODES}|人民币)+$", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,2})?|\d{1,3}(?:[,\s'’]\d{3}){1,3}(?:\.\d{1,2})?")
_ONE_SPELLING = str.maketrans(
    "〇壹贰貳叁參肆伍陆陸柒捌玖两兩拾佰仟萬億wWkK毛圆块", "零一二二三三四五六六七八九二二十百千万亿万万千千角元元"
)
_FIGURES = {sign: str(worth) for worth, sign in enumerate("零一二三四五六七八九")}
_FIGURE = "[0-9零一二三四五六七八九]"
_PARTS = re.compile(  # of a yuan: 12元5角, 五元零七分, 十二块五毛五, 8毛
    rf"(?P<whole>.+元)?零?(?:(?P<tenths>{_FIGURE})角零?(?:(?P<hundredths>{_FIGURE})分?)?|(?P<alone>{_FIGURE})分)"
)
_TENTHS = re.compile(rf"(?P<whole>.+)元(?P<tenths>{_FIGURE})")
_UNITS = {"亿": 10**8, "万": 10_000, "千": 1_000, "百": 100, "十": 10}  # the largest first


def amount(typed: str) -> str | None:
    """The sum as `3200.00`; an empty string if nothing was typed, None if it cannot be read.

    It may be in figures, in Chinese numerals or both: 3200, 1.5万, 五百块, 一万二 (which is 12000), 十二块五毛."""
    text = "".join(str(unicodedata.decimal(one, one)) for one in folding.clean(typed))
    number = _BEHIND.sub("", _BEFORE.sub("", text))
    if not text:
        return ""
    sum_of_it = _with_parts(number.translate(_ONE_SPELLING))
    return None if sum_of_it is None or sum_of_it >= 10**12 else f"{sum_of_it:.2f}"


def _with_parts(number: str) -> Decimal | None:
    """A sum that may have tenths and hundredths of a yuan. 五百块五 is none: it is 500.5 or 550."""
    if found := _PARTS.fullmatch(number):
        behind = [found["tenths"], found["hundredths"] or found["alone"]]
    elif found := _TENTHS.fullmatch(number):
        behind = [found["tenths"], None]
    else:
        return _read(number)
    whole = _read(found["whole"].removesuffix("元")) if found["whole"] else Decimal(0)
    if whole is None or whole % 1 or (found.re is _TENTHS and whole % 100 == 0):
        return None
    tenths, hundredths = (Decimal(_FIGURES.get(figure or "0", figure or "0")) for figure in behind)
    return whole + tenths / 10 + hundredths / 100


def _read(number: str) -> Decimal | None:
    """The number in figures, or with the Chinese units. None if it is none, or could be another."""
    for unit, worth in _UNITS.items():
        if unit in number:
            before, behind = number.split(unit, 1)
            return _with_unit(before.strip(), behind.strip(), worth)
    number = _FIGURES.get(number, number)
    return Decimal(re.sub(r"[^0-9.]", "", number)) if _NUMBER.fullmatch(number) else None


def _with_unit(before: str, behind: str, worth: int) -> Decimal | None:
    """So many times the unit, and what is behind it: 二十三, 三千零五, 3万5000. A single figure counts the next
    smaller unit, as people say it: 一万二."""
    times = Decimal(1) if not before and worth == 10 else _read(before)
    rest = _behind(behind, worth)
    if times is None or rest is None or rest >= worth or (behind and times % 1):
        return None
    return times * worth + rest


def _behind(text: str, worth: int) -> Decimal | None:
    if not text:
        return Decimal(0)
    figure = _FIGURES.get(text, text)
    if len(figure) == 1 and figure.isdecimal():
        return Decimal(figure) * worth / 10
    if text.isdecimal() and len(text) != len(str(worth)) - 1:
        return None
    return _read(text.lstrip("零"))


def in_words(amount: str, currency: str) -> str:
    """A sum such as `3200.00` with its currency, in the active language: 3,200 yuan, 1,234.50 GBP"""
    digits = 0 if amount.endswith(".00") else 2
    shown = number_format(amount.removesuffix(".00"), digits, force_grouping=True)
    return _("%(amount)s yuan") % {"amount": shown} if currency == "CNY" else f"{shown} {currency}"
