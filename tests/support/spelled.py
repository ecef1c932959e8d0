"""The many ways in which people type one name."""

import unicodedata
from collections.abc import Callable, Sequence

from hypothesis import strategies as some

SIGNS = (
    " \u00a0\u3000\t\n\r\u2028·•‧・．.᛫…-‐‑‒–—−'’ʼ＇_*"
    "\u200b\u200d\ufeff\u00ad\u200e\u202e\u3164\ufe0f"  # these nobody sees
)
BETWEEN = some.text(some.sampled_from(SIGNS), max_size=4)


def widened(text: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)


CASES: tuple[Callable[[str], str], ...] = (str, str.upper, str.lower, widened)


@some.composite
def spellings(draw: some.DrawFn, names: Sequence[str]) -> tuple[str, str]:
    """One of the names, and the same with anything that makes no difference between its letters, or nothing."""
    name = draw(some.sampled_from(names))
    case = draw(some.sampled_from(CASES))
    text = case(unicodedata.normalize(draw(some.sampled_from(["NFC", "NFD"])), name))
    letters: list[str] = []
    for one in text:
        if unicodedata.combining(one) or "\u1161" <= one <= "\u11ff":
            letters[-1] += one
        elif one.isalnum():
            letters.append(one)
    return name, "".join(one + draw(BETWEEN) for one in letters[:-1]) + letters[-1]
