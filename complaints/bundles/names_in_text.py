"""Patterns that find the names of people in a text's view (`complaints.reference.folding`), however they are
written.

Blanks, line ends, dots, dashes and apostrophes may be between the letters of a name, or missing where the listed
name has them. Its halves may be in the other order, or have a comma between them. A surname alone is found only
next to a title.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from complaints.reference import orders
from complaints.reference.folding import Folded, clean, is_letter
from complaints.reference.orders import CHINESE

# Signs that always end a word, and the sign for what is masked already. Others may be inside a name.
STOPS = '。！？；：，、,!?;:()\\[\\]【】《》<>{}「」『』“”"\ue000'
BETWEEN = rf"(?:[^\w{STOPS}]|_){{0,40}}+"
A_STOP = rf"(?:{BETWEEN}。)?+{BETWEEN}"  # which some keyboards type for the dot of a name
APART = rf"(?:[^\w{STOPS}]|_){{1,40}}+"
ANY_SIGNS = r"(?:\W|_){0,40}+"
LATIN = "a-z\u0370-\u052f"
COMMA = rf"{BETWEEN}[,/(]{BETWEEN}"
SURE = 8  # a name with as many letters is no part of other words by chance
ADDRESSED = "先生|女士|小姐|太太|夫人"  # titles for everybody, unlike 经理 and the like
TITLES = "mrs|mr|ms|miss|mx|dr|prof|professor|sir|madam|mme|herr|frau"
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})  # as people type them
WORD_BEGINS, WORD_ENDS = rf"(?<![{LATIN}])", rf"(?=s?(?![{LATIN}]))"  # a final s may be a genitive
TITLED = rf"{WORD_BEGINS}(?:{TITLES})"
WITH_TITLE = re.compile(rf"^(?:{TITLES})[.\s]+(?=\S{{2}})|(?<=\w\w)\s*(?:{ADDRESSED})$", re.IGNORECASE)


def pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """A pattern that finds each of the names in a view, longest first; None without names."""
    cleaned = filter(None, map(clean, names))
    listed = {one for name in cleaned for one in (name, WITH_TITLE.sub("", name), name.translate(UMLAUTS))}
    found = {spelling for name in listed for spelling in _spellings(Folded(name).view)}
    longest_first = sorted(found, key=lambda one: (-one[0], one[1]))
    return re.compile("|".join(one for _letters, one in longest_first)) if longest_first else None


def _spellings(name: str) -> Iterator[tuple[int, str]]:
    """The patterns of one name, each with its number of letters."""
    letters = "".join(filter(is_letter, name))
    if not letters:
        yield len(name), re.escape(name)
        return
    words = name.split()
    if len(words) == 1:
        yield len(letters), _written(name, APART, "")
    yield len(letters), _whole("", name)
    for halves in orders.halves(name):
        yield len(letters), _whole(BETWEEN, *halves[::-1])
        if letters != name:  # 陈, 小梅 may be two people
            yield len(letters), _whole(COMMA, *halves)
            yield len(letters), _whole(COMMA, *halves[::-1])
    if surname := CHINESE.fullmatch(letters):
        yield len(surname[1]), rf"{_written(surname[1], BETWEEN, BETWEEN)}{BETWEEN}(?:{ADDRESSED})"
    for word in {words[0], words[-1]} if len(words) > 1 and re.match(f"[{LATIN}]", letters) else ():
        if len(word) > 1:
            yield len(word), rf"{TITLED}{BETWEEN}{_written(word, BETWEEN, BETWEEN)}{WORD_ENDS}"


def _written(name: str, apart: str, together: str) -> str:
    """The pattern of a name: `apart` where it has signs between its letters, `together` where it has none.

    Signs of the name itself that end words, such as brackets, may be inside it and around it.
    """
    out, signs = "", ""
    for one in name:
        if not is_letter(one):
            signs += one
            continue
        if not out:
            out = f"(?:{re.escape(signs.strip())}{BETWEEN})?" if signs.strip() else "(?:)"
        elif signs:
            ended = re.search(f"[{STOPS}]", signs)
            out += ANY_SIGNS if ended else (A_STOP if signs.strip() and apart == BETWEEN else apart)
        elif unicodedata.category(one)[0] != "M":
            out += together
        out, signs = out + re.escape(one), ""
    return out + (f"(?:{BETWEEN}{re.escape(signs.strip())})?" if signs.strip() else "")


def _whole(apart: str, *parts: str) -> str:
    """The pattern of a name with or without signs between its letters, and `apart` between its parts.

    It does not match inside a longer Latin word, unless the name is too long to be part of one by chance.
    """
    written = apart.join(_written(part, BETWEEN, BETWEEN) for part in parts)
    letters = "".join(filter(is_letter, "".join(parts)))
    if len(letters) >= SURE:
        return written
    begins, ends = (re.match(f"[{LATIN}]", one) for one in (letters[0], letters[-1]))
    return (f"(?:{TITLED}{BETWEEN}|{WORD_BEGINS})" if begins else "") + written + (WORD_ENDS if ends else "")
