"""Finds numbers and e-mail addresses in a text, however they are written.

All patterns read a text's view (`complaints.reference.folding`), in which width, case, composition and invisible
signs make no difference. Positions are those in the view.
"""

import re
from collections.abc import Callable, Iterator

from complaints.reference import folding
from complaints.reference import numbers as numbers_of_countries

Span = tuple[int, int]

DASHES = "\\-\u2010-\u2015\u2212\u2043\u2e3a\u2e3b\ufe58\u4e00~\u02f7\u223c\u301c_/|\\\\"
DOTS = "·•‧∙⋅・᛫●○◦▪⸱⸳¸°"
APOSTROPHES = "'’‘`\u2032\u201b"
LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
RARE = rf"[{DOTS}{APOSTROPHES}\u2010-\u2015\u2212]{{0,3}}"  # separators that do not occur in lists of sums
ANY = rf"(?:[\s{DASHES}{DOTS}{APOSTROPHES}()\[\].]){{0,4}}"  # for numbers that look like nothing else
SOME = rf"(?:[\s{DASHES}{DOTS}{APOSTROPHES}()\[\]]){{0,3}}"  # not the point, which sums have too
ONE = rf"(?:[\s{DASHES}{DOTS}{APOSTROPHES}.]){{1,3}}"

E_MAIL = re.compile(
    r"(?<![\w.+\-])[\w.+\-]++@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![a-z0-9.+_\-])[a-z0-9.+_\-]++ ?(?:@|[(\[] ?at ?[)\]]) ?"
    r"[a-z0-9-]+(?:(?: \. |[.。])[a-z0-9-]+)*(?: \. |[.。])[a-z]{2,}"
)
DAY = r"(?:0[1-9]|[12]\d|3[01])"
TIME = r"(?:[01]\d|2[0-3])[-.:_]?[0-5]\d(?:[-.:_]?[0-5]\d(?:[-._]?\d{3})?)?"
DATED = re.compile(  # days and times of day, above all as the names of files have them
    rf"(?<!\d)20[0-4]\d(?:0[1-9]|1[0-2]){DAY}(?:[ t_.\-]?{TIME})?(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[-./_年](?:0?[1-9]|1[0-2])[-./_月](?:0?[1-9]|[12]\d|3[01])日?"
    rf"(?:[ t_.\-]{{1,2}}{TIME})?(?!\d)"
    r"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])[-./](?:0?[1-9]|[12]\d|3[01])[-./](?:19|20)\d\d(?!\d)"
    # Milliseconds since 1970, as in mmexport1700000000000.jpg of WeChat.
    r"|(?:(?<=[a-z]_)|(?<=[a-z]{2})|(?<=msg\.))1[4-9]\d{11}(?!\d)"
    r"|(?<!\d)1[4-9]\d{11}(?=\.[a-z][a-z0-9]{1,4}(?![a-z0-9]))"
)
BEFORE, BEHIND = r"(?<!\d)", r"(?!\d)"
COUNTRY = rf"(?:(?:\+|00){SOME}\d{{1,3}}{ANY}|86{ANY})?"
UNMISTAKABLE = re.compile(  # identity cards, and mobile numbers in any grouping that people use
    rf"{BEFORE}(?:"
    rf"\d{{6}}{ANY}(?:19|20)\d\d{ANY}[01]\d{ANY}[0-3]\d{ANY}\d{{3}}{SOME}[\dx]"
    rf"|\d(?:{SOME}\d){{16}}{SOME}x"
    rf"|{COUNTRY}(?:1[3-9]\d{ANY}\d{{4}}{ANY}\d{{4}}|1[3-9]\d{ANY}\d{{3}}{ANY}\d{{5}}|1[3-9]\d{ANY}\d{{8}}"
    rf"|1[3-9]\d{{3}}{ANY}\d{{6}}|1[3-9]\d{{5}}{ANY}\d{{4}}|1[3-9]\d{ANY}\d\d{ANY}\d\d{ANY}\d\d{ANY}\d\d"
    r"|1[3-9]\d([:=])\d{4}\1\d{4}"
    rf"|1{RARE}[3-9](?:{RARE}\d){{9}}|1{ONE}[3-9](?:{ONE}\d){{9}})"
    rf"){BEHIND}"
)
GROUPED = re.compile(  # telephones and bank cards, as people group them
    rf"{BEFORE}(?:"
    rf"\+{SOME}\d(?:{SOME}\d){{6,30}}"
    r"|\+\d{1,3}(?:\.\d{2,8}){2,4}"
    rf"|{COUNTRY}(?:"
    rf"\(?0\d{{2,4}}{ANY}\d{{3,4}}{ANY}\d{{3,4}}"
    rf"|\(?0\d{ANY}\d{{4}}{ANY}\d{{4}}"
    rf"|\(?0\d{{2,4}}{SOME}\d{{6,8}}"
    rf"|\({SOME}\d{{2,4}}{SOME}\){ANY}\d{{3,4}}{ANY}\d{{3,4}}"
    rf"|\d{{3}}{ANY}\d{{3}}{ANY}\d{{4}}"
    rf"|1\d\d{SOME}\d{{4}}{SOME}\d{{4}}"
    rf"|\d{{4}}(?:{ANY}\d{{4}}){{3}}(?:{ANY}\d{{1,3}})?"
    rf"|\d{{4}}(?:{SOME}\d{{4}}){{2,3}}(?:{SOME}\d{{1,3}})?"
    r"|\d{7,19}"
    rf")){BEHIND}"
)
PLAIN = {ord(one): "-" for one in f"{DOTS}{APOSTROPHES}‐‑‒–—―−⁃⸺⸻﹘_/|"} | {ord(one): " " for one in LINE_ENDS}
FEWEST_NUMERALS = 3  # of a number that is spelled; one or two are words beside a number: 第一, 一直
TAKEN = "\ue000"  # replaces what was found: neither a letter nor a sign between numbers


def addresses(view: str) -> Iterator[Span]:
    return (found.span() for found in E_MAIL.finditer(view))


def numbers(view: str, is_known: Callable[[str], bool]) -> list[Span]:
    """The places of numbers that are neither a date nor known. No part of a known number counts."""
    found: list[Span] = []

    def take(match: re.Match[str]) -> str:
        if not _may_be_one(match[0]):
            return match[0]
        if not is_known(match[0]):
            found.append(match.span())
        return TAKEN * len(match[0])

    rest = UNMISTAKABLE.sub(take, view)
    rest = DATED.sub(lambda match: TAKEN * len(match[0]), rest)
    rest = _of_countries(rest, is_known, found)
    GROUPED.sub(take, rest)
    return found


def spelled_numbers(view: str, is_known: Callable[[str], bool]) -> list[Span]:
    """As `numbers`, of those that have Chinese numerals: 一三九 一二三四 五六七八, 壹叁玖…, 139一二三四5678."""
    return [
        (start, end)
        for start, end in numbers(folding.in_figures(view), is_known)
        if folding.numerals(view[start:end]) >= FEWEST_NUMERALS
    ]


def _of_countries(view: str, is_known: Callable[[str], bool], found: list[Span]) -> str:
    """The view without what the plans of countries say is a number. What is not known goes to `found`."""
    for start, end in numbers_of_countries.spans(view.translate(PLAIN)):
        if _may_be_one(view[start:end]):
            found += [] if is_known(view[start:end]) else [(start, end)]
            view = view[:start] + TAKEN * (end - start) + view[end:]
    return view


def _may_be_one(written: str) -> bool:
    """Whether it is no list of sums, one a line: more than one line end is only in what begins as numbers do, or
    in the number of a bank card, whose last digit is right."""
    line_ends = sum(one in LINE_ENDS for one in written)
    digits = [int(one) for one in written if one.isdecimal()]
    return line_ends < 2 or written.startswith(("+", "(", "0")) or _is_mobile(digits) or _ends_right(digits)


def _is_mobile(digits: list[int]) -> bool:
    return digits[-11] == 1 and digits[-10] > 2 if len(digits) in (11, 13) else len(digits) == 18


def _ends_right(digits: list[int]) -> bool:
    """Whether the last digit is that of a card's number (Luhn, ISO/IEC 7812-1, annex B)."""
    doubled = [digit if place % 2 else sum(divmod(digit * 2, 10)) for place, digit in enumerate(digits[-2::-1])]
    return len(digits) > 15 and (sum(doubled) + digits[-1]) % 10 == 0
