"""Unifies the spelling of texts, so that the same thing typed differently can be compared. Pure.

`clean` removes invisible characters and differences of width. `folded` keeps only letters and digits, in one case
and composition, Chinese characters in their simplified form, and numbers in figures; names, numbers and references
are compared by it. `Folded` also gives the place of each character in the text, for masking.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

# Invisible characters: Unicode's Default_Ignorable_Code_Point, and format and control characters.
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
# Characters that Unicode counts as letters and people type as a dot or an apostrophe.
_SIGNS_AMONG_LETTERS = re.compile("[\u02b9-\u02df\u02e5-\u02ff\u119e\u1427\u318d\ua78b\ua78c\ua78f]")
_BARS = "\u30fc\uff70"  # the mark of a long vowel after kana, else a dash
_KANA = re.compile("[\u3041-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f]")
# Characters that belong to the letter before: parts of Korean syllables, voiced marks of half-width kana.
_CONTINUES = re.compile("[\u1161-\u11ff\ud7b0-\ud7fb\uff9e\uff9f]")
_ALIKE = str.maketrans(
    {"İ": "i", "ı": "i", "ſ": "s", "\u0307": None}
    # Letters whose stroke is no accent to Unicode, as people type them on keyboards that do not have them.
    | {"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ħ": "h", "Ħ": "h", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o"}
    | {"ŧ": "t", "Ŧ": "t", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe"}
)
VARIANTS = Path(__file__).with_name("variants.txt")  # the simplified character, then its other forms
_SIMPLIFIED = str.maketrans(
    {
        form: forms[0]
        for line in VARIANTS.read_text("utf-8").splitlines()
        if not line.startswith("#")
        for forms in line.split()
        for form in forms[1:]
    }
)
# The numerals of numbers that are spelled figure by figure, also those of sums on paper, and how one is said.
_FIGURES = dict(zip("〇零一二三四五六七八九壹贰叁叄参肆伍陆柒捌玖么", "00123456789123334567891", strict=True))
_NUMERALS = str.maketrans(_FIGURES)
_SPELLED = re.compile(f"[0-9{''.join(_FIGURES)}]{{5,}}")
_FEWEST_NUMERALS = 3  # in it, else they are the words before and after a number
_DASHES = re.compile("[\u2010-\u2015\u2212\u2043\u2e3a\u2e3b\ufe58\u30fc\uff70]")


def clean(text: str) -> str:
    """The text in ordinary width, without invisible characters, with plain spaces, and stripped."""
    return re.sub(r"\s", " ", unicodedata.normalize("NFKC", UNSEEN.sub("", text))).strip()


def dashed(text: str) -> str:
    """The clean text with all dashes as -."""
    return _DASHES.sub("-", clean(text))


def folded(text: str) -> str:
    """The letters and digits of the text, in one width, case and composition, Latin letters without accents. A
    text without letters and digits only loses its spaces and invisible characters."""
    read = Folded(text)
    return read.letters or "".join(read.view.split())


def simplified(text: str) -> str:
    """The text with each Chinese character in its simplified form."""
    return text.translate(_SIMPLIFIED)


def in_figures(view: str) -> str:
    """The view with every Chinese numeral as a figure. As many characters as before."""
    return view.translate(_NUMERALS)


def _with_figures(letters: str) -> str:
    """The letters with figures where a number is spelled in Chinese: five or more in a row."""

    def read(found: re.Match[str]) -> str:
        return in_figures(found[0]) if numerals(found[0]) >= _FEWEST_NUMERALS else found[0]

    return _SPELLED.sub(read, letters)


def numerals(view: str) -> int:
    """How many Chinese numerals are in it."""
    return sum(one in _FIGURES for one in view)


def searched(text: str) -> str:
    """The folded text, and on a second line, if it differs, the same with its numerals as they are written."""
    read = Folded(text)
    written = "".join(filter(is_letter, read.view))
    return read.letters if written == read.letters else f"{read.letters}\n{written}"


def digits(text: str) -> str:
    """The digits of the text, of any width and script, as 0 to 9."""
    return "".join(letter for letter in Folded(text).letters if letter.isdecimal())


@dataclass(frozen=True)
class Folded:
    """A folded text that keeps its punctuation (`view`). `places` has for each character of the view the start and
    end of its origin in the text."""

    text: str
    view: str = field(init=False)
    places: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        view: list[str] = []
        places: list[tuple[int, int]] = []
        after_kana = False
        for start, end in _clusters(self.text):
            written = UNSEEN.sub("", self.text[start:end])
            seen = "-" if written in _BARS and not after_kana else _folded(written)
            if any(map(is_letter, seen)):
                after_kana = bool(_KANA.match(written))
            view.append(seen)
            places += [(start, end)] * len(seen)
        object.__setattr__(self, "view", "".join(view))
        object.__setattr__(self, "places", tuple(places))

    def within(self, span: tuple[int, int]) -> tuple[int, int]:
        """Start and end in the text of a part of the view, which must not be empty."""
        return self.places[span[0]][0], self.places[span[1] - 1][1]

    @property
    def letters(self) -> str:
        """What `folded` returns of it."""
        return _with_figures("".join(filter(is_letter, self.view)))


def is_letter(one: str) -> bool:
    """Whether a character of a view is a letter, a digit, or a mark that belongs to one."""
    return unicodedata.category(one)[0] in "LNM"


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each character of the text, with its marks and the invisible characters after it."""
    seen = [place for place, letter in enumerate(text) if not UNSEEN.match(letter)]
    starts = [place for number, place in enumerate(seen) if not number or not _continues(text[place])]
    return pairwise([*starts, len(text)])


def _continues(letter: str) -> bool:
    return unicodedata.category(letter)[0] == "M" or bool(_CONTINUES.match(letter))


@lru_cache(maxsize=65536)
def _folded(cluster: str) -> str:
    """A folded character with its marks; punctuation in its plain form."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", cluster).translate(_ALIKE).casefold())
    kept: list[str] = []
    for one in _SIGNS_AMONG_LETTERS.sub("'", apart):
        if unicodedata.category(one)[0] == "M" and not (kept and is_letter(kept[-1]) and not kept[-1].isascii()):
            continue  # an accent of a Latin letter, or one that belongs to no letter
        kept.append(str(unicodedata.decimal(one, one)))
    return simplified(unicodedata.normalize("NFKC", "".join(kept)))
